import copy

import pytest
import torch
from torch import nn

from aibook.averaging import follow, warm_decay
from helpers import assert_same


def test_the_average_is_the_weighted_sum_of_all_that_was():
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3))
    average = copy.deepcopy(model)
    seen = [copy.deepcopy(model)]
    for _ in range(5):
        with torch.no_grad():
            for p in model.parameters():
                p.add_(torch.randn_like(p))
            model[1].running_mean.add_(1.0)
            model[1].num_batches_tracked.add_(1)
        seen.append(copy.deepcopy(model))
        follow(average, model, decay=0.8)
    shares = [0.8**5] + [0.2 * 0.8 ** (5 - i) for i in range(1, 6)]
    for index, p in enumerate(average.parameters()):
        history = [list(net.parameters())[index] for net in seen]
        expected = sum(w * q for w, q in zip(shares, history, strict=True))
        assert_same(p.detach(), expected.detach(), rtol=1e-5, atol=1e-6)
    assert_same(average[1].running_mean, model[1].running_mean)
    assert average[1].num_batches_tracked == 5


def test_the_model_stays_as_it_is_and_the_extremes_are_plain():
    model, average = nn.Linear(2, 2), nn.Linear(2, 2)
    before = copy.deepcopy(average.state_dict())
    kept = copy.deepcopy(model.state_dict())
    follow(average, model, decay=1.0)
    assert_same(average.weight.detach(), before["weight"])
    follow(average, model, decay=0.0)
    assert_same(average.weight.detach(), model.weight.detach())
    assert_same(model.weight.detach(), kept["weight"])
    assert average.weight.requires_grad


def test_the_decay_grows_to_what_was_asked_for():
    values = [warm_decay(step, 0.99) for step in range(1, 2000)]
    assert values == sorted(values)
    assert values[0] == pytest.approx(1 / 11)
    assert values[-1] == 0.99
    assert warm_decay(10**6, 0.0) == 0.0


@pytest.mark.parametrize(
    "call",
    [
        lambda: warm_decay(0, 0.9),
        lambda: warm_decay(1, 1.1),
        lambda: follow(nn.Linear(1, 1), nn.Linear(1, 1), decay=-0.1),
        lambda: follow(nn.Linear(1, 1), nn.Linear(1, 2), decay=0.9),
        lambda: follow(nn.Linear(1, 1), nn.Identity(), decay=0.9),
    ],
)
def test_bad_input_is_refused(call):
    with pytest.raises(ValueError, match=r"expected|must|other weights"):
        call()
