import numpy as np
import pytest
from matplotlib import colormaps
from matplotlib.figure import Figure

from aibook.plotting.grid_world import draw_grid_world


def test_cells_show_letters_without_a_table():
    texts = draw_grid_world(Figure().subplots(), ["S.", "#G"])
    assert [text.get_text() for text in texts] == ["S", "G"]


def test_free_cells_show_the_best_value():
    Q = np.zeros((4, 4))
    Q[0, 1], Q[1, 2] = -0.5, 1
    Q[0, [0, 2, 3]] = -1
    texts = draw_grid_world(Figure().subplots(), ["S.", "#G"], Q)
    shown = [text.get_text() for text in texts]
    assert shown == ["\N{MINUS SIGN}0.50", "1.00", "G"]


def test_a_cell_is_as_light_as_its_value():
    Q = np.zeros((4, 4))
    Q[1, 2] = 1
    ax = Figure().subplots()
    draw_grid_world(ax, ["S.", "#G"], Q)
    [image] = ax.images
    grounds = np.asarray(image.get_array())
    assert grounds[0, 0] == pytest.approx(colormaps["viridis"](0.0))
    assert grounds[0, 1] == pytest.approx(colormaps["viridis"](1.0))
    assert (grounds[1, :, 3] == 0).all()  # the page shows through


def test_bad_maps_and_tables_are_refused():
    with pytest.raises(ValueError, match="rows"):
        draw_grid_world(Figure().subplots(), ["S.", "G"])
    with pytest.raises(ValueError, match="Q has shape"):
        draw_grid_world(Figure().subplots(), ["SG"], np.zeros((3, 4)))
