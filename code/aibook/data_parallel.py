"""What several processes need to train one model: shares, sums and memory.

What: the shares of a batch, gradients in portions, the ring that adds the
gradients of all processes, and the bytes that training takes on each device.
Everything runs in one process, in plain view; `aibook.distributed_digits` does it
with real ones.

Not here: processes, networks between them, optimisers.

Source: S. Li et al., "PyTorch Distributed: Experiences on Accelerating Data
Parallel Training", VLDB 2020; P. Patarasuk and X. Yuan, "Bandwidth optimal
all-reduce algorithms for clusters of workstations", J. Parallel Distrib. Comput.
69(2), 2009; S. Rajbhandari et al., "ZeRO: Memory Optimizations Toward Training
Trillion Parameter Models", SC 2020.

Book page: labs/scaling.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn

__all__ = [
    "RingSum",
    "accumulate_gradients",
    "ring_all_reduce",
    "shard_indices",
    "training_bytes",
]


def shard_indices(
    num_samples: int, *, num_replicas: int, rank: int, seed: int | None = None
) -> Tensor:
    """Return the samples of one process, as `DistributedSampler` deals them.

    The samples, shuffled if there is a seed, are dealt out like cards. If they do
    not come out even, the first ones are dealt again, so that all processes take
    the same number of steps.

    Parameters
    ----------
    num_samples
        Samples of the data set, 1 or more.
    num_replicas
        Processes, 1 or more.
    rank
        This process, from 0 to ``num_replicas - 1``.
    seed
        Fixes the order, the same for all processes; None keeps the order.

    Returns
    -------
    Tensor
        Indices, shape (ceil(num_samples / num_replicas),), int64.

    Raises
    ------
    ValueError
        For a number below 1 or a rank that does not exist.

    Examples
    --------
    >>> shard_indices(5, num_replicas=2, rank=0).tolist()
    [0, 2, 4]
    >>> shard_indices(5, num_replicas=2, rank=1).tolist()
    [1, 3, 0]
    """
    _check_count(num_samples=num_samples, num_replicas=num_replicas)
    if not 0 <= rank < num_replicas:
        raise ValueError(
            f"rank = {rank}; it must lie in 0 to {num_replicas - 1}"
        )
    if seed is None:
        order = torch.arange(num_samples)
    else:
        generator = torch.Generator().manual_seed(seed)
        order = torch.randperm(num_samples, generator=generator)
    total = -(-num_samples // num_replicas) * num_replicas
    dealt = order.repeat(-(-total // num_samples))[:total]
    return dealt[rank::num_replicas]


def accumulate_gradients(
    model: nn.Module,
    loss_fn: Callable[[Tensor, Tensor], Tensor],
    X: Tensor,
    y: Tensor,
    *,
    portion: int,
) -> float:
    """Add up the gradients of a batch in portions that fit into memory.

    Each portion's mean loss counts by its share of the batch, so the gradients
    are those of the mean over the whole batch, also if the last portion is
    smaller. (A model with batch normalisation still differs: it normalises each
    portion by itself.)

    Parameters
    ----------
    model
        Its gradients are cleared first and hold the sum afterwards.
    loss_fn
        From outputs and targets to the mean over the samples.
    X, y
        The batch, shapes (N, ...), N at least 1.
    portion
        Samples at a time, 1 or more.

    Returns
    -------
    float
        The mean loss of the batch.

    Raises
    ------
    ValueError
        For an empty batch, lengths that differ, or a portion below 1.

    Examples
    --------
    >>> import torch
    >>> from torch import nn
    >>> _ = torch.manual_seed(0)
    >>> model, X, y = nn.Linear(2, 1), torch.ones(5, 2), torch.zeros(5, 1)
    >>> loss = accumulate_gradients(model, nn.MSELoss(), X, y, portion=2)
    >>> abs(loss - nn.MSELoss()(model(X), y).item()) < 1e-6
    True
    """
    _check_count(portion=portion)
    if len(X) == 0 or len(X) != len(y):
        raise ValueError(
            f"X has {len(X)} samples, y has {len(y)}; they must have the same "
            "number, 1 or more"
        )
    model.zero_grad()
    total = 0.0
    for x_part, y_part in zip(X.split(portion), y.split(portion), strict=True):
        loss = loss_fn(model(x_part), y_part) * (len(x_part) / len(X))
        torch.autograd.backward(loss)
        total += loss.item()
    return total


class RingSum(NamedTuple):
    """What `ring_all_reduce` has done.

    Parameters
    ----------
    sums
        For each process the sum of all vectors, shape (N,) each.
    sent
        Numbers that each process has sent.
    states
        What each process held after each step, shape (steps + 1, P, N).
    """

    sums: list[Tensor]
    sent: int
    states: Tensor


def ring_all_reduce(vectors: Sequence[Tensor]) -> RingSum:
    """Add the vectors of all processes by passing pieces around a ring.

    Each vector is cut into as many pieces as there are processes, P. In P - 1
    steps each process adds the piece that arrives from its left neighbour to its
    own; then each holds one piece of the sum. In P - 1 further steps the finished
    pieces go around. Each process sends 2 (P - 1) / P of its vector, however many
    processes there are.

    Parameters
    ----------
    vectors
        One vector of shape (N,) for each process, floating point, N divisible by
        their number.

    Returns
    -------
    RingSum
        The sums, the traffic, and all steps between.

    Raises
    ------
    ValueError
        For no vector, shapes that differ, or a length that cannot be cut evenly.

    Examples
    --------
    >>> import torch
    >>> result = ring_all_reduce([torch.tensor([1.0, 2.0]), torch.ones(2)])
    >>> [held.tolist() for held in result.sums], result.sent
    ([[2.0, 3.0], [2.0, 3.0]], 2)
    """
    count = len(vectors)
    shapes = {tuple(vector.shape) for vector in vectors}
    if len(shapes) != 1 or len(next(iter(shapes))) != 1:
        raise ValueError(
            f"the vectors have shapes {sorted(shapes)}; give one vector or more, "
            "all of the same shape (N,)"
        )
    length = len(vectors[0])
    if length % count:
        raise ValueError(
            f"{length} numbers cannot be cut into {count} equal pieces"
        )
    held = torch.stack(list(vectors)).reshape(count, count, -1).clone()
    states, sent = [held.flatten(1).clone()], 0
    for step in range(2 * (count - 1)):
        pieces = [(p - step) % count for p in range(count)]  # what p sends
        parcels = [held[p, piece].clone() for p, piece in enumerate(pieces)]
        for p, (piece, parcel) in enumerate(zip(pieces, parcels, strict=True)):
            right = (p + 1) % count
            if step < count - 1:
                held[right, piece] += parcel
            else:
                held[right, piece] = parcel
        sent += length // count
        states.append(held.flatten(1).clone())
    return RingSum(list(states[-1]), sent, torch.stack(states))


def training_bytes(
    num_parameters: int,
    *,
    num_replicas: int = 1,
    stage: int = 0,
    weight: int = 4,
    gradient: int = 4,
    optimizer: int = 8,
) -> float:
    """Return the bytes that a training holds on each device, activations aside.

    Parameters
    ----------
    num_parameters
        Of the model, 1 or more.
    num_replicas
        Devices, 1 or more.
    stage
        What is cut up among the devices instead of copied: 0 nothing (data
        parallel), 1 the optimiser's state, 2 the gradients too, 3 the weights too
        (the stages of ZeRO; FSDP's full shard is stage 3).
    weight, gradient, optimizer
        Bytes for each parameter, 0 or more. By default float32 with Adam, which
        keeps two numbers for each. Mixed precision with a float32 copy of the
        weights: 2, 2 and 12.

    Returns
    -------
    float
        Bytes for each device.

    Raises
    ------
    ValueError
        For a number below 1, negative bytes, or another stage.

    Examples
    --------
    >>> training_bytes(1_000_000) / 1e6
    16.0
    >>> training_bytes(1_000_000, num_replicas=4, stage=3) / 1e6
    4.0
    """
    _check_count(num_parameters=num_parameters, num_replicas=num_replicas)
    if stage not in range(4):
        raise ValueError(f"stage = {stage}; it must be 0, 1, 2 or 3")
    sizes = (optimizer, gradient, weight)
    if min(sizes) < 0:
        raise ValueError(
            f"weight, gradient, optimizer = {weight}, {gradient}, {optimizer}; "
            "bytes must be 0 or more"
        )
    shared, copied = sum(sizes[:stage]), sum(sizes[stage:])
    return num_parameters * (copied + shared / num_replicas)


def _check_count(**counts: int) -> None:
    """Raise `ValueError` for a count below 1."""
    for name, count in counts.items():
        if count < 1:
            raise ValueError(f"{name} = {count}; it must be 1 or more")
