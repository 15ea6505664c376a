import math

import pytest
import torch
from torch.nn import functional as F

from aibook.distillation import distillation_loss
from helpers import assert_same


def by_hand(z, v, y, temperature, weight):
    total = 0.0
    for row, other, label in zip(
        z.tolist(), v.tolist(), y.tolist(), strict=True
    ):

        def soft(values, t):
            powers = [math.exp(value / t) for value in values]
            return [power / sum(powers) for power in powers]

        p, q = soft(other, temperature), soft(row, temperature)
        divergence = sum(
            a * math.log(a / b) for a, b in zip(p, q, strict=True)
        )
        total += weight * temperature**2 * divergence
        total -= (1 - weight) * math.log(soft(row, 1)[label])
    return total / len(z)


@pytest.mark.parametrize("temperature", [0.5, 1.0, 3.0])
@pytest.mark.parametrize("weight", [0.0, 0.3, 1.0])
def test_by_hand(temperature, weight):
    torch.manual_seed(0)
    z, v = torch.randn(2, 5, 4).double()
    y = torch.tensor([0, 3, 1, 1, 2])
    found = distillation_loss(z, v, y, temperature=temperature, weight=weight)
    expected = by_hand(z, v, y, temperature, weight)
    assert float(found) == pytest.approx(expected, rel=1e-9)


def test_the_ends():
    torch.manual_seed(0)
    z, y = torch.randn(5, 4), torch.tensor([0, 3, 1, 1, 2])
    loss = distillation_loss(z, torch.randn(5, 4), y, weight=0.0)
    assert_same(loss, F.cross_entropy(z, y), rtol=1e-6)
    assert float(distillation_loss(z, z + 5, y, weight=1.0)) == pytest.approx(
        0, abs=1e-6
    )


def test_when_hot_the_gradient_is_that_of_squared_logits():
    """Hinton et al. (2015), equation 4: centred logits, T above all of them."""
    torch.manual_seed(0)
    z, v = torch.randn(2, 3, 6).double()
    z -= z.mean(dim=1, keepdim=True)
    v -= v.mean(dim=1, keepdim=True)
    z.requires_grad_()
    y = torch.zeros(3, dtype=torch.long)
    distillation_loss(z, v, y, temperature=1e4, weight=1.0).backward()
    assert_same(z.grad, ((z - v) / 6 / 3).detach(), rtol=1e-3, atol=1e-6)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"temperature": 0.0}, "temperature = 0.0"),
        ({"weight": 1.5}, "weight = 1.5"),
        ({"teacher": torch.zeros(2, 4)}, r"shapes \(2, 3\) and \(2, 4\)"),
    ],
)
def test_bad_input(options, message):
    teacher = options.pop("teacher", torch.zeros(2, 3))
    with pytest.raises(ValueError, match=message):
        distillation_loss(
            torch.zeros(2, 3), teacher, torch.tensor([0, 1]), **options
        )
