import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torchvision import ops

import reference
from aibook.vision.roi_align import axis_weights, roi_align
from helpers import assert_same

NUM, CHANNELS, HEIGHT, WIDTH = 3, 2, 7, 9


def maps_of(seed):
    generator = torch.Generator().manual_seed(seed)
    shape = (NUM, CHANNELS, HEIGHT, WIDTH)
    return torch.randn(shape, generator=generator, dtype=torch.float64)


def theirs(maps, boxes, images, bins, scale, points):
    rows = torch.cat([images[:, None].to(boxes.dtype), boxes], dim=1)
    return ops.roi_align(maps, rows, bins, scale, points, aligned=True)


# Quarters: edges that meet cells, middles and the image's border exactly.
edges = st.integers(-60, 100).map(lambda quarters: quarters / 4)
boxes_anywhere = st.lists(
    st.tuples(edges, edges, edges, edges), min_size=1, max_size=6
)


@given(
    boxes_anywhere,
    st.sampled_from([1, 2, 4]),
    st.sampled_from([0.25, 0.5, 1.0]),
    st.sampled_from([1, 2]),
    st.integers(0, 99),
)
def test_torchvision_agrees_in_values_and_gradients(
    corners, bins, scale, points, seed
):
    """Also outside, without an area, with edges out of order, on ties."""
    boxes = torch.tensor(corners, dtype=torch.float64)
    images = torch.arange(len(boxes)) % NUM
    ours, twin = (maps_of(seed).requires_grad_() for _ in range(2))
    a = roi_align(ours, boxes, images, bins=bins, scale=scale, points=points)
    b = theirs(twin, boxes, images, bins, scale, points)
    assert_same(a, b, rtol=1e-9, atol=1e-12)
    weights = torch.linspace(-1, 2, a.numel(), dtype=a.dtype).reshape(a.shape)
    (a * weights).sum().backward()
    (b * weights).sum().backward()
    assert_same(ours.grad, twin.grad, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("points", [1, 2, 3])
def test_torchvision_agrees_on_random_boxes(points):
    generator = torch.Generator().manual_seed(points)
    boxes = 30 * torch.randn(300, 4, generator=generator).double() + 10
    images = torch.randint(NUM, (300,), generator=generator)
    maps = maps_of(0)
    a = roi_align(maps, boxes, images, bins=5, scale=0.25, points=points)
    assert_same(a, theirs(maps, boxes, images, 5, 0.25, points), rtol=1e-9)


def test_the_loop_agrees():
    maps = maps_of(1)
    boxes = torch.tensor([[1.5, 0.25, 6.0, 5.5], [-3.0, 2.0, 12.0, 4.0]])
    found = roi_align(
        maps, boxes.double(), torch.tensor([0, 2]), bins=3, points=2
    )
    for k, image in enumerate([0, 2]):
        for channel in range(CHANNELS):
            loop = reference.roi_align_loop(
                maps[image, channel].tolist(), boxes[k].tolist(), 3, 2
            )
            assert_same(found[k, channel].numpy(), np.array(loop), rtol=1e-9)


def test_a_ramp_is_read_exactly_wherever_the_box_lies():
    ramp = torch.arange(20.0, dtype=torch.float64).expand(1, 1, 20, 20)
    for shift in np.linspace(0, 3, 13):
        x1 = 2 + float(shift)
        box = torch.tensor([[x1, 4.0, x1 + 6, 10.0]], dtype=torch.float64)
        cut = roi_align(ramp, box, torch.tensor([0]), bins=3)[0, 0, 0]
        expected = x1 + torch.tensor([1.0, 3.0, 5.0]).double() - 0.5
        assert_same(cut, expected, rtol=1e-9)


def test_no_box_and_no_gradient_of_boxes():
    maps = maps_of(0)
    none = roi_align(
        maps, torch.zeros(0, 4), torch.zeros(0, dtype=torch.int64), bins=2
    )
    assert none.shape == (0, CHANNELS, 2, 2)
    box = torch.tensor([[0.0, 0, 3, 3]], requires_grad=True)
    cut = roi_align(maps, box, torch.tensor([0]), bins=2)
    assert not cut.requires_grad


def test_weights_of_an_axis_sum_to_one_inside():
    start, stop = torch.tensor([0.0, 1.25, -9.0]), torch.tensor([4.0, 2.0, -5])
    weights = axis_weights(start, stop, size=4, bins=2)
    assert_same(weights.sum(dim=-1)[:2], torch.ones(2, 2))
    assert_same(weights[2], torch.zeros(2, 4))


BOX, IMAGE = torch.tensor([[0.0, 0, 2, 2]]), torch.tensor([0])


@pytest.mark.parametrize(
    ("boxes", "images", "change", "message"),
    [
        (BOX[0], IMAGE, {}, r"boxes has shape \(4,\)"),
        (BOX * torch.nan, IMAGE, {}, "NaN"),
        (BOX, torch.tensor([NUM]), {}, "expected 0 to 2"),
        (BOX, torch.tensor([-1]), {}, "expected 0 to 2"),
        (BOX, torch.tensor([0.0]), {}, "torch.int64"),
        (BOX, torch.tensor([0, 1]), {}, r"expected \(1,\)"),
        (BOX, IMAGE, {"bins": 0}, "bins = 0"),
        (BOX, IMAGE, {"points": 0}, "points = 0"),
        (BOX, IMAGE, {"scale": 0.0}, "scale = 0.0"),
    ],
)
def test_refuses(boxes, images, change, message):
    options = {"bins": 2, **change}
    with pytest.raises(ValueError, match=message):
        roi_align(maps_of(0), boxes, images, **options)


def test_refuses_maps_and_edges_that_do_not_fit():
    with pytest.raises(ValueError, match="maps has shape"):
        roi_align(torch.zeros(3, 4, 4), BOX, IMAGE, bins=2)
    with pytest.raises(ValueError, match="start has shape"):
        axis_weights(torch.zeros(2), torch.zeros(3), size=2, bins=1)
