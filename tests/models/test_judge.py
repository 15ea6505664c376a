import numpy as np
import pytest
import torch

from aibook.data.mnist import load_mnist
from aibook.models.judge import Judge, distort, train_judge
from helpers import assert_same


@pytest.fixture(scope="module", params=[0, 1, 2])
def judge(request):
    return train_judge(seed=request.param)


@pytest.fixture(scope="module")
def digits():
    images, labels = load_mnist("test")
    X = torch.tensor(images[:, None] / 255, dtype=torch.float32)
    return X, torch.tensor(labels)


@pytest.mark.slow
def test_98_percent_of_the_test_digits_and_hardly_fewer_of_small_ones(
    judge, digits
):
    X, y = digits
    small = torch.nn.functional.avg_pool2d(X, 2)
    for images, least in (
        (X, 0.983),
        (small, 0.977),
    ):  # 0.988, 0.984 on average
        found, sure = judge.verdicts(images)
        right = found == y
        assert right.float().mean() >= least
        assert (sure[right] >= 0.9).float().mean() >= 0.9
        assert sure[right].mean() > sure[~right].mean() + 0.1


@pytest.mark.slow
def test_features_are_what_the_last_layer_reads(judge, digits):
    X = digits[0][:5]
    features = judge.features(X)
    logits = judge.cnn.head[-1](features)
    assert_same(logits, judge(X), rtol=1e-5, atol=1e-5)
    sure, found = judge(X).detach().softmax(dim=1).max(dim=1)
    assert_same(judge.verdicts(X)[0], found)
    assert_same(judge.verdicts(X)[1], sure)


def test_the_same_seed_gives_the_same_judge_and_leaves_pytorchs_numbers():
    torch.manual_seed(5)
    state = torch.get_rng_state()
    a = train_judge(num_epochs=1, limit=200, seed=1)
    assert torch.equal(torch.get_rng_state(), state)
    torch.manual_seed(6)
    b = train_judge(num_epochs=1, limit=200, seed=1)
    c = train_judge(num_epochs=1, limit=200, seed=2)
    X = torch.rand(3, 1, 28, 28)
    assert torch.equal(a(X), b(X))
    assert not torch.allclose(a(X), c(X))
    assert not a.training


def test_distortions_move_a_little_and_blur_every_other_one():
    X = torch.zeros(200, 1, 28, 28)
    X[:, :, 10:18, 10:18] = 1.0
    generator = torch.Generator().manual_seed(0)
    moved = distort(X, generator=generator)
    assert moved.shape == X.shape
    assert 0 <= moved.min() <= moved.max() <= 1 + 1e-6
    mass = moved.sum(dim=(1, 2, 3)) / 64
    assert mass.min() > 0.7
    assert mass.max() < 1.5
    rows = torch.arange(28.0)
    centre = (moved.sum(dim=(1, 3)) @ rows) / moved.sum(dim=(1, 2, 3))
    assert (centre - 13.5).abs().max() < 3  # 2 pixels, slanted rims, bends
    assert (centre - 13.5).std() > 0.8
    edges = np.abs(np.diff(moved.numpy(), axis=-1)).max(axis=(1, 2, 3))
    assert edges[::2].mean() < 0.8 * edges[1::2].mean()
    assert X[0, 0, 10, 10] == 1  # the given images stay


@pytest.mark.parametrize("shape", [(0, 1, 28, 28), (3, 28, 28), (3, 3, 9, 9)])
def test_refuses_other_shapes(shape):
    judge = Judge().eval()
    for method in (judge, judge.features, judge.verdicts):
        with pytest.raises(ValueError, match="expected"):
            method(torch.zeros(shape))


def test_straight_lines_become_a_little_bent():
    X = torch.zeros(200, 1, 28, 28)
    X[:, :, :, 13:15] = 1.0
    generator = torch.Generator().manual_seed(0)
    moved = distort(X, generator=generator)[1::2, 0, 6:22]
    rows = np.arange(6, 22)
    lines = (moved @ torch.arange(28.0)) / moved.sum(dim=2)  # (100, 16)
    straight = np.polynomial.polynomial.polyfit(rows, lines.T.numpy(), 1)
    fitted = np.polynomial.polynomial.polyval(rows, straight)
    away = np.abs(lines.numpy() - fitted)
    assert 0.1 < np.median(away.max(axis=1)) < 1
    assert away.max() < 2


def test_no_row_of_the_image_is_overlooked():
    judge = Judge().eval()
    X = torch.rand(1, 1, 28, 28, requires_grad=True)
    judge(X).square().sum().backward()
    assert (X.grad != 0).all()


def test_refuses_no_epoch():
    with pytest.raises(ValueError, match="1 or more"):
        train_judge(num_epochs=0)
