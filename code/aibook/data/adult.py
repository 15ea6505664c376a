"""Adult: 32,561 people of a US survey of 1994, and whether they earn over $50K.

What: UCI's file ``adult.data`` with its 14 attributes and the income class, under
UCI's column names, typed.

What not: UCI's second file ``adult.test`` (16,281 rows) is not bundled; no
encoding, no scaling, no imputation. ``AIBOOK_DATA`` changes nothing here.

Source: Becker and Kohavi (1996), "Adult", UCI Machine Learning Repository,
doi:10.24432/C5XW20. CC BY 4.0.

Book page: reference/datasets
"""

from __future__ import annotations

import zlib

import pandas as pd

from aibook.data.files import REMEDY, DataFileError, verified

FILE = "files/adult.csv.gz"
COLUMNS = (
    "age",
    "workclass",
    "fnlwgt",
    "education",
    "education-num",
    "marital-status",
    "occupation",
    "relationship",
    "race",
    "sex",
    "capital-gain",
    "capital-loss",
    "hours-per-week",
    "native-country",
    "income",
)
NUMERIC = (
    "age",
    "fnlwgt",
    "education-num",
    "capital-gain",
    "capital-loss",
    "hours-per-week",
)
TARGET = "income"
CATEGORICAL = tuple(name for name in COLUMNS if name not in (*NUMERIC, TARGET))


def load_adult() -> pd.DataFrame:
    """Load the Adult income data as a typed table.

    Columns, in this order; `NUMERIC` are int64, all others ``category``:

    =================  =========================================================
    age                years, 17 to 90
    workclass          kind of employer, 8 categories, 1,836 missing
    fnlwgt             how many people the row stands for (sampling weight)
    education          highest level, 16 categories
    education-num      the same as a number, 1 (Preschool) to 16 (Doctorate)
    marital-status     7 categories
    occupation         14 categories, 1,843 missing
    relationship       role in the household, 6 categories
    race               5 categories
    sex                Female, Male
    capital-gain       dollars, 0 to 99999
    capital-loss       dollars, 0 to 4356
    hours-per-week     1 to 99
    native-country     41 categories, 583 missing
    income             the target: ``<=50K`` (24,720 rows) or ``>50K`` (7,841)
    =================  =========================================================

    Known flaws:

    - ``<=50K`` is 75.9 % of the rows: accuracy must be read against that.
    - The target is a class, at the arbitrary threshold of 50,000 dollars of 1994;
      conclusions about fairness change with it (Ding et al. 2021).
    - 30.6 % of the men and 10.9 % of the women are ``>50K``: a model learns that.
    - ``education`` and ``education-num`` say the same; ``fnlwgt`` is not a
      property of the person.
    - 2,399 rows have a missing value; 24 rows repeat an earlier row.
    - Values are capped: 159 rows have a gain of exactly 99999, 43 an age of 90.
    - Some labels are misspelt or cut (``Trinadad&Tobago``, ``Columbia``,
      ``Holand-Netherlands``, ``Hong``, ``South``) and kept as they are.

    Returns
    -------
    pandas.DataFrame
        (32561, 15), missing values as NA, a new table at every call.

    Raises
    ------
    DataFileError
        If the data file is missing, damaged or changed.

    References
    ----------
    Becker and Kohavi (1996), doi:10.24432/C5XW20

    Ding, Hardt, Miller and Schmidt (2021), "Retiring Adult: new datasets for fair
    machine learning", NeurIPS 34

    Examples
    --------
    >>> adult = load_adult()
    >>> adult.shape
    (32561, 15)
    >>> adult["income"].value_counts().to_dict()
    {'<=50K': 24720, '>50K': 7841}

    The codes of the target are the usual labels, 1 for ``>50K``:

    >>> y = adult["income"].cat.codes
    >>> int(y.sum())
    7841
    """
    path = verified(FILE)
    types = dict.fromkeys(NUMERIC, "int64")
    types |= dict.fromkeys((*CATEGORICAL, TARGET), "category")
    try:
        table = pd.read_csv(
            path,
            compression="gzip",
            dtype=types,
            na_values=["?"],
            keep_default_na=False,
        )
    except (EOFError, OSError, ValueError, zlib.error) as error:
        raise DataFileError.about(
            path, "a gzipped table of Adult", str(error), REMEDY
        ) from error
    if tuple(table.columns) != COLUMNS:
        found = ", ".join(map(str, table.columns))
        raise DataFileError.about(
            path, f"the columns {', '.join(COLUMNS)}", found, REMEDY
        )
    return table
