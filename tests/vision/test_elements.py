import numpy as np
import pytest
import skimage.morphology
from scipy import ndimage

from aibook.vision.elements import cross, disk, square
from helpers import assert_same


@pytest.mark.parametrize("radius", range(9))
def test_disks_and_squares_are_those_of_scikit_image(radius):
    theirs = skimage.morphology.disk(radius, dtype=bool)
    assert_same(disk(radius), theirs)
    size = radius + 1
    rectangle = skimage.morphology.footprint_rectangle(
        (size, size), dtype=bool
    )
    assert_same(square(size), rectangle)


def test_the_small_cross_is_that_of_scipy():
    assert_same(cross(), ndimage.generate_binary_structure(2, 1))
    assert_same(cross(1), disk(1))


@pytest.mark.parametrize("radius", range(5))
def test_a_cross_by_its_cells(radius):
    cells = {(radius, k) for k in range(2 * radius + 1)}
    cells |= {(k, radius) for k in range(2 * radius + 1)}
    assert {tuple(cell) for cell in np.argwhere(cross(radius))} == cells


@pytest.mark.parametrize("bad", [-1, 1.5, True, "2"])
@pytest.mark.parametrize("make", [cross, disk, square])
def test_refuses(make, bad):
    with pytest.raises(ValueError, match=r"expected a whole number from [01]"):
        make(bad)


def test_no_square_without_a_cell():
    with pytest.raises(ValueError, match="size is 0; expected a whole number"):
        square(0)
