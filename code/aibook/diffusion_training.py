"""Train a denoiser: the special step of a diffusion model.

Each sample of a batch is mixed with noise at a step of its own, drawn at random, and
the network is asked what it is made of. Nothing is simulated step by step, for any
step is reached at once (`aibook.diffusion.diffuse`).

Letters: N samples in a batch, T steps of the schedule.

Not here: networks (`aibook.models.denoiser`), making samples
(`aibook.diffusion_sampling`).

Sources: J. Ho, A. Jain and P. Abbeel, "Denoising Diffusion Probabilistic Models",
NeurIPS 2020, algorithm 1; J. Ho and T. Salimans, "Classifier-Free Diffusion Guidance",
2022, algorithm 1 (dropping the condition).

Book page: generative/diffusion.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

import torch
from torch import Tensor, nn

from aibook.averaging import follow, warm_decay
from aibook.diffusion import diffuse, make_target
from aibook.noise_schedules import Schedule

__all__ = ["diffusion_loss", "drop_conditions", "train_diffusion"]


def diffusion_loss(
    model: nn.Module,
    schedule: Schedule,
    x0: Tensor,
    condition: Tensor | None = None,
    *,
    generator: torch.Generator,
    target: str = "noise",
) -> Tensor:
    """Return how far the network is from knowing what noisy samples are made of.

    Parameters
    ----------
    model
        Called as ``model(x_t, t, condition)``; gives the shape of x_t.
    schedule
        Of T steps.
    x0
        Clean samples, shape (N, ...), N of 1 or more.
    condition
        What the samples show, shape (N, ...), if the model is told.
    generator
        Draws the steps, 1 to T each, and the noise; on the CPU.
    target
        What the model is asked for, one of `aibook.diffusion.TARGETS`.

    Returns
    -------
    torch.Tensor
        The mean squared error, a single number.

    Raises
    ------
    ValueError
        For an unknown target, or an answer of another shape.

    References
    ----------
    Ho, Jain and Abbeel (2020), equation 14.

    Examples
    --------
    >>> from aibook.noise_schedules import linear_schedule
    >>> class Silent(nn.Module):
    ...     def forward(self, x, t, condition):
    ...         return torch.zeros_like(x)
    >>> generator = torch.Generator().manual_seed(0)
    >>> x0 = torch.zeros(1000, 10)
    >>> loss = diffusion_loss(
    ...     Silent(), linear_schedule(), x0, generator=generator
    ... )
    >>> round(loss.item(), 1)  # the variance of the noise
    1.0
    """
    t = torch.randint(
        1, schedule.num_steps + 1, (len(x0),), generator=generator
    ).to(x0.device)
    noise = torch.randn(x0.shape, generator=generator).to(x0)
    wanted = make_target(schedule, x0, t, noise, target=target)
    answer = model(diffuse(schedule, x0, t, noise), t, condition)
    if answer.shape != wanted.shape:
        raise ValueError(
            f"the model answers with shape {tuple(answer.shape)}; expected that "
            f"of the samples, {tuple(wanted.shape)}"
        )
    return (answer - wanted).square().mean()  # type: ignore[no-any-return]


def drop_conditions(
    condition: Tensor,
    blank: Tensor,
    *,
    share: float,
    generator: torch.Generator,
) -> Tensor:
    """Replace some conditions by the one that says nothing.

    So one network learns to work with a condition and without.

    Parameters
    ----------
    condition
        Shape (N, ...).
    blank
        The condition that says nothing, in the shape of one condition.
    share
        With which probability each is replaced, 0 to 1.
    generator
        Draws which; on the CPU.

    Returns
    -------
    torch.Tensor
        New conditions, shape (N, ...).

    Raises
    ------
    ValueError
        If ``share`` is outside its range or ``blank`` has another shape.

    Examples
    --------
    >>> generator = torch.Generator().manual_seed(0)
    >>> classes = torch.tensor([3, 1, 4])
    >>> drop_conditions(
    ...     classes, torch.tensor(10), share=1.0, generator=generator
    ... )
    tensor([10, 10, 10])
    """
    if not 0 <= share <= 1:
        raise ValueError(f"share is {share}; it must lie in 0 to 1")
    if blank.shape != condition.shape[1:]:
        raise ValueError(
            f"blank has shape {tuple(blank.shape)}; expected that of one "
            f"condition, {tuple(condition.shape[1:])}"
        )
    hit = torch.rand(len(condition), generator=generator) < share
    hit = hit.to(condition.device).view(-1, *[1] * blank.ndim)
    return torch.where(hit, blank.to(condition), condition)


def train_diffusion(
    model: nn.Module,
    schedule: Schedule,
    batches: Iterable[tuple[Tensor, Tensor]],
    *,
    optimizer: torch.optim.Optimizer,
    num_epochs: int,
    target: str = "noise",
    blank: Tensor | None = None,
    share: float = 0.1,
    average: nn.Module | None = None,
    decay: float = 0.995,
    slower: bool = True,
    log_every: int = 0,
    on_epoch: Callable[[int, list[float]], None] | None = None,
    seed: int = 0,
) -> list[float]:
    """Train a denoiser on all batches, for several epochs.

    Parameters
    ----------
    model, schedule, target
        As for `diffusion_loss`.
    batches
        Yields pairs of clean samples (N, ...) and conditions (N, ...); it has a
        length, and is passed through once an epoch.
    optimizer
        Holds the model's parameters.
    num_epochs
        Passes over the batches, 1 or more.
    blank
        The condition that says nothing, as for `drop_conditions`. Without it the
        conditions of the batches are not looked at, and the model is given None.
    share
        How many conditions are dropped.
    average
        A copy of the model that follows it slowly (`aibook.averaging.follow`).
    decay
        Of the average; smaller at first (`aibook.averaging.warm_decay`).
    slower
        Whether the learning rate grows from 0 in the first twentieth of the steps,
        then falls along a cosine to 0 at the end.
    log_every
        Print a line every so many epochs and after the last; 0 prints nothing.
    on_epoch
        Called after each epoch as ``on_epoch(epoch, losses)``, epochs from 1.
    seed
        Of the steps, the noise, and the conditions that are dropped.

    Returns
    -------
    list of float
        The mean loss of each epoch.

    Raises
    ------
    FloatingPointError
        When a loss is NaN or infinite.
    ValueError
        For fewer than one epoch or no batch, and as the functions named.

    References
    ----------
    Ho, Jain and Abbeel (2020), algorithm 1.

    Examples
    --------
    >>> from aibook.noise_schedules import cosine_schedule
    >>> from aibook.models.denoiser import PointDenoiser
    >>> model = PointDenoiser(2, num_steps=100)
    >>> losses = train_diffusion(
    ...     model,
    ...     cosine_schedule(100),
    ...     [(torch.randn(8, 2), torch.zeros(8))],
    ...     optimizer=torch.optim.Adam(model.parameters()),
    ...     num_epochs=3,
    ... )
    >>> len(losses)
    3
    """
    if num_epochs < 1:
        raise ValueError(f"num_epochs = {num_epochs}; it must be 1 or more")
    num_batches = len(batches)  # type: ignore[arg-type]
    if num_batches < 1:
        raise ValueError("there is no batch; give one at least")
    generator = torch.Generator().manual_seed(seed)
    rates = [group["lr"] for group in optimizer.param_groups]
    losses: list[float] = []
    step = 0
    for epoch in range(1, num_epochs + 1):
        total = 0.0
        for x0, told in batches:
            if slower:
                part = _rate(step / (num_epochs * num_batches))
                for group, rate in zip(
                    optimizer.param_groups, rates, strict=True
                ):
                    group["lr"] = part * rate
            condition = None
            if blank is not None:
                condition = drop_conditions(
                    told, blank, share=share, generator=generator
                )
            loss = diffusion_loss(
                model,
                schedule,
                x0,
                condition,
                generator=generator,
                target=target,
            )
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += _finite(loss)
            step += 1
            if average is not None:
                follow(average, model, decay=warm_decay(step, decay))
        losses.append(total / num_batches)
        if log_every and (epoch % log_every == 0 or epoch == num_epochs):
            print(f"epoch {epoch:4d}  loss {losses[-1]:.4f}")
        if on_epoch is not None:
            on_epoch(epoch, losses)
    return losses


def _rate(done: float) -> float:
    """Return the share of the learning rate after a share of the steps."""
    if done < 0.05:
        return done / 0.05 + 0.01
    return (1 + math.cos(math.pi * (done - 0.05) / 0.95)) / 2


def _finite(loss: Tensor) -> float:
    """Return a loss as a number, or refuse what is none."""
    value = loss.item()
    if not math.isfinite(value):
        raise FloatingPointError(
            f"the loss is {value}; try a smaller learning rate"
        )
    return value
