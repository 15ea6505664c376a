"""Sliders below figures."""

from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import pytest
from matplotlib.artist import Artist

from aibook.notebook import to_svg
from aibook.plotting.frames import mark_frames
from aibook_sphinx.notebooks.blocks import Writer
from aibook_sphinx.sliders import frames, slider
from aibook_sphinx.svg import SVG, inline
from mini_sphinx import Built, build_page

PAGE = """\
# Page

```{slider} fig-one
Learning *rate*, "η"
```

```{figure} jupyter_execute/a.svg
:name: fig-one
:alt: A line
A caption.
```
"""
CATALOGUE = """\
msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\n"

msgid "rate {0}"
msgstr "학습률 {0}"
"""


def drawing(*, marked: bool = True, named: bool = True) -> str:
    with plt.style.context("aibook.plotting.style", after_reset=True):
        fig, ax = plt.subplots()
        parts: list[list[Artist]] = [[*ax.plot([0, k])] for k in range(3)]
        if named:
            for k, part in enumerate(parts):
                part.append(ax.text(0, 0, f"rate {k}"))
        if marked:
            mark_frames(parts, shown=1)
        source = to_svg(fig)
        plt.close(fig)
    return source


def build(folder: Path, svg: str, page: str = PAGE, **options: str) -> Built:
    outputs = folder / "book" / "jupyter_execute"
    outputs.mkdir(parents=True)
    (outputs / "a.svg").write_text(svg, encoding="utf-8")
    locale = folder / "locale" / "ko" / "LC_MESSAGES"
    locale.mkdir(parents=True)
    (locale / "figures.po").write_text(CATALOGUE, encoding="utf-8")
    where = {"locale_dirs": [str(folder / "locale")]}
    return build_page(
        folder, page, modules=["figures", "sliders"], **where, **options
    )


def test_a_slider_stands_in_its_figure(tmp_path: Path) -> None:
    built = build(tmp_path, drawing())
    assert built.warnings == ""
    (found,) = built.html.select(".book-slider")
    assert found.find_parent("figure")["id"] == "fig-one"
    assert "book-frame" in found.find_previous_sibling()["class"]
    label, control = found.select("label, input")
    assert label.get_text() == 'Learning *rate*, "η"'
    assert label["for"] == control["id"] == "fig-one-slider"
    assert control["type"] == "range"
    ends = control["min"], control["value"], control["max"]
    assert ends == ("0", "1", "2")
    assert control["aria-valuetext"] == "rate 1"
    shown = [
        group["class"][0]
        for group in built.html.select("svg [class^=frame-]")
        if group.get("display") != "none"
    ]
    assert shown == ["frame-1", "frame-1"]


def test_frames_speak_the_pages_language(tmp_path: Path) -> None:
    built = build(tmp_path, drawing(), language="ko")
    control = built.html.select_one(".book-slider input")
    assert control["aria-valuetext"] == "학습률 1"


def test_other_books_have_no_slider(tmp_path: Path) -> None:
    built = build(tmp_path, drawing(), builder="singlehtml")
    assert built.warnings == ""
    assert built.html.select("figure svg")
    assert not built.html.select(".book-slider")


def test_a_notebook_has_no_slider() -> None:
    node = slider(figure="fig-one", label="Learning rate")
    nothing: Any = None  # a context that is not asked
    assert list(Writer(nothing).all([node])) == []


@pytest.mark.parametrize(
    ("options", "page", "message"),
    [
        ({"marked": False}, PAGE, r"'fig-one' has the frames \[\]"),
        ({"named": False}, PAGE, "has frames without a text: [0, 1, 2]"),
        (
            {},
            PAGE.replace("} fig-one", "} fig-two"),
            "'fig-two' is no figure of this page",
        ),
        (
            {},
            PAGE.replace('Learning *rate*, "η"\n', ""),
            "a slider needs a name",
        ),
    ],
)
def test_what_is_wrong_is_a_warning(
    tmp_path: Path, options: dict[str, bool], page: str, message: str
) -> None:
    built = build(tmp_path, drawing(**options), page)
    assert message.replace("\\", "") in built.warnings
    assert "index.md:" in built.warnings
    assert not built.html.select(".book-slider")


def test_frames_of_a_figure() -> None:
    svg = inline(drawing(), prefix="f", alt="A line")
    assert frames(svg) == (["rate 0", "rate 1", "rate 2"], 1)


@pytest.mark.parametrize(
    ("groups", "message"),
    [
        ([(0, ""), (2, "")], r"the frames \[0, 2\]"),
        ([(0, ""), (1, "")], r"shows the frames \[0, 1\] at first"),
        ([(0, "none"), (1, "none")], r"shows the frames \[\] at first"),
    ],
)
def test_frames_that_are_no_row(
    groups: list[tuple[int, str]], message: str
) -> None:
    parts = "".join(
        f'<g class="frame-{k}" display="{display}"><text>a</text></g>'
        for k, display in groups
    )
    with pytest.raises(ValueError, match=message):
        frames(f'<svg xmlns="{SVG}">{parts}</svg>')
