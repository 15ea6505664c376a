"""Choose rows of a labelled image set: a split, some classes, the first so many.

What: the shared half of the loaders `load_fashion_mnist` and `load_mnist`, with
the checks of their arguments.

What not: no scaling, no augmentation, no tensors.

Book page: reference/datasets
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from aibook.data.checks import integer
from aibook.data.files import load_arrays
from aibook.data.full import data_mode, load_full

SPLITS = ("train", "test")

Images = npt.NDArray[np.uint8]
Labels = npt.NDArray[np.int64]


def load_images(
    file: str,
    dataset: str,
    split: str,
    *,
    classes: Iterable[int] | None = None,
    limit: int | None = None,
) -> tuple[Images, Labels]:
    """Read one split of an image set and choose rows of it.

    Parameters
    ----------
    file
        The bundled archive with ``X_train``, ``y_train``, ``X_test``, ``y_test``.
    dataset
        torchvision's name of the complete set, read if ``AIBOOK_DATA=full``.
    split
        ``"train"`` or ``"test"``.
    classes
        The labels to keep, without repetition; all if None.
    limit
        How many of the kept images to return; all if None.

    Returns
    -------
    X : numpy.ndarray
        Images (N, 28, 28), 0 (background) to 255.
    y : numpy.ndarray
        Labels (N,), the original numbers.

    Raises
    ------
    ValueError
        If an argument or ``AIBOOK_DATA`` is not one of the allowed values.
    DataFileError
        If a file is missing, damaged or changed.

    Examples
    --------
    >>> X, y = load_images("files/mnist.npz", "MNIST", "test", classes=[3, 7])
    >>> X.shape, np.unique(y).tolist()
    ((200, 28, 28), [3, 7])
    """
    if split not in SPLITS:
        raise ValueError(f"split must be 'train' or 'test', got {split!r}")
    kept = None if classes is None else _checked_classes(classes)
    if data_mode() == "full":
        X, y = load_full(dataset, split)
    else:
        X, y = load_arrays(file, f"X_{split}", f"y_{split}")
    rows = (
        np.arange(len(y)) if kept is None else np.flatnonzero(np.isin(y, kept))
    )
    if limit is not None:
        what = f"limit (of {len(rows)} images of these classes in the {split} split)"
        rows = rows[: integer(what, limit, 1, len(rows))]
    return X[rows], y[rows].astype(np.int64)  # (N, 28, 28), (N,)


def _checked_classes(classes: Iterable[int]) -> list[int]:
    """Return `classes` as a list of distinct labels."""
    if isinstance(classes, str | bytes) or not isinstance(classes, Iterable):
        raise ValueError(
            f"classes must be a collection of labels 0 to 9, got {classes!r}"
        )
    labels = [integer("a label in classes", label, 0, 9) for label in classes]
    if not labels:
        raise ValueError("classes must hold at least one label, got none")
    if len(set(labels)) < len(labels):
        raise ValueError(f"classes must not repeat a label, got {labels}")
    return labels
