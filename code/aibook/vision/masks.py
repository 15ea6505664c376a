"""Masks: how much two of them overlap, and the box around each.

A mask says of every pixel of an image whether it belongs to something. Masks come
in stacks, shape (N, H, W), one a thing, and may overlap.

Letters: N and M masks, H rows and W columns of pixels.

Not here: maps of classes (`aibook.pixel_metrics`), finding masks.

Sources: P. Jaccard, "The distribution of the flora in the alpine zone", New
Phytologist 11(2), 1912; L. R. Dice, "Measures of the amount of ecologic association
between species", Ecology 26(3), 1945.

Book page: scenes/segmentation.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["dice", "mask_iou", "masks_to_boxes"]

Array = NDArray[np.float64]


def mask_iou(a: ArrayLike, b: ArrayLike) -> Array:
    """Return the intersection over union of every mask of a with every mask of b.

    The pixels that both masks hold, divided by those that at least one holds: 1 for
    equal masks, 0 for masks apart. Two empty masks have 0, as boxes without area.

    Parameters
    ----------
    a
        Shape (N, H, W), booleans, or numbers 0 and 1; N may be 0.
    b
        Shape (M, H, W), likewise; M may be 0.

    Returns
    -------
    Array of shape (N, M), 0 to 1.

    Raises
    ------
    ValueError
        For another shape, images of two sizes, or a value other than 0 and 1.

    References
    ----------
    Jaccard (1912).

    Examples
    --------
    >>> whole, left = [[1, 1], [1, 1]], [[1, 0], [1, 0]]
    >>> mask_iou([whole], [whole, left])
    array([[1. , 0.5]])
    """
    both, sizes_a, sizes_b = _overlap(a, b)
    return _share(both, sizes_a[:, None] + sizes_b[None] - both)


def dice(a: ArrayLike, b: ArrayLike) -> Array:
    """Return the Dice coefficient of every mask of a with every mask of b.

    Twice the pixels that both masks hold, divided by the sum of the sizes. It is
    2 IoU / (1 + IoU), so it is never less than the IoU and ranks pairs alike; of
    two empty masks it is 0.

    Parameters, result and errors are those of `mask_iou`.

    References
    ----------
    Dice (1945).

    Examples
    --------
    >>> whole, left = [[1, 1], [1, 1]], [[1, 0], [1, 0]]
    >>> dice([whole], [whole, left]).round(3)
    array([[1.   , 0.667]])
    """
    both, sizes_a, sizes_b = _overlap(a, b)
    return _share(2 * both, sizes_a[:, None] + sizes_b[None])


def masks_to_boxes(masks: ArrayLike) -> NDArray[np.int64]:
    """Return the smallest box around each mask.

    The right and the bottom edge lie behind the last pixel, so that a mask of one
    pixel has a box of area 1. (torchvision's function of this name gives the last
    pixel itself.)

    Parameters
    ----------
    masks
        Shape (N, H, W), booleans, or numbers 0 and 1; N may be 0.

    Returns
    -------
    Array of shape (N, 4), xyxy as in `aibook.vision.boxes`; of an empty mask
    (0, 0, 0, 0).

    Raises
    ------
    ValueError
        For another shape, or a value other than 0 and 1.

    Examples
    --------
    >>> masks_to_boxes([[[0, 0, 0], [0, 1, 1]]])
    array([[1, 1, 3, 2]])
    """
    stack = _checked("masks", masks)
    boxes = np.zeros((len(stack), 4), dtype=np.int64)
    for box, mask in zip(boxes, stack, strict=True):
        rows, columns = (np.flatnonzero(mask.any(axis=k)) for k in (1, 0))
        if len(rows):
            box[:] = columns[0], rows[0], columns[-1] + 1, rows[-1] + 1
    return boxes


def _overlap(a: ArrayLike, b: ArrayLike) -> tuple[Array, Array, Array]:
    """Return how many pixels each pair shares (N, M), and the sizes (N,), (M,)."""
    A, B = _checked("a", a), _checked("b", b)
    if A.shape[1:] != B.shape[1:]:
        raise ValueError(
            f"a has masks of shape {A.shape[1:]}, b of {B.shape[1:]}; expected "
            "masks of one image"
        )
    num_pixels = A.shape[1] * A.shape[2]
    P = A.reshape(len(A), num_pixels).astype(np.float64)
    Q = B.reshape(len(B), num_pixels).astype(np.float64)
    return P @ Q.T, P.sum(axis=1), Q.sum(axis=1)


def _share(part: Array, whole: Array) -> Array:
    """Return part / whole, and 0 where the whole is nothing."""
    share: Array = np.divide(
        part, whole, out=np.zeros_like(part), where=whole > 0
    )
    return share


def _checked(name: str, masks: ArrayLike) -> NDArray[np.bool_]:
    """Return the masks as booleans, or refuse them."""
    array = np.asarray(
        masks.detach().cpu() if hasattr(masks, "detach") else masks
    )
    if array.ndim != 3:
        raise ValueError(
            f"{name} has shape {array.shape}; expected (N, H, W), a mask each"
        )
    if array.dtype.kind not in "biuf" or not np.isin(array, (0, 1)).all():
        raise ValueError(
            f"{name} (dtype {array.dtype}) holds values other than 0 and 1; "
            "decide first which pixels belong to a mask"
        )
    return array.astype(bool)
