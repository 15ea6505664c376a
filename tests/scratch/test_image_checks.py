import numpy as np
import pytest
from hypothesis import given

from aibook.scratch.image_checks import (
    check_choice,
    check_image,
    check_whole,
    finite_image,
)
from helpers import assert_same
from image_arrays import images


@given(images)
def test_an_image_passes_as_it_is(image):
    assert check_image(image) is image
    assert_same(finite_image(image), image.astype(float))


@pytest.mark.parametrize(
    "shape", [(), (4,), (0, 4), (4, 0, 3), (4, 4, 0), (4, 4, 5), (2, 4, 4, 3)]
)
def test_refuses_other_shapes(shape):
    with pytest.raises(ValueError, match=r"expected \(H, W\) or \(H, W, C\)"):
        check_image(np.zeros(shape))


def test_says_so_when_the_channels_come_first():
    with pytest.raises(ValueError, match=r"transpose\(1, 2, 0\)"):
        check_image(np.zeros((3, 8, 8)))
    with pytest.raises(ValueError, match=r"C from 1 to 4$"):
        check_image(np.zeros((8, 8, 8)))


@pytest.mark.parametrize("bad", [[["a"]], [[1j]], [[None]]])
def test_refuses_what_is_no_number(bad):
    with pytest.raises(ValueError, match="expected real numbers"):
        check_image(bad)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_refuses_what_is_not_finite(bad):
    with pytest.raises(ValueError, match="NaN or infinity"):
        finite_image([[0.0, bad]])


@pytest.mark.parametrize("bad", ["x", "Horizontal", 0, None, ["horizontal"]])
def test_refuses_another_word(bad):
    with pytest.raises(ValueError, match="expected 'horizontal'"):
        check_choice("axis", bad, ["horizontal", "vertical"])


@pytest.mark.parametrize("bad", [1.0, True, "1", None, -1])
def test_refuses_another_count(bad):
    with pytest.raises(ValueError, match="expected a whole number from 0"):
        check_whole("width", bad, 0)


def test_a_whole_number_without_a_minimum_may_be_negative():
    assert check_whole("down", np.int64(-3)) == -3
    with pytest.raises(ValueError, match=r"expected a whole number$"):
        check_whole("down", 0.5)
