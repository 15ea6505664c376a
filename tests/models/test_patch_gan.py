import pytest
import torch
from torch.nn import functional as F

from aibook.models.patch_gan import NORMS, PatchGAN
from aibook.vision.receptive import receptive_field
from helpers import assert_same


def test_computes_what_its_layers_say():
    torch.manual_seed(0)
    D = PatchGAN(2, widths=(3, 4, 5), norm="batch").double()
    with torch.no_grad():
        for tensor in (*D.parameters(), *D.buffers()):
            if tensor.is_floating_point():
                tensor.add_(0.1 * torch.rand_like(tensor))
    state, D = D.state_dict(), D.eval()
    X = torch.randn(2, 2, 20, 28, dtype=torch.float64)
    x = X
    # places of the convolutions, their strides, and whether a norm follows
    for place, stride, normed in ((0, 2, 0), (2, 2, 1), (5, 1, 1), (8, 1, 0)):
        weight, bias = (
            state[f"layers.{place}.{k}"] for k in ("weight", "bias")
        )
        x = F.conv2d(x, weight, bias, stride=stride, padding=1)
        if normed:
            mean, var, scale, shift = (
                state[f"layers.{place + 1}.{k}"][:, None, None]
                for k in ("running_mean", "running_var", "weight", "bias")
            )
            x = (x - mean) / (var + 1e-5).sqrt() * scale + shift
        if place < 8:
            x = torch.where(x > 0, x, 0.2 * x)
    assert_same(D(X), x, rtol=1e-9)


@pytest.mark.parametrize(
    ("num_widths", "size", "step"),
    [(1, 7, 1), (2, 16, 2), (3, 34, 4), (4, 70, 8)],
)
def test_a_logit_sees_its_patch_and_nothing_else(num_widths, size, step):
    """The paper's 16x16 and 70x70, and the gradient agrees with the formula."""
    torch.manual_seed(0)
    D = PatchGAN(1, widths=(4,) * num_widths, norm="batch").double().eval()
    field = receptive_field(D.layers)
    assert (field.size, field.step) == (size, step)
    X = torch.randn(1, 1, 120, 112, dtype=torch.float64, requires_grad=True)
    logits = D(X)
    unit = logits.shape[2] // 2  # far from the border
    (slope,) = torch.autograd.grad(logits[0, 0, unit, unit], X)
    rows, columns = (slope[0, 0] != 0).nonzero().T
    start = field.start + unit * field.step
    for places in (rows, columns):
        assert int(places.min()) == start
        assert int(places.max()) == start + size - 1


def test_only_instance_normalisation_looks_beyond_the_patch():
    X = torch.randn(1, 1, 48, 48, requires_grad=True)
    for norm in NORMS:
        torch.manual_seed(0)
        D = PatchGAN(1, widths=(4, 4), norm=norm).eval()
        (slope,) = torch.autograd.grad(D(X)[0, 0, 0, 0], X)
        assert bool(slope[..., 30:, 30:].any()) is (norm == "instance")


def test_instance_normalisation_is_of_each_image_alone():
    torch.manual_seed(0)
    D = PatchGAN(1, widths=(4, 6), norm="instance").double()
    X = torch.randn(3, 1, 16, 20, dtype=torch.float64)
    alone = torch.cat([D(x[None]) for x in X])
    assert_same(D(X), alone, rtol=1e-9)


@pytest.mark.parametrize("num_widths", [1, 2, 3, 4])
def test_the_least_image_has_one_logit(num_widths):
    D = PatchGAN(1, widths=(2,) * num_widths)
    least = D.least
    assert D(torch.zeros(1, 1, least, least)).shape == (1, 1, 1, 1)
    with pytest.raises(ValueError, match=f"W of {least} or more"):
        D(torch.zeros(1, 1, least, least - 1))
    with pytest.raises(RuntimeError):
        D.layers(torch.zeros(1, 1, least, least - 1))


def test_counts_are_those_of_the_formula():
    for norm, extra in (("none", 0), ("batch", 2 * 32), ("instance", 0)):
        D = PatchGAN(2, widths=(16, 32), norm=norm)
        num = 16 * 2 * 16 + 16 + 16 * 16 * 32 + 32 + 16 * 32 + 1 + extra
        assert sum(p.numel() for p in D.parameters()) == num


@pytest.mark.parametrize("norm", NORMS)
def test_every_parameter_learns(norm):
    torch.manual_seed(0)
    D = PatchGAN(2, widths=(4, 4, 4), norm=norm)
    D(torch.randn(3, 2, 28, 28)).square().sum().backward()
    silent = [name for name, p in D.named_parameters() if not p.grad.any()]
    if norm != "none":  # the mean takes a bias away again
        silent = [name for name in silent if "bias" not in name]
    assert not silent


@pytest.mark.parametrize(
    "shape", [(0, 2, 32, 32), (1, 1, 32, 32), (1, 2, 32), (1, 2, 4, 32)]
)
def test_refuses_other_shapes(shape):
    with pytest.raises(ValueError, match=r"expected \(N, 2, H, W\)"):
        PatchGAN(2, widths=(2, 2))(torch.zeros(shape))


@pytest.mark.parametrize(
    "options", [{"widths": ()}, {"widths": (4, 0)}, {"in_channels": 0}]
)
def test_refuses_what_makes_no_network(options):
    with pytest.raises(ValueError, match="1 or more"):
        PatchGAN(**{"in_channels": 1, **options})


def test_refuses_another_norm():
    with pytest.raises(ValueError, match="one of"):
        PatchGAN(1, norm="layer")
