import numpy as np
import pytest

from aibook.data.canvases import INK, SIZES, load_canvases
from aibook.vision.boxes import box_iou


@pytest.fixture(scope="module")
def scenes():
    return load_canvases(num=60, digits=(1, 3), seed=0)


def test_shapes_and_ranges(scenes):
    assert scenes.X.shape == scenes.masks.shape == (60, 48, 48)
    assert scenes.X.min() == 0
    assert 0.9 < scenes.X.max() <= 1
    counts = {len(boxes) for boxes in scenes.boxes}
    assert counts == {1, 2, 3}
    for boxes, labels in zip(scenes.boxes, scenes.labels, strict=True):
        assert boxes.shape == (len(labels), 4)
        assert boxes.min() >= 0
        assert boxes.max() <= 48


def test_a_box_is_the_edge_of_its_mask(scenes):
    for mask, boxes in zip(scenes.masks, scenes.boxes, strict=True):
        assert mask.max() == len(boxes)
        for k, box in enumerate(boxes, start=1):
            rows, columns = np.nonzero(mask == k)
            edges = (
                columns.min(),
                rows.min(),
                columns.max() + 1,
                rows.max() + 1,
            )
            assert tuple(box) == edges


def test_masks_are_the_ink(scenes):
    assert ((scenes.masks > 0) == (scenes.X >= INK)).all()


def test_boxes_do_not_touch_and_have_the_sizes(scenes):
    for boxes in scenes.boxes:
        wide = np.add(boxes, [0, 0, 1, 1])  # those that touch would overlap
        overlap = box_iou(wide, wide) - np.eye(len(boxes))
        assert (overlap <= 1e-12).all()
        longer = (boxes[:, 2:] - boxes[:, :2]).max(axis=1)
        assert (longer <= SIZES[1]).all()
        assert (longer >= SIZES[0] - 2).all()


def test_a_seed_fixes_all_and_another_changes_it():
    a, b = (load_canvases(num=3, seed=4) for _ in range(2))
    assert np.array_equal(a.X, b.X)
    assert not np.array_equal(a.X, load_canvases(num=3, seed=5).X)


def test_only_the_classes_that_were_asked_for():
    labels = load_canvases("test", num=20, classes=[3, 7]).labels
    assert set(np.concatenate(labels).tolist()) == {3, 7}


@pytest.mark.parametrize(
    "bad",
    [
        {"num": 0},
        {"size": 31},
        {"digits": (0, 2)},
        {"digits": (3, 2)},
        {"seed": -1},
    ],
)
def test_refuses(bad):
    with pytest.raises(ValueError, match="must be an integer"):
        load_canvases(**bad)
