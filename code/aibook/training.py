"""Training in six steps, for any classifier.

The loop knows no model: it takes a model, batches, a loss and an optimiser, and
repeats, for each batch: (1) data as tensors, (2) clear the gradients, (3) forward
pass, (4) loss, (5) backward pass, (6) update.

Not here: models, losses, data sets, and the special steps of GANs and diffusion.

Source: A. Paszke et al., "PyTorch: An Imperative Style, High-Performance Deep
Learning Library", NeurIPS 2019.

Book pages: networks/perceptron, networks/mlp, networks/training.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import ArrayLike
from torch import Tensor, nn
from torch.utils.data import (
    BatchSampler,
    DataLoader,
    RandomSampler,
    SequentialSampler,
    TensorDataset,
)

from aibook.early_stopping import EarlyStopping

__all__ = [
    "EpochResult",
    "History",
    "evaluate",
    "fit",
    "make_loader",
    "pick_device",
    "seed_everything",
    "train_one_epoch",
]

Batches = Iterable[tuple[Tensor, Tensor]]
Loss = Callable[
    [Tensor, Tensor], Any
]  # Any: torch does not type Tensor.backward


class EpochResult(NamedTuple):
    """Mean loss and accuracy over the samples of one epoch."""

    loss: float
    accuracy: float


@dataclass
class History:
    """What `fit` measured: one entry an epoch in each list.

    Examples
    --------
    >>> history = History(loss=[0.7, 0.5], accuracy=[0.5, 1.0])
    >>> history.rows()[-1]
    {'epoch': 2, 'loss': 0.5, 'accuracy': 1.0}
    """

    loss: list[float] = field(default_factory=list)
    accuracy: list[float] = field(default_factory=list)
    val_loss: list[float] = field(default_factory=list)
    val_accuracy: list[float] = field(default_factory=list)

    def rows(self) -> list[dict[str, float]]:
        """Return one dictionary an epoch, as a table takes them."""
        columns = {
            name: values for name, values in vars(self).items() if values
        }
        return [
            {"epoch": epoch, **dict(zip(columns, row, strict=True))}
            for epoch, row in enumerate(
                zip(*columns.values(), strict=True), start=1
            )
        ]


def seed_everything(seed: int) -> torch.Generator:
    """Fix the random numbers of Python, NumPy and PyTorch.

    Parameters
    ----------
    seed
        From 0 to ``2**32 - 1``.

    Returns
    -------
    torch.Generator
        A generator of its own, on the CPU, that starts from the same seed.

    Raises
    ------
    ValueError
        For a seed out of range.

    Examples
    --------
    >>> _ = seed_everything(0)
    >>> a = torch.rand(3)
    >>> _ = seed_everything(0)
    >>> torch.equal(a, torch.rand(3))
    True
    """
    if not 0 <= seed < 2**32:
        raise ValueError(f"seed = {seed}; it must lie in 0 to 2**32 - 1")
    random.seed(seed)
    np.random.seed(seed)  # noqa: NPY002 (what scikit-learn draws from by default)
    torch.manual_seed(seed)
    return torch.Generator().manual_seed(seed)


def pick_device() -> torch.device:
    """Return the fastest device that is there: CUDA, Apple's MPS, or the CPU.

    Examples
    --------
    >>> pick_device().type in ("cuda", "mps", "cpu")
    True
    """
    if torch.cuda.is_available():
        return torch.device("cuda")
    if torch.backends.mps.is_available():
        return torch.device("mps")
    return torch.device("cpu")


def make_loader(
    X: ArrayLike | Tensor,
    y: ArrayLike | Tensor,
    *,
    batch_size: int,
    shuffle: bool = False,
    seed: int = 0,
) -> DataLoader[tuple[Tensor, ...]]:
    """Turn arrays into batches of tensors.

    Parameters
    ----------
    X
        Inputs, shape (N, ...), finite. They become float32.
    y
        Labels, shape (N, ...). Integers become int64, which `nn.CrossEntropyLoss`
        asks for; floats become float32, which `nn.BCEWithLogitsLoss` asks for.
    batch_size
        Samples a batch; the last batch may be smaller.
    shuffle
        Whether each epoch has an order of its own.
    seed
        Fixes those orders.

    Returns
    -------
    torch.utils.data.DataLoader
        Yields ``(X, y)`` batches.

    Raises
    ------
    ValueError
        For lengths that differ, no sample, a value that is not finite, or a batch
        size below 1.

    Examples
    --------
    >>> loader = make_loader(np.zeros((5, 2)), np.arange(5), batch_size=2)
    >>> [y.tolist() for _, y in loader]
    [[0, 1], [2, 3], [4]]
    """
    inputs = _to_tensor(X).float()
    labels = _to_tensor(y)
    labels = labels.float() if labels.is_floating_point() else labels.long()
    if inputs.ndim == 0 or labels.ndim == 0 or len(inputs) != len(labels):
        raise ValueError(
            f"X has shape {tuple(inputs.shape)}, y has {tuple(labels.shape)}; "
            "they must have the same length N"
        )
    if inputs.numel() == 0:
        raise ValueError(
            f"X is empty (shape {tuple(inputs.shape)}); give N >= 1"
        )
    if not (inputs.isfinite().all() and labels.isfinite().all()):
        raise ValueError(
            "X or y holds NaN or infinity; every value must be finite"
        )
    if batch_size < 1:
        raise ValueError(f"batch_size = {batch_size}; it must be 1 or more")
    dataset = TensorDataset(inputs, labels)
    order = (
        RandomSampler(dataset, generator=torch.Generator().manual_seed(seed))
        if shuffle
        else SequentialSampler(dataset)
    )
    # A batch is cut out of the tensors at once, not gathered sample by sample.
    batches = BatchSampler(order, batch_size, drop_last=False)
    return DataLoader(
        dataset,
        sampler=batches,
        batch_size=None,
        generator=torch.Generator(),  # else each pass draws from PyTorch's own
    )


def train_one_epoch(
    model: nn.Module,
    loader: Batches,
    loss_fn: Loss,
    optimizer: torch.optim.Optimizer,
    *,
    device: torch.device | None = None,
) -> EpochResult:
    """Train on every batch once, and measure on the way.

    Parameters
    ----------
    model
        Gives logits: (N,) or (N, 1) for two classes, (N, K) for K classes.
    loader
        Batches ``(X, y)`` of tensors.
    loss_fn
        From logits and labels to the batch's mean loss.
    optimizer
        Holds the model's parameters.
    device
        Where the model is (by default asked of the model); batches are moved there.

    Returns
    -------
    EpochResult
        Means over the samples; each batch is measured before its update.

    Raises
    ------
    FloatingPointError
        When a loss is NaN or infinite; the message names the step.
    ValueError
        For an empty loader, logits and labels that do not fit together, binary
        labels other than 0 and 1, or a loss that is not a single number.

    Examples
    --------
    >>> _ = seed_everything(0)
    >>> model = nn.Linear(2, 3)
    >>> loader = make_loader(np.eye(2), np.array([0, 2]), batch_size=2)
    >>> optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
    >>> loss_fn = nn.CrossEntropyLoss()
    >>> first = train_one_epoch(model, loader, loss_fn, optimizer)
    >>> first.loss > evaluate(model, loader, loss_fn).loss
    True
    """
    device = _device_of(model) if device is None else device
    tally = _Tally()
    with _mode(model, training=True):
        for X, y in loader:
            X, y = X.to(device), y.to(device)  # 1. data as tensors
            optimizer.zero_grad()  # 2. clear the old gradients
            logits = model(X)  # 3. forward pass
            loss = loss_fn(logits, y)  # 4. loss
            tally.add(loss, logits, y)
            loss.backward()  # 5. backward pass: new gradients
            optimizer.step()  # 6. update the weights
    return tally.result()


@torch.no_grad()
def evaluate(
    model: nn.Module,
    loader: Batches,
    loss_fn: Loss,
    *,
    device: torch.device | None = None,
) -> EpochResult:
    """Measure the model on every batch, without training.

    Parameters, result and errors are those of `train_one_epoch`.

    Examples
    --------
    >>> loader = make_loader(np.eye(2), np.array([0, 1]), batch_size=2)
    >>> result = evaluate(nn.Identity(), loader, nn.CrossEntropyLoss())
    >>> round(result.loss, 4), result.accuracy
    (0.3133, 1.0)
    """
    device = _device_of(model) if device is None else device
    tally = _Tally()
    with _mode(model, training=False):
        for X, y in loader:
            X, y = X.to(device), y.to(device)
            logits = model(X)
            tally.add(loss_fn(logits, y), logits, y)
    return tally.result()


def fit(
    model: nn.Module,
    train_loader: Batches,
    val_loader: Batches | None = None,
    *,
    loss_fn: Loss,
    optimizer: torch.optim.Optimizer,
    num_epochs: int,
    log_every: int = 0,
    device: torch.device | None = None,
    on_epoch: Callable[[int, History], None] | None = None,
    early_stopping: EarlyStopping | None = None,
) -> History:
    """Train for several epochs, and keep what was measured.

    Parameters
    ----------
    model, loss_fn, optimizer, device
        As for `train_one_epoch`.
    train_loader
        Batches to train on.
    val_loader
        Batches to measure on after each epoch.
    num_epochs
        Passes over ``train_loader``.
    log_every
        Print a line every so many epochs and after the last; 0 prints nothing.
    on_epoch
        Called after each epoch as ``on_epoch(epoch, history)``, epochs from 1.
    early_stopping
        Watches the validation loss, may end the training before ``num_epochs``,
        and in any case leaves the model with the best weights.

    Returns
    -------
    History
        ``val_loss`` and ``val_accuracy`` are empty without ``val_loader``.

    Raises
    ------
    FloatingPointError
        As for `train_one_epoch`; the message names the epoch too.
    ValueError
        As for `train_one_epoch`, for fewer than one epoch, and for early stopping
        without ``val_loader``.

    Examples
    --------
    >>> _ = seed_everything(0)
    >>> X, y = np.array([[0.0], [1.0]]), np.array([0.0, 1.0])
    >>> model = nn.Sequential(nn.Linear(1, 1), nn.Flatten(0))
    >>> history = fit(
    ...     model,
    ...     make_loader(X, y, batch_size=2),
    ...     loss_fn=nn.BCEWithLogitsLoss(),
    ...     optimizer=torch.optim.SGD(model.parameters(), lr=1.0),
    ...     num_epochs=100,
    ... )
    >>> history.accuracy[-1]
    1.0
    """
    if num_epochs < 1:
        raise ValueError(f"num_epochs = {num_epochs}; it must be 1 or more")
    if early_stopping is not None and val_loader is None:
        raise ValueError("early stopping needs a val_loader to watch")
    history = History()
    for epoch in range(1, num_epochs + 1):
        try:
            result = train_one_epoch(
                model, train_loader, loss_fn, optimizer, device=device
            )
            history.loss.append(result.loss)
            history.accuracy.append(result.accuracy)
            if val_loader is not None:
                result = evaluate(model, val_loader, loss_fn, device=device)
                history.val_loss.append(result.loss)
                history.val_accuracy.append(result.accuracy)
        except FloatingPointError as error:
            raise FloatingPointError(f"epoch {epoch}, {error}") from error
        if log_every and (epoch % log_every == 0 or epoch == num_epochs):
            print(_log_line(history))
        if on_epoch is not None:
            on_epoch(epoch, history)
        if early_stopping is not None and early_stopping.update(
            model, history.val_loss[-1]
        ):
            break
    if early_stopping is not None:
        early_stopping.restore(model)
    return history


def _log_line(history: History) -> str:
    """Return the last epoch's measurements in columns."""
    row = history.rows()[-1]
    columns = [f"epoch {row.pop('epoch'):4d}"]
    for name, value in row.items():
        columns.append(f"{name} {value:.{3 if 'accuracy' in name else 4}f}")
    return "  ".join(columns)


class _Tally:
    """Sums of losses and hits, so that a smaller last batch weighs less."""

    def __init__(self) -> None:
        self.step = 0
        self.num_samples = 0
        self.loss = 0.0
        self.num_correct = 0

    def add(self, loss: Tensor, logits: Tensor, y: Tensor) -> None:
        self.step += 1
        if loss.numel() != 1:
            raise ValueError(
                f"the loss has shape {tuple(loss.shape)}; loss_fn must give one number"
            )
        if not loss.isfinite().item():
            raise FloatingPointError(
                f"step {self.step}: the loss is {loss.item()}; try a smaller lr, "
                "and check the inputs"
            )
        self.loss += loss.item() * len(y)
        self.num_correct += _count_correct(logits.detach(), y)
        self.num_samples += len(y)

    def result(self) -> EpochResult:
        if self.num_samples == 0:
            raise ValueError("the loader is empty; give it at least one batch")
        return EpochResult(
            self.loss / self.num_samples, self.num_correct / self.num_samples
        )


def _count_correct(logits: Tensor, y: Tensor) -> int:
    """Return how many labels (N,) the logits (N,), (N, 1) or (N, K) get right."""
    if (
        logits.ndim == 2
        and logits.shape[1] > 1
        and y.shape == logits.shape[:1]
    ):
        return int((logits.argmax(dim=1) == y).sum())
    binary = logits.ndim == 1 or (logits.ndim == 2 and logits.shape[1] == 1)
    if not binary or y.shape != logits.shape:
        raise ValueError(
            f"logits {tuple(logits.shape)} and labels {tuple(y.shape)} do not fit: "
            "give (N,) and (N,), (N, 1) and (N, 1), or (N, K) and (N,)"
        )
    wrong = y[(y != 0) & (y != 1)]
    if len(wrong):
        raise ValueError(
            f"y holds {wrong[0]:g}; with one logit, labels are 0 and 1"
        )
    return int(((logits > 0) == (y == 1)).sum())


@contextmanager
def _mode(model: nn.Module, *, training: bool) -> Iterator[None]:
    """Set the mode (of dropout, batch normalisation), and restore it at the end."""
    before = [(module, module.training) for module in model.modules()]
    model.train(training)
    try:
        yield
    finally:
        for module, was_training in before:
            module.training = was_training


def _device_of(model: nn.Module) -> torch.device:
    state = chain(model.parameters(), model.buffers())
    return next((tensor.device for tensor in state), torch.device("cpu"))


def _to_tensor(array: ArrayLike | Tensor) -> Tensor:
    # A copy: arrays may be read-only or have negative strides, which torch refuses.
    if isinstance(array, Tensor):
        return array.detach().clone()
    return torch.from_numpy(np.array(array, copy=True, order="C"))
