import numpy as np
import pytest

from aibook.scratch.grid_world import GridWorld
from aibook.scratch.q_learning import (
    greedy_walk,
    q_learning,
    value_iteration,
)

MAZES = (
    ["....", ".#P.", "S##G"],
    ["S..G"],
    ["S.P", "..G"],
    ["P.S", "##.", "G.."],
)


def slow_values(world, discount, rounds):
    """Return the optimal table by plain loops over everything."""
    Q = np.zeros((world.num_states, 4))
    for _ in range(rounds):
        new = np.zeros_like(Q)
        for s in range(world.num_states):
            if world.is_wall[s] or world.is_end[s]:
                continue
            for a in range(4):
                for after in range(world.num_states):
                    rest = 0 if world.is_end[after] else Q[after].max()
                    new[s, a] += world.transitions[s, a, after] * (
                        world.rewards[s, a, after] + discount * rest
                    )
        Q = new
    return Q


@pytest.mark.parametrize("maze", MAZES)
@pytest.mark.parametrize("slip", [0.0, 0.3])
def test_value_iteration_is_the_slow_loop(maze, slip):
    world = GridWorld(maze, slip=slip)
    ours = value_iteration(world, discount=0.7)
    assert np.allclose(ours, slow_values(world, 0.7, 80), rtol=0, atol=1e-9)


@pytest.mark.parametrize("discount", [0.0, 0.5, 0.9])
def test_values_in_a_corridor_are_powers_of_the_discount(discount):
    values = value_iteration(GridWorld(["S...G"]), discount=discount)
    expected = [discount**k for k in (3, 2, 1, 0)]
    assert np.allclose(values.max(axis=1)[:4], expected, rtol=0, atol=1e-9)


@pytest.mark.parametrize("maze", MAZES)
@pytest.mark.parametrize("seed", range(3))
def test_q_learning_finds_the_optimal_values(maze, seed):
    world = GridWorld(maze)
    Q, walks = q_learning(world, num_walks=1000, explore=1, seed=seed)
    assert np.allclose(Q, value_iteration(world), rtol=0, atol=1e-6)
    assert len(walks.num_steps) == len(walks.total_reward) == 1000
    assert greedy_walk(world, Q)[-1] in np.flatnonzero(world.is_end)


def test_cells_that_no_walk_enters_stay_at_zero():
    """The cell on the left is free, but lies behind the pit and the goal."""
    world = GridWorld(["P.S", ".#.", "G.."])
    Q, _ = q_learning(world, num_walks=1000, explore=1)
    best = value_iteration(world)
    assert not Q[3].any()
    assert best[3].any()
    assert np.allclose(np.delete(Q - best, 3, axis=0), 0, rtol=0, atol=1e-6)


@pytest.mark.parametrize("seed", range(3))
def test_decay_settles_where_steps_slip(seed):
    world = GridWorld(["S.G"], slip=0.2)
    Q, _ = q_learning(
        world, num_walks=4000, lr=1, explore=0.5, decay=True, seed=seed
    )
    assert np.abs(Q - value_iteration(world)).max() < 0.05


@pytest.mark.parametrize(
    "wrong",
    [
        {"num_walks": 0},
        {"max_steps": 0},
        {"discount": 1},
        {"lr": 0},
        {"lr": 1.5},
        {"explore": -0.1},
        {"explore": float("nan")},
    ],
)
def test_bad_settings_are_refused(wrong):
    (name,) = wrong
    world = GridWorld(["S.G"])
    with pytest.raises(ValueError, match=name):
        q_learning(world, **({"num_walks": 3} | wrong))


def test_bad_tables_and_tolerances_are_refused():
    world = GridWorld(["S.G"])
    with pytest.raises(ValueError, match="Q has shape"):
        greedy_walk(world, np.zeros((2, 4)))
    with pytest.raises(ValueError, match="tolerance"):
        value_iteration(world, tolerance=0)
