"""Draw the bundled tables and texts from the original data sets.

What: the census table as it is, a choice of the reviews, the prose of the book.

What not: files; `aibook.data.prepare` writes them.

Book page: reference/datasets
"""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import pandas as pd

from aibook.data.adult import COLUMNS
from aibook.data.files import DataFileError
from aibook.data.originals import REMEDY, read_original
from aibook.data.prose import read_book
from aibook.data.provenance import PROVENANCE
from aibook.data.reviews import choose_reviews

__all__ = ["draw_adult", "draw_corpus", "draw_reviews"]


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
    text = read_original(
        "adult.csv.gz", "adult.data", file, table=True
    ).decode("ascii")
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
    content = read_original("reviews.csv.gz", name, file)
    table = pd.read_parquet(io.BytesIO(content))
    texts = table["Review Text"].fillna("").astype(str).tolist()
    chosen = choose_reviews(table["Rating"].to_numpy(), texts)
    return str(chosen.to_csv(index=False, lineterminator="\n"))
