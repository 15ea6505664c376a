import pytest
import torch
from torch import nn

from aibook.costs import costs


def test_counted_by_loops():
    conv = nn.Conv2d(3, 4, 5, stride=2, padding=2, bias=False)
    X = torch.zeros(1, 3, 9, 7)
    out = conv(X)
    products = 0
    for _channel in range(4):
        for _row in range(out.shape[2]):
            for _column in range(out.shape[3]):
                products += 3 * 5 * 5
    (cost,) = costs(conv, X)
    assert cost == ("", products, 300, X.numel() + out.numel())


def test_groups_save_products():
    whole, parted = nn.Conv2d(8, 8, 3), nn.Conv2d(8, 8, 3, groups=8)
    X = torch.zeros(1, 8, 5, 5)
    assert costs(whole, X)[0].products == 8 * costs(parted, X)[0].products


def test_a_layer_that_is_used_twice_costs_twice_and_hooks_go():
    layer = nn.Linear(3, 3)
    model = nn.Sequential(layer, nn.ReLU(), layer)
    assert [c.products for c in costs(model, torch.zeros(1, 3))] == [9, 9]
    assert not layer._forward_hooks
    with pytest.raises(RuntimeError):
        costs(model, torch.zeros(1, 4))
    assert not layer._forward_hooks


def test_bad_input():
    with pytest.raises(ValueError, match="X has 2 inputs; expected 1"):
        costs(nn.Linear(3, 3), torch.zeros(2, 3))
