import pytest
import torch
from torch import nn

from aibook.models.alexnet import ACTIVATIONS, MiniAlexNet


def test_has_alexnets_layers_in_alexnets_order():
    model = MiniAlexNet(10)
    kinds = [type(layer).__name__ for layer in (*model.body, *model.head)]
    conv, pool = ["Conv2d", "ReLU"], ["MaxPool2d"]
    dense = ["Dropout", "Linear", "ReLU"]
    assert kinds == [
        *conv, *pool, *conv, *pool, *conv, *conv, *conv, *pool,
        "Flatten", *dense, *dense, "Linear",
    ]  # fmt: skip


def test_the_windows_overlap_and_the_sizes_are_as_said():
    sides, X = [], torch.zeros(1, 1, 28, 28)
    for layer in MiniAlexNet(10).body:
        X = layer(X)
        if isinstance(layer, nn.MaxPool2d):
            assert layer.kernel_size > layer.stride
            sides.append(X.shape[2])
    assert sides == [6, 3, 1]


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_the_activation_is_everywhere(name):
    model = MiniAlexNet(3, activation=name)
    acts = [m for m in model.modules() if isinstance(m, ACTIVATIONS[name])]
    assert len(acts) == 7
    assert model(torch.rand(2, 28, 28)).shape == (2, 3)


def test_the_initial_weights_are_scaled_to_the_activation():
    deviations = {}
    for name in ACTIVATIONS:
        torch.manual_seed(0)
        layer = MiniAlexNet(10, activation=name).head[5]
        deviations[name] = layer.weight.std().item() * 128**0.5
        assert not layer.bias.any()
    gains = {name: nn.init.calculate_gain(name) for name in ACTIVATIONS}
    assert deviations == pytest.approx(gains, rel=0.03)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"num_outputs": 0}, "num_outputs = 0"),
        ({"num_outputs": 2, "dropout": 1.0}, "dropout = 1.0"),
        ({"num_outputs": 2, "activation": "elu"}, "choose from"),
    ],
)
def test_refuses_bad_settings(options, message):
    with pytest.raises(ValueError, match=message):
        MiniAlexNet(**options)


def test_refuses_other_shapes():
    with pytest.raises(ValueError, match="expected"):
        MiniAlexNet(10)(torch.zeros(2, 1, 32, 32))
