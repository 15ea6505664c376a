"""Plain and striped garments: two domains of images without pairs.

What: photographs of garments whose cloth is smooth, split into disjoint sets; on the
garments of one set stripes are drawn. No garment is in both domains, so nothing says
how a plain one would look with stripes.

What not: no model. Real stripes follow the folds of the cloth; these do not.

Source: the photographs of `aibook.data.fashion_mnist`; the stripes are this book's.

Book page: generative/cyclegan
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from aibook.data.checks import integer
from aibook.data.fashion_mnist import load_fashion_mnist

__all__ = [
    "PERIOD",
    "Unpaired",
    "draw_stripes",
    "load_unpaired",
    "roughness",
]

CLASSES = (0, 2, 3, 4)  # T-shirts, pullovers, dresses, coats
PERIOD = 4
"""Rows from one stripe to the next."""
SMOOTH = 0.25
MAX_SEED = 2**32 - 1

Images = npt.NDArray[np.float32]


class Unpaired(NamedTuple):
    """Two sets of images that show different garments.

    Parameters
    ----------
    plain
        Shape (N, 1, 28, 28), 0 (background) to 1.
    striped
        Other garments, with stripes, in the same shape.
    """

    plain: Images
    striped: Images


def draw_stripes(
    images: npt.ArrayLike, *, depth: float = 0.6, phase: float = 0.0
) -> Images:
    """Return the images with level stripes, darker and lighter like a sine.

    A row r is multiplied by 1 - depth (1 + sin(2 pi r / 4 + phase)) / 2, so that
    the background of 0 stays as it is.

    Parameters
    ----------
    images
        Shape (..., H, W), 0 to 1.
    depth
        0 to 1: how much of its brightness the darkest row loses.
    phase
        Where the stripes begin, an angle.

    Returns
    -------
    numpy.ndarray
        Of the same shape.

    Raises
    ------
    ValueError
        If an argument is outside its range or has fewer than two axes.

    Examples
    --------
    >>> draw_stripes(np.ones((4, 1)), depth=0.5).ravel().tolist()
    [0.75, 0.5, 0.75, 1.0]
    """
    X = np.asarray(images, dtype=np.float32)
    if X.ndim < 2 or not ((X >= 0) & (X <= 1)).all():
        raise ValueError(
            f"images have shape {X.shape}; expected (..., H, W), values 0 to 1"
        )
    if not (0 <= depth <= 1 and math.isfinite(phase)):
        raise ValueError(
            f"depth = {depth}, phase = {phase}; expected a depth of 0 to 1 and a "
            "finite phase"
        )
    angle = 2 * math.pi * np.arange(X.shape[-2]) / PERIOD + phase
    factor = 1 - depth * (1 + np.sin(angle)) / 2
    return np.asarray(X * factor[:, None], dtype=np.float32)


def roughness(images: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Return how much the brightness of each garment changes down its columns.

    The mean distance of a + c from 2 b over pixels a, b, c two rows apart, all in the
    garment (above 0.1), by the mean brightness of b: near 0 for smooth cloth,
    high for stripes and prints, and infinite where no such pixels are.

    Parameters
    ----------
    images
        Shape (N, H, W), 0 to 1.

    Returns
    -------
    numpy.ndarray
        Shape (N,), 0 or more.

    Raises
    ------
    ValueError
        For another number of axes, or fewer than five rows.

    Examples
    --------
    >>> even = np.full((1, 8, 1), 0.8)
    >>> striped = draw_stripes(even, depth=0.5)
    >>> (roughness(even).item(), round(roughness(striped).item(), 2))
    (0.0, 0.67)
    """
    X = np.asarray(images, dtype=float)
    if X.ndim != 3 or X.shape[1] < 5:
        raise ValueError(
            f"images have shape {X.shape}; expected (N, H, W) with H of 5 or more"
        )
    above, here, below = X[:, :-4], X[:, 2:-2], X[:, 4:]
    inside = (above > 0.1) & (here > 0.1) & (below > 0.1)
    bends = np.abs(above - 2 * here + below) * inside
    total = (here * inside).sum(axis=(1, 2))
    rough = np.full(len(X), np.inf)
    np.divide(bends.sum(axis=(1, 2)), total, out=rough, where=total > 0)
    return rough


def load_unpaired(
    split: str = "train", *, num: int = 800, seed: int = 0
) -> Unpaired:
    """Load plain garments, and as many other garments with stripes.

    T-shirts, pullovers, dresses and coats of Fashion-MNIST whose roughness is
    below 0.25. Every other one is plain; on the others stripes are drawn, all of
    the same period and with the same beginning, deeper or less deep.

    Parameters
    ----------
    split
        ``"train"``, ``"judge"`` (to train what judges translations) or
        ``"test"``: disjoint garments, ``"test"`` from the official test split.
    num
        N, images a set, 1 or more and no more than there are.
    seed
        Of the depths, 0 to 2^32 - 1.

    Returns
    -------
    Unpaired

    Raises
    ------
    ValueError
        If an argument is outside its range.

    Examples
    --------
    >>> plain, striped = load_unpaired("test", num=5)
    >>> plain.shape, striped.shape
    ((5, 1, 28, 28), (5, 1, 28, 28))
    """
    if split not in ("train", "judge", "test"):
        raise ValueError(
            f"split is {split!r}; expected 'train', 'judge' or 'test'"
        )
    source = "test" if split == "test" else "train"
    X = load_fashion_mnist(source, classes=CLASSES)[0] / 255
    X = X[roughness(X) < SMOOTH, None]  # (N, 1, 28, 28)
    if split != "test":
        share = len(X) // 4  # the last quarter is the judge's
        X = X[-share:] if split == "judge" else X[:-share]
    num = integer("num", num, 1, len(X) // 2)
    seed = integer("seed", seed, 0, MAX_SEED)
    depths = np.random.default_rng(seed).uniform(0.5, 0.75, num)
    striped = [
        draw_stripes(image, depth=float(depth))
        for image, depth in zip(X[1::2], depths, strict=False)
    ]
    return Unpaired(X[0::2][:num].astype(np.float32), np.stack(striped))
