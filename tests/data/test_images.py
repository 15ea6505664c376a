"""Both image sets: known facts, balance, choice of rows, bad arguments."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aibook.data import fashion_mnist, mnist
from aibook.data.fashion_mnist import load_fashion_mnist
from aibook.data.mnist import load_mnist
from helpers import assert_same

Loader = Callable[..., tuple[np.ndarray, np.ndarray]]
SIZES = [
    (load_fashion_mnist, "train", 12_000),
    (load_fashion_mnist, "test", 2_000),
    (load_mnist, "train", 4_000),
    (load_mnist, "test", 1_000),
]
both = pytest.mark.parametrize("load", [load_fashion_mnist, load_mnist])


@pytest.fixture(autouse=True)
def _bundled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AIBOOK_DATA", raising=False)


@pytest.mark.parametrize(("load", "split", "size"), SIZES)
def test_sizes_types_and_ranges(load: Loader, split: str, size: int) -> None:
    X, y = load(split)
    assert X.shape == (size, 28, 28)
    assert X.dtype == np.uint8
    assert y.shape == (size,)
    assert y.dtype == np.int64
    assert (X.min(), X.max()) == (0, 255)
    assert X.reshape(size, -1).any(axis=1).all()  # no empty image


@pytest.mark.parametrize(("load", "split", "size"), SIZES)
def test_every_block_of_ten_holds_each_class_once(
    load: Loader, split: str, size: int
) -> None:
    _, y = load(split)
    blocks = np.sort(y.reshape(-1, 10), axis=1)
    assert (blocks == np.arange(10)).all()
    assert np.bincount(y).tolist() == [size // 10] * 10
    assert not (y[:10] == y[10:20]).all()  # the order within a block changes


@both
def test_no_image_is_in_both_splits_or_twice(load: Loader) -> None:
    images = [
        x.tobytes() for split in ("train", "test") for x in load(split)[0]
    ]
    assert len(set(images)) == len(images)


def test_mnist_holds_500_of_each_digit() -> None:
    labels = np.concatenate([load_mnist("train")[1], load_mnist("test")[1]])
    assert np.bincount(labels).tolist() == [500] * 10


def test_labels_belong_to_their_images() -> None:
    """A centroid a class, from training images, names most test images."""
    for load, at_least in ((load_mnist, 0.75), (load_fashion_mnist, 0.65)):
        X, y = load("train")
        means = np.stack([X[y == label].mean(axis=0) for label in range(10)])
        X, y = load("test")
        distances = [((X - mean) ** 2).sum(axis=(1, 2)) for mean in means]
        assert (np.argmin(distances, axis=0) == y).mean() > at_least


def test_class_names() -> None:
    assert len(set(fashion_mnist.CLASS_NAMES)) == 10
    assert fashion_mnist.CLASS_NAMES[9] == "Ankle boot"
    assert [int(name) for name in mnist.CLASS_NAMES] == list(range(10))


def test_class_names_are_torchvisions() -> None:
    from torchvision.datasets import FashionMNIST

    assert list(fashion_mnist.CLASS_NAMES) == FashionMNIST.classes


@both
def test_calls_agree_and_share_nothing(load: Loader) -> None:
    X, y = load("test", limit=20)
    X_kept, y_kept = X.copy(), y.copy()
    X[...] = 0
    y[...] = 0
    X_again, y_again = load("test", limit=20)
    assert_same(X_again, X_kept)
    assert_same(y_again, y_kept)


@given(
    classes=st.sets(st.integers(0, 9), min_size=1), blocks=st.integers(1, 50)
)
def test_classes_and_limit_choose_the_first_rows(
    classes: set[int], blocks: int
) -> None:
    X_all, y_all = load_mnist("test")
    limit = blocks * len(classes)
    X, y = load_mnist("test", classes=classes, limit=limit)
    rows = [i for i, label in enumerate(y_all) if label in classes][:limit]
    assert_same(X, X_all[rows])
    assert_same(y, y_all[rows])
    assert {
        label: int((y == label).sum()) for label in classes
    } == dict.fromkeys(classes, blocks)


@both
def test_limit_may_be_all_and_classes_any_collection(load: Loader) -> None:
    X, y = load("test")
    assert_same(load("test", limit=len(X))[1], y)
    chosen = load("test", classes=(3, 7))[1]
    assert_same(load("test", classes=np.array([7, 3]))[1], chosen)
    assert_same(
        load("test", classes=iter([3, 7]), limit=np.int64(5))[1], chosen[:5]
    )


@both
@pytest.mark.parametrize("split", ["valid", "Train", "", None, 0])
def test_unknown_split(load: Loader, split: object) -> None:
    with pytest.raises(ValueError, match=rf"'train' or 'test', got {split!r}"):
        load(split)


@both
@pytest.mark.parametrize(
    ("classes", "message"),
    [
        ([10], "from 0 to 9, got 10"),
        ([-1, 2], "from 0 to 9, got -1"),
        ([1.0], r"from 0 to 9, got 1\.0"),
        ([True], "got True"),
        (["Bag"], "got 'Bag'"),
        ([], "at least one label, got none"),
        ([3, 7, 3], r"not repeat a label, got \[3, 7, 3\]"),
        ("37", "collection of labels 0 to 9, got '37'"),
        (3, "collection of labels 0 to 9, got 3"),
    ],
)
def test_bad_classes(load: Loader, classes: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        load("test", classes=classes)


@both
@pytest.mark.parametrize("limit", [0, -1, 10**6, 2.0, "5", True, float("nan")])
def test_bad_limit(load: Loader, limit: object) -> None:
    with pytest.raises(
        ValueError, match=rf"limit .*from 1 to \d+, got {limit!r}"
    ):
        load("test", limit=limit)


def test_limit_counts_the_kept_classes() -> None:
    assert len(load_mnist("test", classes=[3], limit=100)[1]) == 100
    with pytest.raises(
        ValueError, match=r"limit \(of 100 images .*from 1 to 100"
    ):
        load_mnist("test", classes=[3], limit=101)
