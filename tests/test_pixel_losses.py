import math

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st
from sklearn.utils.class_weight import compute_class_weight
from torchvision.ops import sigmoid_focal_loss

from aibook.pixel_losses import balancing_weights, dice_loss, focal_loss
from helpers import assert_same
from reference import dice_loss as slow_dice_loss


@st.composite
def examples(draw, binary=None):
    """Logits and truths, truths of one class alone among them."""
    torch.manual_seed(draw(st.integers(0, 2**31)))
    n, h, w = (draw(st.integers(1, 3)) for _ in range(3))
    scale = draw(st.sampled_from([0.0, 1.0, 5.0]))
    one = draw(st.booleans())
    if draw(st.booleans()) if binary is None else binary:
        y = torch.randint(2, (n, h, w)) * (not one)
        return scale * torch.randn(n, h, w, dtype=torch.double), y
    k = draw(st.integers(1, 4))
    y = torch.randint(k, (n, h, w)) * (not one)
    return scale * torch.randn(n, k, h, w, dtype=torch.double), y


# --- focal loss --------------------------------------------------------------


@given(examples())
def test_focal_loss_without_focus_is_the_cross_entropy(example):
    logits, y = example
    if logits.ndim == 3:
        expected = F.binary_cross_entropy_with_logits(logits, y.double())
    else:
        expected = F.cross_entropy(logits, y)
    assert_same(focal_loss(logits, y, gamma=0), expected)


@given(examples(binary=True), st.sampled_from([0.5, 2.0, 5.0]))
def test_focal_loss_is_torchvisions(example, gamma):
    logits, y = example
    ours, theirs = (logits.clone().requires_grad_() for _ in range(2))
    for alpha in (-1, 0.25):
        weights = None if alpha < 0 else torch.tensor([1 - alpha, alpha])
        loss = focal_loss(
            ours,
            y,
            gamma=gamma,
            weights=None if weights is None else weights.double(),
        )
        expected = sigmoid_focal_loss(
            theirs, y.double(), alpha=alpha, gamma=gamma, reduction="mean"
        )
        loss.backward()
        expected.backward()
        assert_same(loss, expected, rtol=1e-9)
        assert_same(ours, theirs, rtol=1e-8)


@given(examples(binary=True), st.sampled_from([0.0, 2.0]))
def test_one_logit_is_two_with_the_first_at_zero(example, gamma):
    logits, y = example
    pair = torch.stack([torch.zeros_like(logits), logits], dim=1)
    ours = focal_loss(logits, y, gamma=gamma)
    assert_same(ours, focal_loss(pair, y, gamma=gamma))


def test_focal_loss_by_hand():
    logits = torch.tensor([[[[math.log(9)]], [[0.0]]]])  # p = 0.9 and 0.1
    right, wrong = (torch.full((1, 1, 1), k) for k in (0, 1))
    loss = focal_loss(logits, right).item()
    assert loss == pytest.approx(-0.01 * math.log(0.9), rel=1e-5)
    loss = focal_loss(logits, wrong, weights=torch.tensor([1.0, 3.0])).item()
    assert loss == pytest.approx(-3 * 0.81 * math.log(0.1), rel=1e-5)


@pytest.mark.parametrize("size", [30.0, 1e4])
def test_extreme_logits_stay_finite(size):
    z = torch.tensor([[[size, -size]]], requires_grad=True)
    for y in (torch.tensor([[[1, 0]]]), torch.tensor([[[0, 1]]])):
        for loss in (focal_loss(z, y), dice_loss(z, y)):
            (slope,) = torch.autograd.grad(loss, z)
            assert loss.isfinite()
            assert slope.isfinite().all()
    assert focal_loss(z, torch.tensor([[[0, 1]]])).item() == pytest.approx(
        size
    )


# --- Dice loss ---------------------------------------------------------------


@given(examples(), st.sampled_from([1e-3, 1.0]))
def test_dice_loss_by_loops(example, smooth):
    logits, y = example
    if logits.ndim == 3:
        p, t = [logits.sigmoid().flatten()], [y.flatten()]
    else:
        k = logits.shape[1]
        p = logits.softmax(1).movedim(1, 0).reshape(k, -1)
        t = [(y == i).flatten() for i in range(k)]
    expected = slow_dice_loss(
        [row.tolist() for row in p], [row.tolist() for row in t], smooth
    )
    loss = dice_loss(logits, y, smooth=smooth)
    assert_same(loss, torch.tensor(expected, dtype=torch.double))
    assert 0 <= loss <= 1


def test_dice_loss_of_hard_decisions_is_one_minus_dice():
    y_hat, y = torch.tensor([[[1, 1, 0, 0]]]), torch.tensor([[[1, 0, 1, 0]]])
    loss = dice_loss(1000.0 * (2 * y_hat - 1), y, smooth=1e-6).item()
    assert loss == pytest.approx(0.5)


def test_dice_loss_where_nothing_is_to_find():
    y = torch.zeros(2, 4, 4)
    assert dice_loss(torch.full_like(y, -50.0), y).item() < 1e-6
    assert dice_loss(torch.full_like(y, 50.0), y).item() > 0.9


def test_background_alone_does_not_lower_the_dice_loss():
    small = torch.tensor([[[3.0, -3.0]]]), torch.tensor([[[1, 0]]])
    large = F.pad(small[0], (0, 98), value=-50.0), F.pad(small[1], (0, 98))
    assert_same(dice_loss(*large), dice_loss(*small))
    assert focal_loss(*large) < focal_loss(*small) / 40


@given(examples())
def test_gradients_are_the_slopes(example):
    logits, y = example
    logits.requires_grad_()
    assert torch.autograd.gradcheck(lambda z: dice_loss(z, y), logits)
    assert torch.autograd.gradcheck(lambda z: focal_loss(z, y), logits)


# --- weights -----------------------------------------------------------------


@given(st.lists(st.integers(0, 3), min_size=1, max_size=30))
def test_weights_are_scikit_learns(labels):
    weights = balancing_weights(torch.tensor(labels), num_classes=4)
    there = np.unique(labels)
    expected = compute_class_weight("balanced", classes=there, y=labels)
    # scikit-learn counts the classes that are there, we count all
    expected = expected * len(there) / 4
    assert weights[there].numpy() == pytest.approx(expected)
    assert weights.sum() == pytest.approx(expected.sum())


def test_weighted_classes_count_the_same():
    y = torch.tensor([[[0, 0, 0, 0, 0, 1]]])
    weights = balancing_weights(y, num_classes=2)
    each = F.cross_entropy(torch.randn(1, 2, 1, 6), y, reduction="none")
    share = (weights[y] * torch.ones_like(each))[y == 1].sum()
    assert share == (weights[y])[y == 0].sum()


# --- bad input ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("logits", "y", "message"),
    [
        ((1, 2, 3, 3), (1, 3, 2), "do not fit"),
        ((1, 3, 3), (1, 2, 3), "do not fit"),
        ((2, 2, 3, 3), (1, 3, 3), "do not fit"),
        ((4, 2), (4,), "do not fit"),
        ((0, 2, 3, 3), (0, 3, 3), "do not fit"),
        ((0, 3, 3), (0, 3, 3), "do not fit"),
    ],
)
@pytest.mark.parametrize("loss", [dice_loss, focal_loss])
def test_refuses_shapes(loss, logits, y, message):
    with pytest.raises(ValueError, match=message):
        loss(torch.zeros(logits), torch.zeros(y).long())


@pytest.mark.parametrize("loss", [dice_loss, focal_loss])
@pytest.mark.parametrize(
    ("y", "message"),
    [
        ([[[2]]], "from 2 to 2; they run from 0 to 1"),
        ([[[-1]]], "from -1 to -1"),
        ([[[0.5]]], "whole numbers"),
        ([[[math.nan]]], "whole numbers"),
    ],
)
def test_refuses_truths(loss, y, message):
    for logits in (torch.zeros(1, 1, 1), torch.zeros(1, 2, 1, 1)):
        with pytest.raises(ValueError, match=message):
            loss(logits, torch.tensor(y))


def test_refuses_settings():
    z, y = torch.zeros(1, 3, 2, 2), torch.zeros(1, 2, 2)
    with pytest.raises(ValueError, match="gamma = -1"):
        focal_loss(z, y, gamma=-1)
    with pytest.raises(ValueError, match=r"weights has shape \(2,\)"):
        focal_loss(z, y, weights=torch.ones(2))
    for smooth in (0, -1, math.nan):
        with pytest.raises(ValueError, match="smooth"):
            dice_loss(z, y, smooth=smooth)
    with pytest.raises(ValueError, match="from 0 to 3"):
        balancing_weights(torch.tensor([0, 3]), num_classes=3)
    with pytest.raises(ValueError, match="empty"):
        balancing_weights(torch.tensor([]).long(), num_classes=3)
