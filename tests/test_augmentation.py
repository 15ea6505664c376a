import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from aibook.augmentation import AugmentedBatches, flip_some, shift_some


def drawn(seed):
    return torch.Generator().manual_seed(seed)


def shifted(image, down, right):
    """Return an image moved, pixel by pixel."""
    out = np.zeros_like(image)
    height, width = image.shape[-2:]
    for i in range(height):
        for j in range(width):
            if 0 <= i - down < height and 0 <= j - right < width:
                out[..., i, j] = image[..., i - down, j - right]
    return out


shapes = st.tuples(
    st.integers(1, 5), st.integers(1, 3), st.integers(1, 6), st.integers(1, 6)
)


@given(shapes, st.integers(0, 99))
def test_each_image_is_itself_or_its_mirror_image(shape, seed):
    X = torch.rand(shape)
    for image, flipped in zip(
        X, flip_some(X, generator=drawn(seed)), strict=True
    ):
        same = torch.equal(flipped, image)
        assert same or torch.equal(flipped, image.flip(-1))


@given(shapes, st.integers(0, 3), st.integers(0, 99))
def test_each_image_is_shifted_by_some_allowed_distance(shape, k, seed):
    X = torch.rand(shape)
    out = shift_some(X, max_shift=k, generator=drawn(seed))
    assert out.shape == X.shape
    distances = range(-k, k + 1)
    for image, moved in zip(X.numpy(), out.numpy(), strict=True):
        assert any(
            np.array_equal(moved, shifted(image, down, right))
            for down in distances
            for right in distances
        )


def test_every_distance_is_as_likely():
    X = torch.zeros(9000, 5, 5)
    X[:, 2, 2] = 1
    out = shift_some(X, max_shift=1, generator=drawn(0))
    share = out.mean(dim=0)
    assert share[1:4, 1:4].min() > 0.1
    assert share[1:4, 1:4].max() < 0.123
    assert share.sum() == pytest.approx(1)


def test_about_half_are_flipped():
    X = torch.tensor([[[0.0, 1.0]]]).repeat(10_000, 1, 1)
    flipped = flip_some(X, generator=drawn(0))[:, 0, 0].mean().item()
    assert abs(flipped - 0.5) < 0.02


def test_passes_differ_seeds_repeat_and_the_data_stay():
    X, y = torch.rand(8, 1, 6, 6), torch.arange(8)
    before = X.clone()
    runs = []
    for _ in range(2):
        batches = AugmentedBatches([(X, y)], max_shift=2, seed=3)
        runs.append([images for _ in range(2) for images, _ in batches])
    assert not torch.equal(runs[0][0], runs[0][1])
    assert all(map(torch.equal, *runs))
    assert torch.equal(X, before)


def test_without_changes_the_batches_are_the_same():
    X, y = torch.rand(4, 3, 3), torch.arange(4)
    [(images, labels)] = AugmentedBatches([(X, y)], flip=False)
    assert torch.equal(images, X)
    assert labels is y


def test_refuses_what_is_no_image_and_negative_shifts():
    with pytest.raises(ValueError, match="expected images"):
        flip_some(torch.zeros(3, 3), generator=drawn(0))
    with pytest.raises(ValueError, match="expected images"):
        shift_some(torch.zeros(3), max_shift=1, generator=drawn(0))
    with pytest.raises(ValueError, match="max_shift = -1"):
        shift_some(torch.zeros(1, 3, 3), max_shift=-1, generator=drawn(0))
    with pytest.raises(ValueError, match="max_shift = -1"):
        AugmentedBatches([], max_shift=-1)
