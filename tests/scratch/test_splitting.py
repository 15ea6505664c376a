import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.model_selection import KFold, StratifiedKFold

from aibook.scratch.splitting import (
    k_fold,
    split,
    stratified_k_fold,
    stratified_split,
)
from helpers import assert_same

SEEDS = st.none() | st.integers(0, 100)
LABELS = st.lists(st.integers(-2, 3), min_size=2, max_size=60)


def folds_of(draw, num_samples):
    return draw(st.integers(2, num_samples))


def assert_parts(pairs, num_samples):
    """Assert that every pair holds each place once, in ascending order."""
    everything = np.arange(num_samples)
    for pair in pairs:
        assert_same(np.sort(np.concatenate(pair)), everything)
        assert all((np.diff(part) > 0).all() for part in pair)


@given(st.data(), st.integers(2, 60), SEEDS)
def test_folds_partition_and_are_of_one_size(data, num_samples, seed):
    num_folds = folds_of(data.draw, num_samples)
    pairs = k_fold(num_samples, num_folds=num_folds, seed=seed)
    assert_parts(pairs, num_samples)
    validation = [val for _, val in pairs]
    assert len(validation) == num_folds
    assert_same(np.sort(np.concatenate(validation)), np.arange(num_samples))
    assert np.ptp([len(val) for val in validation]) <= 1


@given(st.data(), st.integers(2, 60))
def test_k_fold_is_scikit_learns(data, num_samples):
    num_folds = folds_of(data.draw, num_samples)
    expected = KFold(num_folds).split(np.zeros(num_samples))
    ours = k_fold(num_samples, num_folds=num_folds)
    for pair, other in zip(ours, expected, strict=True):
        for part, right in zip(pair, other, strict=True):
            assert_same(part, right)


@given(st.data(), LABELS, SEEDS)
def test_stratified_folds_partition_evenly(data, labels, seed):
    y = np.array(labels)
    num_folds = folds_of(data.draw, len(y))
    pairs = stratified_k_fold(y, num_folds=num_folds, seed=seed)
    assert_parts(pairs, len(y))
    validation = [val for _, val in pairs]
    assert_same(np.sort(np.concatenate(validation)), np.arange(len(y)))
    assert np.ptp([len(val) for val in validation]) <= 1
    for label in set(labels):
        assert np.ptp([(y[val] == label).sum() for val in validation]) <= 1


@given(st.data(), LABELS.filter(lambda y: max(map(y.count, y)) > 1), SEEDS)
def test_stratified_folds_have_scikit_learns_class_counts(data, labels, seed):
    y = np.array(labels)
    # scikit-learn wants a class with at least as many examples as folds, and
    # warns unless all have.
    smallest = min(map(labels.count, labels))
    if smallest < 2:
        y = np.repeat(y, 2)
        smallest *= 2
    num_folds = data.draw(st.integers(2, smallest))
    ours = stratified_k_fold(y, num_folds=num_folds, seed=seed)
    theirs = StratifiedKFold(num_folds).split(y, y)
    for (_, val), (_, other) in zip(ours, theirs, strict=True):
        for label in set(labels):
            assert (y[val] == label).sum() == (y[other] == label).sum()


@given(LABELS, st.floats(0.01, 0.99), st.integers(0, 100))
def test_splits(labels, share, seed):
    y = np.array(labels)
    num_test = round(len(y) * share)
    if not 0 < num_test < len(y):
        for make in (
            lambda: split(len(y), test_share=share),
            lambda: stratified_split(y, test_share=share),
        ):
            with pytest.raises(ValueError, match="neither may be empty"):
                make()
        return
    plain = split(len(y), test_share=share, seed=seed)
    stratified = stratified_split(y, test_share=share, seed=seed)
    assert_parts([plain, stratified], len(y))
    assert len(plain[1]) == len(stratified[1]) == num_test
    for label in set(labels):
        due = num_test / len(y) * labels.count(label)
        assert abs((y[stratified[1]] == label).sum() - due) < 1


def test_seeds():
    y = np.arange(40) % 3
    for make in (
        lambda seed: [split(40, seed=seed)],
        lambda seed: [stratified_split(y, seed=seed)],
        lambda seed: k_fold(40, seed=seed),
        lambda seed: stratified_k_fold(y, seed=seed),
    ):
        again, same, other = (
            np.concatenate([val for _, val in make(seed)])
            for seed in (1, 1, 2)
        )
        assert_same(again, same)
        assert not np.array_equal(again, other)


def test_every_example_is_equally_likely_to_be_tested():
    y = np.array([0] * 7 + [1] * 3)
    tests = [
        stratified_split(y, test_share=0.4, seed=s)[1] for s in range(500)
    ]
    counts = np.bincount(np.concatenate(tests), minlength=10)
    # Each class on its own: 3 of 7 and 1 of 3, four standard errors around.
    due = np.array([3 / 7] * 7 + [1 / 3] * 3) * 500
    assert (np.abs(counts - due) < 4 * np.sqrt(due)).all()


@pytest.mark.parametrize("share", [0.0, 1.0, -0.2, 1.5, float("nan")])
def test_bad_share(share):
    with pytest.raises(ValueError, match=r"test_share is .* between 0 and 1"):
        split(10, test_share=share)
    with pytest.raises(ValueError, match=r"test_share is .* between 0 and 1"):
        stratified_split([0, 1] * 5, test_share=share)


@pytest.mark.parametrize("num_folds", [1, 0, -3, 11, 2.0, True])
def test_bad_number_of_folds(num_folds):
    with pytest.raises(ValueError, match=r"num_folds is .* expected"):
        k_fold(10, num_folds=num_folds)
    with pytest.raises(ValueError, match=r"num_folds is .* expected"):
        stratified_k_fold([0, 1] * 5, num_folds=num_folds)


@pytest.mark.parametrize("num_samples", [0, -1, 2.5])
def test_bad_number_of_samples(num_samples):
    with pytest.raises(ValueError, match="num_samples is"):
        k_fold(num_samples)
    with pytest.raises(ValueError, match="num_samples is"):
        split(num_samples)


@pytest.mark.parametrize(
    ("y", "message"),
    [
        ([[0, 1], [1, 0]], r"shape \(2, 2\)"),
        ([], r"shape \(0,\)"),
        (3, r"shape \(\)"),
        ([0.0, np.nan, 1.0], "NaN"),
    ],
)
def test_bad_labels(y, message):
    with pytest.raises(ValueError, match=message):
        stratified_k_fold(y, num_folds=2)
    with pytest.raises(ValueError, match=message):
        stratified_split(y)
