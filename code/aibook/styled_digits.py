"""Digits in styles, still or moving, each with a prompt that describes it.

What: `styled_digits` draws digits with pens, slants and sizes of three kinds each and
says in a prompt, in Korean or English, some of what was drawn; `moving_digits` draws
short clips; `style_hits` measures on any image which styles it shows.

What not: the drawing itself (`aibook.vision.pen`) and the words
(`aibook.data.prompts`).

Book page: generative/text-to-image
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from aibook.data.checks import integer
from aibook.data.prompts import (
    LANGUAGES,
    STYLES,
    make_prompt,
    unseen_pairs,
)
from aibook.vision.pen import draw, measure

__all__ = [
    "BOUNDS",
    "DIRECTIONS",
    "RANGES",
    "Clips",
    "Pictures",
    "moving_digits",
    "style_hits",
    "styled_digits",
]

#: From where to where each kind is drawn: first style, none, second style.
RANGES = {
    "stroke": ((1.5, 1.9), (2.4, 2.8), (3.6, 4.2)),
    "slant": ((-0.4, -0.25), (-0.08, 0.08), (0.25, 0.4)),
    "height": ((15.3, 16.1), (18.6, 19.2), (22.0, 23.0)),
}
#: Below the first number an image shows the first style, above the second the other.
BOUNDS = {"stroke": (2.1, 2.9), "slant": (-0.15, 0.15), "height": (17.5, 20.5)}
#: To the right and down.
DIRECTIONS = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}


class Pictures(NamedTuple):
    """Drawn digits and what is said of them.

    Parameters
    ----------
    images
        Shape (N, 1, 28, 28), 0 to 1.
    digits
        Shape (N,).
    styles
        Which styles each image was drawn in, N tuples of none to three.
    prompts
        N texts, which name the digit and some of the styles.
    """

    images: Tensor
    digits: Tensor
    styles: list[tuple[str, ...]]
    prompts: list[str]


class Clips(NamedTuple):
    """Moving digits and what is said of them.

    Parameters
    ----------
    images
        Shape (N, K, 1, 28, 28) with K frames, 0 to 1.
    digits
        Shape (N,).
    motions
        N keys of `aibook.data.prompts.MOTIONS`.
    prompts
        N texts.
    """

    images: Tensor
    digits: Tensor
    motions: list[str]
    prompts: list[str]


def styled_digits(
    fields: Tensor,
    digits: Tensor,
    *,
    copies: int = 1,
    lacking: Collection[tuple[int, str]] | None = None,
    mention: float = 0.6,
    seed: int = 0,
) -> Pictures:
    """Draw each digit some times, each time in a style drawn at random.

    Pen, slant and size are each of one of three kinds: the first style of a pair,
    neither, or the second. Each style is mentioned with a given probability, so
    that what a prompt does not mention may be anything.

    Parameters
    ----------
    fields, digits
        Paths from `aibook.vision.pen.trace`, (N, 1, 56, 56), and their digits, (N,).
    copies
        How often each is drawn, 1 or more.
    lacking
        Pairs of digit and style that are not drawn;
        `aibook.data.prompts.unseen_pairs` if missing.
    mention
        With which probability a style is mentioned, 0 to 1.
    seed
        Of all that is drawn at random.

    Returns
    -------
    Pictures
        ``copies`` times N of them, digit after digit.

    Raises
    ------
    ValueError
        If a number is out of range, or fields and digits differ in number.

    Examples
    --------
    >>> from aibook.data.mnist import load_mnist
    >>> from aibook.vision.pen import trace
    >>> X, y = load_mnist("test", limit=2)
    >>> pictures = styled_digits(trace(X), torch.tensor(y), copies=3)
    >>> pictures.images.shape
    torch.Size([6, 1, 28, 28])
    """
    _fit(fields, digits)
    integer("copies", copies, 1)
    if not 0 <= mention <= 1:
        raise ValueError(f"mention is {mention}; it must lie in 0 to 1")
    avoid = set(unseen_pairs() if lacking is None else lacking)
    rng = np.random.default_rng(seed)
    names = list(STYLES)
    digits = digits.repeat_interleave(copies)
    values = np.empty((3, len(digits)))
    styles, prompts = [], []
    for i, digit in enumerate(digits.tolist()):
        shown = []
        for k, ranges in enumerate(RANGES.values()):
            pair = names[2 * k], None, names[2 * k + 1]
            zones = [z for z in range(3) if (digit, pair[z]) not in avoid]
            zone = zones[rng.integers(len(zones))]
            values[k, i] = rng.uniform(*ranges[zone])
            if (style := pair[zone]) is not None:
                shown.append(style)
        styles.append(tuple(shown))
        said = [style for style in shown if rng.random() < mention]
        prompts.append(_say(rng, digit, said))
    stroke, slant, height = torch.tensor(values, dtype=torch.float32)
    images = draw(
        fields.repeat_interleave(copies, dim=0),
        stroke=stroke,
        slant=slant,
        height=height,
    )
    return Pictures(images, digits, styles, prompts)


def moving_digits(
    fields: Tensor,
    digits: Tensor,
    *,
    num_frames: int = 4,
    copies: int = 1,
    seed: int = 0,
) -> Clips:
    """Draw each digit moving straight on in one of four directions.

    Pen and size are always the same. The speed, 1.6 to 2.4 pixels a frame, and where
    the middle of the way lies, up to 1.5 pixels off, are drawn for each clip.

    Parameters
    ----------
    fields, digits, copies, seed
        As for `styled_digits`.
    num_frames
        K, 2 to 4; more would lead out of the image.

    Returns
    -------
    Clips

    Raises
    ------
    ValueError
        If a number is out of range, or fields and digits differ in number.

    Examples
    --------
    >>> from aibook.data.mnist import load_mnist
    >>> from aibook.vision.pen import trace
    >>> X, y = load_mnist("test", limit=2)
    >>> clips = moving_digits(trace(X), torch.tensor(y))
    >>> clips.images.shape
    torch.Size([2, 4, 1, 28, 28])
    """
    _fit(fields, digits)
    integer("copies", copies, 1)
    digits = digits.repeat_interleave(copies)
    K, N = integer("num_frames", num_frames, 2, 4), len(digits)
    rng = np.random.default_rng(seed)
    motions = [list(DIRECTIONS)[k] for k in rng.integers(4, size=N)]
    prompts = [
        _say(rng, digit, [], motion=motion)
        for digit, motion in zip(digits.tolist(), motions, strict=True)
    ]
    ways = np.array([DIRECTIONS[motion] for motion in motions])[:, None]
    speeds = rng.uniform(1.6, 2.4, size=(N, 1, 1))
    middles = rng.uniform(-1.5, 1.5, size=(N, 1, 2))
    times = np.arange(K)[:, None] - (K - 1) / 2
    places = torch.tensor(middles + ways * speeds * times).float()
    images = draw(
        fields.repeat_interleave(copies * K, dim=0),
        stroke=torch.full((N * K,), 3.0),
        slant=torch.zeros(N * K),
        height=torch.full((N * K,), 15.0),
        place=places.flatten(0, 1),
    )
    return Clips(images.unflatten(0, (N, K)), digits, motions, prompts)


def style_hits(images: Tensor) -> dict[str, Tensor]:
    """Return for each style which images show it, by `BOUNDS`.

    Parameters
    ----------
    images
        Shape (N, 1, 28, 28), 0 to 1.

    Returns
    -------
    dict
        Style to booleans (N,).

    Examples
    --------
    >>> bar = torch.zeros(1, 1, 28, 28)
    >>> bar[..., 4:26, 12:14] = 1
    >>> [style for style, hit in style_hits(bar).items() if hit]
    ['thin', 'large']
    """
    found = measure(images)._asdict()
    names = list(STYLES)
    hits = {}
    for k, (name, (low, high)) in enumerate(BOUNDS.items()):
        hits[names[2 * k]] = found[name] < low
        hits[names[2 * k + 1]] = found[name] > high
    return hits


def _say(
    rng: np.random.Generator,
    digit: int,
    styles: list[str],
    *,
    motion: str | None = None,
) -> str:
    """Return a prompt in a language and by a template drawn at random."""
    return make_prompt(
        digit,
        styles,
        language=LANGUAGES[rng.integers(2)],
        template=int(rng.integers(2)),
        motion=motion,
    )


def _fit(fields: Tensor, digits: Tensor) -> None:
    if len(fields) != len(digits) or not len(digits):
        raise ValueError(
            f"{len(fields)} fields and {len(digits)} digits; give as many of each, "
            "1 or more"
        )
