"""The directive of the small interactive figures."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po
from bs4 import Tag
from docutils import nodes
from docutils.parsers.rst import roles

from aibook_sphinx.notebooks.blocks import Writer
from aibook_sphinx.widgets import WIDGETS, Choice, Range, Stepper, widget
from mini_sphinx import Built, build_page

ROOT = Path(__file__).parents[2]
CATALOGUE = ROOT / "book/locale/ko/LC_MESSAGES/widgets.po"
SCRIPT = ROOT / "_static" / "widgets.js"
PLACES = re.compile(r"\{\w+\}")
PAGE = """\
# Page

```{figure} image.png
:name: fig-one
:alt: A line
A caption.
```

```{widget} coin
:instead: fig-one

Try *this*, "now".
```
"""
COUNTS = PAGE.replace("coin", "otsu").replace(
    ":instead: fig-one", ":instead: fig-one\n:data: counts"
)


def build(folder: Path, page: str = PAGE, **options: Any) -> Built:
    (folder / "book").mkdir()
    (folder / "book" / "image.png").write_bytes(b"")
    return build_page(folder, page, modules=["widgets"], **options)


@pytest.fixture
def glued(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Return texts that pages can place as if a cell had glued them."""
    texts: dict[str, str] = {}

    def role(
        name: str, rawtext: str, text: str, *rest: Any, **more: Any
    ) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        return [nodes.inline("", texts[text])], []

    monkeypatch.setitem(roles._roles, "glue:text", role)
    return texts


def only(built: Built) -> Tag:
    (found,) = built.html.select(".book-widget")
    return found


def test_a_widget_stands_in_the_page(tmp_path: Path) -> None:
    built = build(tmp_path)
    assert built.warnings == ""
    found = only(built)
    assert found["data-widget"] == "coin"
    assert json.loads(str(found["data-texts"])) == WIDGETS["coin"].texts
    assert "data-numbers" not in found.attrs
    title, said = found.select("p")
    assert found["role"] == "group"
    assert found["aria-labelledby"] == title["id"]
    assert title.get_text() == WIDGETS["coin"].title
    assert said.decode_contents() == "Try <em>this</em>, “now”."
    assert found.select_one("output[aria-live=polite]")
    drawing = found.select_one("svg[role=img]")
    assert drawing
    assert drawing["aria-label"] == WIDGETS["coin"].drawing
    assert built.html.select("script[src*='widgets.js']")


def test_every_control_has_a_name_and_a_start(tmp_path: Path) -> None:
    names = [name for name in WIDGETS if name != "otsu"]
    parts = PAGE.split("```{widget}")
    page = parts[0] + "".join(
        "\n```{widget}" + parts[1].replace("coin", name) for name in names
    )
    built = build(tmp_path, page)
    assert built.warnings == ""
    ids = [str(e["id"]) for e in built.html.select("[id]")]
    assert len(ids) == len(set(ids))
    for name in names:
        (found,) = built.html.select(f"#widget-{name}")
        for control in WIDGETS[name].controls:
            if not isinstance(control, (Range, Stepper, Choice)):
                continue
            inputs = found.select(f"input[data-key={control.key}]")
            if isinstance(control, Choice):
                labels = [i.find_parent("label") for i in inputs]
                texts = [e.get_text(strip=True) for e in labels if e]
                assert texts == list(control.names)
                assert [i.has_attr("checked") for i in inputs][:2] == [
                    True,
                    False,
                ]
                continue
            (control_input,) = inputs
            (label,) = found.select(f"label[for={control_input['id']}]")
            assert label.get_text() == control.label
            low, value, high = (
                float(str(control_input[k])) for k in ("min", "value", "max")
            )
            assert low <= value <= high


def test_numbers_of_the_page_reach_the_script(
    tmp_path: Path, glued: dict[str, str]
) -> None:
    glued["counts"] = " ".join(map(str, range(256)))
    built = build(tmp_path, COUNTS)
    # MyST-NB's domain is not there; the role above is.
    assert built.warnings.count("WARNING") == 1
    assert "unknown role name: glue:text" in built.warnings
    found = only(built)
    assert found["data-numbers"] == glued["counts"]
    assert glued["counts"] not in found.get_text()


@pytest.mark.parametrize(
    ("numbers", "message"),
    [
        ("1 2 3", "3 numbers, not 256"),
        ("1 2 three", "the data are '1 2 three', not whole numbers"),
        ("", "the data are '', not whole numbers"),
    ],
)
def test_other_numbers_are_a_warning(
    tmp_path: Path, glued: dict[str, str], numbers: str, message: str
) -> None:
    glued["counts"] = numbers
    built = build(tmp_path, COUNTS)
    assert f"widget 'otsu': {message}" in built.warnings
    assert not built.html.select(".book-widget")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("coin", "coins", "widget 'coins': is none of perceptron, coin, "),
        ("} coin", "} Coin", "widget 'Coin': is none of "),
        (":instead: fig-one", "", "needs a figure that stands for it"),
        (
            ":instead: fig-one",
            ":instead: fig-two",
            "widget 'coin': 'fig-two' is no figure of this page",
        ),
        ('Try *this*, "now".', "", "does not say what to try"),
        (
            ":instead: fig-one",
            ":instead: fig-one\n:data: counts",
            "takes no numbers of the page (:data:)",
        ),
        ("coin", "otsu", "needs numbers of the page (:data:)"),
    ],
)
def test_what_is_wrong_is_a_warning(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    built = build(tmp_path, PAGE.replace(old, new))
    assert message in built.warnings
    assert "index.md:" in built.warnings
    assert not built.html.select(".book-widget")


def test_a_widget_stands_once_in_a_page(tmp_path: Path) -> None:
    again = PAGE[PAGE.index("```{widget}") :]
    built = build(tmp_path, f"{PAGE}\n{again}")
    assert "widget 'coin': stands on this page already" in built.warnings
    assert only(built)


def test_other_books_have_the_figure_alone(tmp_path: Path) -> None:
    built = build(tmp_path, builder="singlehtml")
    assert built.warnings == ""
    assert built.html.select("figure, img")
    assert not built.html.select(".book-widget")
    assert "Try" not in built.html.get_text()


def test_a_notebook_has_no_widget() -> None:
    node = widget("", nodes.paragraph("", "Try."), name="coin")
    nothing: Any = None  # a context that is not asked
    assert list(Writer(nothing).all([node])) == []


def test_every_text_is_translated_and_no_other() -> None:
    with CATALOGUE.open("rb") as file:
        catalogue = {str(m.id): str(m.string) for m in read_po(file) if m.id}
    needed = {text for spec in WIDGETS.values() for text in spec.messages()}
    assert needed == catalogue.keys()
    for text, translated in catalogue.items():
        assert re.search("[가-힣]", translated), text
        places = [sorted(PLACES.findall(t)) for t in (text, translated)]
        assert places[0] == places[1], text
    assert list(catalogue) == sorted(catalogue, key=str.casefold)


def test_the_script_is_small_and_speaks_no_language() -> None:
    script = SCRIPT.read_text(encoding="utf-8")
    assert len(script.encode()) < 20_000
    assert not re.search("[가-힣]", script)
    # Every text is said, and nothing is said that has no text.
    said = set(re.findall(r"\btexts\.(\w+)", script))
    dynamic = set(WIDGETS["descent"].texts)  # texts[kind]
    assert "texts[kind]" in script
    assert said | dynamic == {k for w in WIDGETS.values() for k in w.texts}
