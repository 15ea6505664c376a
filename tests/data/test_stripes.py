"""Plain and striped garments: disjoint, smooth, and striped as said."""

import numpy as np
import pytest

from aibook.data.fashion_mnist import load_fashion_mnist
from aibook.data.stripes import (
    PERIOD,
    draw_stripes,
    load_unpaired,
    roughness,
)


def test_stripes_by_hand():
    X = np.full((2, 8, 3), 0.5, dtype=np.float32)
    drawn = draw_stripes(X, depth=0.6)
    rows = 0.5 * np.array([0.7, 0.4, 0.7, 1.0] * 2)
    np.testing.assert_allclose(drawn[1, :, 2], rows, atol=1e-6)
    turned = draw_stripes(X, depth=0.6, phase=np.pi / 2)  # one row earlier
    np.testing.assert_allclose(turned[0, :-1], drawn[0, 1:], atol=1e-6)
    assert (draw_stripes(X, depth=0) == X).all()
    assert (draw_stripes(np.zeros((5, 2))) == 0).all()


def test_a_period_has_the_same_mean_wherever_it_begins():
    X = np.ones((PERIOD, 1))
    for phase in (0.0, 0.7, 2.0):
        mean = draw_stripes(X, depth=0.6, phase=phase).mean()
        assert mean == pytest.approx(0.7, abs=1e-6)


def test_roughness_by_a_slow_loop():
    rng = np.random.default_rng(0)
    X = rng.random((3, 9, 4)) * (rng.random((3, 9, 4)) < 0.8)
    for image, value in zip(X, roughness(X), strict=True):
        bends = total = 0.0
        for row in range(2, 7):
            for column in range(4):
                a, b, c = image[row - 2 : row + 3 : 2, column]
                if min(a, b, c) > 0.1:
                    bends += abs(a - 2 * b + c)
                    total += b
        assert value == pytest.approx(bends / total)
    assert roughness(np.zeros((1, 9, 4))) == [np.inf]


def test_domains_are_apart():
    splits = {
        name: load_unpaired(name, num=200) for name in ("train", "judge")
    }
    splits["test"] = load_unpaired("test", num=200)
    originals = load_fashion_mnist("train")[0]
    seen = {image.tobytes() for image in originals}
    plain = [
        np.rint(image * 255).astype(np.uint8).tobytes()
        for sets in splits.values()
        for image in sets.plain
    ]
    assert len(set(plain)) == len(plain)
    assert all(image in seen for image in plain[:400])
    assert not any(image in seen for image in plain[400:])


def test_no_garment_is_in_both_domains():
    plain, striped = load_unpaired("test", num=200)
    assert plain.shape == striped.shape == (200, 1, 28, 28)
    assert plain.dtype == striped.dtype == np.float32
    assert striped.min() >= 0
    assert max(striped.max(), plain.max()) <= 1
    shapes = {(image > 0).tobytes() for image in plain}
    shared = sum((image > 0).tobytes() in shapes for image in striped)
    assert shared <= 2  # the same silhouette by chance
    rough, smooth = (roughness(X[:, 0]) for X in (striped, plain))
    assert smooth.max() < 0.25 < 0.4 < np.quantile(rough, 0.01)


def test_seed_draws_the_depths_only():
    first, again = load_unpaired(num=20), load_unpaired(num=20)
    other = load_unpaired(num=20, seed=1)
    assert (first.striped == again.striped).all()
    assert (first.plain == other.plain).all()
    assert (first.striped != other.striped).any()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: load_unpaired("validation"), "split is 'validation'"),
        (lambda: load_unpaired("test", num=10_000), "num"),
        (lambda: load_unpaired(num=0), "num"),
        (lambda: load_unpaired(seed=-1), "seed"),
        (lambda: draw_stripes(np.ones(4)), "have shape"),
        (lambda: draw_stripes(np.full((4, 4), 255)), "0 to 1"),
        (lambda: draw_stripes(np.ones((4, 4)), depth=1.5), "depth = 1.5"),
        (lambda: draw_stripes(np.ones((4, 4)), phase=np.inf), "phase"),
        (lambda: roughness(np.ones((4, 4))), "have shape"),
        (lambda: roughness(np.ones((1, 4, 4))), "5 or more"),
    ],
)
def test_bad_input(call, message):
    with pytest.raises(ValueError, match=message):
        call()
