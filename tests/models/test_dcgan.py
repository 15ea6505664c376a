import copy

import pytest
import torch
from torch.nn import functional as F

from aibook.gan_training import train_gan
from aibook.models.dcgan import ConvDiscriminator, ConvGenerator, draw_weights
from aibook.sizes import output_size, transposed_output_size
from aibook.training import make_loader
from helpers import assert_same


def test_the_generator_computes_what_its_layers_say():
    torch.manual_seed(0)
    G = ConvGenerator(widths=(3, 2), num_noise=4).double()
    draw_weights(G, std=0.5)
    Z = torch.randn(6, 4, dtype=torch.float64)
    w = dict(G.named_parameters())
    X = torch.einsum("nz,zfhw->nfhw", Z, w["layers.1.weight"])
    for norm, conv in ((2, 4), (5, 7)):
        mean = X.mean((0, 2, 3), keepdim=True)
        var = X.var((0, 2, 3), correction=0, keepdim=True)
        gamma, beta = (
            w[f"layers.{norm}.{name}"][:, None, None]
            for name in ("weight", "bias")
        )
        X = gamma * (X - mean) / (var + 1e-5).sqrt() + beta
        X = F.conv_transpose2d(
            X.relu(),
            w[f"layers.{conv}.weight"],
            w.get(f"layers.{conv}.bias"),
            stride=2,
            padding=1,
        )
    assert_same(G(Z), X.tanh(), rtol=1e-9)


def test_the_discriminator_computes_what_its_layers_say():
    torch.manual_seed(0)
    D = ConvDiscriminator(widths=(3, 2), norm=False).double()
    X = torch.randn(4, 1, 28, 28, dtype=torch.float64)
    a, b, c, d, e, f = D.parameters()
    h = F.leaky_relu(F.conv2d(X, a, b, stride=2, padding=1), 0.2)
    h = F.leaky_relu(F.conv2d(h, c, d, stride=2, padding=1), 0.2)
    logits = torch.einsum("nchw,fchw->nf", h, e) + f
    assert_same(D(X), logits, rtol=1e-9)


def test_further_convolutions_keep_the_side():
    torch.manual_seed(0)
    D = ConvDiscriminator(widths=(3,), more=(4, 2), norm=False).double()
    X = torch.randn(4, 1, 14, 14, dtype=torch.float64)
    weights = list(D.parameters())
    h = X
    for i, stride in enumerate((2, 1, 1)):
        w, b = weights[2 * i : 2 * i + 2]
        h = F.leaky_relu(F.conv2d(h, w, b, stride=stride, padding=1), 0.2)
        assert h.shape[2:] == (7, 7)
    logits = torch.einsum("nchw,fchw->nf", h, weights[-2]) + weights[-1]
    assert_same(D(X), logits, rtol=1e-9)


@pytest.mark.parametrize("widths", [(2,), (3, 2), (4, 3, 2)])
def test_sizes_follow_the_formulas_and_divide(widths):
    G, D = (
        ConvGenerator(widths=widths, num_noise=5),
        ConvDiscriminator(widths=widths),
    )
    side = transposed_output_size(1, 7)
    for _ in widths:
        side = transposed_output_size(side, 4, stride=2, padding=1)
    X = G(torch.randn(3, 5))
    assert X.shape == (3, 1, side, side)
    assert side == G.side == D.side
    assert D(X).shape == (3, 1)
    for _ in widths:
        assert side % 2 == 0
        side = output_size(side, 4, stride=2, padding=1)
    assert output_size(side, 7) == 1
    assert X.abs().max() <= 1


@pytest.mark.parametrize("widths", [(4,), (4, 8)])
@pytest.mark.parametrize("more", [(), (4,)])
@pytest.mark.parametrize("norm", [False, True])
def test_every_pixel_is_read(widths, more, norm):
    torch.manual_seed(0)
    D = ConvDiscriminator(widths=widths, more=more, norm=norm).eval()
    X = torch.randn(8, 1, D.side, D.side, requires_grad=True)
    D(X).sum().backward()
    assert (X.grad.abs().sum(dim=(0, 1)) > 0).all()


def test_norm_lies_between_the_first_and_the_last():
    names = [type(layer).__name__ for layer in ConvDiscriminator().layers]
    assert names.count("BatchNorm2d") == 1
    assert names.index("BatchNorm2d") == 3
    names = [
        type(layer).__name__
        for layer in ConvDiscriminator(widths=(4,), more=(4,)).layers
    ]
    assert names.count("BatchNorm2d") == 1
    assert names.index("BatchNorm2d") == 3
    plain = [
        type(layer).__name__ for layer in ConvDiscriminator(norm=False).layers
    ]
    assert "BatchNorm2d" not in plain
    generator = [type(layer).__name__ for layer in ConvGenerator().layers]
    assert generator[-2:] == ["ConvTranspose2d", "Tanh"]


def test_in_evaluation_an_image_is_its_own():
    torch.manual_seed(0)
    G = ConvGenerator(widths=(4, 3), num_noise=5)
    Z = torch.randn(8, 5)
    with torch.no_grad():
        assert not torch.allclose(G(Z)[:2], G(Z[:2]))
        G.eval()
        assert_same(G(Z)[:2], G(Z[:2]), rtol=1e-4, atol=1e-6)


def test_weights_are_drawn_as_the_authors_did():
    torch.manual_seed(0)
    for net in (ConvGenerator(widths=(64, 32)), ConvDiscriminator()):
        before = copy.deepcopy(net.state_dict())
        draw_weights(net)
        for name, values in net.state_dict().items():
            if not name.endswith("weight"):
                assert torch.equal(values, before[name])  # biases stay
            elif values.ndim == 4:
                assert abs(values.mean()) < 0.004
                assert values.std() == pytest.approx(0.02, rel=0.1)
            else:
                assert values.mean() == pytest.approx(1.0, abs=0.02)
                assert values.std() == pytest.approx(0.02, rel=0.5)


def test_it_learns_one_image():
    """A generator that is shown one image alone comes to make it."""
    torch.manual_seed(0)
    target = torch.full((1, 14, 14), -1.0)
    target[:, 4:10, 6:8] = 1.0
    X = target.expand(64, -1, -1, -1)
    G = ConvGenerator(widths=(8,), num_noise=4)
    D = ConvDiscriminator(widths=(8,), norm=False)
    average = copy.deepcopy(G)
    adam = [
        torch.optim.Adam(net.parameters(), 2e-3, betas=(0.5, 0.999))
        for net in (G, D)
    ]
    with torch.no_grad():
        before = (G(torch.randn(50, 4)) - target).abs().mean()
    train_gan(
        G,
        D,
        make_loader(X, torch.zeros(64), batch_size=16),
        optimizers=tuple(adam),
        num_noise=4,
        num_epochs=60,
        penalty=1.0,
        average=average,
        decay=0.9,
    )
    with torch.no_grad():
        made = average.eval()(torch.randn(50, 4))
    assert (made - target).abs().mean() < 0.25 * before


@pytest.mark.parametrize(
    "make",
    [
        lambda: ConvGenerator(widths=()),
        lambda: ConvGenerator(widths=(4, 0)),
        lambda: ConvGenerator(num_noise=0),
        lambda: ConvDiscriminator(widths=()),
        lambda: ConvDiscriminator(widths=(0,)),
        lambda: ConvDiscriminator(more=(4, 0)),
        lambda: draw_weights(ConvGenerator(), std=0.0),
        lambda: ConvGenerator()(torch.zeros(2, 9)),
        lambda: ConvDiscriminator()(torch.zeros(2, 1, 14, 14)),
    ],
)
def test_bad_input_is_refused(make):
    with pytest.raises(ValueError, match=r"expected|give|above 0"):
        make()
