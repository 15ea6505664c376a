"""Walks downhill: the loop around an optimiser, and random batches.

What: `descend` follows a gradient from a start and keeps every point of the way;
`minibatches` cuts a data set into random batches, epoch after epoch.
What not: the optimisers (`aibook.scratch.optimisers`), models.

Source: H. Robbins and S. Monro, "A stochastic approximation method", 1951.

Book page: networks/gradient-descent
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import ArrayLike, NDArray

from aibook.scratch.checks import check_count, check_finite
from aibook.scratch.optimisers import Optimiser

__all__ = ["descend", "minibatches"]

Array = NDArray[np.float64]


def descend(
    gradient: Callable[[Array], ArrayLike],
    start: ArrayLike,
    optimiser: Optimiser,
    *,
    num_steps: int,
    schedule: Callable[[int], float] | None = None,
) -> Array:
    """Follow the gradient downhill, and return every point of the way.

    Parameters
    ----------
    gradient
        From a point to the gradient there, of the same shape; it may be noisy.
    start
        The first point: a number or an array of any shape S.
    optimiser
        A new one: it remembers earlier steps.
    num_steps
        T, 1 or more.
    schedule
        From the steps already taken to the factor of the learning rate; always 1
        by default. `aibook.scratch.schedules` has some.

    Returns
    -------
    Array of shape (T + 1, *S), the start first.

    Raises
    ------
    ValueError
        For a start that is not finite, or a way that left the finite numbers: it
        diverged.

    Examples
    --------
    >>> from aibook.scratch.optimisers import SGD
    >>> descend(lambda w: 2 * w, 1.0, SGD(lr=0.25), num_steps=3)
    array([1.   , 0.5  , 0.25 , 0.125])
    """
    points = [check_finite("start", start)]
    lr = optimiser.lr
    for t in range(check_count("num_steps", num_steps)):
        optimiser.lr = lr * (1.0 if schedule is None else schedule(t))
        w = points[-1]
        points += optimiser.step([w], [gradient(w)])
    optimiser.lr = lr
    return np.stack(points)


def minibatches(
    num_examples: int, *, batch_size: int, num_epochs: int, seed: int = 0
) -> Iterator[NDArray[np.int64]]:
    """Yield the rows of one batch after another, in a new order each epoch.

    Parameters
    ----------
    num_examples
        N, 1 or more.
    batch_size
        Rows in a batch, 1 to N; the last batch of an epoch may be smaller.
    num_epochs
        Passes over all rows.
    seed
        Fixes the orders.

    Raises
    ------
    ValueError
        For a number out of its range.

    Examples
    --------
    >>> rows = list(minibatches(5, batch_size=2, num_epochs=1))
    >>> [len(batch) for batch in rows], sorted(int(i) for b in rows for i in b)
    ([2, 2, 1], [0, 1, 2, 3, 4])
    """
    check_count("num_examples", num_examples)
    check_count("batch_size", batch_size, num_examples)
    check_count("num_epochs", num_epochs)
    rng = np.random.default_rng(seed)
    for _ in range(num_epochs):
        order = rng.permutation(num_examples)
        for first in range(0, num_examples, batch_size):
            yield order[first : first + batch_size]
