import pytest
import torch
import torch.nn.functional as F
from torch import nn
from torchvision.models.segmentation import fcn as torchvision_fcn

from aibook.models.fcn import FCN
from helpers import assert_same


class Backbone(nn.Module):
    """The stages, as torchvision wants them."""

    def __init__(self, stages):
        super().__init__()
        self.stages = nn.Sequential(*stages)

    def forward(self, X):
        return {"out": self.stages(X)}


def make(**options):
    torch.manual_seed(0)
    model = FCN(2, 5, **{"widths": (3, 4, 6), **options}).double().eval()
    for module in model.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.running_mean.uniform_(-1, 1)
            module.running_var.uniform_(0.5, 2)
    return model


def test_without_skips_is_torchvisions():
    model = make()
    twin = torchvision_fcn.FCN(Backbone(model.stages), model.scores[0])
    ours, theirs = (
        torch.randn(2, 2, 16, 24, generator=torch.Generator().manual_seed(1))
        .double()
        .requires_grad_()
        for _ in range(2)
    )
    scores, expected = model(ours), twin(theirs)["out"]
    scores.square().sum().backward()
    expected.square().sum().backward()
    assert_same(scores, expected)
    assert_same(ours, theirs)


def bilinear(scores):
    """Enlarge twofold with the kernel of the paper's transposed convolution."""
    line = torch.tensor([1.0, 3.0, 3.0, 1.0]).double() / 4
    kernel = torch.outer(line, line).expand(scores.shape[1], 1, 4, 4)
    padded = F.pad(scores, (1, 1, 1, 1), mode="replicate")
    large = F.conv_transpose2d(
        padded, kernel, stride=2, padding=1, groups=scores.shape[1]
    )
    return large[..., 2:-2, 2:-2]


@pytest.mark.parametrize("num_skips", [1, 2])
def test_skips_add_scores_of_finer_stages(num_skips):
    model = make(num_skips=num_skips)
    x = torch.randn(2, 2, 16, 24).double()
    X, maps = x, []
    for stage in model.stages:
        x = stage(x)
        maps.append(x)
    total = model.scores[0](maps[2])
    for k in range(1, 1 + num_skips):
        total = bilinear(total) + model.scores[k](maps[2 - k])
    while total.shape[2:] != X.shape[2:]:
        size = total.shape[2:]
        last = F.interpolate(total, X.shape[2:], mode="bilinear")
        total = bilinear(total) if 2 * size[0] == X.shape[2] else last
    assert_same(model(X), total, rtol=1e-9)


def test_the_coarse_scores_are_a_classifier_at_every_place():
    # On an image of one coarse pixel the network is a classifier.
    model = make()
    X = torch.randn(3, 2, 8, 8).double()
    x = X
    for stage in model.stages:
        x = stage(x)
    dense = F.linear(
        x.flatten(1), model.scores[0].weight.flatten(1), model.scores[0].bias
    )
    expected = dense[:, :, None, None].expand(3, 5, 8, 8)
    assert_same(model(X), expected)


@pytest.mark.parametrize("num_skips", [0, 1, 2])
def test_counts_and_learning_parameters(num_skips):
    model = FCN(1, 7, widths=(3, 4, 6), num_skips=num_skips)
    scored = (6, 4, 3)[: 1 + num_skips]
    num = sum(p.numel() for p in model.scores.parameters())
    assert num == sum(7 * width + 7 for width in scored)
    model(torch.randn(4, 1, 16, 16)).square().sum().backward()
    assert all(p.grad.abs().max() > 0 for p in model.parameters())


@pytest.mark.parametrize(
    ("shape", "message"),
    [
        ((2, 1, 60, 64), "multiples of 8"),
        ((2, 3, 64, 64), r"expected \(N, 1, H, W\)"),
        ((0, 64, 64), "N of 1 or more"),
    ],
)
def test_refuses_images(shape, message):
    with pytest.raises(ValueError, match=message):
        FCN(1, 2, widths=(2, 2, 2))(torch.zeros(shape))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"in_channels": 0}, "1 or more"),
        ({"out_channels": 0}, "1 or more"),
        ({"widths": ()}, "1 or more"),
        ({"widths": (4, 0)}, "1 or more"),
        ({"num_skips": 3}, "from 0 to 2"),
        ({"num_skips": -1}, "from 0 to 2"),
    ],
)
def test_refuses_what_makes_no_network(options, message):
    given = {"in_channels": 1, "out_channels": 2, **options}
    with pytest.raises(ValueError, match=message):
        FCN(given.pop("in_channels"), given.pop("out_channels"), **given)
