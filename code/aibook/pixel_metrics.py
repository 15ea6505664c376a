"""How good a map of classes is: pixel accuracy, IoU and Dice of each class.

All of them are read off one table, the confusion matrix over pixels, as
`aibook.metrics.confusion_matrix` counts it: rows are true classes, columns what was
predicted. Tables of several images are added up before they are measured; to leave
pixels out, leave them out of what is counted.

Letters: K classes.

Not here: masks of single things (`aibook.vision.masks`).

Sources: J. Long, E. Shelhamer and T. Darrell, "Fully convolutional networks for
semantic segmentation", CVPR 2015, section 5; M. Everingham et al., "The Pascal
visual object classes (VOC) challenge", International Journal of Computer Vision 88,
2010, section 4.3.

Book page: scenes/segmentation.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["class_dice", "class_iou", "mean_iou", "pixel_accuracy"]

Array = NDArray[np.float64]


def pixel_accuracy(counts: ArrayLike) -> float:
    """Return the share of the pixels that have the right class.

    Parameters
    ----------
    counts
        Confusion matrix over pixels, shape (K, K): row true, column predicted.

    Returns
    -------
    float
        0 to 1.

    Raises
    ------
    ValueError
        If the table is not square, empty, holds no pixel, or anything but counts.

    Examples
    --------
    >>> pixel_accuracy([[6, 2], [1, 1]])
    0.7
    """
    table = _checked(counts)
    return float(table.trace() / table.sum())


def class_iou(counts: ArrayLike) -> Array:
    """Return the intersection over union of each class.

    The pixels where truth and prediction agree on the class, divided by those where
    at least one of them says it: TP / (TP + FP + FN).

    Parameters and errors are those of `pixel_accuracy`.

    Returns
    -------
    Array of shape (K,), 0 to 1; NaN for a class that neither truth nor prediction
    has.

    Examples
    --------
    >>> class_iou([[6, 2, 0], [1, 1, 0], [0, 0, 0]]).round(3)
    array([0.667, 0.25 ,   nan])
    """
    table = _checked(counts)
    hits = table.diagonal()
    return _share(hits, table.sum(axis=0) + table.sum(axis=1) - hits)


def class_dice(counts: ArrayLike) -> Array:
    """Return the Dice coefficient of each class, 2 TP / (2 TP + FP + FN).

    It is the F1 score of the pixels. Parameters and errors are those of
    `pixel_accuracy`, the result is as that of `class_iou`.

    Examples
    --------
    >>> class_dice([[6, 2], [1, 1]]).round(3)
    array([0.8, 0.4])
    """
    table = _checked(counts)
    return _share(2 * table.diagonal(), table.sum(axis=0) + table.sum(axis=1))


def mean_iou(counts: ArrayLike) -> float:
    """Return the mean of the classes' IoU, each class counting the same.

    Classes that neither truth nor prediction has are left out of the mean.
    Parameters and errors are those of `pixel_accuracy`.

    Returns
    -------
    float
        0 to 1.

    Examples
    --------
    >>> round(mean_iou([[6, 2, 0], [1, 1, 0], [0, 0, 0]]), 4)
    0.4583
    """
    return float(np.nanmean(class_iou(counts)))


def _share(part: Array, whole: Array) -> Array:
    """Return part / whole, and NaN where the whole is nothing."""
    share: Array = np.divide(
        part, whole, out=np.full(len(part), np.nan), where=whole > 0
    )
    return share


def _checked(counts: ArrayLike) -> Array:
    """Return the table as float64, or refuse it."""
    table = np.asarray(counts, dtype=np.float64)
    if table.ndim != 2 or table.shape[0] != table.shape[1]:
        raise ValueError(
            f"counts has shape {table.shape}; expected (K, K), row true, column "
            "predicted"
        )
    if not ((table >= 0) & (table == np.floor(table))).all():
        raise ValueError("counts holds values that are no counts")
    if not np.isfinite(table).all() or table.sum() == 0:
        raise ValueError(
            f"counts adds up to {table.sum():g}; expected one pixel or more, "
            "finitely many"
        )
    return table
