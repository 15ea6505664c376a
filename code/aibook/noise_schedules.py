"""Noise schedules: how much noise each step of a diffusion adds.

Letters: N samples of any shape, T steps; t counts them from 1 to T, and 0 is clean.
In formulas, a_t is the share of the variance that is still signal after t steps
(``kept``; the papers write alpha with a bar), and 1 - a_t the share of noise.

Not here: what is done with a schedule (`aibook.diffusion`).

Sources: J. Ho, A. Jain and P. Abbeel, "Denoising Diffusion Probabilistic Models",
NeurIPS 2020; A. Nichol and P. Dhariwal, "Improved Denoising Diffusion Probabilistic
Models", ICML 2021.

Book page: generative/diffusion.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
from torch import Tensor

__all__ = ["Schedule", "cosine_schedule", "linear_schedule", "pick"]


class Schedule(NamedTuple):
    """How much noise each step adds, and what is left of the signal.

    Parameters
    ----------
    betas
        The variance that each step adds, shape (T + 1,), float64; entry 0 is 0.
    kept
        The share of signal after t steps, the product of all ``1 - beta`` so far,
        shape (T + 1,), float64; entry 0 is 1.
    """

    betas: Tensor
    kept: Tensor

    @property
    def num_steps(self) -> int:
        """T, the number of steps."""
        return len(self.betas) - 1

    def factors(self, t: Tensor | int, x: Tensor) -> tuple[Tensor, Tensor]:
        """Return how strong signal and noise are at t, as factors of x.

        Parameters
        ----------
        t
            Steps, 0 to T: one number, or shape (N,).
        x
            Samples, shape (N, ...).

        Returns
        -------
        signal, noise : torch.Tensor
            Roots of ``kept`` and of 1 minus it, of shape (N, 1, ..., 1) and the
            dtype of x; their squares add up to 1.

        Raises
        ------
        ValueError
            If a step lies outside 0 to T, or does not fit x.
        """
        kept = pick(self.kept, t, x)
        return kept.sqrt().to(x), (1 - kept).sqrt().to(x)


def linear_schedule(
    num_steps: int = 1000, *, first: float = 1e-4, last: float = 0.02
) -> Schedule:
    """Return the schedule whose steps grow evenly from the first to the last.

    Parameters
    ----------
    num_steps
        T, 1 or more. The defaults of the other two are meant for 1,000 steps; fewer
        need larger ones, or signal is left at the end.
    first, last
        Variance of the first and of the last step, above 0 and below 1.

    Raises
    ------
    ValueError
        If a number is outside its range.

    References
    ----------
    Ho, Jain and Abbeel (2020), section 4.

    Examples
    --------
    >>> schedule = linear_schedule()
    >>> f"{schedule.kept[-1]:.2e}"
    '4.04e-05'
    """
    _at_least_one(num_steps)
    if not (0 < first < 1 and 0 < last < 1):
        raise ValueError(
            f"first is {first}, last {last}; each must lie between 0 and 1"
        )
    return _schedule(
        torch.linspace(first, last, num_steps, dtype=torch.double)
    )


def cosine_schedule(
    num_steps: int = 1000, *, offset: float = 0.008, limit: float = 0.999
) -> Schedule:
    """Return the schedule whose signal falls along a squared cosine.

    Parameters
    ----------
    num_steps
        T, 1 or more.
    offset
        Keeps the first steps from being too small, 0 or more.
    limit
        The most variance that a step may add, above 0 and below 1.

    Raises
    ------
    ValueError
        If a number is outside its range.

    References
    ----------
    Nichol and Dhariwal (2021), equation 17.

    Examples
    --------
    >>> schedule = cosine_schedule(100)
    >>> [round(schedule.kept[t].item(), 3) for t in (0, 25, 50, 75, 100)]
    [1.0, 0.847, 0.494, 0.144, 0.0]
    """
    _at_least_one(num_steps)
    if not (offset >= 0 and 0 < limit < 1):
        raise ValueError(
            f"offset is {offset}, limit {limit}; expected 0 or more, and a number "
            "between 0 and 1"
        )
    time = torch.linspace(0, 1, num_steps + 1, dtype=torch.double)
    wanted = ((time + offset) / (1 + offset) * math.pi / 2).cos() ** 2
    return _schedule((1 - wanted[1:] / wanted[:-1]).clamp(max=limit))


def pick(
    values: Tensor, t: Tensor | int, x: Tensor, *, least: int = 0
) -> Tensor:
    """Return the values at steps t, in a shape that multiplies samples x.

    Parameters
    ----------
    values
        One for each step, shape (T + 1,).
    t
        One integer, or shape (N,).
    x
        Samples, shape (N, ...).
    least
        The first step that is allowed.

    Returns
    -------
    torch.Tensor
        Shape (N, 1, ..., 1), of the dtype of the values.

    Raises
    ------
    ValueError
        If t is no integer, does not fit x, or lies outside ``least`` to T.

    Examples
    --------
    >>> pick(torch.tensor([0.0, 0.5]), 1, torch.zeros(2, 3))
    tensor([[0.5000],
            [0.5000]])
    """
    steps = torch.as_tensor(t, device=x.device)
    if steps.is_floating_point() or steps.shape not in ((), x.shape[:1]):
        raise ValueError(
            f"t has shape {tuple(steps.shape)} and dtype {steps.dtype}; expected "
            f"one integer, or {x.shape[0]} of them"
        )
    if steps.numel() and not (
        least <= steps.min() and steps.max() < len(values)
    ):
        raise ValueError(
            f"t lies in {steps.min()} to {steps.max()}; expected {least} to "
            f"{len(values) - 1}"
        )
    picked = values.to(x.device)[steps.expand(x.shape[:1])]
    return picked.view(-1, *[1] * (x.ndim - 1))


def _schedule(betas: Tensor) -> Schedule:
    betas = torch.cat([torch.zeros(1, dtype=torch.double), betas])
    return Schedule(betas, (1 - betas).cumprod(0))


def _at_least_one(num_steps: int) -> None:
    if num_steps < 1:
        raise ValueError(f"num_steps is {num_steps}; it must be 1 or more")
