import copy

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn
from torch.utils.data import TensorDataset
from torch.utils.data.distributed import DistributedSampler

from aibook.data_parallel import (
    accumulate_gradients,
    ring_all_reduce,
    shard_indices,
    training_bytes,
)

COUNTS = st.integers(1, 9)


@given(st.integers(1, 30), COUNTS, st.none() | st.integers(0, 5))
def test_shares_are_those_of_the_sampler(num_samples, num_replicas, seed):
    data = TensorDataset(torch.zeros(num_samples))
    for rank in range(num_replicas):
        sampler = DistributedSampler(
            data,
            num_replicas=num_replicas,
            rank=rank,
            shuffle=seed is not None,
            seed=seed or 0,
        )
        ours = shard_indices(
            num_samples, num_replicas=num_replicas, rank=rank, seed=seed
        )
        assert ours.tolist() == list(sampler)


@given(st.integers(1, 12), st.integers(1, 15), st.integers(0, 1000))
def test_portions_add_up_to_the_batch(num_samples, portion, seed):
    generator = torch.Generator().manual_seed(seed)
    X = torch.randn(num_samples, 3, generator=generator).double()
    y = torch.randint(0, 4, (num_samples,), generator=generator)
    model = nn.Sequential(nn.Linear(3, 5), nn.Tanh(), nn.Linear(5, 4)).double()
    twin = copy.deepcopy(model)
    loss_fn = nn.CrossEntropyLoss()
    loss = loss_fn(twin(X), y)
    loss.backward()
    got = accumulate_gradients(model, loss_fn, X, y, portion=portion)
    assert got == pytest.approx(loss.item(), abs=1e-12)
    for ours, whole in zip(model.parameters(), twin.parameters(), strict=True):
        torch.testing.assert_close(ours.grad, whole.grad)


def test_old_gradients_are_cleared():
    model = nn.Linear(2, 1)
    X, y = torch.randn(4, 2), torch.randn(4, 1)
    accumulate_gradients(model, nn.MSELoss(), X, y, portion=3)
    first = model.weight.grad.clone()
    accumulate_gradients(model, nn.MSELoss(), X, y, portion=3)
    torch.testing.assert_close(model.weight.grad, first)


@given(st.integers(1, 7), st.integers(1, 4), st.integers(0, 1000))
def test_the_ring_gives_the_sum_to_all(count, piece, seed):
    generator = torch.Generator().manual_seed(seed)
    vectors = list(
        torch.randn(count, count * piece, generator=generator).double()
    )
    kept = [vector.clone() for vector in vectors]
    result = ring_all_reduce(vectors)
    for held in result.sums:
        torch.testing.assert_close(held, sum(kept))
        assert torch.equal(held, result.sums[0])
    assert result.sent == 2 * (count - 1) * piece
    assert result.states.shape == (2 * count - 1, count, count * piece)
    for vector, old in zip(vectors, kept, strict=True):
        assert torch.equal(vector, old)  # what was given is left alone


def test_after_half_of_the_steps_each_has_one_finished_piece():
    states = ring_all_reduce([torch.ones(5) for _ in range(5)]).states
    assert ((states[4] == 5).sum(dim=1) == 1).all()
    assert (states.diff(dim=0) >= 0).all()


def test_bytes_are_those_of_the_paper():
    # Rajbhandari et al. 2020, figure 1: 7.5 billion parameters, 64 devices.
    mixed = {"weight": 2, "gradient": 2, "optimizer": 12}
    found = [
        training_bytes(7_500_000_000, num_replicas=64, stage=stage, **mixed)
        / 1e9
        for stage in range(4)
    ]
    assert [round(value, 1) for value in found] == [120.0, 31.4, 16.6, 1.9]


@given(st.integers(1, 10**9), st.integers(1, 64))
def test_each_stage_saves_and_alone_none_does(parameters, devices):
    found = [
        training_bytes(parameters, num_replicas=devices, stage=stage)
        for stage in range(4)
    ]
    assert found == sorted(found, reverse=True)
    assert found[3] == pytest.approx(16 * parameters / devices)
    alone = {training_bytes(parameters, stage=stage) for stage in range(4)}
    assert alone == {16 * parameters}


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: shard_indices(0, num_replicas=1, rank=0), "num_samples = 0"),
        (lambda: shard_indices(3, num_replicas=0, rank=0), "num_replicas = 0"),
        (lambda: shard_indices(3, num_replicas=2, rank=2), "in 0 to 1"),
        (lambda: ring_all_reduce([]), "one vector or more"),
        (
            lambda: ring_all_reduce([torch.ones(2), torch.ones(3)]),
            "same shape",
        ),
        (lambda: ring_all_reduce([torch.ones(2, 2)]), "same shape"),
        (lambda: ring_all_reduce([torch.ones(3)] * 2), "2 equal pieces"),
        (lambda: training_bytes(0), "num_parameters = 0"),
        (lambda: training_bytes(1, stage=4), "0, 1, 2 or 3"),
        (lambda: training_bytes(1, gradient=-1), "0 or more"),
    ],
)
def test_bad_input_is_refused(call, words):
    with pytest.raises(ValueError, match=words):
        call()


@pytest.mark.parametrize(
    ("num_samples", "num_labels", "portion", "words"),
    [
        (0, 0, 1, "1 or more"),
        (3, 2, 1, "same number"),
        (3, 3, 0, "portion = 0"),
    ],
)
def test_bad_batches_are_refused(num_samples, num_labels, portion, words):
    X, y = torch.zeros(num_samples, 2), torch.zeros(num_labels, 1)
    with pytest.raises(ValueError, match=words):
        accumulate_gradients(
            nn.Linear(2, 1), nn.MSELoss(), X, y, portion=portion
        )
