import numpy as np
import pytest
from matplotlib.figure import Figure

from aibook.plotting.things import colour_classes, mark_boxes, shade_masks


@pytest.fixture
def ax():
    return Figure().subplots()


def test_a_box_stands_round_its_pixels(ax):
    (outline,) = mark_boxes(ax, [[2, 3, 9, 12]], colours="C0", dashed=True)
    assert outline.get_bbox().extents.tolist() == [1.5, 2.5, 8.5, 11.5]
    assert outline.get_linestyle() == "--"
    assert not ax.texts


def test_no_box_is_no_outline(ax):
    assert mark_boxes(ax, []) == []


def test_a_name_leaves_neither_the_top_nor_its_corner(ax):
    ax.imshow(np.zeros((64, 64)))
    mark_boxes(ax, [[2, 1, 9, 12], [2, 20, 9, 32]], ["bag", "boot"])
    inside, above = ax.texts
    assert inside.get_position()[1] > 0.5
    assert inside.get_verticalalignment() == "top"
    assert above.get_position() == (1.5, 19.0)
    assert above.get_verticalalignment() == "bottom"


def test_names_keep_apart_while_there_is_room(ax):
    ax.imshow(np.zeros((64, 64)))
    mark_boxes(ax, [[2, 20, 30, 50]] * 4, ["bag", "boot", "digit", "shirt"])
    extents = [text.get_window_extent() for text in ax.texts]
    for i, extent in enumerate(extents):
        assert not any(extent.overlaps(other) for other in extents[:i])
    heights = [text.get_position()[1] for text in ax.texts]
    assert heights == [19, 20.5, 50.5, 48.5]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([[1, 2, 3]],), "shape .1, 3.; expected .N, 4."),
        (([[0, 0, 1, 1]], ["a", "b"]), "2 names for 1 boxes"),
    ],
)
def test_boxes_that_are_refused(ax, arguments, message):
    with pytest.raises(ValueError, match=message):
        mark_boxes(ax, *arguments)


def test_masks_are_tinted_and_edged(ax):
    masks = np.zeros((6, 6), dtype=int)
    masks[1:5, 1:5] = 1
    masks[5, 5] = 2
    layer = shade_masks(ax, masks, colours=["#ff0000", "#0000ff"], alpha=0.5)
    drawn = layer.get_array()
    assert drawn[0, 0, 3] == 0
    assert drawn[2, 2].tolist() == [1, 0, 0, 0.5]
    assert drawn[1, 2].tolist() == [1, 0, 0, 1]
    assert drawn[5, 5].tolist() == [0, 0, 1, 1]


def test_a_map_has_the_colours_of_its_classes(ax):
    drawn = colour_classes(ax, [[0, 1], [1, 0]], ["#000000", "#ff0000"])
    assert drawn.get_array()[..., 0].tolist() == [[0, 1], [1, 0]]


@pytest.mark.parametrize("bad", [[[0.5]], [[[1]]]])
def test_maps_that_are_refused(ax, bad):
    with pytest.raises(ValueError, match=r"expected \(H, W\) of integers"):
        shade_masks(ax, bad)
    with pytest.raises(ValueError, match=r"expected \(H, W\) of integers"):
        colour_classes(ax, bad, ["C0"])


def test_a_class_without_a_colour(ax):
    with pytest.raises(ValueError, match="range from 0 to 2; expected 0 to 1"):
        colour_classes(ax, [[0, 2]], ["C0", "C1"])
