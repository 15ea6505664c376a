"""Pairs for image-to-image translation: the line drawing of a garment, and its photo.

What: photographs of Fashion-MNIST with a border of two black pixels, and what
`aibook.vision.edges.find_edges` draws of each. Both from -1 to 1.

What not: no drawing by hand; what the rule cannot see is not in the drawing.

Source: the photographs are `aibook.data.fashion_mnist`'s. Pairs by an edge detector as
in P. Isola et al., "Image-to-image translation with conditional adversarial networks",
CVPR 2017, appendix 6.2 (shoes and handbags).

Book page: generative/pix2pix
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from aibook.data.checks import integer
from aibook.data.fashion_mnist import load_fashion_mnist
from aibook.vision.edges import find_edges

__all__ = ["THRESHOLD", "GarmentPairs", "load_garment_pairs"]

THRESHOLD = 0.1
"""The least slope of an edge, a tenth of the way from black to white a pixel."""

BORDER = 2  # 28 + 2 + 2 = 32 can be halved five times


class GarmentPairs(NamedTuple):
    """Drawings and photographs of the same garments.

    Parameters
    ----------
    X
        Drawings, float32, shape (N, 1, 32, 32): 1 on edges, else -1.
    Y
        Photographs, float32, shape (N, 1, 32, 32), -1 (black) to 1.
    labels
        Classes of the garments (N,), indices of
        `aibook.data.fashion_mnist.CLASS_NAMES`.
    """

    X: npt.NDArray[np.float32]
    Y: npt.NDArray[np.float32]
    labels: npt.NDArray[np.int64]


def load_garment_pairs(
    split: str = "train", *, num: int = 2000
) -> GarmentPairs:
    """Load drawings of garments with their photographs.

    Parameters
    ----------
    split
        ``"train"``, ``"validation"`` or ``"test"``: no garment lies in two of them.
        Those of the test are test images of Fashion-MNIST; those of the validation
        are every tenth block of ten of its training images.
    num
        N, how many pairs, from the first; the ten classes take turns.

    Raises
    ------
    ValueError
        For another split, or a number that is not between 1 and the number of
        garments in it.

    References
    ----------
    Isola et al. (2017), appendix 6.2.

    Examples
    --------
    >>> pairs = load_garment_pairs("test", num=5)
    >>> pairs.X.shape, pairs.Y.shape
    ((5, 1, 32, 32), (5, 1, 32, 32))
    >>> sorted(set(pairs.X.flatten().tolist()))
    [-1.0, 1.0]
    """
    if split not in ("train", "validation", "test"):
        raise ValueError(
            f"split is {split!r}; expected 'train', 'validation' or 'test'"
        )
    images, labels = load_fashion_mnist("test" if split == "test" else "train")
    if split != "test":
        held_out = np.arange(len(images)) // 10 % 10 == 9
        chosen = held_out if split == "validation" else ~held_out
        images, labels = images[chosen], labels[chosen]
    num = integer("num", num, 1, len(images))
    rim = ((0, 0), (BORDER, BORDER), (BORDER, BORDER))
    photos = np.pad(images[:num], rim)
    drawings = find_edges(photos, threshold=255 * THRESHOLD)
    X, Y = (
        (2.0 * part[:, np.newaxis] - 1).astype(np.float32)
        for part in (drawings, photos / 255)
    )
    return GarmentPairs(X, Y, labels[:num].astype(np.int64))
