import numpy as np
import pytest

from aibook.data.fashion_mnist import load_fashion_mnist
from aibook.data.garment_pairs import THRESHOLD, load_garment_pairs
from aibook.vision.edges import find_edges


@pytest.fixture(scope="module")
def splits():
    return {
        split: load_garment_pairs(split, num=num)
        for split, num in (
            ("train", 10_800),
            ("validation", 1200),
            ("test", 2000),
        )
    }


def test_shapes_and_ranges(splits):
    for X, Y, labels in splits.values():
        assert X.shape == Y.shape == (len(labels), 1, 32, 32)
        assert X.dtype == Y.dtype == np.float32
        assert set(np.unique(X)) == {-1.0, 1.0}
        assert (Y.min(), Y.max()) == (-1.0, 1.0)


def test_a_photo_is_that_of_fashion_mnist_with_its_label(splits):
    images, labels = load_fashion_mnist("test")
    _, Y, given = splits["test"]
    assert (np.rint((Y[:, 0, 2:-2, 2:-2] + 1) / 2 * 255) == images).all()
    assert (given == labels).all()
    rim = Y.copy()
    rim[:, :, 2:-2, 2:-2] = -1
    assert (rim == -1).all()


def test_a_drawing_is_that_of_its_photo(splits):
    X, Y, _ = splits["validation"]
    photos = np.rint((Y[:, 0].astype(float) + 1) / 2 * 255)
    edges = find_edges(photos, threshold=255 * THRESHOLD)
    assert ((X[:, 0] > 0) == edges).all()
    shares = edges.mean(axis=(1, 2))
    assert 0.02 < np.quantile(shares, 0.01) < np.quantile(shares, 0.99) < 0.25


def test_no_garment_lies_in_two_splits(splits):
    images, _ = load_fashion_mnist("train")
    ours = [
        np.rint((splits[name].Y[:, 0, 2:-2, 2:-2] + 1) / 2 * 255)
        for name in ("train", "validation")
    ]
    assert sum(map(len, ours)) == len(images)

    def rows(part):
        return sorted(row.tobytes() for row in part.astype(np.uint8))

    assert rows(np.concatenate(ours)) == rows(images)
    held_out = set(rows(ours[1]))
    assert not held_out & set(rows(ours[0]))
    test, _ = load_fashion_mnist("test")
    assert not (held_out | set(rows(ours[0]))) & set(rows(test))


def test_the_first_pairs_are_balanced(splits):
    for _, _, labels in splits.values():
        assert np.bincount(labels[:50]).tolist() == [5] * 10
    some = load_garment_pairs("train", num=30)
    for few, all_ in zip(some, splits["train"], strict=True):
        assert (few == all_[:30]).all()


@pytest.mark.parametrize("num", [0, 2001, 1.5, True])
def test_refuses_a_number(num):
    with pytest.raises(
        ValueError, match="num must be an integer from 1 to 2000"
    ):
        load_garment_pairs("test", num=num)


def test_refuses_a_split():
    with pytest.raises(ValueError, match="expected 'train'"):
        load_garment_pairs("valid")
