import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.neighbors import NearestCentroid

from aibook.scratch.prototypes import nearest_prototype, prototypes
from helpers import assert_same


@given(
    st.integers(2, 6), st.integers(2, 5), st.integers(1, 4), st.integers(0, 99)
)
def test_agrees_with_scikit_learn(num_classes, shots, width, seed):
    rng = np.random.default_rng(seed)
    support = rng.normal(size=(num_classes, shots, width))
    X = rng.normal(size=(20, width))
    labels = np.repeat(np.arange(num_classes), shots)
    twin = NearestCentroid().fit(support.reshape(-1, width), labels)
    means = prototypes(support)
    assert_same(means, twin.centroids_)
    assert (nearest_prototype(X, means) == twin.predict(X)).all()


def test_an_offset_common_to_all_changes_no_answer():
    rng = np.random.default_rng(0)
    means, X = rng.normal(size=(5, 3)), rng.normal(size=(200, 3))
    near = nearest_prototype(X, means)
    assert (nearest_prototype(X + 1e9, means + 1e9) == near).mean() > 0.99


def test_of_equally_close_prototypes_the_first():
    assert nearest_prototype([[0.0]], [[1.0], [-1.0]]).tolist() == [0]


@pytest.mark.parametrize("shape", [(2, 3), (0, 1, 1), (1, 0, 1)])
def test_refuses_other_examples(shape):
    with pytest.raises(ValueError, match=r"expected \(N, K, D\)|is empty"):
        prototypes(np.zeros(shape))


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_refuses_what_is_not_finite(value):
    with pytest.raises(ValueError, match="finite"):
        prototypes([[[value]]])


def test_refuses_other_features():
    with pytest.raises(ValueError, match="equally many columns"):
        nearest_prototype([[1.0, 2.0]], [[1.0]])
    with pytest.raises(ValueError, match=r"expected \(M, D\)"):
        nearest_prototype([1.0], [[1.0]])
