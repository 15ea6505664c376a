import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torchvision.models.detection._utils import BoxCoder
from torchvision.models.detection.anchor_utils import AnchorGenerator
from torchvision.models.detection.image_list import ImageList

from aibook.vision.anchors import anchor_grid, decode_steps, encode_steps
from helpers import assert_same

sides = st.floats(0.5, 60)
places = st.floats(-20, 80)
rows = st.lists(
    st.tuples(places, places, sides, sides), min_size=5, max_size=5
)


def boxes_of(values):
    x, y, w, h = torch.tensor(values, dtype=torch.float64).T
    return torch.stack([x, y, x + w, y + h], dim=1)


@given(rows, rows)
def test_torchvision_encodes_alike(a, b):
    boxes, anchors = boxes_of(a), boxes_of(b)
    coder = BoxCoder((1.0, 1.0, 1.0, 1.0))
    expected = coder.encode_single(boxes, anchors)
    assert_same(encode_steps(boxes, anchors), expected, rtol=1e-9, atol=1e-9)


@given(rows, st.lists(st.floats(-2, 2), min_size=20, max_size=20))
def test_torchvision_decodes_alike(b, steps):
    anchors = boxes_of(b)
    moves = torch.tensor(steps, dtype=torch.float64).reshape(5, 4)
    coder = BoxCoder((1.0, 1.0, 1.0, 1.0))
    expected = coder.decode_single(moves, anchors)
    assert_same(decode_steps(moves, anchors), expected, rtol=1e-9, atol=1e-9)


@given(rows, rows)
def test_decoding_undoes_encoding(a, b):
    anchors, boxes = boxes_of(b), boxes_of(a)
    size, anchor = boxes[:, 2:] - boxes[:, :2], anchors[:, 2:] - anchors[:, :2]
    near = (size / anchor).amax(dim=1) <= 16
    steps = encode_steps(boxes[near], anchors[near])
    back = decode_steps(steps, anchors[near])
    assert_same(back, boxes[near], rtol=1e-9, atol=1e-9)


def test_wild_steps_do_not_give_infinite_boxes():
    box = decode_steps(
        torch.tensor([[0.0, 0, 1e9, -1e9]]), torch.tensor([[0.0, 0, 2, 2]])
    )
    assert box.tolist() == [[-15.0, 1.0, 17.0, 1.0]]


def test_torchvision_lays_the_same_grid():
    """Its anchors stand on the corners of the cells, ours on their middles."""
    ratio = 2.0
    side = 16.0
    height, width = side * math.sqrt(ratio), side / math.sqrt(ratio)
    generator = AnchorGenerator(((side,),), ((ratio,),))
    generator.cell_anchors = [
        torch.tensor([[-width / 2, -height / 2, width / 2, height / 2]])
    ]
    images = ImageList(torch.zeros(1, 1, 32, 32), [(32, 32)])
    [expected] = generator(images, [torch.zeros(1, 1, 4, 4)])
    ours = anchor_grid(4, 8, [(width, height)])
    assert_same(ours, expected + 4, rtol=1e-5, atol=1e-5)


def test_order_of_cells_and_shapes():
    grid = anchor_grid(2, 10, [(2, 4), (6, 6)])
    middles = (grid[:, :2] + grid[:, 2:]) / 2
    assert middles.tolist()[::2] == [[5, 5], [15, 5], [5, 15], [15, 15]]
    assert (grid[:, 2] - grid[:, 0]).tolist() == [2, 6] * 4


@pytest.mark.parametrize(
    "arguments",
    [(0, 8, [(2, 2)]), (2, 0, [(2, 2)]), (2, 8, []), (2, 8, [(2, 0)])],
)
def test_refuses_a_grid(arguments):
    with pytest.raises(ValueError, match="expected 1 or more"):
        anchor_grid(*arguments)


def test_refuses_boxes():
    box = torch.tensor([[0.0, 0, 2, 2]])
    with pytest.raises(ValueError, match="boxes holds a box without an area"):
        encode_steps(torch.tensor([[1.0, 1, 1, 4]]), box)
    with pytest.raises(ValueError, match="anchors holds a box without"):
        encode_steps(box, torch.tensor([[3.0, 1, 1, 4]]))
    with pytest.raises(ValueError, match=r"steps has shape \(2, 4\)"):
        decode_steps(torch.zeros(2, 4), box)


def test_no_boxes():
    none = torch.zeros(0, 4)
    assert encode_steps(none, none).shape == (0, 4)
    assert decode_steps(none, none).shape == (0, 4)
