import numpy as np
import pytest
from matplotlib.figure import Figure

from aibook.plotting.heatmaps import draw_heatmap
from aibook.plotting.palette import INKS


@pytest.fixture
def ax():
    return Figure().subplots()


def test_values_names_and_texts_stand_where_they_belong(ax):
    image = draw_heatmap(
        ax,
        [[0, 1, 2], [3, 4, 5]],
        rows=["up", "down"],
        columns=["x", "y", "z"],
        texts=[["a", "b", "c"], ["d", "e", "f"]],
        limits=(-5, 5),
    )
    assert image.get_array().tolist() == [[0, 1, 2], [3, 4, 5]]
    assert image.get_clim() == (-5, 5)
    names = [label.get_text() for label in ax.get_yticklabels()]
    assert names == ["up", "down"]
    assert [label.get_text() for label in ax.get_xticklabels()] == list("xyz")
    places = {text.get_text(): text.get_position() for text in ax.texts}
    assert places["a"] == (0, 0)
    assert places["f"] == (2, 1)


def test_the_ink_can_be_read(ax):
    draw_heatmap(ax, [[0, 1]], texts=[["low", "high"]])
    assert [text.get_color() for text in ax.texts] == list(INKS)


def test_without_names_there_are_no_ticks(ax):
    draw_heatmap(ax, np.eye(3))
    assert len(ax.get_xticks()) == len(ax.get_yticks()) == 0
    assert not list(ax.texts)


@pytest.mark.parametrize("values", [[1, 2], [[]], [[np.nan, 1]], [[np.inf]]])
def test_what_is_no_table(ax, values):
    with pytest.raises(ValueError, match="values have shape"):
        draw_heatmap(ax, values)


@pytest.mark.parametrize("names", [{"rows": ["a"]}, {"columns": ["a"]}])
def test_names_that_do_not_fit(ax, names):
    with pytest.raises(ValueError, match=r"1 (rows|columns) named"):
        draw_heatmap(ax, np.eye(2), **names)


def test_texts_that_do_not_fit(ax):
    with pytest.raises(ValueError, match=r"texts have shape \(1, 2\)"):
        draw_heatmap(ax, np.eye(2), texts=[["a", "b"]])
