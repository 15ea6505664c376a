"""Schedules of the learning rate: by which factor it is multiplied at each step.

What: step decay, cosine, linear warm-up, and warm-up followed by cosine, as functions
from the number of steps already taken, 0, 1, 2, ..., to a factor. Multiply the
learning rate by it: ``optimiser.lr = lr * cosine(t, num_steps=100)``.
What not: schedules that look at the loss.

Sources: I. Loshchilov and F. Hutter, "SGDR: Stochastic gradient descent with warm
restarts", 2017 (cosine, here without restarts); P. Goyal et al., "Accurate, large
minibatch SGD: Training ImageNet in 1 hour", 2017 (warm-up).

Book page: networks/gradient-descent
"""

from __future__ import annotations

import numpy as np

from aibook.scratch.checks import check_count, check_nonnegative

__all__ = ["cosine", "step_decay", "warmup", "warmup_cosine"]


def step_decay(t: int, *, step_size: int, gamma: float = 0.1) -> float:
    """Return a factor that drops to gamma times itself every ``step_size`` steps.

    Parameters
    ----------
    t
        Steps already taken, from 0.
    step_size
        Steps between two drops.
    gamma
        What remains after a drop, 0 to 1.

    Raises
    ------
    ValueError
        For a number out of its range.

    Examples
    --------
    >>> [step_decay(t, step_size=2, gamma=0.5) for t in range(6)]
    [1.0, 1.0, 0.5, 0.5, 0.25, 0.25]
    """
    gamma = _check_factor("gamma", gamma)
    drops = _check_time(t) // check_count("step_size", step_size)
    return float(gamma**drops)


def cosine(t: int, *, num_steps: int, lowest: float = 0.0) -> float:
    """Return half a wave from 1 down to ``lowest``, which it keeps afterwards.

    Parameters
    ----------
    t
        Steps already taken, from 0.
    num_steps
        Steps until ``lowest`` is reached.
    lowest
        The last factor, 0 to 1.

    Raises
    ------
    ValueError
        For a number out of its range.

    Examples
    --------
    >>> [round(cosine(t, num_steps=4), 4) for t in range(6)]
    [1.0, 0.8536, 0.5, 0.1464, 0.0, 0.0]
    """
    lowest = _check_factor("lowest", lowest)
    part = min(_check_time(t) / check_count("num_steps", num_steps), 1.0)
    return float(lowest + (1 - lowest) * (1 + np.cos(np.pi * part)) / 2)


def warmup(t: int, *, num_warmup: int, start: float = 0.0) -> float:
    """Return a straight line from ``start`` up to 1, which it keeps afterwards.

    Parameters
    ----------
    t
        Steps already taken, from 0.
    num_warmup
        Steps until 1 is reached.
    start
        The first factor, 0 to 1. With 0 the first step would not move anything.

    Raises
    ------
    ValueError
        For a number out of its range.

    Examples
    --------
    >>> [warmup(t, num_warmup=4) for t in range(6)]
    [0.0, 0.25, 0.5, 0.75, 1.0, 1.0]
    """
    start = _check_factor("start", start)
    part = min(_check_time(t) / check_count("num_warmup", num_warmup), 1.0)
    return start + (1 - start) * part


def warmup_cosine(
    t: int,
    *,
    num_warmup: int,
    num_steps: int,
    start: float = 0.0,
    lowest: float = 0.0,
) -> float:
    """Return `warmup` for ``num_warmup`` steps, then `cosine` for the rest.

    Parameters
    ----------
    t
        Steps already taken, from 0.
    num_warmup, start
        As for `warmup`.
    num_steps
        Steps altogether, more than ``num_warmup``.
    lowest
        As for `cosine`.

    Raises
    ------
    ValueError
        For a number out of its range.

    Examples
    --------
    >>> sizes = {"num_warmup": 2, "num_steps": 6}
    >>> [round(warmup_cosine(t, **sizes), 4) for t in range(7)]
    [0.0, 0.5, 1.0, 0.8536, 0.5, 0.1464, 0.0]
    """
    num_warmup = check_count("num_warmup", num_warmup)
    if check_count("num_steps", num_steps) <= num_warmup:
        raise ValueError(
            f"num_steps is {num_steps}; expected more than num_warmup, {num_warmup}"
        )
    if _check_time(t) < num_warmup:
        return warmup(t, num_warmup=num_warmup, start=start)
    rest = num_steps - num_warmup
    return cosine(t - num_warmup, num_steps=rest, lowest=lowest)


def _check_time(t: int) -> int:
    return check_count("t + 1", t + 1) - 1


def _check_factor(name: str, value: float) -> float:
    if not check_nonnegative(name, value) <= 1:
        raise ValueError(f"{name} is {value!r}; expected a number from 0 to 1")
    return float(value)
