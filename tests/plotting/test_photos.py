import numpy as np
import pytest
from matplotlib.figure import Figure

from aibook.plotting.photos import draw_photo
from helpers import assert_same


def test_the_limits_are_those_of_the_type():
    ax = Figure().subplots()
    bytes_ = np.array([[100, 120]], np.uint8)
    drawn = draw_photo(ax, bytes_, title="grey")
    assert drawn.get_clim() == (0, 255)
    assert_same(np.asarray(drawn.get_array()), bytes_)
    assert ax.get_title() == "grey"
    drawn = draw_photo(ax, bytes_ / 255)
    assert_same(np.asarray(drawn.get_array()), bytes_)


@pytest.mark.parametrize("shape", [(4,), (0, 4), (4, 4, 4), (3, 8, 8)])
def test_refuses_other_shapes(shape):
    with pytest.raises(ValueError, match="expected"):
        draw_photo(Figure().subplots(), np.zeros(shape))


@pytest.mark.parametrize("values", [[[0.0, 255.0]], [[-0.5]], [[np.nan]]])
def test_refuses_fractions_out_of_range(values):
    with pytest.raises(ValueError, match="expected bytes"):
        draw_photo(Figure().subplots(), values)
