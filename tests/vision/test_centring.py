import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aibook.data.mnist import load_mnist
from aibook.vision.centring import like_mnist


def slowly(ink):
    """Return the same by cutting every pixel into 40x40 and averaging."""
    rows, columns = np.nonzero(ink)
    longest = 1 + max(np.ptp(rows), np.ptp(columns))
    step = longest / 20
    middles = np.arange(len(ink)) + 0.5
    y = (ink.sum(axis=1) * middles).sum() / ink.sum()
    x = (ink.sum(axis=0) * middles).sum() / ink.sum()
    parts = (np.arange(40) + 0.5) / 40
    small = np.zeros((28, 28))
    for r in range(28):
        for c in range(28):
            i = np.floor(y + step * (r - 14.5 + parts)).astype(int)
            j = np.floor(x + step * (c - 14.5 + parts)).astype(int)
            inside = (
                ((i >= 0) & (i < len(ink)))[:, None]
                & (j >= 0)
                & (j < len(ink))
            )
            values = ink[
                np.ix_(i.clip(0, len(ink) - 1), j.clip(0, len(ink) - 1))
            ]
            small[r, c] = (values * inside).mean()
    return small


@given(st.integers(0, 10**6), st.integers(1, 60))
@settings(max_examples=15, deadline=None)
def test_the_mean_of_what_a_pixel_covers(seed, side):
    generator = np.random.default_rng(seed)
    ink = generator.integers(0, 256, (side, side)) * (
        generator.random((side, side)) < 0.3
    )
    if not ink.any():
        return
    error = np.abs(like_mnist(ink).astype(float) - slowly(ink))
    assert error.max() <= 255 / 10
    assert error.mean() <= 2


def test_where_a_drawing_lies_does_not_matter():
    stroke = np.random.default_rng(0).integers(0, 256, (30, 18))
    stroke[[0, -1]] = 255
    expected = None
    for row, column in [(0, 0), (5, 70), (70, 82), (35, 1)]:
        drawing = np.zeros((100, 100))
        drawing[row : row + 30, column : column + 18] = stroke
        found = like_mnist(drawing)
        expected = found if expected is None else expected
        # A half may round either way.
        assert np.abs(found.astype(int) - expected).max() <= 1


@pytest.mark.parametrize("factor", [2, 3, 5])
def test_how_large_it_was_drawn_does_not_matter(factor):
    drawing = np.zeros((100, 100))
    drawing[3:23, 10:18] = np.random.default_rng(0).integers(0, 256, (20, 8))
    drawing[[3, 22], 10:18] = 200
    large = np.kron(drawing, np.ones((factor, factor)))
    difference = like_mnist(large).astype(int) - like_mnist(drawing)
    assert np.abs(difference).max() <= 1


def test_mnist_itself_is_hardly_changed():
    digits, _ = load_mnist("test", limit=50)
    moved = np.roll(digits, (1, 1), axis=(1, 2)).astype(float)
    new = np.array([like_mnist(digit) for digit in digits], dtype=float)
    # MNIST shifts by whole pixels only, so up to half of one remains.
    assert np.abs(new - digits).mean() < 0.5 * np.abs(moved - digits).mean()
    places = np.arange(28) + 0.5
    for digit in digits:
        small = like_mnist(digit).astype(float)
        for axis in (0, 1):
            centre = (small.sum(axis=axis) * places).sum() / small.sum()
            assert centre == pytest.approx(14.5, abs=0.1)


def test_no_ink_and_one_dot():
    assert not like_mnist(np.zeros((50, 50))).any()
    dot = np.zeros((50, 50))
    dot[49, 0] = 255
    assert like_mnist(dot)[5:24, 5:24].min() == 255


@pytest.mark.parametrize(
    ("drawing", "message"),
    [
        (np.zeros((3, 4)), r"shape \(3, 4\)"),
        (np.zeros((0, 0)), r"shape \(0, 0\)"),
        (np.zeros((1, 3, 3)), r"shape \(1, 3, 3\)"),
        (np.full((3, 3), 256), "holds 256 to 256"),
        (np.full((3, 3), -1.0), "holds -1 to -1"),
        (np.full((3, 3), np.nan), "holds nan"),
    ],
)
def test_bad_input(drawing, message):
    with pytest.raises(ValueError, match=message):
        like_mnist(drawing)
