"""Connected components: which foreground pixels hang together, and how many groups.

In two passes. The first goes through the runs, the stretches of foreground in the
rows, and joins each with the runs of the row above that it touches. The second gives
every run the number of its group. Which runs have been joined is kept in a forest:
each points to an earlier run of its group, and the first of a group to itself.

Not here: how the foreground was found (`aibook.vision.thresholding`,
`aibook.vision.morphology`), more than two axes.

Sources: A. Rosenfeld and J. L. Pfaltz, "Sequential operations in digital picture
processing", Journal of the ACM 13(4), 1966; R. E. Tarjan, "Efficiency of a good but
not linear set union algorithm", Journal of the ACM 22(2), 1975.

Book page: scenes/morphology.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["Forest", "areas", "find_runs", "label", "remove_small"]

Mask = NDArray[np.bool_]
Labels = NDArray[np.int64]


class Forest:
    """Groups of numbers that grow together: union-find.

    Parameters
    ----------
    size
        The numbers are 0 to size - 1, at first each a group of its own.

    Examples
    --------
    >>> forest = Forest(4)
    >>> forest.join(3, 1)
    >>> forest.find(3), forest.find(2)
    (1, 2)
    """

    def __init__(self, size: int) -> None:
        self.parent = list(range(size))

    def find(self, k: int) -> int:
        """Return the least number of k's group.

        On the way every second number is led to its grandparent, which keeps the
        ways short.
        """
        parent = self.parent
        while parent[k] != k:
            parent[k] = parent[parent[k]]
            k = parent[k]
        return k

    def join(self, a: int, b: int) -> None:
        """Make one group of the groups of a and b."""
        low, high = sorted((self.find(a), self.find(b)))
        self.parent[high] = low


def find_runs(mask: ArrayLike) -> tuple[Labels, Labels, Labels]:
    """Return the stretches of foreground in the rows, from top left to bottom right.

    Parameters
    ----------
    mask
        Shape (H, W), bool, or 0 and 1; H and W may be 0.

    Returns
    -------
    rows : numpy.ndarray
        The row of each of R runs, shape (R,).
    starts : numpy.ndarray
        Its first column.
    stops : numpy.ndarray
        The column after its last.

    Raises
    ------
    ValueError
        For another shape or other values.

    Examples
    --------
    >>> [part.tolist() for part in find_runs([[0, 1, 1], [1, 0, 1]])]
    [[0, 1, 1], [1, 0, 2], [3, 1, 3]]
    """
    framed = np.pad(_check_mask(mask), ((0, 0), (1, 1))).astype(np.int8)
    steps = np.diff(framed, axis=1)  # (H, W + 1)
    rows, starts = np.nonzero(steps == 1)
    stops = np.nonzero(steps == -1)[1]
    return rows, starts, stops


def label(mask: ArrayLike, *, connectivity: int = 8) -> tuple[Labels, int]:
    """Return the connected components of the foreground, numbered and counted.

    Parameters
    ----------
    mask
        Shape (H, W), bool, or 0 and 1; H and W may be 0.
    connectivity
        4: pixels touch by their sides; 8: by their corners, too.

    Returns
    -------
    labels : numpy.ndarray
        Shape (H, W): 0 for the background, 1 to count for the components, in the
        order of their first pixels.
    count : int
        How many components there are.

    Raises
    ------
    ValueError
        For another shape, other values, or another connectivity.

    Examples
    --------
    >>> label([[1, 0, 0], [0, 1, 0], [0, 0, 0], [0, 1, 1]])[0]
    array([[1, 0, 0],
           [0, 1, 0],
           [0, 0, 0],
           [0, 2, 2]])
    >>> label([[1, 0], [0, 1]], connectivity=4)[1]
    2
    """
    if connectivity not in (4, 8):
        raise ValueError(f"connectivity is {connectivity!r}; expected 4 or 8")
    foreground = _check_mask(mask)
    rows, starts, stops = find_runs(foreground)
    reach = 1 if connectivity == 8 else 0
    width = foreground.shape[1] + 2  # so that rows stay apart
    begins, ends = rows * width + starts, rows * width + stops
    first = np.searchsorted(ends, begins - width - reach, "right")
    last = np.searchsorted(begins, ends - width + reach, "left")
    forest = Forest(len(rows))
    spans = zip(first.tolist(), last.tolist(), strict=True)
    for k, (low, high) in enumerate(spans):
        for above in range(low, high):  # the runs of the row above
            forest.join(above, k)
    groups = np.array([forest.find(k) for k in range(len(rows))], dtype=int)
    roots, numbers = np.unique(groups, return_inverse=True)
    labels = np.zeros(foreground.shape, dtype=np.int64)
    labels[foreground] = np.repeat(numbers + 1, stops - starts)
    return labels, len(roots)


def areas(labels: ArrayLike) -> Labels:
    """Return how many pixels each component has.

    Parameters
    ----------
    labels
        As `label` returns them: whole numbers from 0.

    Returns
    -------
    Array of shape (the greatest label,); the first belongs to label 1.

    Raises
    ------
    ValueError
        For anything but whole numbers from 0.

    Examples
    --------
    >>> areas([[1, 0, 2], [0, 0, 2]])
    array([1, 2])
    """
    array = np.asarray(labels)
    if array.size == 0:
        return np.zeros(0, dtype=np.int64)
    if array.dtype.kind not in "iu" or array.min() < 0:
        raise ValueError(
            f"labels have the type {array.dtype}; expected whole numbers from 0"
        )
    return np.bincount(array.astype(np.int64).ravel())[1:]


def remove_small(
    mask: ArrayLike, *, min_area: int, connectivity: int = 8
) -> Mask:
    """Return the foreground without its small components.

    Parameters
    ----------
    mask, connectivity
        As for `label`.
    min_area
        How many pixels a component needs to stay, 0 or more.

    Returns
    -------
    Array of bool, shape (H, W).

    Raises
    ------
    ValueError
        As for `label`, and for a negative area.

    Examples
    --------
    >>> remove_small([[1, 0, 1], [0, 0, 1]], min_area=2).astype(int)
    array([[0, 0, 1],
           [0, 0, 1]])
    """
    if min_area < 0:
        raise ValueError(f"min_area is {min_area!r}; expected 0 or more")
    labels, _ = label(mask, connectivity=connectivity)
    stays = np.concatenate([[False], areas(labels) >= min_area])
    kept: Mask = stays[labels]
    return kept


def _check_mask(mask: ArrayLike) -> Mask:
    """Return a mask as bool, or refuse it."""
    array = np.asarray(mask)
    good = array.ndim == 2 and array.dtype.kind in "biuf"
    if not (good and ((array == 0) | (array == 1)).all()):
        raise ValueError(
            f"mask has shape {array.shape} and type {array.dtype}; expected "
            "(H, W) of bool, or of 0 and 1"
        )
    return array.astype(bool)
