"""A grid world: a small world of cells in which an agent walks.

The world says what happens: where an action leads, what reward it brings, whether
the walk is over. It is written as a map of text, one character a cell:

=====  ==========================================================
``S``  where a walk starts
``.``  free
``#``  a wall: who walks into it, or off the map, stays in place
``G``  the goal: entering it brings +1 and ends the walk
``P``  a pit: entering it brings -1 and ends the walk
=====  ==========================================================

Not here: learning (`aibook.scratch.q_learning`), drawing
(`aibook.plotting.grid_world`).

Source: R. S. Sutton and A. G. Barto, "Reinforcement Learning: An Introduction",
2nd edition, MIT Press, 2018, chapter 3.

Book page: ai/learning
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["ACTIONS", "GridWorld"]

ACTIONS = {"up": (-1, 0), "right": (0, 1), "down": (1, 0), "left": (0, -1)}
"""Name of each action, and by how many rows and columns it moves."""

_STEPS = tuple(ACTIONS.values())
_ENDS = {"G": 1.0, "P": -1.0}

Reward = Callable[[int, int], float]


class GridWorld:
    """Cells to walk on, with a goal and perhaps pits and walls.

    States are the cells, counted row after row: the cell in row r and column c is
    state ``r * width + c``. Actions are counted in the order of `ACTIONS`.

    Parameters
    ----------
    rows
        The map, one text a row, all of one length, of the characters above; one
        ``S`` exactly, and one ``G`` or ``P`` at least.
    slip
        With this probability, from 0 up to but not 1, the agent slips: it moves at
        a right angle to what it wanted, to either side equally often.
    extra_reward
        A function of the state that is left and the state that is entered, whose
        value is added to the reward of each step.

    Attributes
    ----------
    height, width : int
        Rows and columns of the map.
    num_states : int
        S, all cells, walls and ends included.
    start : int
        The state where a walk starts.
    is_wall, is_end : Array of bool, shape (S,)
        Where nobody can be, and where a walk ends.
    transitions : Array of shape (S, 4, S)
        P(next state | state, action). An end or a wall leads to itself.
    rewards : Array of shape (S, 4, S)
        The reward of each step; 0 in an end or a wall.

    Raises
    ------
    ValueError
        For a map that is no such map, a slip out of range, or an extra reward
        that is not finite.

    References
    ----------
    Sutton and Barto (2018), section 3.1.

    Examples
    --------
    >>> world = GridWorld(["S.G"])
    >>> right = list(ACTIONS).index("right")
    >>> rng = np.random.default_rng(0)
    >>> world.step(0, right, rng)
    (1, 0.0, False)
    >>> world.step(1, right, rng)
    (2, 1.0, True)
    """

    def __init__(
        self,
        rows: Sequence[str],
        *,
        slip: float = 0.0,
        extra_reward: Reward | None = None,
    ) -> None:
        cells = _cells(rows)
        if not 0 <= slip < 1:
            raise ValueError(
                f"slip is {slip}; expected a number from 0 up to but not 1"
            )
        self.height, self.width = len(rows), len(rows[0])
        flat = cells.ravel()
        self.num_states = flat.size
        self.start = int(np.flatnonzero(flat == "S")[0])
        self.is_wall = flat == "#"
        self.is_end = np.isin(flat, list(_ENDS))
        shape = (self.num_states, len(_STEPS), self.num_states)
        self.transitions = np.zeros(shape)
        self.rewards = np.zeros(shape)
        for state in range(self.num_states):
            if self.is_wall[state] or self.is_end[state]:
                self.transitions[state, :, state] = 1.0
                continue
            for action in range(len(_STEPS)):
                for turn, chance in (
                    (0, 1 - slip),
                    (-1, slip / 2),
                    (1, slip / 2),
                ):
                    after = self._move(state, (action + turn) % len(_STEPS))
                    self.transitions[state, action, after] += chance
                    reward = _ENDS.get(flat[after], 0.0)
                    if extra_reward is not None:
                        reward += extra_reward(state, after)
                    self.rewards[state, action, after] = reward
        if not np.isfinite(self.rewards).all():
            raise ValueError("extra_reward gave a value that is not finite")

    def step(
        self, state: int, action: int, rng: np.random.Generator
    ) -> tuple[int, float, bool]:
        """Do an action; return the next state, the reward, and whether it ended.

        Raises
        ------
        ValueError
            For a state that is a wall, an end or none, or an action but 0 to 3.
        """
        if not 0 <= state < self.num_states or not 0 <= action < len(_STEPS):
            raise ValueError(
                f"state {state}, action {action}; expected a state from 0 to "
                f"{self.num_states - 1} and an action from 0 to {len(_STEPS) - 1}"
            )
        if self.is_wall[state] or self.is_end[state]:
            raise ValueError(
                f"state {state} is a wall or an end; no step there"
            )
        chances = self.transitions[state, action]
        # The inverse of the distribution: one draw, whatever the chances.
        total = np.cumsum(chances)
        after = int(np.searchsorted(total, rng.random() * total[-1], "right"))
        reward = float(self.rewards[state, action, after])
        return after, reward, bool(self.is_end[after])

    def place(self, state: int) -> tuple[int, int]:
        """Return the row and the column of a state."""
        return state // self.width, state % self.width

    def distance(self, a: int, b: int) -> int:
        """Return how many rows and columns lie between two states."""
        (row_a, col_a), (row_b, col_b) = self.place(a), self.place(b)
        return abs(row_a - row_b) + abs(col_a - col_b)

    def _move(self, state: int, action: int) -> int:
        """Return where a step leads that is not slipped."""
        row, column = self.place(state)
        row, column = row + _STEPS[action][0], column + _STEPS[action][1]
        if not (0 <= row < self.height and 0 <= column < self.width):
            return state
        after = row * self.width + column
        return state if self.is_wall[after] else after


def _cells(rows: Sequence[str]) -> NDArray[np.str_]:
    """Return the map as an array of characters, or refuse it."""
    if not rows or not rows[0] or len({len(row) for row in rows}) != 1:
        raise ValueError(
            f"rows have lengths {[len(row) for row in rows]}; give one row or "
            "more, all of one length"
        )
    cells = np.array([list(row) for row in rows])
    strange = set(cells.ravel().tolist()) - set("S.#GP")
    if strange:
        raise ValueError(
            f"rows hold {sorted(strange)}; allowed are S, ., #, G and P"
        )
    starts, ends = (cells == "S").sum(), np.isin(cells, list(_ENDS)).sum()
    if starts != 1 or ends < 1:
        raise ValueError(
            f"rows hold {starts} S and {ends} G or P; expected one S and one "
            "end at least"
        )
    return cells
