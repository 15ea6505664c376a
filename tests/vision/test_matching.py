import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from aibook.vision.matching import Found, check_found, match

overlap = st.sampled_from([0.0, 0.3, 0.5, 0.5, 0.7, 1.0])
tables = arrays(
    np.float64,
    array_shapes(min_dims=2, max_dims=2, min_side=0, max_side=6),
    elements=overlap,
)


def by_loops(table, limit):
    """Return pairs as pycocotools loops over finds and true things."""
    taken, partners = set(), []
    for row in table:
        best, partner = limit, -1
        for j, value in enumerate(row):
            if j not in taken and value >= best:
                best, partner = value, j
        taken.add(partner)
        partners.append(partner)
    return partners


@given(tables, st.sampled_from([0.3, 0.5, 1.0]))
def test_the_loops_agree(table, limit):
    partner = match(table, iou_threshold=limit)
    assert partner.tolist() == by_loops(table, limit)
    used = partner[partner >= 0]
    assert len(set(used.tolist())) == len(used)


def test_the_surest_chooses_first():
    assert match([[0.6, 0.9], [0.5, 0.95]]).tolist() == [1, 0]
    assert match([[0.6, 0.4], [0.9, 0.4]]).tolist() == [0, -1]
    assert match(np.zeros((0, 3))).shape == (0,)
    assert match(np.zeros((2, 0))).tolist() == [-1, -1]


def test_of_equal_scores_the_earlier_comes_first():
    found = Found([[0], [1], [2]], [0.5, 0.9, 0.5], [0, 1, 2])
    assert check_found(found, num_classes=3).labels.tolist() == [1, 0, 2]


@pytest.mark.parametrize(
    ("table", "limit", "message"),
    [
        ([0.5], 0.5, r"expected \(N, M\)"),
        ([[1.5]], 0.5, "0 to 1"),
        ([[np.nan]], 0.5, "0 to 1"),
        ([[0.5]], 0.0, "above 0"),
        ([[0.5]], 1.1, "at most 1"),
    ],
)
def test_refuses(table, limit, message):
    with pytest.raises(ValueError, match=message):
        match(table, iou_threshold=limit)
