"""Texts to learn a language from: this book's own prose, Korean and English.

A copy of the pages as they were when this was drawn, section by section, without
code and formulas (``#`` stands for a formula or a measured number). Every section
is there in both languages, and falls into the same part of the split in both, so
that no held-out text is trained on in translation.

Not here: how the prose was taken out of the pages (`aibook.data.prose`).

Book page: sequences/language-models
"""

from __future__ import annotations

import gzip
import json
import zlib
from typing import NamedTuple

from aibook.data.files import REMEDY, DataFileError, verified

__all__ = ["LANGUAGES", "SPLITS", "Section", "load_corpus"]

FILE = "files/corpus.jsonl.gz"
LANGUAGES = ("ko", "en")
"""Korean and English."""
SPLITS = ("train", "val", "test")
"""Of every ten sections eight, one, and one."""


class Section(NamedTuple):
    """A section of a page: the page, its label, and its text in one language."""

    page: str
    label: str
    text: str


def load_corpus(language: str, split: str) -> list[Section]:
    """Return the sections of a split in one language, in the order of the book.

    Parameters
    ----------
    language
        ``"ko"`` or ``"en"``.
    split
        ``"train"``, ``"val"`` or ``"test"``: the ninth of every ten sections is for
        validation, the tenth for testing.

    Returns
    -------
    list of Section
        The same pages and labels for both languages.

    Raises
    ------
    ValueError
        For another language or split.
    DataFileError
        If the bundled file is missing or changed.

    Examples
    --------
    >>> sections = load_corpus("en", "train")
    >>> len(sections), sections[0].label
    (256, 'data')
    """
    if language not in LANGUAGES or split not in SPLITS:
        raise ValueError(
            f"language {language!r}, split {split!r}; expected one of "
            f"{', '.join(LANGUAGES)} and one of {', '.join(SPLITS)}"
        )
    path = verified(FILE)
    try:
        lines = gzip.decompress(path.read_bytes()).decode().splitlines()
        rows = [json.loads(line) for line in lines]
    except (EOFError, OSError, ValueError, zlib.error) as error:
        raise DataFileError.about(
            path, "gzipped lines of JSON", str(error), REMEDY
        ) from error
    if not rows:
        raise DataFileError.about(path, "sections", "none", REMEDY)
    part = [max(0, i % 10 - 7) for i in range(len(rows))]  # 0, ..., 0, 1, 2
    return [
        Section(row["page"], row["label"], row[language])
        for row, p in zip(rows, part, strict=True)
        if SPLITS[p] == split
    ]
