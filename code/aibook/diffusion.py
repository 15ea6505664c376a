"""Diffusion without learning: noise is added step by step, or all at once.

What follows from a schedule alone: one step, many steps at once in closed form, the
step back when the clean sample is known, and how the three things that a network can
be asked for, the noise, the clean sample or the velocity, are turned into each other.

Letters: N samples of any shape, T steps; t counts them from 1 to T, and 0 is clean;
a_t, the share of the variance that is still signal after t steps.

Not here: schedules (`aibook.noise_schedules`), loss and training
(`aibook.diffusion_training`), making new samples (`aibook.diffusion_sampling`),
networks (`aibook.models.denoiser`).

Sources: J. Ho, A. Jain and P. Abbeel, "Denoising Diffusion Probabilistic Models",
NeurIPS 2020; T. Salimans and J. Ho, "Progressive Distillation for Fast Sampling
of Diffusion Models", ICLR 2022.

Book page: generative/diffusion.
"""

from __future__ import annotations

from typing import NamedTuple

from torch import Tensor

from aibook.noise_schedules import Schedule, pick

__all__ = [
    "TARGETS",
    "Estimate",
    "diffuse",
    "estimate",
    "make_target",
    "noise_step",
    "posterior",
]

TARGETS = ("noise", "clean", "velocity")
"""What a network can be asked for."""


def noise_step(
    schedule: Schedule, x: Tensor, t: Tensor | int, noise: Tensor
) -> Tensor:
    """Take step t: shrink the sample a little, and add a little noise.

    Parameters
    ----------
    schedule
        Of T steps.
    x
        Samples after t - 1 steps, shape (N, ...).
    t
        1 to T: one number, or shape (N,).
    noise
        Standard normal numbers in the shape of x.

    Returns
    -------
    torch.Tensor
        The samples after t steps.

    Raises
    ------
    ValueError
        If t lies outside its range, or shapes do not fit.

    References
    ----------
    Ho, Jain and Abbeel (2020), equation 2.

    Examples
    --------
    >>> import torch
    >>> from aibook.noise_schedules import linear_schedule
    >>> x = torch.ones(1, 2)
    >>> noise_step(linear_schedule(), x, 1000, torch.zeros(1, 2))  # root of 0.98
    tensor([[0.9899, 0.9899]])
    """
    _same_shape(x, noise)
    beta = pick(schedule.betas, t, x, least=1)
    return (1 - beta).sqrt().to(x) * x + beta.sqrt().to(x) * noise


def diffuse(
    schedule: Schedule, x0: Tensor, t: Tensor | int, noise: Tensor
) -> Tensor:
    """Take all steps up to t at once.

    Parameters
    ----------
    schedule
        Of T steps.
    x0
        Clean samples, shape (N, ...).
    t
        0 to T: one number, or shape (N,).
    noise
        Standard normal numbers in the shape of x0.

    Returns
    -------
    torch.Tensor
        ``sqrt(a_t) x0 + sqrt(1 - a_t) noise``, distributed as after t single steps.

    Raises
    ------
    ValueError
        As for `noise_step`.

    References
    ----------
    Ho, Jain and Abbeel (2020), equation 4.

    Examples
    --------
    >>> import torch
    >>> from aibook.noise_schedules import cosine_schedule
    >>> x0 = torch.ones(1, 2)
    >>> diffuse(cosine_schedule(100), x0, 50, torch.zeros(1, 2))
    tensor([[0.7027, 0.7027]])
    """
    _same_shape(x0, noise)
    signal, rest = schedule.factors(t, x0)
    return signal * x0 + rest * noise


def posterior(
    schedule: Schedule, x0: Tensor, x_t: Tensor, t: Tensor | int
) -> tuple[Tensor, Tensor]:
    """Return where the sample was one step earlier, if the clean one is known.

    Parameters
    ----------
    schedule
        Of T steps.
    x0
        Clean samples, or estimates of them, shape (N, ...).
    x_t
        The samples after t steps, of the same shape.
    t
        1 to T: one number, or shape (N,).

    Returns
    -------
    mean : torch.Tensor
        In the shape of x0.
    variance : torch.Tensor
        Of each number, shape (N, 1, ..., 1); 0 for t = 1.

    Raises
    ------
    ValueError
        As for `noise_step`.

    References
    ----------
    Ho, Jain and Abbeel (2020), equations 6 and 7.

    Examples
    --------
    >>> import torch
    >>> from aibook.noise_schedules import linear_schedule
    >>> x0, x_t = torch.ones(1, 2), torch.zeros(1, 2)
    >>> mean, variance = posterior(linear_schedule(), x0, x_t, 1)
    >>> mean.tolist(), variance.item()
    ([[1.0, 1.0]], 0.0)
    """
    _same_shape(x0, x_t)
    beta = pick(schedule.betas, t, x0, least=1)
    now, before = pick(schedule.kept, t, x0), pick(schedule.kept, t - 1, x0)
    to_clean = before.sqrt() * beta / (1 - now)
    to_noisy = (1 - beta).sqrt() * (1 - before) / (1 - now)
    mean = to_clean.to(x0) * x0 + to_noisy.to(x0) * x_t
    return mean, (beta * (1 - before) / (1 - now)).to(x0)


class Estimate(NamedTuple):
    """What a noisy sample is thought to be made of.

    Parameters
    ----------
    clean, noise
        Of the shape of the sample; it is their mixture at step t.
    """

    clean: Tensor
    noise: Tensor


def make_target(
    schedule: Schedule,
    x0: Tensor,
    t: Tensor | int,
    noise: Tensor,
    *,
    target: str = "noise",
) -> Tensor:
    """Return what the network is asked for.

    Parameters
    ----------
    schedule, x0, t, noise
        As for `diffuse`.
    target
        One of `TARGETS`: the noise; the clean sample; or the velocity,
        ``sqrt(a_t) noise - sqrt(1 - a_t) x0``.

    Raises
    ------
    ValueError
        As for `diffuse`, and for an unknown target.

    References
    ----------
    Salimans and Ho (2022), section 4.

    Examples
    --------
    >>> import torch
    >>> from aibook.noise_schedules import linear_schedule
    >>> x0, noise = torch.full((1, 1), 2.0), torch.full((1, 1), 3.0)
    >>> make_target(linear_schedule(), x0, 0, noise, target="velocity")
    tensor([[3.]])
    """
    _known(target)
    _same_shape(x0, noise)
    if target == "noise":
        return noise
    if target == "clean":
        return x0
    signal, rest = schedule.factors(t, x0)
    return signal * noise - rest * x0


def estimate(
    schedule: Schedule,
    x_t: Tensor,
    t: Tensor | int,
    output: Tensor,
    *,
    target: str = "noise",
) -> Estimate:
    """Split a noisy sample into clean sample and noise, as the network sees it.

    Parameters
    ----------
    schedule
        Of T steps.
    x_t
        Samples after t steps, shape (N, ...).
    t
        1 to T: one number, or shape (N,).
    output
        What the network answered, in the shape of x_t.
    target
        What it was asked for, one of `TARGETS`.

    Returns
    -------
    Estimate

    Raises
    ------
    ValueError
        As for `noise_step`, and for an unknown target.

    Examples
    --------
    >>> import torch
    >>> from aibook.noise_schedules import cosine_schedule
    >>> x_t, noise = torch.ones(1, 1), torch.zeros(1, 1)
    >>> estimate(cosine_schedule(100), x_t, 50, noise).clean  # 1 / 0.7027
    tensor([[1.4230]])
    """
    _known(target)
    _same_shape(x_t, output)
    pick(schedule.betas, t, x_t, least=1)
    signal, rest = schedule.factors(t, x_t)
    if target == "noise":
        return Estimate((x_t - rest * output) / signal, output)
    if target == "clean":
        return Estimate(output, (x_t - signal * output) / rest)
    return Estimate(signal * x_t - rest * output, rest * x_t + signal * output)


def _known(target: str) -> None:
    if target not in TARGETS:
        raise ValueError(f"target is {target!r}; expected one of {TARGETS}")


def _same_shape(x: Tensor, other: Tensor) -> None:
    if x.shape != other.shape or x.ndim < 1:
        raise ValueError(
            f"shapes {tuple(x.shape)} and {tuple(other.shape)} differ; expected "
            "the same (N, ...)"
        )
