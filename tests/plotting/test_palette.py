import itertools

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from aibook.plotting import palette
from aibook.plotting.palette import (
    CLASS_COLOURS,
    CYCLE,
    INKS,
    REGION_COLOURS,
    contrast,
    ink_on,
)

BACKGROUNDS = ("#ffffff", "#14181e", "#121212")

# Machado, Oliveira and Fernandes (2009), table 1, severity 1.0; on linear RGB.
VISION = {
    "normal": np.eye(3),
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
SRGB_TO_XYZ = [
    [0.4124564, 0.3575761, 0.1804375],
    [0.2126729, 0.7151522, 0.0721750],
    [0.0193339, 0.1191920, 0.9503041],
]


def linear(colour):
    c = np.array(to_rgb(colour))
    return np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)


def cielab(rgb):
    t = np.array(SRGB_TO_XYZ) @ np.clip(rgb, 0, 1) / [0.95047, 1, 1.08883]
    x, y, z = np.where(
        t > (6 / 29) ** 3, np.cbrt(t), t / (3 * (6 / 29) ** 2) + 4 / 29
    )
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def test_the_formulas():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(
        4.48, abs=0.005
    )  # W3C's
    assert cielab(linear("#ff0000")) == pytest.approx(
        [53.24, 80.09, 67.20], abs=0.02
    )


@pytest.mark.parametrize("colour", CYCLE)
def test_contrast_is_what_the_table_says(colour):
    ratios = [contrast(colour, background) for background in BACKGROUNDS]
    assert min(ratios) >= 3
    (row,) = [
        line for line in palette.__doc__.splitlines() if f" {colour} " in line
    ]
    assert row.split()[2:] == [f"{ratio:.2f}" for ratio in ratios]


@pytest.mark.parametrize("vision", VISION)
def test_colours_stay_apart(vision):
    seen = [cielab(np.array(VISION[vision]) @ linear(c)) for c in CYCLE]
    distances = [
        np.linalg.norm(a - b) for a, b in itertools.combinations(seen, 2)
    ]
    assert min(distances) >= 29
    assert distances[0] >= 100  # the two classes


@pytest.mark.parametrize("ground", ["#000000", "#ffffff", *CYCLE])
def test_ink_is_legible_on_any_ground(ground):
    other = next(ink for ink in INKS if ink != ink_on(ground))
    assert contrast(ink_on(ground), ground) >= 4.5
    assert contrast(ink_on(ground), ground) > contrast(other, ground)


def test_inks_do_not_follow_the_theme():
    """The page changes pure black and pure white only."""
    assert not {"#000000", "#ffffff"} & set(INKS)


def test_regions_run_from_class_to_class_through_transparent():
    low, middle, high = REGION_COLOURS([0.0, 0.5, 1.0])
    assert tuple(low[:3]) == to_rgb(CLASS_COLOURS[0])
    assert tuple(high[:3]) == to_rgb(CLASS_COLOURS[1])
    assert middle[3] < 0.01 < low[3] == high[3] < 1
    alphas = REGION_COLOURS(np.linspace(0, 1, 256))[:, 3]
    np.testing.assert_allclose(alphas, alphas[::-1])
    assert (np.diff(alphas[128:]) > 0).all()
