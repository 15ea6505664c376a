import numpy as np
import pytest

from aibook.data.fashion_mnist import load_fashion_mnist
from aibook.data.scenes import (
    CATEGORIES,
    FAINTEST,
    SIDES,
    STUFF,
    THINGS,
    VISIBLE,
    _load_items,
    load_scenes,
)


@pytest.fixture(scope="module")
def scenes():
    return load_scenes(num=80, seed=0)


def test_shapes_and_ranges(scenes):
    assert scenes.X.shape == (80, 1, 64, 64)
    assert scenes.X.dtype == np.float32
    assert scenes.masks.shape == scenes.classes.shape == (80, 64, 64)
    assert {len(boxes) for boxes in scenes.boxes} == {2, 3, 4}
    assert set(np.unique(scenes.classes)) == set(range(len(CATEGORIES)))


def test_things_are_brighter_than_the_ground(scenes):
    things = scenes.masks > 0
    ground = scenes.X[:, 0][~things]
    assert scenes.X[:, 0][things].min() >= np.float32(FAINTEST)
    assert 0 < ground.min() <= ground.max() < FAINTEST


def test_a_box_is_the_edge_of_what_is_visible(scenes):
    for mask, boxes, labels in zip(
        scenes.masks, scenes.boxes, scenes.labels, strict=True
    ):
        assert mask.max() == len(boxes) == len(labels)
        for k, box in enumerate(boxes, start=1):
            rows, columns = np.nonzero(mask == k)
            edges = (
                columns.min(),
                rows.min(),
                columns.max() + 1,
                rows.max() + 1,
            )
            assert tuple(box) == edges


def test_the_class_of_a_pixel_is_that_of_its_thing(scenes):
    for mask, labels, classes in zip(
        scenes.masks, scenes.labels, scenes.classes, strict=True
    ):
        expected = np.concatenate([[-1], labels + len(STUFF)])[mask]
        assert (classes[mask > 0] == expected[mask > 0]).all()
        assert (classes[mask == 0] < len(STUFF)).all()


def test_things_alone_have_the_sizes():
    boxes = np.concatenate(load_scenes(num=100, things=(1, 1)).boxes)
    longer = (boxes[:, 2:] - boxes[:, :2]).max(axis=1)
    assert longer.max() == SIDES[1]
    assert longer.min() >= SIDES[0] - 2  # rounding, and ink lost when shrunk


def test_some_things_are_hidden_in_part_and_none_too_much():
    """The first thing of a scene does not depend on those that follow it."""
    shares = []
    for seed in range(40):
        alone = load_scenes(num=1, things=(1, 1), seed=seed)
        rng_free = load_scenes(num=1, things=(4, 4), seed=seed)
        if alone.labels[0][0] == rng_free.labels[0][0]:
            whole = (alone.masks == 1).sum()
            shares.append((rng_free.masks == 1).sum() / whole)
    assert len(shares) == 40
    assert min(shares) >= VISIBLE
    assert min(shares) < 1


def test_no_item_is_in_two_splits():
    pools = {
        split: _load_items(split) for split in ("train", "validation", "test")
    }
    for thing in range(len(THINGS)):
        seen = [
            {item.tobytes() for item in pools[split][thing]}
            for split in ("train", "validation")
        ]
        assert not seen[0] & seen[1]
    trousers, _ = load_fashion_mnist("test", classes=[1])
    assert np.array_equal(pools["test"][1], trousers)


def test_a_seed_fixes_all_and_another_changes_it():
    a, b = (load_scenes(num=3, seed=4) for _ in range(2))
    assert np.array_equal(a.X, b.X)
    assert np.array_equal(a.masks, b.masks)
    assert not np.array_equal(a.X, load_scenes(num=3, seed=5).X)


def test_a_longer_set_begins_like_a_shorter_one():
    assert np.array_equal(load_scenes(num=5).X[:2], load_scenes(num=2).X)


@pytest.mark.parametrize(
    "bad",
    [
        {"num": 0},
        {"size": 31},
        {"things": (0, 2)},
        {"things": (3, 2)},
        {"seed": -1},
    ],
)
def test_refuses_what_is_out_of_range(bad):
    with pytest.raises(ValueError, match="must be an integer"):
        load_scenes(**bad)


def test_refuses_an_unknown_split():
    with pytest.raises(ValueError, match="split must be one of train, val"):
        load_scenes("dev")
