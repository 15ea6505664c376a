"""Let readers hear a sound: a player that stands in the page itself.

Not here: reading sound files, playing without a browser.

Source: the format is that of Microsoft's and IBM's "Multimedia Programming
Interface and Data Specifications", 1991, as Python's module `wave` writes it.

Book page: sequences/speech.
"""

from __future__ import annotations

import base64
import io
import wave
from html import escape

import numpy as np
from IPython.display import HTML, display
from numpy.typing import ArrayLike

__all__ = ["play", "to_wav"]


def to_wav(samples: ArrayLike, rate: int) -> bytes:
    """Return a sound as a WAV file: 16 bits a sample, one channel.

    Parameters
    ----------
    samples
        Shape (T,), -1 to 1; what lies beyond is cut off.
    rate
        Samples a second.

    Returns
    -------
    bytes
        The same for the same samples; 44 more than twice T.

    Raises
    ------
    ValueError
        If the samples have another shape or are not finite, or the rate is less
        than 1.

    Examples
    --------
    >>> to_wav([0.0, 0.5], 8000)[:4], len(to_wav([0.0, 0.5], 8000))
    (b'RIFF', 48)
    """
    x = np.asarray(samples, dtype=np.float64)
    if x.ndim != 1 or not x.size or not np.isfinite(x).all() or rate < 1:
        raise ValueError(
            f"samples have shape {x.shape}, rate is {rate}; expected (T,), finite, "
            "and 1 or more"
        )
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        levels = np.round(32767 * x.clip(-1, 1)).astype("<i2")
        file.writeframes(levels.tobytes())
    return buffer.getvalue()


def play(samples: ArrayLike, rate: int, *, name: str) -> None:
    """Display a player for a sound, in the book and in a notebook.

    Parameters
    ----------
    samples, rate
        As `to_wav` takes them.
    name
        What a screen reader calls the player.

    Raises
    ------
    ValueError
        As `to_wav`, and for an empty name.

    Examples
    --------
    >>> play([0.0, 0.5], 8000, name="a click")
    <IPython.core.display.HTML object>
    """
    if not name.strip():
        raise ValueError("name is empty; expected what the player is called")
    source = base64.b64encode(to_wav(samples, rate)).decode()
    player = (
        '<audio controls="controls" preload="none" style="width: 100%" '
        f'aria-label="{escape(name)}" src="data:audio/wav;base64,{source}">'
        "</audio>"
    )
    display(HTML(player))
