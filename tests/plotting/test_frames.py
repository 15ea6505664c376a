import re

import pytest
from matplotlib.figure import Figure

from aibook.notebook import to_svg
from aibook.plotting.frames import mark_frames


def draw():
    """Return a figure with three frames of a line and a text each."""
    fig = Figure()
    ax = fig.subplots()
    frames = [[*ax.plot([0, k]), ax.text(0, 0, f"{k}")] for k in range(3)]
    return fig, frames


@pytest.mark.parametrize(("shown", "seen"), [(-1, 2), (0, 0), (1, 1)])
def test_one_frame_is_seen_in_the_svg(shown, seen):
    fig, frames = draw()
    mark_frames(frames, shown=shown)
    svg = to_svg(fig)
    found = re.findall(r'<g id="frame-(\d)-(\d)"( display="none")?>', svg)
    assert len(found) == 6
    assert {int(k) for k, _, hidden in found if not hidden} == {seen}
    assert "hidden" not in svg


def test_a_figure_without_frames_hides_nothing():
    fig, _ = draw()
    assert "display" not in to_svg(fig)


@pytest.mark.parametrize(
    ("choose", "options", "message"),
    [
        (lambda f: f[:1], {}, "give two frames"),
        (lambda f: [f[0], []], {}, r"frames of \[2, 0\] artists"),
        (lambda f: [f[0], f[0]], {}, "belongs to two frames"),
        (lambda f: f, {"shown": 3}, "shown is 3; there are 3 frames"),
    ],
)
def test_bad_frames_are_refused(choose, options, message):
    _, frames = draw()
    with pytest.raises(ValueError, match=message):
        mark_frames(choose(frames), **options)
