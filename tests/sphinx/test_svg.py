import re
from io import StringIO
from xml.etree import ElementTree as ET

import matplotlib.pyplot as plt
import numpy as np
import pytest
from bs4 import BeautifulSoup

from aibook.notebook import to_svg
from aibook_sphinx.svg import PAPER, SVG, inline, labels


def drawing(draw):
    """Return what Matplotlib writes for what `draw` draws on an Axes."""
    with plt.style.context("aibook.plotting.style", after_reset=True):
        fig, ax = plt.subplots()
        draw(ax)
        source = to_svg(fig)
        plt.close(fig)
    return source


@pytest.fixture(scope="module")
def source():
    def draw(ax):
        ax.scatter([0, 1], [0, 1], color="#1a70c8", edgecolors="black")
        ax.plot([0, 1], color="white")
        ax.imshow(np.eye(4), extent=(0, 1, 0, 1))
        ax.text(0.5, 0.5, "7", color="#010101", weight="bold")
        ax.set(xlabel="epoch", ylabel=r"$\eta_t$", title="loss")

    return drawing(draw)


def parsed(source, **options):
    text = inline(source, **({"prefix": "fig", "alt": "A loss"} | options))
    return text, ET.fromstring(text)


def test_the_element(source):
    text, root = parsed(source, alt='손실 <"a" & b>')
    assert root.tag == f"{{{SVG}}}svg"
    assert (root.get("role"), root.get("aria-label")) == (
        "img",
        '손실 <"a" & b>',
    )
    box = [float(n) for n in root.get("viewBox").split()]
    drawn = [float(root.get(side)) for side in ("width", "height")]
    # Points become pixels.
    assert drawn == pytest.approx([n * 4 / 3 for n in box[2:]], abs=0.01)
    for gone in ("<?xml", "<!DOCTYPE", "<metadata", "<style", "rdf:", "\n"):
        assert gone not in text
    assert len(text) < 0.7 * len(source)


def test_html_reads_it_as_xml_does(source):
    text, root = parsed(source)
    html = BeautifulSoup(text, "html5lib").svg
    names = [e.name for e in html.find_all(True)]
    assert names == [e.tag.split("}")[1] for e in root.iter()][1:]


def test_black_and_white_follow_the_theme_and_nothing_else(source):
    text, _ = parsed(source)
    assert "#000000" not in text
    assert "#ffffff" not in text
    assert f"stroke:{PAPER}" in text
    assert "stroke:currentColor" in text
    assert "fill:#1a70c8" in text
    assert "#010101" in text  # on a coloured ground, it stays


def test_ids_are_the_figures_own(source):
    text, _ = parsed(source, prefix="fig-loss")
    ids = re.findall(r'\bid="([^"]*)"', text)
    used = re.findall(r'url\(#([^)]*)\)|href="#([^"]*)"', text)
    assert ids
    assert all(i.startswith("fig-loss-") for i in ids)
    assert len(ids) == len(set(ids))
    assert {a or b for a, b in used} == set(ids)


def test_labels_are_translated(source):
    shown = {"loss": "손실", "epoch": "에포크"}
    _, root = parsed(source, translate=lambda t: shown.get(t, t))
    texts = ["".join(t.itertext()) for t in root.iter(f"{{{SVG}}}text")]
    assert {"손실", "에포크", "7"} <= set(texts)
    assert "loss" not in texts
    assert {"loss", "epoch", "7"} <= set(labels(source))


def test_mathematics_keeps_its_pieces_unless_it_is_translated(source):
    (formula,) = [label for label in labels(source) if "η" in label]
    _, root = parsed(source)
    (kept,) = [
        t for t in root.iter(f"{{{SVG}}}text") if "η" in "".join(t.itertext())
    ]
    assert len(kept) >= 2  # the letter and its index
    _, root = parsed(source, translate=lambda t: "에타" if t == formula else t)
    (changed,) = [t for t in root.iter(f"{{{SVG}}}text") if t.text == "에타"]
    assert len(changed) == 0


def test_text_keeps_size_and_weight_and_takes_the_pages_font(source):
    text, root = parsed(source)
    assert "DejaVu" not in text
    (seven,) = [t for t in root.iter(f"{{{SVG}}}text") if t.text == "7"]
    style = dict(d.split(":") for d in seven.get("style").split(";"))
    assert float(style["font-size"].removesuffix("px")) == 12
    assert style["font-weight"] in {"bold", "700"}


def image_style(pixels, inches):
    def draw(ax):
        ax.figure.set_size_inches(inches, inches)
        ax.imshow(np.arange(pixels**2).reshape(pixels, pixels))

    _, root = parsed(drawing(draw))
    (image,) = root.iter(f"{{{SVG}}}image")
    return image.get("style")


def test_pixels_of_a_small_image_show_and_a_large_one_is_smooth():
    assert image_style(28, 4) == "image-rendering:pixelated"
    assert image_style(600, 4) == "image-rendering:auto"


def test_numbers_are_rounded_and_nothing_moves(source):
    def coordinates(text):
        paths = re.findall(r'<path (?:id="[^"]*" )?d="([^"]*)"', text)
        return [
            float(n)
            for n in re.findall(r"-?[\d.]+(?:e-?\d+)?", " ".join(paths))
        ]

    text, _ = parsed(source)
    before, after = coordinates(source), coordinates(text)
    assert len(before) == len(after) > 20
    np.testing.assert_allclose(after, before, atol=0.0051)


def test_the_same_figure_gives_the_same_bytes(source):
    assert parsed(source)[0] == parsed(source)[0]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<svg", "not an SVG"),
        ("<svg viewBox='0 0 1 1'/>", "without a viewBox"),
        (f"<svg xmlns='{SVG}'/>", "without a viewBox"),
        (
            f"<svg xmlns='{SVG}' viewBox='0 0 1 1'><g id='a'/><g id='a'/>"
            "<path clip-path='url(#a)'/></svg>",
            r"two owners: \['a'\]",
        ),
    ],
)
def test_what_is_not_a_figure(text, message):
    with pytest.raises(ValueError, match=message):
        inline(text, prefix="f", alt="")


def test_gradients_and_nested_text(source):
    """What other programs write passes as well."""
    text = (
        f'<svg xmlns="{SVG}" viewBox="0 0 9 9"><defs><linearGradient id="g">'
        '<stop stop-color="#000000"/></linearGradient></defs>'
        '<rect fill="url(#g)" width="9" height="9"/></svg>'
    )
    _, root = parsed(text)
    (gradient,) = root.iter(f"{{{SVG}}}linearGradient")
    assert gradient.get("id") == "fig-0"
    assert gradient[0].get("stop-color") == "currentColor"
    assert root[1].get("fill") == "url(#fig-0)"


def test_reads_from_a_buffer_too():
    buffer = StringIO()
    fig, _ = plt.subplots()
    fig.savefig(buffer, format="svg")
    plt.close(fig)
    assert "currentColor" in parsed(buffer.getvalue())[0]


def test_a_translated_label_is_outlined_instead_of_boxed():
    """A box was drawn as wide as the label in the other language."""

    def draw(ax):
        ax.set_axis_off()
        box = {"facecolor": "#010101", "edgecolor": "none"}
        ax.text(0.2, 0.2, "bag", bbox=box, color="#fefefe")
        ax.text(0.6, 0.6, "7", bbox=box, color="#fefefe")

    source = drawing(draw)
    text, root = parsed(
        source, translate=lambda label: {"bag": "가방"}.get(label, label)
    )
    by_label = {t.text: t for t in root.iter(f"{{{SVG}}}text")}
    assert "paint-order:stroke;stroke:#010101" in by_label["가방"].get("style")
    assert "stroke" not in by_label["7"].get("style", "")
    assert text.count("fill:#010101") == 1
    assert parsed(source)[0].count("fill:#010101") == 2
