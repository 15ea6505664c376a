import pytest
import torch
from torch.nn import functional as F

from aibook.models.lenet import LeNet
from helpers import assert_same


@pytest.mark.parametrize("channels", [1, 3])
def test_computes_what_its_layers_say(channels):
    torch.manual_seed(0)
    model = LeNet(4, num_channels=channels).double()
    X = torch.randn(3, channels, 28, 28, dtype=torch.float64)
    w = dict(model.named_parameters())
    h = F.conv2d(X, w["body.0.weight"], w["body.0.bias"], padding=2)
    h = F.max_pool2d(F.relu(h), 2)
    h = F.conv2d(h, w["body.3.weight"], w["body.3.bias"])
    h = F.max_pool2d(F.relu(h), 2).reshape(3, -1)
    h = F.relu(h @ w["body.7.weight"].T + w["body.7.bias"])
    h = F.relu(h @ w["body.9.weight"].T + w["body.9.bias"])
    assert_same(model.features(X), h.detach().numpy(), rtol=1e-9)
    logits = h @ w["head.weight"].T + w["head.bias"]
    assert_same(model(X), logits.detach().numpy(), rtol=1e-9)


@pytest.mark.parametrize("shape", [(2, 784), (2, 28, 28), (2, 1, 28, 28)])
def test_takes_grey_images_in_three_shapes(shape):
    torch.manual_seed(0)
    model, pixels = LeNet(10), torch.rand(2, 784)
    assert torch.equal(model(pixels.reshape(shape)), model(pixels))


def test_the_head_alone_depends_on_the_number_of_outputs():
    assert LeNet(2).head.weight.shape == (2, 84)
    count = sum(p.numel() for p in LeNet(2).body.parameters())
    assert count == 156 + 2416 + 48120 + 10164


@pytest.mark.parametrize("bad", [(0, 1), (10, 0), (-1, 1)])
def test_refuses_sizes_below_one(bad):
    with pytest.raises(ValueError, match="1 or more"):
        LeNet(bad[0], num_channels=bad[1])


@pytest.mark.parametrize(
    "shape", [(0, 784), (784,), (2, 783), (2, 3, 28, 28), (2, 1, 27, 28)]
)
def test_refuses_other_shapes(shape):
    with pytest.raises(ValueError, match=r"expected \(N, 1, 28, 28\)"):
        LeNet(10)(torch.zeros(shape))
