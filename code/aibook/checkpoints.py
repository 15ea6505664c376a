"""Checkpoints: save a training to a file, and go on from there.

A checkpoint holds everything that the next step depends on: the model's weights
and buffers, the optimiser's state, and the states of the random generators. What
continues from it is the same run, bit by bit, on the same machine and versions.
To use a network and not to train it on, its `state_dict` alone is enough.

Not here: generators of NumPy and Python, and of devices other than the CPU.

Source: A. Paszke et al., "PyTorch: An Imperative Style, High-Performance Deep
Learning Library", NeurIPS 2019.

Book page: networks/training.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from torch import nn
from torch.utils.data import DataLoader

__all__ = ["load_checkpoint", "save_checkpoint"]

PARTS = {"epoch", "model", "optimizer", "order", "draws"}


def save_checkpoint(
    path: Path,
    *,
    epoch: int,
    model: nn.Module,
    optimizer: torch.optim.Optimizer,
    loader: DataLoader[Any],
) -> None:
    """Save a training between two epochs.

    Parameters
    ----------
    path
        The file; an existing one is replaced.
    epoch
        The number of epochs done.
    model, optimizer
        What is trained, and what trains it.
    loader
        The training batches, from `aibook.training.make_loader`.

    Raises
    ------
    ValueError
        For a negative epoch.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from aibook.training import make_loader
    >>> model = nn.Linear(2, 1)
    >>> parts = {
    ...     "model": model,
    ...     "optimizer": torch.optim.Adam(model.parameters()),
    ...     "loader": make_loader([[0.0, 1.0]], [1.0], batch_size=1),
    ... }
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "run.pt"
    ...     save_checkpoint(path, epoch=3, **parts)
    ...     load_checkpoint(path, **parts)
    3
    """
    if epoch < 0:
        raise ValueError(f"epoch = {epoch}; it must be 0 or more")
    order = _generator(loader)
    checkpoint = {
        "epoch": epoch,
        "model": model.state_dict(),
        "optimizer": optimizer.state_dict(),
        "order": None if order is None else order.get_state(),
        "draws": torch.get_rng_state(),  # dropout draws from this one
    }
    torch.save(checkpoint, path)


def load_checkpoint(
    path: Path,
    *,
    model: nn.Module,
    optimizer: torch.optim.Optimizer,
    loader: DataLoader[Any],
) -> int:
    """Put a training back into the state in which it was saved.

    Parameters
    ----------
    path
        A file that `save_checkpoint` wrote. It is read with
        ``weights_only=True``, so it cannot run code.
    model, optimizer, loader
        Made in the same way as those that were saved; their state is replaced,
        and so is that of PyTorch's own generator.

    Returns
    -------
    int
        The number of epochs done.

    Raises
    ------
    ValueError
        If the file holds something else, or one of the two loaders shuffles
        and the other does not.
    RuntimeError
        If the model has other weights than the saved one (from PyTorch).
    """
    checkpoint = torch.load(path, weights_only=True, map_location="cpu")
    if not isinstance(checkpoint, dict) or set(checkpoint) != PARTS:
        raise ValueError(
            f"{path.name} is no checkpoint; expected a dictionary with the keys "
            + ", ".join(sorted(PARTS))
        )
    order = _generator(loader)
    if (order is None) != (checkpoint["order"] is None):
        saved = "in order" if checkpoint["order"] is None else "shuffled"
        raise ValueError(
            f"the saved loader's batches were {saved}, this loader's are not"
        )
    model.load_state_dict(checkpoint["model"])
    optimizer.load_state_dict(checkpoint["optimizer"])
    if order is not None:
        order.set_state(checkpoint["order"])
    torch.set_rng_state(checkpoint["draws"])
    return int(checkpoint["epoch"])


def _generator(loader: DataLoader[Any]) -> torch.Generator | None:
    """Return what the loader's order is drawn from; None if it is fixed."""
    sampler = loader.sampler
    sampler = getattr(sampler, "sampler", sampler)  # inside a BatchSampler
    generator: torch.Generator | None = getattr(sampler, "generator", None)
    return generator
