import pytest
import torch
from torch.nn import functional as F

from aibook.models.pix2pix import Translator
from helpers import assert_same, disturb


def by_state(x, state, num_levels, skips):
    """The paper's list of layers with functions of torch, read off the weights."""

    def take(name):
        return state[f"{name}.weight"], state[f"{name}.bias"]

    def norm(x, name):
        if f"{name}.running_mean" not in state:
            return x
        statistics = (
            state[f"{name}.running_mean"],
            state[f"{name}.running_var"],
        )
        return F.batch_norm(x, *statistics, *take(name))

    def descend(x, level):
        x = F.conv2d(x, *take(f"down.{level}.0"), stride=2, padding=1)
        x = norm(x, f"down.{level}.1")
        x = torch.where(x > 0, x, 0.2 * x)
        if level == num_levels - 1:
            return x
        step = num_levels - 2 - level
        up = descend(x, level + 1)
        up = F.conv_transpose2d(up, *take(f"up.{step}.0"), stride=2, padding=1)
        up = norm(up, f"up.{step}.1").clamp(min=0)
        return torch.cat([x, up], 1) if skips else up

    x = descend(x, 0)
    return F.conv_transpose2d(x, *take("head.0"), stride=2, padding=1).tanh()


@pytest.mark.parametrize("skips", [True, False])
@pytest.mark.parametrize("widths", [(3, 4), (2, 5, 3), (2, 3, 4, 6)])
def test_is_the_papers_list_of_layers(widths, skips):
    torch.manual_seed(0)
    model = (
        disturb(Translator(2, 3, widths=widths, skips=skips)).double().eval()
    )
    X = torch.randn(2, 2, 16, 32).double()
    expected = by_state(X, model.state_dict(), len(widths), skips)
    assert expected.shape == (2, 3, 16, 32)
    assert_same(model(X), expected, rtol=1e-9)
    assert expected.std() > 1e-3


def test_normalisation_is_where_the_paper_has_it():
    """Not behind the first convolution, the deepest one, or the last."""
    model = Translator(1, 1, widths=(2, 3, 4, 5))
    names = [
        name
        for name, module in model.named_modules()
        if isinstance(module, torch.nn.BatchNorm2d)
    ]
    assert names == ["down.1.1", "down.2.1", "up.0.1", "up.1.1", "up.2.1"]


def test_dropout_is_the_only_noise_and_on_the_deepest_levels():
    torch.manual_seed(0)
    X = torch.randn(1, 1, 16, 16)
    for num in range(4):
        model = (
            disturb(Translator(1, 1, widths=(4, 4, 4, 4), num_dropout=num))
            .double()
            .eval()
        )
        drops = [m for m in model.modules() if isinstance(m, torch.nn.Dropout)]
        assert len(drops) == num
        assert drops == [model.up[k][2] for k in range(num)]
        for drop in drops:
            drop.train()
        assert torch.equal(model(X.double()), model(X.double())) is (num == 0)


def test_only_the_copies_carry_single_pixels():
    """Where nothing comes from below, what is left are the copies."""
    torch.manual_seed(0)
    X = torch.randn(1, 1, 8, 8)
    Y = X.clone()
    Y[0, 0, 2, 2] += 1.0
    for skips in (True, False):
        model = Translator(1, 1, widths=(4, 4), skips=skips).eval()
        with torch.no_grad():
            model.up[0][0].weight.zero_()
        assert torch.equal(model(X), model(Y)) is not skips


def test_any_multiple_of_the_stride_keeps_its_size():
    model = Translator(1, 2, widths=(2, 2, 2)).eval()
    for rows, columns in ((8, 8), (8, 24), (16, 8)):
        X = torch.randn(2, 1, rows, columns)
        Y = model(X)
        assert Y.shape == (2, 2, rows, columns)
        assert Y.abs().max() <= 1
        assert_same(model(X[:, 0]), Y)


def test_every_parameter_learns():
    torch.manual_seed(0)
    model = Translator(1, 1, widths=(4, 4, 4), dropout=0.2)
    model(torch.randn(8, 1, 16, 16)).square().sum().backward()
    silent = {name for name, p in model.named_parameters() if not p.grad.any()}
    assert not silent


@pytest.mark.parametrize("skips", [True, False])
def test_counts_are_those_of_the_formula(skips):
    c, k, (a, b, d) = 2, 3, (3, 4, 6)
    two = 1 + skips
    num = 16 * c * a + a  # down
    num += 16 * a * b + b + 2 * b
    num += 16 * b * d + d
    num += 16 * d * b + b + 2 * b  # up
    num += 16 * two * b * a + a + 2 * a
    num += 16 * two * a * k + k
    model = Translator(c, k, widths=(a, b, d), skips=skips)
    assert sum(p.numel() for p in model.parameters()) == num


@pytest.mark.parametrize(
    ("shape", "message"),
    [
        ((2, 1, 12, 16), "multiples of 8"),
        ((2, 3, 16, 16), r"expected \(N, 1, H, W\)"),
        ((0, 1, 16, 16), "N of 1 or more"),
    ],
)
def test_refuses_images(shape, message):
    with pytest.raises(ValueError, match=message):
        Translator(1, 1, widths=(2, 2, 2))(torch.zeros(shape))


@pytest.mark.parametrize(
    "options",
    [
        {"widths": (4,)},
        {"widths": ()},
        {"widths": (4, 0)},
        {"dropout": 1.0},
        {"dropout": -0.1},
        {"num_dropout": 2},
        {"num_dropout": -1},
    ],
)
def test_refuses_what_makes_no_network(options):
    with pytest.raises(ValueError, match="expected"):
        Translator(1, 1, **{"widths": (4, 4), **options})
