import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import Circle
from matplotlib.text import Annotation

from aibook.plotting.unrolled import draw_unrolled


@pytest.fixture
def ax():
    return Figure().subplots()


@pytest.mark.parametrize("num_steps", [2, 5])
@pytest.mark.parametrize("num_layers", [1, 2])
def test_states_and_arrows(ax, num_steps, num_layers):
    names, keys = draw_unrolled(ax, num_steps=num_steps, num_layers=num_layers)
    assert len(names) == num_steps * (num_layers + 2)
    circles = [p for p in ax.patches if isinstance(p, Circle)]
    assert len(circles) == num_steps * num_layers
    arrows = [t for t in ax.texts if isinstance(t, Annotation)]
    upright = num_steps * (num_layers + 1)
    assert len(arrows) == upright + (num_steps - 1) * num_layers
    styles = {(key.get_color(), key.get_linestyle()) for key in keys}
    assert len(styles) == 2 * num_layers


@pytest.mark.parametrize("num_layers", [1, 2])
def test_arrows_of_the_same_weights_look_alike(ax, num_layers):
    """By level: what comes from below, then what comes from the left."""
    _, keys = draw_unrolled(ax, num_steps=3, num_layers=num_layers)
    looks = {}
    for arrow in (t for t in ax.texts if isinstance(t, Annotation)):
        (x, y), (x0, y0) = arrow.xy, arrow.xyann
        patch = arrow.arrow_patch
        look = (to_hex(patch.get_edgecolor()), patch.get_linestyle())
        looks.setdefault((round(y), round(x0) < round(x)), set()).add(look)
        assert (round(x) == round(x0)) != (round(y) == round(y0))
    expected = {
        (1 + k // 2, k % 2 == 1): {
            (to_hex(key.get_color()), key.get_linestyle())
        }
        for k, key in enumerate(keys)
    }
    expected[num_layers + 1, False] = {("#000000", "-")}  # to the outputs
    assert looks == expected


@pytest.mark.parametrize("options", [{"num_steps": 1}, {"num_layers": 3}])
def test_bad_numbers(ax, options):
    with pytest.raises(ValueError, match="expected 2 or more, and 1 or 2"):
        draw_unrolled(ax, **options)
