import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from aibook.scratch.tabular import OneHot, Standardiser
from helpers import assert_same

WORD = st.text(alphabet="abc가 ", max_size=3)
NUMBER = st.floats(-1e6, 1e6) | st.integers(-3, 3).map(float)


@st.composite
def two_tables(draw, values, dtype):
    """Draw a table to fit and another of the same width."""
    width = draw(st.integers(1, 4))
    heights = draw(st.integers(1, 12)), draw(st.integers(1, 12))
    return [draw(arrays(dtype, (n, width), elements=values)) for n in heights]


@given(two_tables(WORD, object))
def test_one_hot_agrees_with_scikit_learn(tables):
    train, test = tables
    ours = OneHot().fit(train)
    theirs = OneHotEncoder(sparse_output=False, handle_unknown="ignore")
    theirs.fit(train.astype(str))
    for table in tables:
        expected = theirs.transform(table.astype(str))
        assert_same(ours.transform(table), expected, rtol=0, atol=0)
    # One 1 for each known value, none for an unknown one.
    known = [np.isin(c, k) for c, k in zip(test.T, train.T, strict=True)]
    assert_same(ours.transform(test).sum(), np.sum(known) * 1.0)


@given(two_tables(NUMBER, np.float64))
def test_standardiser_agrees_with_scikit_learn(tables):
    train, test = tables
    # A column that is constant up to rounding is a matter of taste.
    train = np.round(train, 3)
    ours, theirs = Standardiser().fit(train), StandardScaler().fit(train)
    changing = np.ptp(train, axis=0) > 0
    assert_same(
        ours.transform(test)[:, changing],
        theirs.transform(test)[:, changing],
        rtol=1e-6,
        atol=1e-6,
    )
    scores = ours.transform(train)
    assert np.abs(scores.mean(axis=0)).max() < 1e-6
    assert scores[:, changing].std(axis=0) == pytest.approx(1)
    assert not np.abs(scores[:, ~changing]).max(initial=0) > 1e-9


def test_nothing_is_learned_from_what_is_only_transformed():
    scaler = Standardiser().fit([[0.0], [2.0]])
    scaler.transform([[1e9]])
    assert scaler.transform([[3.0]]).tolist() == [[2.0]]
    encoder = OneHot().fit([["a"]])
    encoder.transform([["b"]])
    assert encoder.transform([["b"]]).tolist() == [[0.0]]


@pytest.mark.parametrize("bad", [["a"], [[]], [[["a"]]], "a"])
def test_one_hot_refuses_other_shapes(bad):
    with pytest.raises(ValueError, match=r"expected \(N, C\)"):
        OneHot().fit(bad)


@pytest.mark.parametrize("bad", [None, float("nan"), 3])
def test_one_hot_refuses_what_is_no_text(bad):
    with pytest.raises(ValueError, match="a category of their own"):
        OneHot().fit(np.array([["a"], [bad]], dtype=object))


@pytest.mark.parametrize("bad", [[1.0], [[[1.0]]]])
def test_standardiser_refuses_other_shapes(bad):
    with pytest.raises(ValueError, match=r"expected \(N, C\)"):
        Standardiser().fit(bad)


@pytest.mark.parametrize("bad", [[[np.nan]], [[np.inf]], [["a"]]])
def test_standardiser_refuses_what_is_not_finite(bad):
    with pytest.raises(ValueError, match="X "):
        Standardiser().fit(bad)


@pytest.mark.parametrize(
    ("encoder", "one", "two"),
    [(OneHot, [["a"]], [["a", "b"]]), (Standardiser, [[1.0]], [[1.0, 2.0]])],
)
def test_both_refuse_another_width_and_no_fit(encoder, one, two):
    with pytest.raises(ValueError, match="call fit before"):
        encoder().transform(one)
    with pytest.raises(ValueError, match="X has 2 columns; expected 1"):
        encoder().fit(one).transform(two)
