import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from aibook.data.mnist import load_mnist
from aibook.vision.pen import draw, measure, recentre, trace
from helpers import assert_same


def line(*, slant=0.0, stroke=3.0, height=20.0, place=(0.0, 0.0)):
    """Return the field and the drawing of an upright line of 20 pixels."""
    steps = (torch.arange(56) + 0.5) / 2 - 14
    down, across = torch.meshgrid(steps, steps, indexing="ij")
    beyond = (down.abs() - 10).clamp(min=0)
    field = (across**2 + beyond**2).sqrt()[None, None]
    return draw(
        field,
        stroke=torch.tensor([stroke]),
        slant=torch.tensor([slant]),
        height=torch.tensor([height]),
        place=torch.tensor([place]),
    )


@given(
    stroke=st.floats(1.5, 4.0),
    slant=st.floats(-0.4, 0.4),
    height=st.floats(14.0, 20.0),
    across=st.floats(-4.0, 4.0),
    down=st.floats(-2.0, 2.0),
)
def test_a_line_is_measured_as_it_was_drawn(
    stroke, slant, height, across, down
):
    image = line(
        stroke=stroke, slant=slant, height=height, place=(across, down)
    )
    found = measure(image)
    assert found.slant.item() == pytest.approx(slant, abs=0.03)
    expected = 13.5 + across, 13.5 + down
    assert found.centre[0].tolist() == pytest.approx(expected, abs=0.15)
    # Round ends add the pen's width to the height.
    size = height / 20
    assert found.height.item() == pytest.approx(
        height + stroke * size, abs=1.6
    )


def test_bars_by_hand():
    image = torch.zeros(3, 1, 28, 28)
    image[0, 0, 4:24, 12:14] = 1
    image[1, 0, 5:25, 10:15] = 1
    for i in range(20):  # one pixel to the right for each pixel upwards
        image[2, 0, 23 - i, 2 + i : 5 + i] = 1
    found = measure(image)
    assert found.height.tolist() == [20, 20, 20]
    assert_same(found.slant, torch.tensor([0.0, 0.0, 1.0]), rtol=0, atol=0.01)
    assert_same(found.centre[0], torch.tensor([12.5, 13.5]))
    # Area w x h; the outline 2 (w + h), less at the corner of two steps.
    for i, w in enumerate((2, 5)):
        outline = 2 * (w + 20) - (2 - 2**0.5)
        expected = 2 * w * 20 / outline
        assert found.stroke[i].item() == pytest.approx(expected, rel=1e-5)


@given(st.integers(0, 2**31))
def test_slant_and_centre_are_moments(seed):
    image = torch.rand(
        1, 1, 9, 12, generator=torch.Generator().manual_seed(seed)
    )
    ink = image[0, 0].double().numpy()
    rows, columns = np.mgrid[:9, :12]
    cov = np.cov(
        np.stack([columns.ravel(), rows.ravel()]), aweights=ink.ravel(), ddof=0
    )
    found = measure(image)
    assert found.slant.item() == pytest.approx(
        -cov[0, 1] / cov[1, 1], abs=1e-5
    )
    mean = np.average(columns, weights=ink), np.average(rows, weights=ink)
    assert found.centre[0].tolist() == pytest.approx(mean, abs=1e-5)


def test_an_empty_image_measures_nothing():
    found = measure(torch.zeros(2, 1, 28, 28))
    assert found.stroke.tolist() == [0, 0]
    assert found.slant.tolist() == [0, 0]
    assert found.height.tolist() == [0, 0]
    assert found.centre.isfinite().all()


def test_real_digits_come_back_in_other_pens():
    images, _ = load_mnist("test", limit=100)
    fields = trace(images)
    full = fields.new_full
    for slant, stroke, height in (
        (-0.3, 1.7, 16),
        (0.0, 2.6, 19),
        (0.3, 4, 22),
    ):
        found = measure(
            draw(
                fields,
                stroke=full((100,), stroke),
                slant=full((100,), slant),
                height=full((100,), height),
            )
        )
        assert found.slant.mean().item() == pytest.approx(slant, abs=0.03)
        assert found.slant.std() < 0.12
        assert found.stroke.mean().item() == pytest.approx(stroke, rel=0.2)
        assert found.height.mean().item() == pytest.approx(height, abs=1.5)
        middle = torch.full((100, 2), 13.5)
        assert (found.centre - middle).abs().mean() < 2


def test_tracing_forgets_pen_slant_and_size():
    images, _ = load_mnist("test", limit=30)
    fields = trace(images)
    again = trace(
        255
        * draw(
            fields,
            stroke=torch.full((30,), 3.0),
            slant=torch.full((30,), 0.3),
            height=torch.full((30,), 17.0),
            place=torch.tensor([3.0, -2.0]).expand(30, -1),
        )[:, 0].numpy()
    )
    near = (fields < 1) & (again < 2.5)
    assert near.sum() / (fields < 1).sum() > 0.93


def test_recentring_undoes_a_move():
    images, _ = load_mnist("test", limit=20)
    fields, still = trace(images), torch.zeros(20)
    pen = {"stroke": still + 3, "slant": still, "height": still + 15}
    middle, moved = (
        recentre(draw(fields, place=torch.tensor(place).expand(20, -1), **pen))
        for place in ((0.0, 0.0), (4.0, -5.0))
    )
    assert (middle - moved).abs().mean() < 0.01
    centre = measure(moved).centre
    assert_same(centre, torch.full((20, 2), 13.5), rtol=0, atol=0.05)


def test_bad_input_is_refused():
    with pytest.raises(ValueError, match="expected"):
        measure(torch.zeros(1, 28, 28))
    with pytest.raises(ValueError, match="expected"):
        trace(np.zeros((1, 14, 14)))
    with pytest.raises(ValueError, match="no ink"):
        trace(np.zeros((1, 28, 28)))
    one, fields = torch.ones(1), torch.zeros(1, 1, 56, 56)
    with pytest.raises(ValueError, match="expected"):
        draw(fields, stroke=one, slant=one, height=torch.ones(2))
    with pytest.raises(ValueError, match="above 0"):
        draw(fields, stroke=0 * one, slant=one, height=one)
