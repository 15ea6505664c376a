"""Averaged weights: a copy of a network that follows it slowly.

Each step of training jumps a little, this way and that. A copy whose weights are a
moving average of the network's does not, and often makes better samples; it costs
memory and hardly any time.

Not here: training itself.

Source: B. T. Polyak and A. B. Juditsky, "Acceleration of Stochastic Approximation by
Averaging", SIAM Journal on Control and Optimization 30(4), 1992.

Book page: generative/diffusion.
"""

from __future__ import annotations

import torch
from torch import nn

__all__ = ["follow", "warm_decay"]


def warm_decay(step: int, decay: float) -> float:
    """Return how much of the average is kept at a step: little at first.

    Without that, the first weights, which nothing was learned in, would stay in the
    average for long.

    Parameters
    ----------
    step
        Which step it is, from 1.
    decay
        What is kept in the end, 0 to 1.

    Raises
    ------
    ValueError
        If a number is outside its range.

    Examples
    --------
    >>> [round(warm_decay(step, 0.99), 2) for step in (1, 10, 100, 1000)]
    [0.09, 0.5, 0.91, 0.99]
    """
    if step < 1 or not 0 <= decay <= 1:
        raise ValueError(
            f"step is {step}, decay {decay}; expected 1 or more, and 0 to 1"
        )
    return min(decay, step / (step + 10))


@torch.no_grad()
def follow(average: nn.Module, model: nn.Module, *, decay: float) -> None:
    """Move the weights of the average a little towards the model's.

    Parameters
    ----------
    average
        A copy of the model. Its weights become ``decay`` times themselves plus the
        rest times the model's; its buffers become the model's.
    model
        What is being trained; it is not changed.
    decay
        0 to 1; about 1 / (1 - decay) steps are averaged.

    Raises
    ------
    ValueError
        If ``decay`` is outside its range, or the two differ in their weights.

    Examples
    --------
    >>> average, model = nn.Linear(1, 1), nn.Linear(1, 1)
    >>> with torch.no_grad():
    ...     _ = average.weight.fill_(0.0), model.weight.fill_(1.0)
    >>> follow(average, model, decay=0.75)
    >>> average.weight.item()
    0.25
    """
    if not 0 <= decay <= 1:
        raise ValueError(f"decay is {decay}; it must lie in 0 to 1")
    slow, fast = average.state_dict(), model.state_dict()
    shapes = [{k: v.shape for k, v in part.items()} for part in (slow, fast)]
    if shapes[0] != shapes[1]:
        raise ValueError("the average has other weights than the model")
    weights = {name for name, _ in model.named_parameters()}
    for name, value in slow.items():
        if name in weights:
            value.lerp_(fast[name], 1 - decay)
        else:
            value.copy_(fast[name])
