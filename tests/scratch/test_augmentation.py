import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aibook.scratch.augmentation import augment
from aibook.scratch.framing import flip, shift
from helpers import assert_same
from image_arrays import fractions

seeds = st.integers(0, 1000)


@given(fractions, seeds)
def test_by_default_nothing_changes(image, seed):
    assert_same(augment(image, np.random.default_rng(seed)), image)


@given(fractions, seeds)
def test_the_same_seed_gives_the_same_variant(image, seed):
    settings = {"flip": 0.5, "max_degrees": 20, "max_shift": 2}
    a, b = (
        augment(image, np.random.default_rng(seed), **settings, brightness=0.5)
        for _ in range(2)
    )
    assert_same(a, b)
    assert a.shape == image.shape
    assert a.min() >= 0
    assert a.max() <= 1


@given(fractions, seeds, st.integers(0, 4))
def test_a_shift_is_one_of_those_allowed(image, seed, most):
    moved = augment(image, np.random.default_rng(seed), max_shift=most)
    steps = range(-most, most + 1)
    assert any(
        np.array_equal(moved, shift(image, down, right))
        for down in steps
        for right in steps
    )


@given(fractions, seeds)
def test_a_certain_flip(image, seed):
    flipped = augment(image, np.random.default_rng(seed), flip=1)
    assert_same(flipped, flip(image, "horizontal"))


def test_every_shift_and_half_of_the_flips_come_up():
    rng = np.random.default_rng(0)
    image = np.arange(49.0).reshape(7, 7) / 49
    found = {augment(image, rng, max_shift=1).tobytes() for _ in range(200)}
    assert len(found) == 9
    num_flipped = sum(
        not np.array_equal(augment(image, rng, flip=0.5), image)
        for _ in range(2000)
    )
    assert abs(num_flipped - 1000) < 3 * np.sqrt(2000 / 4)


def test_brightness_is_a_factor_in_its_range():
    rng = np.random.default_rng(0)
    factors = [
        augment([[0.5]], rng, brightness=0.2)[0, 0] / 0.5 for _ in range(500)
    ]
    assert min(factors) >= 0.8
    assert max(factors) <= 1.2
    assert max(factors) - min(factors) > 0.39


@pytest.mark.parametrize(
    "bad",
    [
        {"flip": 1.5},
        {"flip": float("nan")},
        {"brightness": -0.1},
        {"max_degrees": -1},
        {"max_shift": 1.5},
    ],
)
def test_refuses_numbers_out_of_range(bad):
    with pytest.raises(ValueError, match="expected"):
        augment([[0.5]], np.random.default_rng(0), **bad)


def test_refuses_bytes():
    with pytest.raises(
        ValueError, match="values from 0 to 255; expected 0 to"
    ):
        augment([[0, 255]], np.random.default_rng(0))
