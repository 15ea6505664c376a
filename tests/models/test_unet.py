import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st

from aibook.layers.convolutions import check_sides, double_convolution
from aibook.models.unet import UNet
from helpers import assert_same, disturb


def by_state(x, state, num_levels, skips):
    """The paper's figure with functions of torch, read off the weights."""

    def double(x, name):
        for i in (0, 3):
            norm = f"{name}.{i + 1}"
            x = F.conv2d(x, state[f"{name}.{i}.weight"], padding="same")
            x = F.batch_norm(
                x,
                state[f"{norm}.running_mean"],
                state[f"{norm}.running_var"],
                state[f"{norm}.weight"],
                state[f"{norm}.bias"],
            ).clamp(min=0)
        return x

    def descend(x, level):
        x = double(x, f"down.{level}")
        if level == num_levels - 1:
            return x
        below = descend(F.max_pool2d(x, 2), level + 1)
        step = num_levels - 2 - level
        weight, bias = state[f"up.{step}.weight"], state[f"up.{step}.bias"]
        n, _, h, w = below.shape
        # each pixel becomes a square of four, by a matrix of its own
        up = torch.einsum("nchw,cdij->ndhiwj", below, weight)
        up = up.reshape(n, -1, 2 * h, 2 * w) + bias[:, None, None]
        joined = torch.cat([x, up], 1) if skips else up
        return double(joined, f"join.{step}")

    x = descend(x, 0)
    weight = state["head.weight"][:, :, 0, 0]
    return (
        torch.einsum("nchw,kc->nkhw", x, weight)
        + state["head.bias"][:, None, None]
    )


@pytest.mark.parametrize("skips", [True, False])
@pytest.mark.parametrize("widths", [(3,), (2, 5), (2, 3, 4, 6)])
def test_is_the_papers_figure(widths, skips):
    torch.manual_seed(0)
    model = disturb(UNet(2, 3, widths=widths, skips=skips)).double().eval()
    X = torch.randn(2, 2, 16, 24).double()
    expected = by_state(X, model.state_dict(), len(widths), skips)
    assert_same(model(X), expected, rtol=1e-9)


@settings(max_examples=15)
@given(st.integers(1, 3), st.integers(1, 3), st.integers(1, 3))
def test_any_multiple_of_the_stride_keeps_its_size(n, rows, columns):
    model = UNet(1, 4, widths=(2, 2, 2)).eval()
    X = torch.randn(n, 1, 4 * rows, 4 * columns)
    scores = model(X)
    assert scores.shape == (n, 4, 4 * rows, 4 * columns)
    assert_same(model(X[:, 0]), scores)


def test_weights_are_drawn_as_in_the_paper():
    torch.manual_seed(0)
    model = UNet(4, 8, widths=(16, 32, 64))
    for module in model.modules():
        if "Conv" in type(module).__name__:
            values = module.weight.numel() / module.out_channels
            if isinstance(module, torch.nn.ConvTranspose2d):
                values = module.in_channels  # one of four places at a time
            deviation = module.weight.std().item()
            assert deviation == pytest.approx((2 / values) ** 0.5, rel=0.15)


def test_what_comes_from_below_is_heard_as_well_as_the_copy():
    torch.manual_seed(0)
    model, loud = UNet(1, 2, widths=(16, 32, 64)), {}
    for k, up in enumerate(model.up):
        up.register_forward_hook(
            lambda _, __, out, k=k: loud.update({k: out.square().mean()})
        )
    model(torch.randn(4, 1, 32, 32))
    # the copies are halves of normal numbers: mean square 1/2
    for mean_square in loud.values():
        assert 0.5 < mean_square < 2


def test_every_parameter_learns():
    torch.manual_seed(0)
    model = UNet(1, 3, widths=(4, 4, 4))
    model(torch.randn(4, 1, 16, 16)).square().sum().backward()
    silent = [
        name
        for name, p in model.named_parameters()
        if p.grad is None or not p.grad.abs().max() > 0
    ]
    assert not silent


def test_gradients_are_the_slopes():
    torch.manual_seed(0)
    model = disturb(UNet(1, 2, widths=(2, 3))).double().eval()
    X = torch.randn(1, 1, 4, 4).double().requires_grad_()
    assert torch.autograd.gradcheck(model, (X,))


def test_only_the_copies_carry_single_pixels():
    # A deepest level whose output is 0 leaves what the copies bring.
    torch.manual_seed(0)
    X = torch.randn(1, 1, 8, 8)
    Y = X.clone()
    Y[0, 0, 2, 2] += 1.0
    for skips in (True, False):
        model = UNet(1, 2, widths=(4, 4), skips=skips).eval()
        with torch.no_grad():
            model.up[0].weight.zero_()
        assert torch.equal(model(X), model(Y)) is not skips


def test_moves_with_its_input_by_multiples_of_the_stride():
    torch.manual_seed(0)
    model = disturb(UNet(1, 2, widths=(2, 3, 4))).double().eval()
    X = torch.zeros(1, 1, 96, 96).double()
    X[..., 40:56, 40:56] = torch.rand(16, 16).double()
    moved = model(X.roll((4, 8), (2, 3)))
    assert_same(moved[..., 40:60, 44:64], model(X)[..., 36:56, 36:56])
    other = model(X.roll((1, 0), (2, 3)))
    assert not torch.allclose(
        other[..., 41:57, 40:56], model(X)[..., 40:56, 40:56]
    )


@pytest.mark.parametrize("skips", [True, False])
def test_counts_are_those_of_the_formula(skips):
    c, k, widths = 2, 5, (3, 4, 6)

    def double(before, after):
        return 9 * (before + after) * after + 4 * after

    num = double(c, 3) + double(3, 4) + double(4, 6)
    num += 4 * 6 * 4 + 4 + double((1 + skips) * 4, 4)
    num += 4 * 4 * 3 + 3 + double((1 + skips) * 3, 3) + 3 * k + k
    model = UNet(c, k, widths=widths, skips=skips)
    assert sum(p.numel() for p in model.parameters()) == num


def test_the_paper_is_built_with_its_widths():
    with torch.device("meta"):
        model = UNet(1, 2, widths=(64, 128, 256, 512, 1024))
        assert model(torch.zeros(1, 1, 64, 64)).shape == (1, 2, 64, 64)
        convolutions = [
            m for m in model.modules() if "Conv" in type(m).__name__
        ]
    assert len(convolutions) == 23  # "in total the network has 23"


@pytest.mark.parametrize(
    ("shape", "message"),
    [
        ((2, 1, 63, 64), "multiples of 4"),
        ((2, 1, 64, 2), "multiples of 4"),
        ((2, 1, 0, 4), "multiples of 4"),
        ((2, 3, 64, 64), r"expected \(N, 1, H, W\)"),
        ((0, 1, 64, 64), "N of 1 or more"),
        ((64, 64), "expected"),
    ],
)
def test_refuses_images(shape, message):
    with pytest.raises(ValueError, match=message):
        UNet(1, 2, widths=(2, 2, 2))(torch.zeros(shape))
    with pytest.raises(ValueError, match=message):
        check_sides(torch.zeros(shape), 1, 4)


@pytest.mark.parametrize(
    "options",
    [
        {"in_channels": 0},
        {"out_channels": 0},
        {"widths": ()},
        {"widths": (4, 0)},
    ],
)
def test_refuses_what_makes_no_network(options):
    given = {"in_channels": 1, "out_channels": 2, **options}
    with pytest.raises(ValueError, match="1 or more"):
        UNet(given.pop("in_channels"), given.pop("out_channels"), **given)


def test_double_convolution_is_two_layers():
    torch.manual_seed(0)
    block = double_convolution(2, 3).train()
    X = torch.randn(4, 2, 6, 6)
    x = X
    for i in (0, 3):
        x = F.conv2d(x, block[i].weight, padding=1)
        mean, var = x.mean((0, 2, 3)), x.var((0, 2, 3), unbiased=False)
        x = (x - mean[:, None, None]) / (var + 1e-5).sqrt()[:, None, None]
        x = x.relu()
    assert_same(block(X), x, rtol=1e-4, atol=1e-5)
