"""Train a network on digits in several processes, each with a share of the batch.

What: `train` is what every process runs; `launch` starts the processes with
torchrun's own program and returns what the first of them has written. Started as
``torchrun --standalone --nproc-per-node 2 -m aibook.distributed_digits --out FILE``
it does the same from a shell. Gloo carries the gradients, so a CPU is enough.

Not here: several machines, sharded weights, saving and resuming.

Source: S. Li et al., "PyTorch Distributed: Experiences on Accelerating Data
Parallel Training", VLDB 2020.

Book page: labs/scaling.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.distributed.elastic.multiprocessing.errors import record
from torch.nn.parallel import DistributedDataParallel

from aibook.data.mnist import load_mnist
from aibook.training import seed_everything

__all__ = ["Run", "digit_network", "launch", "load_tensors", "train"]


class Run(NamedTuple):
    """What a training gives.

    Parameters
    ----------
    losses
        Mean loss over the whole batch before each step, shape (steps,).
    weights
        All weights afterwards, one vector of shape (P,).
    num_processes
        How many processes took part.
    """

    losses: Tensor
    weights: Tensor
    num_processes: int


def load_tensors(
    split: str, *, limit: int | None = None
) -> tuple[Tensor, Tensor]:
    """Return digits of half the side as vectors, and their labels.

    Parameters
    ----------
    split
        ``"train"`` or ``"test"``.
    limit
        Only the first so many. All if None.

    Returns
    -------
    X : Tensor
        Shape (N, 196), 0 to 1.
    y : Tensor
        Shape (N,), the digits 0 to 9, int64.

    Raises
    ------
    ValueError
        As `aibook.data.mnist.load_mnist` does.
    """
    images, labels = load_mnist(split, limit=limit)
    X = torch.from_numpy(images).float() / 255
    X = nn.functional.avg_pool2d(X[:, None], 2).flatten(1)
    return X, torch.from_numpy(labels).long()


def digit_network() -> nn.Module:
    """Return the network: 196 inputs, 64 hidden units, 10 logits."""
    return nn.Sequential(nn.Linear(196, 64), nn.Tanh(), nn.Linear(64, 10))


def train(
    *, batch_size: int = 80, num_samples: int = 2000, num_epochs: int = 2
) -> Run:
    """Train in this process, alone or as one of a group that has been formed.

    Each process sees its share of every batch: samples rank, rank + P and so on.
    Wrapped in `DistributedDataParallel`, the model averages the gradients of all
    processes during ``backward``, so that all make the same step.

    Parameters
    ----------
    batch_size
        Samples a step, of all processes together.
    num_samples
        Digits to train on, the first of the training set.
    num_epochs
        Passes over them, 1 or more.

    Returns
    -------
    Run
        The same in every process.

    Raises
    ------
    ValueError
        If the batches do not come out even, or for fewer than one epoch.
    """
    grouped = dist.is_available() and dist.is_initialized()
    rank = dist.get_rank() if grouped else 0
    count = dist.get_world_size() if grouped else 1
    if batch_size < 1 or batch_size % count or num_samples % batch_size:
        raise ValueError(
            f"batch_size = {batch_size} must divide num_samples = {num_samples} "
            f"and be a multiple of the {count} processes"
        )
    if num_epochs < 1:
        raise ValueError(f"num_epochs = {num_epochs}; it must be 1 or more")
    X, y = load_tensors("train", limit=num_samples)
    seed_everything(0)
    net = digit_network()
    model = DistributedDataParallel(net) if grouped else net
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
    order = torch.Generator().manual_seed(0)
    losses = []
    for _ in range(num_epochs):
        mixed = torch.randperm(num_samples, generator=order)
        for batch in mixed.split(batch_size):
            mine = batch[rank::count]
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(model(X[mine]), y[mine])
            torch.autograd.backward(loss)
            optimizer.step()
            shared = loss.detach().clone()
            if grouped:
                dist.all_reduce(shared)
            losses.append(shared / count)
    weights = nn.utils.parameters_to_vector(net.parameters()).detach()
    return Run(torch.stack(losses), weights, count)


def launch(
    num_processes: int,
    *,
    batch_size: int = 80,
    num_epochs: int = 2,
    timeout: float = 300.0,
) -> Run:
    """Start processes with torchrun, and return what they have learned.

    Parameters
    ----------
    num_processes
        1 or more, on this machine.
    batch_size, num_epochs
        As in `train`.
    timeout
        Seconds after which the processes are stopped.

    Returns
    -------
    Run
        Written by process 0.

    Raises
    ------
    ValueError
        For fewer than one process.
    RuntimeError
        If a process fails; the message ends with what it wrote.
    subprocess.TimeoutExpired
        If they take longer than ``timeout``.
    """
    if num_processes < 1:
        raise ValueError(
            f"num_processes = {num_processes}; it must be 1 or more"
        )
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "run.pt"
        command = [
            *(sys.executable, "-m", "torch.distributed.run", "--standalone"),
            *("--nproc-per-node", str(num_processes)),
            *("-m", "aibook.distributed_digits"),
            *("--out", str(out), "--batch-size", str(batch_size)),
            *("--num-epochs", str(num_epochs)),
        ]
        done = subprocess.run(
            command,
            env={"OMP_NUM_THREADS": "1", **os.environ},
            capture_output=True,
            text=True,
            timeout=timeout,
        )
        if done.returncode:
            raise RuntimeError(
                f"torchrun ended with code {done.returncode}:\n"
                f"{done.stderr[-2000:]}"
            )
        return Run(**torch.load(out, weights_only=True))


@record  # so that torchrun can tell what went wrong
def main() -> None:
    """Be one of the processes that torchrun starts."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--batch-size", type=int, default=80)
    parser.add_argument("--num-epochs", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(1)
    dist.init_process_group("gloo")
    try:
        run = train(
            batch_size=options.batch_size, num_epochs=options.num_epochs
        )
        if dist.get_rank() == 0:
            torch.save(run._asdict(), options.out)
        dist.barrier()
    finally:
        dist.destroy_process_group()


if __name__ == "__main__":
    main()
