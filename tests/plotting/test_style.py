import io
import logging
import re

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.figure import Figure

from aibook.plotting.boundaries import draw_boundary, draw_line, draw_regions
from aibook.plotting.curves import draw_curves
from aibook.plotting.palette import CYCLE
from aibook.plotting.points import draw_points

STYLE = "aibook.plotting.style"


def predict(X):
    return 1 / (1 + np.exp(-X[:, 0]))


def save():
    """Draw with every helper; return the SVG."""
    with plt.style.context(STYLE, after_reset=True):
        fig = Figure()
        left, right = fig.subplots(1, 2)
        draw_points(left, np.eye(2), [0, 1])
        draw_regions(left, predict, resolution=20)
        draw_boundary(left, predict, resolution=20)
        draw_line(left, [1.0, -2.0], 0.5, label=r"$w\cdot x + b = 0$")
        left.legend()
        draw_curves(right, {"loss": [2, 1], "accuracy": [0, 1]})
        right.set_title("training")
        right.legend()
        buffer = io.BytesIO()
        fig.savefig(buffer, metadata={"Date": None})
    return buffer.getvalue()


@pytest.fixture
def svg():
    return save().decode()


def test_two_saves_give_the_same_bytes():
    assert save() == save()


def test_no_font_is_missed(caplog):
    with caplog.at_level(logging.WARNING, logger="matplotlib"):
        save()
    assert caplog.records == []


def test_text_stays_text_in_black_with_korean_fonts(svg):
    texts = re.findall(r"<text[^>]*>(.*?)</text>", svg, flags=re.DOTALL)
    assert {"x1", "x2", "epoch", "loss", "accuracy", "training"} <= set(texts)
    tags = re.findall(r"<text[^>]*>", svg)
    assert not any("fill" in tag for tag in tags)  # the default of SVG: black
    assert all("Noto Sans KR" in tag for tag in tags if "font-family" in tag)
    sizes = [float(size) for size in re.findall(r"font-size: ([\d.]+)px", svg)]
    assert min(sizes) >= 11


def test_background_is_transparent(svg):
    for patch in (
        "patch_1",
        "patch_2",
    ):  # the figure's and the axes' rectangle
        (style,) = re.findall(
            rf'<g id="{patch}">\s*<path [^>]*style="([^"]*)"', svg
        )
        assert "fill: none" in style


def test_figure_fits_the_column(svg):
    width, height = re.search(
        r'width="([\d.]+)pt" height="([\d.]+)pt"', svg
    ).groups()
    assert 560 <= float(width) * 96 / 72 <= 700
    assert float(height) < float(width)


def test_values_that_other_parts_build_on():
    with plt.style.context(STYLE, after_reset=True):
        assert mpl.rcParams["svg.fonttype"] == "none"
        assert mpl.rcParams["svg.hashsalt"]
        assert mpl.rcParams["savefig.transparent"]
        assert mpl.rcParams["figure.constrained_layout.use"]
        assert not mpl.rcParams["axes.spines.top"]
        assert not mpl.rcParams["axes.spines.right"]
        cycle = mpl.rcParams["axes.prop_cycle"].by_key()["color"]
        assert tuple(f"#{colour.lstrip('#')}" for colour in cycle) == CYCLE


def test_helpers_leave_the_settings_alone():
    before = mpl.rcParams.copy()
    ax = Figure().subplots()
    draw_points(ax, np.eye(2), [0, 1])
    draw_regions(ax, lambda X: X[:, 0] > 0, resolution=2)
    draw_boundary(ax, lambda X: X[:, 0] > 0, resolution=2)
    draw_line(ax, [1, 1], 0)
    draw_curves(ax, {"loss": [1]})
    assert mpl.rcParams == before
    assert plt.get_fignums() == []
