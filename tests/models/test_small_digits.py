import copy

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from aibook.data.mnist import load_mnist
from aibook.models.int8_digits import Int8Digits
from aibook.models.small_digits import SmallDigits, draw_bank, train_small
from aibook.scratch.quantisation import affine_for, quantise, symmetric_scales
from aibook.scratch.softmax import softmax
from helpers import assert_same


def digits(split, limit=None):
    images, labels = load_mnist(split, limit=limit)
    X = torch.tensor(images[:, None] / 255, dtype=torch.float32)
    return X, torch.tensor(labels), images


@pytest.fixture(scope="module")
def trained():
    X, y, _ = digits("train")
    bank, labels = draw_bank(X, y, copies=1)
    return train_small(bank, labels, num_epochs=3), bank[::20]


def test_the_bank():
    X, y, _ = digits("train", 40)
    bank, labels = draw_bank(X, y, copies=2)
    assert bank.shape == (120, 1, 28, 28)
    assert torch.equal(labels, y.repeat(3))
    assert_same(bank[:40], X, atol=1e-6)
    assert bank.min() >= 0
    assert bank.max() <= 1
    assert_same(bank * 255, (bank * 255).round(), atol=1e-4)
    assert not torch.equal(bank[40:80], bank[80:])
    assert torch.equal(bank, draw_bank(X, y, copies=2)[0])
    assert not torch.equal(bank, draw_bank(X, y, copies=2, seed=1)[0])
    # Broad strokes have more ink.
    assert bank[40:].sum() > 2 * X.sum()
    with pytest.raises(ValueError, match="copies = -1"):
        draw_bank(X, y, copies=-1)


def test_the_same_seed_gives_the_same_network_and_leaves_pytorchs_numbers():
    X, y, _ = digits("train", 100)
    torch.manual_seed(5)
    state = torch.get_rng_state()
    a = train_small(X, y, num_epochs=1, seed=1)
    assert torch.equal(torch.get_rng_state(), state)
    torch.manual_seed(6)
    b = train_small(X, y, num_epochs=1, seed=1)
    c = train_small(X, y, num_epochs=1, seed=2)
    assert torch.equal(a(X), b(X))
    assert not torch.allclose(a(X), c(X))
    with pytest.raises(ValueError, match="num_epochs = 0"):
        train_small(X, y, num_epochs=0)


def test_a_student_does_what_its_teacher_says():
    X, y, _ = digits("train", 100)
    strange = F.one_hot((y + 1) % 10, 10) * 12.0
    net = train_small(
        X, y, teacher_logits=strange, num_epochs=60, batch_size=50
    )
    with torch.no_grad():
        found = net(X).argmax(dim=1)
    assert (found == (y + 1) % 10).float().mean() > 0.9


def test_8_bits_lose_next_to_nothing(trained):
    net, samples = trained
    X, y, images = digits("test")
    with torch.no_grad():
        real = net(X).numpy()
    whole = Int8Digits(net, samples).logits(images)
    right = [np.mean(z.argmax(axis=1) == y.numpy()) for z in (real, whole)]
    assert min(right) > 0.93
    assert abs(right[0] - right[1]) <= 0.005
    assert np.mean(real.argmax(axis=1) == whole.argmax(axis=1)) >= 0.99


@torch.no_grad()
def by_pytorch(net, samples, images):
    """Return the logits by PyTorch's fake quantisation of each layer."""
    x, real = torch.tensor(images[:, None] / 255), samples.double()
    net = copy.deepcopy(net).double()
    for module in net.layers:
        real = module(real)
        weight = getattr(module, "weight", None)
        if weight is None:
            x = module(x)
            continue
        W = weight.detach()
        scales = torch.tensor(symmetric_scales(W.numpy()))
        shape = (-1, *[1] * (W.ndim - 1))
        W = torch.round(W / scales.view(shape)) * scales.view(shape)
        if W.ndim == 4:
            x = F.conv2d(x, W, module.bias, module.stride, module.padding)
        else:
            x = F.linear(x, W, module.bias)
        if module is not net.layers[-1]:
            scale, zero = affine_for(0, float(real.max()))
            codes = quantise(x.numpy().clip(min=0), scale, zero)
            x = torch.tensor((codes - zero) * scale)
    return x.numpy()


def test_whole_numbers_compute_what_rounded_ones_do(trained):
    net, samples = trained
    _, _, images = digits("test", 200)
    whole = Int8Digits(net, samples).logits(images)
    expected = by_pytorch(net, samples, images)
    # Biases are rounded as well, and a code may fall to either side.
    assert np.abs(whole - expected).max() < 0.03 * np.abs(expected).max()
    assert np.abs(whole - expected).mean() < 0.004 * np.abs(expected).max()


def test_probabilities_and_what_is_packed(trained):
    net = Int8Digits(*trained)
    _, _, images = digits("test", 5)
    assert_same(net.probabilities(images), softmax(net.logits(images)))
    packed = net.pack()
    assert [layer["shape"] for layer in packed] == [
        [8, 1, 5, 5],
        [16, 8, 5, 5],
        [32, 16, 7, 7],
        [10, 32, 1, 1],
    ]
    assert [layer["zeroOut"] for layer in packed] == [-128] * 3 + [None]
    assert sum(len(layer["weight"]) for layer in packed) < 40_000
    assert net.num_bytes == 29_336


def test_a_network_that_gives_nothing():
    """Ranges of 0 do not stop it: all weights are 0."""
    net = SmallDigits()
    for parameter in net.parameters():
        torch.nn.init.zeros_(parameter)
    whole = Int8Digits(net, torch.zeros(1, 1, 28, 28))
    assert not whole.logits(np.full((1, 28, 28), 255)).any()


@pytest.mark.parametrize(
    ("images", "message"),
    [
        (np.zeros((28, 28), int), r"shape \(28, 28\)"),
        (np.zeros((1, 1, 28, 28), int), r"shape \(1, 1, 28, 28\)"),
        (np.zeros((1, 28, 27), int), r"shape \(1, 28, 27\)"),
        (np.zeros((1, 28, 28)), "images of float64"),
        (np.full((1, 28, 28), 256), "whole numbers, 0 to 255"),
    ],
)
def test_bad_images(images, message):
    net = Int8Digits(SmallDigits(), torch.rand(2, 1, 28, 28))
    with pytest.raises(ValueError, match=message):
        net.logits(images)
