import numpy as np
import pytest
import skimage.measure
import skimage.morphology
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from scipy import ndimage

from aibook.vision.components import (
    Forest,
    areas,
    find_runs,
    label,
    remove_small,
)
from helpers import assert_same
from reference import flood

shapes = array_shapes(min_dims=2, max_dims=2, min_side=0, max_side=9)
masks = arrays(np.bool_, shapes)
ways = st.sampled_from([4, 8])
STRUCTURES = {4: None, 8: np.ones((3, 3))}


@given(masks, ways)
def test_spreading_from_the_first_pixel_gives_the_same(mask, connectivity):
    labels, count = label(mask, connectivity=connectivity)
    expected = flood(mask, corners=connectivity == 8)
    assert_same(labels, np.array(expected, np.int64).reshape(mask.shape))
    assert count == labels.max(initial=0)


@given(masks, ways)
def test_scipy_agrees(mask, connectivity):
    labels, count = label(mask, connectivity=connectivity)
    theirs, number = ndimage.label(mask, STRUCTURES[connectivity])
    assert count == number
    pairs = set(zip(labels.ravel(), theirs.ravel(), strict=True))
    assert len(pairs) == len(set(labels.ravel())) == len(set(theirs.ravel()))
    assert all((a == 0) == (b == 0) for a, b in pairs)


@pytest.mark.parametrize("connectivity", [4, 8])
@pytest.mark.parametrize("density", [0.1, 0.4, 0.6, 0.9])
def test_scikit_image_agrees_on_noise(density, connectivity):
    mask = np.random.default_rng(0).random((60, 70)) < density
    labels, count = label(mask, connectivity=connectivity)
    theirs, number = skimage.measure.label(
        mask, connectivity=connectivity // 4, return_num=True
    )
    assert count == number
    assert_same(labels, theirs.astype(np.int64))
    assert_same(areas(labels), np.bincount(theirs.ravel())[1:])


@pytest.mark.parametrize("connectivity", [4, 8])
def test_shapes_that_meet_late(connectivity):
    """A comb, a spiral and its twin by the corner: joined rows after they began."""
    comb = np.zeros((6, 11), bool)
    comb[:, ::2] = comb[-1] = True
    assert label(comb, connectivity=connectivity)[1] == 1
    assert label(comb[::-1], connectivity=connectivity)[1] == 1
    rings = np.zeros((11, 11), bool)
    for k in range(0, 6, 2):
        rings[k : 11 - k, k : 11 - k] = True
        rings[k + 1 : 10 - k, k + 1 : 10 - k] = False
    assert label(rings, connectivity=connectivity)[1] == 3
    board = np.indices((8, 8)).sum(axis=0) % 2 == 0
    assert (
        label(board, connectivity=connectivity)[1]
        == {4: 32, 8: 1}[connectivity]
    )


def test_rows_do_not_touch_around_the_edge():
    mask = [[0, 0, 1], [1, 0, 0]]
    assert label(mask)[1] == label(mask, connectivity=4)[1] == 2


@given(masks)
def test_runs_paint_the_mask(mask):
    painted = np.zeros(mask.shape, bool)
    rows, starts, stops = find_runs(mask)
    for row, start, stop in zip(rows, starts, stops, strict=True):
        assert start < stop
        assert not painted[row, start:stop].any()
        painted[row, start:stop] = True
        assert start == 0 or not mask[row, start - 1]
        assert stop == mask.shape[1] or not mask[row, stop]
    assert_same(painted, mask)


@given(st.lists(st.tuples(st.integers(0, 19), st.integers(0, 19))))
def test_a_forest_against_sets(pairs):
    forest = Forest(20)
    groups = [{k} for k in range(20)]
    for a, b in pairs:
        forest.join(a, b)
        both = groups[a] | groups[b]
        for k in both:
            groups[k] = both
    for k in range(20):
        assert forest.find(k) == min(groups[k])


@given(masks, ways, st.integers(0, 12))
def test_small_components_go(mask, connectivity, min_area):
    kept = remove_small(mask, min_area=min_area, connectivity=connectivity)
    theirs, _ = ndimage.label(mask, STRUCTURES[connectivity])
    sizes = np.bincount(theirs.ravel(), minlength=1)
    assert_same(kept, mask & (sizes[theirs] >= min_area))


def test_scikit_image_removes_the_same():
    mask = np.random.default_rng(1).random((40, 40)) < 0.4
    theirs = skimage.morphology.remove_small_objects(mask, max_size=6)
    assert_same(remove_small(mask, min_area=7, connectivity=4), theirs)


def test_nothing_and_everything():
    assert label(np.zeros((3, 4), bool))[1] == 0
    assert label(np.zeros((0, 4), bool))[0].shape == (0, 4)
    assert label(np.ones((3, 4), bool))[1] == 1
    assert areas(np.zeros((2, 2), int)).tolist() == []
    assert areas(np.zeros((0, 2), int)).tolist() == []
    assert areas([[3, 3, 1]]).tolist() == [1, 0, 2]


@pytest.mark.parametrize(
    "bad",
    [np.zeros(3, bool), np.zeros((2, 2, 2), bool), [[2]], [[0.5]], [["x"]]],
)
def test_refuses_masks(bad):
    for function in (find_runs, label):
        with pytest.raises(ValueError, match="mask has shape"):
            function(bad)
    with pytest.raises(ValueError, match="mask has shape"):
        remove_small(bad, min_area=1)


def test_refuses_numbers():
    for connectivity in (0, 6, "8"):
        with pytest.raises(ValueError, match="expected 4 or 8"):
            label([[1]], connectivity=connectivity)
    with pytest.raises(ValueError, match="min_area is -1"):
        remove_small([[1]], min_area=-1)
    for labels in ([[-1]], [[0.5]], [[True]]):
        with pytest.raises(ValueError, match="whole numbers from 0"):
            areas(labels)
