"""Reviews of women's clothing, as customers of a shop wrote them, good or bad.

What: 4,600 English reviews with one, two or five stars, half of them bad, from
"Women's E-Commerce Clothing Reviews". The shop's name was replaced by "retailer"
when the data were published.

What not: three and four stars, titles, garments, ages and the other columns of the
original; no tokens (`aibook.scratch.vocabulary`).

Source: N. Brooks, "Women's E-Commerce Clothing Reviews", 2018. CC0 1.0.

Book page: labs/sentiment
"""

from __future__ import annotations

import zlib

import numpy as np
import numpy.typing as npt
import pandas as pd

from aibook.data.files import REMEDY, DataFileError, verified

__all__ = ["choose_reviews", "load_reviews"]

FILE = "files/reviews.csv.gz"
COLUMNS = ("stars", "review")
NUM_TRAIN = 3600
PER_CLASS = 2300


def load_reviews(split: str) -> tuple[list[str], npt.NDArray[np.int64]]:
    """Load the reviews for training or for testing.

    Both are half good and half bad, in pairs of one each, so that every prefix of
    even length is balanced. No review occurs twice. Known flaws: the balance is
    ours (in the original there are five times as many five stars as one and two
    together), garments and probably customers are in both parts, and some reviews
    end in the middle of a sentence, cut at 500 characters.

    Parameters
    ----------
    split
        ``"train"`` (3,600) or ``"test"`` (1,000).

    Returns
    -------
    texts : list of str
        White space is single blanks.
    y : numpy.ndarray
        1 for five stars, 0 for one or two.

    Raises
    ------
    ValueError
        For another split.
    DataFileError
        If the data file is missing, damaged or changed.

    Examples
    --------
    >>> texts, y = load_reviews("test")
    >>> len(texts), int(y.sum())
    (1000, 500)
    """
    if split not in ("train", "test"):
        raise ValueError(f"split is {split!r}; expected 'train' or 'test'")
    path = verified(FILE)
    try:
        table = pd.read_csv(
            path,
            compression="gzip",
            dtype={"stars": "int64", "review": "str"},
            keep_default_na=False,
        )
    except (EOFError, OSError, ValueError, zlib.error) as error:
        raise DataFileError.about(
            path, "a gzipped table of reviews", str(error), REMEDY
        ) from error
    part = table[:NUM_TRAIN] if split == "train" else table[NUM_TRAIN:]
    return part["review"].tolist(), (part["stars"] == 5).to_numpy().astype(
        np.int64
    )


def choose_reviews(
    stars: npt.ArrayLike, reviews: list[str], *, per_class: int = PER_CLASS
) -> pd.DataFrame:
    """Choose as many good as bad reviews, good and bad in turn.

    Parameters
    ----------
    stars
        Shape (N,), 1 to 5.
    reviews
        N texts; empty ones, and all but the first of equal ones, are left out.
    per_class
        How many of either.

    Returns
    -------
    pandas.DataFrame
        Columns stars and review, in pairs of one bad and one good.

    Raises
    ------
    ValueError
        If there are fewer.

    Examples
    --------
    >>> choose_reviews([5, 1, 3], ["so  nice", "bad", "well"], per_class=1)
       stars   review
    0      1      bad
    1      5  so nice
    """
    texts = [" ".join(text.split()) for text in reviews]
    table = pd.DataFrame({"stars": np.asarray(stars), "review": texts})
    table = table[table["review"] != ""].drop_duplicates("review")
    rng = np.random.RandomState(0)  # frozen: its stream never changes
    parts = []
    for chosen in (table["stars"] <= 2, table["stars"] == 5):
        rows = np.flatnonzero(chosen)
        if len(rows) < per_class:
            raise ValueError(
                f"{len(rows)} reviews of a class; expected {per_class} or more"
            )
        parts.append(rng.permutation(rows)[:per_class])
    order = np.stack(parts, axis=1).ravel()
    return table.iloc[order].reset_index(drop=True)
