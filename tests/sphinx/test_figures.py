import pytest
from sphinx.errors import ExtensionError

from aibook_sphinx.svg import SVG
from mini_sphinx import build_page

PAGE = """\
# Page

```{figure} jupyter_execute/a.svg
:name: fig-one
:alt: Loss over epochs
A caption.
```

![Again](jupyter_execute/a.svg)

![A drawing](drawing.svg)
"""
FIGURE = f"""\
<svg xmlns="{SVG}" viewBox="0 0 90 30"><g id="used"/>
<path clip-path="url(#used)" style="stroke: #000000" d="M 1 1"/>
<text style="font: 12px 'DejaVu Sans'">loss</text></svg>
"""
CATALOGUE = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'


def build(folder, figure=FIGURE, messages=(), **config):
    outputs = folder / "book" / "jupyter_execute"
    outputs.mkdir(parents=True)
    (outputs / "a.svg").write_text(figure, encoding="utf-8")
    (folder / "book" / "drawing.svg").write_text(FIGURE, encoding="utf-8")
    locale = folder / "locale" / "ko" / "LC_MESSAGES"
    locale.mkdir(parents=True)
    text = CATALOGUE + "".join(
        f'msgid "{a}"\nmsgstr "{b}"\n' for a, b in messages
    )
    (locale / "figures.po").write_text(text, encoding="utf-8")
    config = {"locale_dirs": [str(folder / "locale")], **config}
    return build_page(folder, PAGE, modules=["figures"], **config)


def test_figures_from_cells_stand_in_the_page(tmp_path):
    built = build(tmp_path)
    assert not built.warnings
    figure = built.html.select_one("figure#fig-one svg[role=img]")
    assert figure["aria-label"] == "Loss over epochs"
    assert figure.find("text").get_text() == "loss"
    ids = [e["id"] for e in built.html.select("svg [id]")]
    assert ids == ["fig-one-0", "figure-1-0"]
    # A picture that no cell drew is left alone, and only it is copied.
    (image,) = built.html.select("img")
    assert image["alt"] == "A drawing"
    assert [p.name for p in (tmp_path / "out" / "_images").iterdir()] == [
        "drawing.svg"
    ]


def test_labels_in_the_pages_language(tmp_path):
    built = build(tmp_path, messages=[("loss", "손실")], language="ko")
    texts = [t.get_text() for t in built.html.select("svg text")]
    assert texts == ["손실", "손실"]


def test_labels_stay_out_of_the_search(tmp_path):
    build(tmp_path, figure=FIGURE.replace("loss", "zebra"))
    index = (tmp_path / "out" / "searchindex.js").read_text(encoding="utf-8")
    assert "caption" in index
    assert "zebra" not in index


def test_a_broken_figure_is_named(tmp_path):
    with pytest.raises(
        (ValueError, ExtensionError),
        match=r"index: figure \['fig-one'\]: not an SVG",
    ):
        build(tmp_path, figure="<svg")
