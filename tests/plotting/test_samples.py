import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure

from aibook.plotting.samples import draw_samples, tile


@given(
    st.integers(1, 7),
    st.integers(1, 4),
    st.integers(1, 4),
    st.integers(1, 9),
    st.integers(0, 3),
)
def test_every_image_stands_in_its_place(num, height, width, columns, gap):
    images = np.arange(num * height * width, dtype=float)
    images = images.reshape(num, height, width)
    sheet = tile(images, columns=columns, gap=gap)
    assert sheet.count() == images.size
    columns = min(columns, num)
    for i, image in enumerate(images):
        top = i // columns * (height + gap)
        left = i % columns * (width + gap)
        assert (sheet[top : top + height, left : left + width] == image).all()


def test_captions_stand_below_their_images_and_hide_none():
    ax = Figure().subplots()
    images = np.ones((3, 8, 6))
    texts = draw_samples(ax, images, ["a", "b", "c"], columns=2, gap=1, room=5)
    assert [t.get_text() for t in texts] == ["a", "b", "c"]
    assert [t.get_position() for t in texts] == [(2.5, 8), (9.5, 8), (2.5, 22)]
    drawn = ax.images[0].get_array()
    assert drawn.count() == images.size
    assert drawn[8:13].mask.all()


def test_all_images_share_their_limits():
    ax = Figure().subplots()
    draw_samples(ax, [[[0.0]], [[2.0]]], columns=1)
    assert ax.images[0].get_clim() == (0, 2)
    draw_samples(ax, [[[0.5]]], columns=1, limits=(-1, 1))
    assert ax.images[1].get_clim() == (-1, 1)


@pytest.mark.parametrize("shape", [(8, 8), (0, 8, 8), (2, 8, 8, 3), (2, 0, 8)])
def test_refuses_other_shapes(shape):
    with pytest.raises(ValueError, match=r"expected \(N, H, W\)"):
        tile(np.zeros(shape), columns=2)


@pytest.mark.parametrize("bad", [{"columns": 0}, {"columns": 1, "gap": -1}])
def test_refuses_numbers_out_of_range(bad):
    with pytest.raises(ValueError, match="columns of 1 or more"):
        tile(np.zeros((1, 2, 2)), **bad)


def test_refuses_captions_that_do_not_fit():
    ax = Figure().subplots()
    with pytest.raises(ValueError, match="1 captions for 2 images"):
        draw_samples(ax, np.zeros((2, 2, 2)), ["a"], columns=2)
