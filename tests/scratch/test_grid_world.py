import numpy as np
import pytest

from aibook.scratch.grid_world import ACTIONS, GridWorld

RIGHT = list(ACTIONS).index("right")


@pytest.mark.parametrize("slip", [0.0, 0.2, 0.9])
def test_chances_add_up_and_slips_go_sideways(slip):
    world = GridWorld(["...", ".SG", "..."], slip=slip)
    assert np.allclose(world.transitions.sum(axis=2), 1)
    chances = world.transitions[4, RIGHT]
    assert np.allclose(chances[[5, 1, 7]], [1 - slip, slip / 2, slip / 2])


def test_walls_and_borders_hold():
    world = GridWorld(["S#G"])
    for action in range(4):
        rng = np.random.default_rng(0)
        assert world.step(0, action, rng) == (0, 0.0, False)


def test_an_extra_reward_is_added():
    world = GridWorld(["S.G"], extra_reward=lambda old, new: new - old)
    assert world.rewards[1, RIGHT, 2] == 2.0
    assert world.distance(0, 2) == 2
    assert world.place(2) == (0, 2)


@pytest.mark.parametrize(
    "rows", [[], [""], ["S.", "G"], ["SxG"], ["..G"], ["SSG"], ["S.."]]
)
def test_bad_maps_are_refused(rows):
    with pytest.raises(ValueError, match="rows"):
        GridWorld(rows)


@pytest.mark.parametrize("slip", [-0.1, 1.0, float("nan")])
def test_bad_slips_are_refused(slip):
    with pytest.raises(ValueError, match="slip"):
        GridWorld(["S.G"], slip=slip)


@pytest.mark.parametrize(
    ("state", "action"), [(-1, 0), (3, 0), (0, 4), (2, 0)]
)
def test_bad_steps_are_refused(state, action):
    with pytest.raises(ValueError, match="state"):
        GridWorld(["S.G"]).step(state, action, np.random.default_rng(0))


def test_a_reward_that_is_not_finite_is_refused():
    with pytest.raises(ValueError, match="finite"):
        GridWorld(["S.G"], extra_reward=lambda old, new: np.inf)
