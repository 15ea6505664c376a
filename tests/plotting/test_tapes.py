import pytest
from matplotlib.figure import Figure

from aibook.plotting.tapes import draw_tapes
from aibook.scratch.turing_machine import INCREMENT, TuringMachine


def test_every_configuration_is_a_row():
    ax = Figure().subplots()
    history = TuringMachine(INCREMENT).run("11")
    draw_tapes(ax, [(c.state, c.head, c.cells) for c in history])
    rows = [
        [t.get_text() for t in ax.texts if t.get_position()[1] == height]
        for height in range(len(history))
    ]
    assert rows[0] == ["1", "1", "end"]
    assert rows[-1] == ["1", "0", "0", "halt"]
    heads = [p.get_x() + 0.42 for p in ax.patches if p.get_width() < 1]
    assert heads == pytest.approx([c.head for c in history])


def test_no_rows():
    with pytest.raises(ValueError, match="no rows"):
        draw_tapes(Figure().subplots(), [])
