"""Q-learning: learn from trial and reward which action is best in each state.

The table Q holds, for each state and action, how much discounted reward is to be
expected if this action is done now and the best ones after it. Each step moves
one entry towards what was just experienced. The learner asks the world only for
steps; it never reads its transitions.

`value_iteration` does read them, and computes the same table without any
experience: what Q-learning is measured by.

Not here: networks in place of the table, policy gradients.

Source: C. J. C. H. Watkins and P. Dayan, "Q-learning", Machine Learning 8, 1992;
R. S. Sutton and A. G. Barto, "Reinforcement Learning: An Introduction", 2nd
edition, MIT Press, 2018, sections 4.4 and 6.5.

Book page: ai/learning
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from aibook.scratch.checks import check_count, check_fraction
from aibook.scratch.grid_world import GridWorld

__all__ = ["Walks", "greedy_walk", "q_learning", "value_iteration"]

Table = NDArray[np.float64]


@dataclass
class Walks:
    """What `q_learning` saw: one entry for each walk from start to end.

    Attributes
    ----------
    num_steps
        The steps of each walk.
    total_reward
        The sum of each walk's rewards, not discounted.
    """

    num_steps: list[int] = field(default_factory=list)
    total_reward: list[float] = field(default_factory=list)


def q_learning(
    world: GridWorld,
    *,
    num_walks: int,
    lr: float = 0.5,
    discount: float = 0.9,
    explore: float = 0.2,
    max_steps: int = 200,
    decay: bool = False,
    seed: int = 0,
    on_walk: Callable[[int, Table], None] | None = None,
) -> tuple[Table, Walks]:
    """Learn a table of values by walking through a world.

    Parameters
    ----------
    world
        Only its `start`, its size and its `step` are used.
    num_walks
        Walks (episodes) from the start to an end.
    lr
        The learning rate, above 0 and at most 1.
    discount
        What a reward is worth one step later, from 0 up to but not 1.
    explore
        The probability of a random action, from 0 to 1 (epsilon-greedy); else the
        best action known is done, and of equal ones any.
    max_steps
        A walk that has not ended after so many steps is broken off.
    decay
        Whether the learning rate of an entry falls as one over the number of its
        visits to the power of 0.7. Needed where steps have an element of chance:
        with a constant rate the table would go on trembling.
    seed
        Fixes all chance.
    on_walk
        Called after each walk as ``on_walk(walk, Q)``, walks from 1.

    Returns
    -------
    Q : Array of shape (S, 4)
        0 in walls and ends.
    walks : Walks
        Length and reward of every walk.

    Raises
    ------
    ValueError
        For a hyperparameter out of range.

    References
    ----------
    Watkins and Dayan (1992).

    Examples
    --------
    >>> Q, walks = q_learning(GridWorld(["S.G"]), num_walks=100)
    >>> Q.max(axis=1).round(3).tolist()
    [0.9, 1.0, 0.0]
    """
    check_count("num_walks", num_walks)
    check_count("max_steps", max_steps)
    check_fraction("discount", discount)
    if not 0 < lr <= 1:
        raise ValueError(f"lr is {lr}; expected a number above 0, at most 1")
    if not 0 <= explore <= 1:
        raise ValueError(
            f"explore is {explore}; expected a number from 0 to 1"
        )
    rng = np.random.default_rng(seed)
    Q = np.zeros((world.num_states, 4))
    visits = np.zeros_like(Q)
    walks = Walks()
    for walk in range(1, num_walks + 1):
        state, ended, num_steps, total = world.start, False, 0, 0.0
        while not ended and num_steps < max_steps:
            action = _choose(Q[state], explore, rng)
            after, reward, ended = world.step(state, action, rng)
            target = reward if ended else reward + discount * Q[after].max()
            visits[state, action] += 1
            rate = lr * visits[state, action] ** -0.7 if decay else lr
            Q[state, action] += rate * (target - Q[state, action])
            state, num_steps, total = after, num_steps + 1, total + reward
        walks.num_steps.append(num_steps)
        walks.total_reward.append(total)
        if on_walk is not None:
            on_walk(walk, Q)
    return Q, walks


def _choose(values: Table, explore: float, rng: np.random.Generator) -> int:
    """Return a random action sometimes, else the best; of equal ones any."""
    if rng.random() < explore:
        return int(rng.integers(len(values)))
    return int(rng.choice(np.flatnonzero(values == values.max())))


def value_iteration(
    world: GridWorld, *, discount: float = 0.9, tolerance: float = 1e-10
) -> Table:
    """Compute the table of optimal values from the world's own description.

    Parameters
    ----------
    world
        Its `transitions` and `rewards` are read.
    discount
        As for `q_learning`.
    tolerance
        The greatest error that the table may have, above 0.

    Returns
    -------
    Array of shape (S, 4), 0 in walls and ends.

    Raises
    ------
    ValueError
        For a hyperparameter out of range.

    References
    ----------
    Sutton and Barto (2018), section 4.4.

    Examples
    --------
    >>> value_iteration(GridWorld(["S.G"])).max(axis=1).round(3).tolist()
    [0.9, 1.0, 0.0]
    """
    check_fraction("discount", discount)
    if not tolerance > 0:
        raise ValueError(f"tolerance is {tolerance}; expected one above 0")
    expected = (world.transitions * world.rewards).sum(axis=2)  # (S, 4)
    goes_on = ~(world.is_end | world.is_wall)
    Q: Table = np.zeros_like(expected)
    while True:
        new: Table = expected + discount * world.transitions @ (
            Q.max(axis=1) * goes_on
        )
        change = np.abs(new - Q).max()
        Q = new
        # The error shrinks by the discount each time: a geometric series is left.
        if discount * change <= tolerance * (1 - discount):
            return Q


def greedy_walk(
    world: GridWorld, Q: Table, *, max_steps: int = 50, seed: int = 0
) -> list[int]:
    """Return the states of a walk that always does the best action of a table.

    Parameters
    ----------
    world
        Where to walk.
    Q
        Shape (S, 4); of equal actions the first is done.
    max_steps
        A walk that has not ended by then is broken off.
    seed
        Fixes how the agent slips.

    Raises
    ------
    ValueError
        If the table has another shape.

    Examples
    --------
    >>> world = GridWorld(["S.G"])
    >>> greedy_walk(world, value_iteration(world))
    [0, 1, 2]
    """
    if np.shape(Q) != (world.num_states, 4):
        raise ValueError(
            f"Q has shape {np.shape(Q)}; expected ({world.num_states}, 4)"
        )
    check_count("max_steps", max_steps)
    rng = np.random.default_rng(seed)
    states, ended = [world.start], False
    while not ended and len(states) <= max_steps:
        best = int(np.argmax(Q[states[-1]]))
        after, _, ended = world.step(states[-1], best, rng)
        states.append(after)
    return states
