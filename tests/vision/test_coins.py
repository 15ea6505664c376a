"""The chapter's way from a photograph to the number of its coins."""

import numpy as np
import pytest
from skimage.data import coins

from aibook.vision.components import areas, label
from aibook.vision.elements import cross, disk, square
from aibook.vision.morphology import closing, opening, top_hat
from aibook.vision.thresholding import binarise, otsu_threshold

# Row and column of the middle of each coin, read off the photograph.
MIDDLES = [
    *((44, 334), (53, 217), (51, 156), (54, 277), (57, 42), (57, 100)),
    *((119, 271), (124, 45), (124, 205), (124, 336), (126, 102), (127, 154)),
    *((186, 347), (193, 213), (194, 274), (196, 102), (197, 43), (198, 154)),
    *((260, 46), (261, 172), (263, 301), (263, 244), (266, 114), (268, 358)),
]


def are_the_coins(mask):
    """Return whether each coin is one component, and nothing else is."""
    labels, count = label(mask)
    own = {int(labels[y, x]) for y, x in MIDDLES}
    whole = 0.5 < areas(labels).max() / (np.pi * 32**2) < 1.1
    return count == len(own - {0}) == 24 and whole


@pytest.mark.parametrize("radius", [32, 34, 36, 38, 40])
def test_the_count_is_right_whatever_the_large_disk(radius):
    flat = top_hat(coins(), disk(radius))
    mask = binarise(flat, otsu_threshold(flat))
    assert are_the_coins(closing(opening(mask, cross(1)), square(7)))
    assert are_the_coins(opening(closing(mask, square(6)), square(6)))


def test_every_stage_is_needed():
    flat = top_hat(coins(), disk(36))
    mask = binarise(flat, otsu_threshold(flat))
    assert label(mask)[1] > 40
    assert label(opening(mask, cross(1)))[1] > 40
    assert label(closing(mask, square(7)))[1] > 24


def test_the_right_number_may_be_wrong():
    """Without the top-hat two coins are lost, and two other things counted."""
    plain = binarise(coins(), otsu_threshold(coins()))
    mask = closing(opening(plain, cross(1)), square(7))
    assert label(mask)[1] == 24
    assert not are_the_coins(mask)
