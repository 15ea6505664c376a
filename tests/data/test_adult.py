"""Adult: the numbers that the loader's documentation states."""

import pandas as pd
import pytest

from aibook.data.adult import CATEGORICAL, COLUMNS, NUMERIC, TARGET, load_adult


@pytest.fixture(scope="module")
def adult() -> pd.DataFrame:
    return load_adult()


def test_shape_columns_and_types(adult: pd.DataFrame) -> None:
    assert adult.shape == (32_561, 15)
    assert tuple(adult.columns) == COLUMNS
    assert {*NUMERIC, *CATEGORICAL, TARGET} == set(COLUMNS)
    assert len(NUMERIC) + len(CATEGORICAL) == 14
    assert all(adult[name].dtype == "int64" for name in NUMERIC)
    assert all(
        adult[name].dtype == "category" for name in (*CATEGORICAL, TARGET)
    )


def test_target(adult: pd.DataFrame) -> None:
    assert adult["income"].value_counts().to_dict() == {
        "<=50K": 24_720,
        ">50K": 7_841,
    }
    assert adult["income"].cat.categories.tolist() == ["<=50K", ">50K"]
    assert adult["income"].cat.codes.sum() == 7_841


def test_first_row_is_ucis(adult: pd.DataFrame) -> None:
    line = (
        "39, State-gov, 77516, Bachelors, 13, Never-married, Adm-clerical, "
        "Not-in-family, White, Male, 2174, 0, 40, United-States, <=50K"
    )
    assert [str(value) for value in adult.iloc[0]] == line.split(", ")


def test_missing_values(adult: pd.DataFrame) -> None:
    missing = adult.isna().sum()
    assert missing[missing > 0].to_dict() == {
        "workclass": 1_836,
        "occupation": 1_843,
        "native-country": 583,
    }
    assert adult.isna().any(axis=1).sum() == 2_399


def test_categories(adult: pd.DataFrame) -> None:
    counts = {name: len(adult[name].cat.categories) for name in CATEGORICAL}
    assert counts == {
        "workclass": 8,
        "education": 16,
        "marital-status": 7,
        "occupation": 14,
        "relationship": 6,
        "race": 5,
        "sex": 2,
        "native-country": 41,
    }
    for name in (*CATEGORICAL, TARGET):
        labels = adult[name].cat.categories
        assert not any(
            label != label.strip() or label in ("", "?") for label in labels
        )


def test_ranges(adult: pd.DataFrame) -> None:
    ranges = {name: (adult[name].min(), adult[name].max()) for name in NUMERIC}
    assert ranges == {
        "age": (17, 90),
        "fnlwgt": (12_285, 1_484_705),
        "education-num": (1, 16),
        "capital-gain": (0, 99_999),
        "capital-loss": (0, 4_356),
        "hours-per-week": (1, 99),
    }


def test_known_flaws(adult: pd.DataFrame) -> None:
    assert adult.duplicated().sum() == 24
    assert (adult["capital-gain"] == 99_999).sum() == 159
    assert (adult["age"] == 90).sum() == 43
    pairs = adult[["education", "education-num"]].drop_duplicates()
    assert len(pairs) == 16
    rich = (
        (adult["income"] == ">50K").groupby(adult["sex"], observed=True).mean()
    )
    assert rich.round(3).to_dict() == {"Female": 0.109, "Male": 0.306}
    assert round((adult["income"] == "<=50K").mean(), 3) == 0.759
    assert {
        "Trinadad&Tobago",
        "Columbia",
        "Holand-Netherlands",
        "Hong",
        "South",
    } < set(adult["native-country"].cat.categories)


def test_every_call_returns_a_new_table(adult: pd.DataFrame) -> None:
    other = load_adult()
    other["age"] = 0
    pd.testing.assert_frame_equal(load_adult(), adult)


def test_unaffected_by_the_choice_of_images(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AIBOOK_DATA", "full")
    assert len(load_adult()) == 32_561
