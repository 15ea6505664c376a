"""Frames: parts of one figure of which the reader sees one at a time.

In the book a slider below the figure shows one frame after another
(`aibook_sphinx.sliders`); on paper, in e-books and in notebooks one chosen frame
stands for all. What no frame holds, such as axes, is always shown.

Book page: networks/gradient-descent.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from matplotlib.artist import Artist

__all__ = ["HIDDEN", "mark_frames"]

HIDDEN = "-hidden"
"""Ends the id of what is not shown at first; `aibook.notebook.to_svg` hides it."""


def mark_frames(
    frames: Sequence[Iterable[Artist]], *, shown: int = -1
) -> None:
    """Say which artists make up which frame of their figure.

    Parameters
    ----------
    frames
        The artists of each frame, in the order of the slider. An artist belongs to
        one frame only. The frame's texts name it to a reader who does not see the
        figure: give each frame one.
    shown
        Which frame is seen at first, and where there is no slider; the last by
        default.

    Raises
    ------
    ValueError
        For fewer than two frames, an empty frame, an artist in two frames, or a
        frame to show that is not there.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = Figure().subplots()
    >>> points = [ax.plot(k, k, "o") + [ax.text(0, 1, f"{k}")] for k in range(3)]
    >>> mark_frames(points, shown=0)
    >>> [artist.get_gid() for artist in points[1]]
    ['frame-1-0-hidden', 'frame-1-1-hidden']
    """
    parts = [list(artists) for artists in frames]
    if len(parts) < 2 or not all(parts):
        sizes = [len(artists) for artists in parts]
        raise ValueError(
            f"frames of {sizes} artists; give two frames, each of 1 or more"
        )
    everything = [id(artist) for artists in parts for artist in artists]
    if len(set(everything)) < len(everything):
        raise ValueError("an artist belongs to two frames; draw one for each")
    if not -len(parts) <= shown < len(parts):
        raise ValueError(f"shown is {shown}; there are {len(parts)} frames")
    for k, artists in enumerate(parts):
        ending = "" if k == shown % len(parts) else HIDDEN
        for i, artist in enumerate(artists):
            artist.set_gid(f"frame-{k}-{i}{ending}")
