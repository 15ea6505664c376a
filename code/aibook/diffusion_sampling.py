"""Make samples out of noise, with a network that knows what noisy samples are made of.

`ddpm_sample` takes all T steps back and adds fresh noise at each; `ddim_sample` takes
few, long steps, and by default adds none, so that the first noise decides everything.
With guidance, the network is asked twice, with and without the condition, and what
the condition changes is exaggerated.

Letters: N samples, T steps of the schedule.

Not here: the schedule and what follows from it (`aibook.diffusion`), training
(`aibook.diffusion_training`).

Sources: J. Ho, A. Jain and P. Abbeel, "Denoising Diffusion Probabilistic Models",
NeurIPS 2020, algorithm 2; J. Song, C. Meng and S. Ermon, "Denoising Diffusion Implicit
Models", ICLR 2021; J. Ho and T. Salimans, "Classifier-Free Diffusion Guidance", 2022.

Book page: generative/diffusion.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn

from aibook.diffusion import Estimate, estimate, posterior
from aibook.noise_schedules import Schedule

__all__ = ["ddim_sample", "ddpm_sample", "guided"]

Denoise = Callable[[Tensor, Tensor], Tensor]
OnStep = Callable[[int, Tensor, Tensor], None]


def guided(
    model: nn.Module,
    condition: Tensor | None = None,
    blank: Tensor | None = None,
    *,
    scale: float = 1.0,
) -> Denoise:
    """Return the network with its condition, and with guidance.

    Parameters
    ----------
    model
        Called as ``model(x_t, t, condition)``.
    condition
        What the samples shall show, shape (N, ...); None for a model that is never
        told.
    blank
        The condition that says nothing, in the shape of one condition; needed if
        ``scale`` is not 1.
    scale
        How far to go from the answer without the condition towards, and beyond,
        the answer with it: 0 does without it, 1 takes it as it is, more
        exaggerates. Other values than 0 and 1 ask the network twice.

    Returns
    -------
    callable
        From noisy samples (N, ...) and steps (N,) to the network's answer.

    Raises
    ------
    ValueError
        If guidance lacks the condition or the blank one.

    References
    ----------
    Ho and Salimans (2022), equation 6, where the scale is called 1 + w.

    Examples
    --------
    >>> class Told(nn.Module):
    ...     def forward(self, x, t, condition):
    ...         return condition[:, None] * torch.ones_like(x)
    >>> blank, condition = torch.tensor(1.0), torch.tensor([2.0, 5.0])
    >>> answer = guided(Told(), condition, blank, scale=3.0)
    >>> answer(torch.zeros(2, 1), torch.ones(2, dtype=torch.long))
    tensor([[ 4.],
            [13.]])
    """
    if scale == 1:
        return lambda x, t: model(x, t, condition)
    if condition is None or blank is None:
        raise ValueError(
            f"scale is {scale}; anything but 1 needs a condition and a blank one"
        )
    none = blank.to(condition).expand_as(condition)
    if scale == 0:
        return lambda x, t: model(x, t, none)

    def answer(x: Tensor, t: Tensor) -> Tensor:
        both = model(
            torch.cat([x, x]), torch.cat([t, t]), torch.cat([condition, none])
        )
        with_it, without = both.chunk(2)
        return without + scale * (with_it - without)  # type: ignore[no-any-return]

    return answer


@torch.no_grad()
def ddpm_sample(
    denoise: Denoise,
    schedule: Schedule,
    start: Tensor,
    *,
    generator: torch.Generator,
    target: str = "noise",
    limits: tuple[float, float] | None = None,
    on_step: OnStep | None = None,
) -> Tensor:
    """Take the T steps back, each into the middle of where the sample may have been.

    Parameters
    ----------
    denoise
        From noisy samples (N, ...) and steps (N,) to an answer of the samples'
        shape: a trained network, by way of `guided`.
    schedule
        The one of the training.
    start
        Standard normal noise, shape (N, ...).
    generator
        Draws the noise of the steps; on the CPU.
    target
        What the network answers, one of `aibook.diffusion.TARGETS`.
    limits
        Least and greatest value of a clean sample. Estimates beyond are cut off.
    on_step
        Called after each step as ``on_step(t, x, clean)``: the step that the
        samples have reached, T - 1 down to 0, the samples, and the estimate of the
        clean ones from which they were made.

    Returns
    -------
    torch.Tensor
        Samples, shape (N, ...).

    References
    ----------
    Ho, Jain and Abbeel (2020), algorithm 2, with the smaller of its two variances,
    that of `aibook.diffusion.posterior`.

    Examples
    --------
    >>> from aibook.noise_schedules import linear_schedule
    >>> generator = torch.Generator().manual_seed(0)
    >>> def one(x, t):  # all clean samples are 1
    ...     return torch.ones_like(x)
    >>> start = torch.randn(2, 2, generator=generator)
    >>> ddpm_sample(
    ...     one, linear_schedule(), start, generator=generator, target="clean"
    ... )
    tensor([[1., 1.],
            [1., 1.]])
    """
    x = start
    for t in range(schedule.num_steps, 0, -1):
        clean, _ = _look(denoise, schedule, x, t, target, limits)
        mean, variance = posterior(schedule, clean, x, t)
        noise = torch.randn(x.shape, generator=generator).to(x)
        x = mean + variance.sqrt() * noise  # the last step adds none
        if on_step is not None:
            on_step(t - 1, x, clean)
    return x


@torch.no_grad()
def ddim_sample(
    denoise: Denoise,
    schedule: Schedule,
    start: Tensor,
    *,
    num_steps: int = 25,
    eta: float = 0.0,
    generator: torch.Generator | None = None,
    target: str = "noise",
    limits: tuple[float, float] | None = None,
    on_step: OnStep | None = None,
) -> Tensor:
    """Jump back in few steps, keeping the noise that was found.

    Each step estimates the clean samples and the noise, and mixes the two anew, in
    the shares of an earlier step.

    Parameters
    ----------
    denoise, schedule, start, target, limits, on_step
        As for `ddpm_sample`.
    num_steps
        How many steps to take, 1 to T, of lengths as equal as possible.
    eta
        How much of the noise is drawn anew, 0 to 1: 0 none; 1, with T steps, is
        `ddpm_sample`.
    generator
        Draws it; on the CPU. Needed for ``eta`` above 0.

    Returns
    -------
    torch.Tensor
        Samples, shape (N, ...).

    Raises
    ------
    ValueError
        If a number is outside its range, or the generator is missing.

    References
    ----------
    Song, Meng and Ermon (2021), equations 12 and 16.

    Examples
    --------
    >>> from aibook.noise_schedules import linear_schedule
    >>> def one(x, t):
    ...     return torch.ones_like(x)
    >>> ddim_sample(
    ...     one, linear_schedule(), torch.randn(1, 2), num_steps=3, target="clean"
    ... )
    tensor([[1., 1.]])
    """
    if not (1 <= num_steps <= schedule.num_steps and 0 <= eta <= 1):
        raise ValueError(
            f"num_steps is {num_steps}, eta {eta}; expected 1 to "
            f"{schedule.num_steps}, and 0 to 1"
        )
    if eta and generator is None:
        raise ValueError(f"eta is {eta}; above 0 it needs a generator")
    x = start
    stops = _stops(schedule.num_steps, num_steps)
    for t, earlier in pairwise(stops):
        clean, noise = _look(denoise, schedule, x, t, target, limits)
        signal, rest = schedule.factors(earlier, x)
        a, b = schedule.kept[t], schedule.kept[earlier]
        fresh = eta * ((1 - b) / (1 - a) * (1 - a / b)).sqrt().to(x)
        x = signal * clean + (rest**2 - fresh**2).clamp(min=0).sqrt() * noise
        if generator is not None and eta:
            x = x + fresh * torch.randn(x.shape, generator=generator).to(x)
        if on_step is not None:
            on_step(earlier, x, clean)
    return x


def _look(
    denoise: Denoise,
    schedule: Schedule,
    x: Tensor,
    t: int,
    target: str,
    limits: Sequence[float] | None,
) -> Estimate:
    """Return what the network makes of noisy samples, within the limits."""
    steps = torch.full((len(x),), t, device=x.device)
    answer = denoise(x, steps)
    seen = estimate(schedule, x, t, answer, target=target)
    if limits is None:
        return seen
    clean = seen.clean.clamp(*limits)
    return estimate(schedule, x, t, clean, target="clean")


def _stops(num_steps: int, num_jumps: int) -> list[int]:
    """Return the steps at which to stop, from T to 0, all different."""
    return [
        round(num_steps * (num_jumps - i) / num_jumps)
        for i in range(num_jumps + 1)
    ]
