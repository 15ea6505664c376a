"""The complete MNIST and Fashion-MNIST, instead of the bundled parts.

What: with ``AIBOOK_DATA=full`` in the environment the image loaders use all
70,000 images, in the official order: a local copy below ``AIBOOK_DATA_DIR``,
else the folder of Debian's package ``dataset-fashion-mnist``, else torchvision's
download, which is kept in ``AIBOOK_DATA_DIR`` or ``~/.cache/aibook``.

What not: no hash check of a local copy, so that a reader may bring an own set in
the same format; torchvision checks what it downloads.

Book page: reference/datasets
"""

from __future__ import annotations

import contextlib
import io
import os
import tempfile
from collections.abc import Iterator
from http.client import HTTPException
from pathlib import Path

import numpy as np
import numpy.typing as npt

from aibook.data.files import DataFileError
from aibook.data.idx import read_idx

MODES = ("bundled", "full")
DATASETS = ("FashionMNIST", "MNIST")
STEMS = {
    "train": ("train-images-idx3-ubyte", "train-labels-idx1-ubyte"),
    "test": ("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"),
}
DEBIAN = {"FashionMNIST": Path("/usr/share/datasets/fashion-mnist")}
REMEDY = (
    "Put the four IDX files into {name}/raw below a folder and name that folder in "
    "AIBOOK_DATA_DIR, or unset AIBOOK_DATA to use the bundled images."
)


def data_mode() -> str:
    """Return what ``AIBOOK_DATA`` asks for.

    Returns
    -------
    str
        ``"bundled"`` (also if the variable is empty or unset) or ``"full"``.

    Raises
    ------
    ValueError
        If the variable holds anything else.

    Examples
    --------
    >>> import os
    >>> from unittest.mock import patch
    >>> with patch.dict(os.environ, AIBOOK_DATA="full"):
    ...     data_mode()
    'full'
    """
    mode = os.environ.get("AIBOOK_DATA") or "bundled"
    if mode not in MODES:
        allowed = " or ".join(map(repr, MODES))
        raise ValueError(f"AIBOOK_DATA must be {allowed}, got {mode!r}")
    return mode


def load_full(
    dataset: str, split: str
) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]]:
    """Read one split of a complete data set.

    Parameters
    ----------
    dataset
        ``"FashionMNIST"`` or ``"MNIST"``.
    split
        ``"train"`` or ``"test"``.

    Returns
    -------
    X : numpy.ndarray
        Images (N, 28, 28), 0 to 255.
    y : numpy.ndarray
        Labels (N,), 0 to 9.

    Raises
    ------
    ValueError
        If an argument is unknown, or ``AIBOOK_DATA_DIR`` names no folder or a
        folder of which nobody can tell the data set.
    DataFileError
        If the files are incomplete, damaged, or cannot be downloaded.

    Examples
    --------
    >>> load_full("CIFAR10", "train")
    Traceback (most recent call last):
    ValueError: dataset must be 'FashionMNIST' or 'MNIST', got 'CIFAR10'
    """
    if dataset not in DATASETS:
        allowed = " or ".join(map(repr, DATASETS))
        raise ValueError(f"dataset must be {allowed}, got {dataset!r}")
    if split not in STEMS:
        allowed = " or ".join(map(repr, STEMS))
        raise ValueError(f"split must be {allowed}, got {split!r}")
    for folder in _local_folders(dataset):
        if pair := _pair(folder, dataset, split):
            return _read(*pair, dataset)
    folder = _download(dataset)
    pair = _pair(folder, dataset, split)
    if pair is None:
        expected = " and ".join(STEMS[split])
        raise DataFileError.about(
            folder, expected, "neither", REMEDY.format(name=dataset)
        )
    return _read(*pair, dataset)


def _data_dir() -> Path | None:
    """Return the reader's own folder, if one is named."""
    named = os.environ.get("AIBOOK_DATA_DIR")
    if not named:
        return None
    folder = Path(named).expanduser()
    if not folder.is_dir():
        raise ValueError(f"AIBOOK_DATA_DIR must name a folder, got {named!r}")
    return folder


def _cache() -> Path:
    """Return the folder that keeps downloads when the reader names none."""
    return Path("~/.cache/aibook").expanduser()


def _local_folders(dataset: str) -> Iterator[Path]:
    """Yield the folders that may hold `dataset`, best first."""
    if (root := _data_dir()) is not None:
        yield root / dataset / "raw"
        # Both data sets use the same file names, so only the folder's name tells
        # which one lies in it directly.
        parts = [
            part for part in root.resolve().parts if part.lower() != "raw"
        ]
        name = parts[-1].lower().replace("-", "").replace("_", "")
        if name == dataset.lower():
            yield root
        elif name not in [known.lower() for known in DATASETS] and any(
            _find(root, stem) for stems in STEMS.values() for stem in stems
        ):
            raise ValueError(
                f"AIBOOK_DATA_DIR={root} holds IDX files, and its name does not say "
                f"of which data set; move them to {root / 'FashionMNIST' / 'raw'} or "
                f"{root / 'MNIST' / 'raw'}"
            )
    if dataset in DEBIAN:
        yield DEBIAN[dataset]
    yield _cache() / dataset / "raw"


def _find(folder: Path, stem: str) -> Path | None:
    """Return the file `stem`, plain or gzipped, if `folder` holds it."""
    candidates = (folder / stem, folder / f"{stem}.gz")
    return next((path for path in candidates if path.is_file()), None)


def _pair(folder: Path, dataset: str, split: str) -> tuple[Path, Path] | None:
    """Return the images' and the labels' file; half a pair is an error."""
    stems = STEMS[split]
    images, labels = (_find(folder, stem) for stem in stems)
    if images and labels:
        return images, labels
    if images or labels:
        absent = stems[0] if labels else stems[1]
        remedy = REMEDY.format(name=dataset)
        raise DataFileError.about(
            folder, f"{absent}[.gz]", "no such file", remedy
        )
    return None


def _read(
    images: Path, labels: Path, dataset: str
) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]]:
    """Read both files and check that they fit together."""
    X, y = read_idx(images), read_idx(labels)
    remedy = REMEDY.format(name=dataset)
    if X.ndim != 3 or X.shape[1:] != (28, 28) or len(X) == 0:
        raise DataFileError.about(
            images, "shape (N, 28, 28)", str(X.shape), remedy
        )
    if y.shape != (len(X),):
        raise DataFileError.about(
            labels, f"shape ({len(X)},)", str(y.shape), remedy
        )
    if y.max() > 9:
        raise DataFileError.about(
            labels, "labels 0 to 9", f"label {y.max()}", remedy
        )
    return X, y


def _download(dataset: str) -> Path:
    """Fetch a data set with torchvision and return the folder of its files."""
    import torchvision

    root = _data_dir() or _cache()
    target = root / dataset / "raw"
    # Progress bars would end up in a page.
    silence = io.StringIO()
    try:
        root.mkdir(parents=True, exist_ok=True)
        with (
            tempfile.TemporaryDirectory(dir=root) as scratch,
            contextlib.redirect_stdout(silence),
            contextlib.redirect_stderr(silence),
        ):
            getattr(torchvision.datasets, dataset)(scratch, download=True)
            _move(Path(scratch, dataset, "raw"), target)
    except (HTTPException, OSError, RuntimeError) as error:
        raise DataFileError.about(
            target,
            f"the complete {dataset}",
            f"no local copy, and the download failed: {' '.join(str(error).split())}",
            REMEDY.format(name=dataset),
        ) from error
    return target


def _move(source: Path, target: Path) -> None:
    """Move a complete folder, in one step unless `target` holds files already."""
    target.parent.mkdir(parents=True, exist_ok=True)
    # Another process may have brought the same files meanwhile.
    with contextlib.suppress(OSError):
        source.rename(target)
        return
    target.mkdir(exist_ok=True)
    for path in source.iterdir():
        if not (target / path.name).exists():
            path.rename(target / path.name)
