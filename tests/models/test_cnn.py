import pytest
import torch
from torch.nn import functional as F

from aibook.models.cnn import CNN
from helpers import assert_same


def test_computes_what_its_layers_say():
    torch.manual_seed(0)
    model = CNN(3, widths=(2, 4), hidden=5, size=10, dropout=0.5)
    model = model.double()
    X = torch.randn(3, 1, 10, 10, dtype=torch.float64)
    w = dict(model.named_parameters())
    model(X)  # in training mode, so that the statistics are none of the start
    model.eval()
    h = X
    for i, stage in enumerate(model.body):
        h = F.conv2d(h, w[f"body.{i}.0.weight"], padding=1)
        norm = stage[2]
        h = F.batch_norm(
            h, norm.running_mean, norm.running_var, norm.weight, norm.bias
        )
        h = F.max_pool2d(F.relu(h), 2)  # in the usual order: the same
    h = h.reshape(3, -1)
    h = F.relu(h @ w["head.2.weight"].T + w["head.2.bias"])
    logits = h @ w["head.5.weight"].T + w["head.5.bias"]
    assert_same(model(X), logits.detach().numpy(), rtol=1e-9)


@pytest.mark.parametrize("num_stages", [1, 2, 3, 4])
@pytest.mark.parametrize("channels", [1, 3])
def test_each_stage_halves_the_maps(num_stages, channels):
    widths = tuple(range(2, 2 + num_stages))
    model = CNN(4, widths=widths, size=29, num_channels=channels)
    X = torch.zeros(2, channels, 29, 29)
    side = 29 >> num_stages
    assert model.body(X).shape == (2, widths[-1], side, side)
    assert model(X).shape == (2, 4)


def test_dropout_acts_in_training_only():
    torch.manual_seed(0)
    model, X = CNN(10, dropout=0.5), torch.rand(2, 28, 28)
    assert not torch.equal(model(X), model(X))
    model.eval()
    assert torch.equal(model(X), model(X))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"widths": ()}, "1 or more"),
        ({"widths": (4, 0)}, "1 or more"),
        ({"hidden": 0}, "1 or more"),
        ({"dropout": 1.0}, "below 1"),
        ({"dropout": -0.1}, "below 1"),
        ({"size": 3}, "halved 2 times"),
    ],
)
def test_refuses_what_makes_no_network(options, message):
    with pytest.raises(ValueError, match=message):
        CNN(10, **options)


@pytest.mark.parametrize(
    "shape", [(0, 28, 28), (28, 28), (2, 784), (2, 3, 28, 28), (2, 1, 27, 28)]
)
def test_refuses_other_shapes(shape):
    with pytest.raises(ValueError, match=r"expected \(N, 1, 28, 28\)"):
        CNN(10)(torch.zeros(shape))
