"""The tables of the notes' items."""

import re
from pathlib import Path
from typing import Any

import pytest
from docutils import nodes

from aibook_sphinx.notebooks.blocks import Writer
from aibook_sphinx.notes_map import expand, read_map
from mini_sphinx import Built, build_page
from sphinx import addnodes

MAP = """\
count: 3
planned:
  later: {ko: 나중, en: Later}
groups:
  first:
    ids: W1.1-3
    count: 3
    items:
      - {id: W1.1, page: index, label: here, ko: 여기, en: This place}
      - {id: W1.2, planned: later, ko: 다음 일, en: What follows}
      - {id: W1.3, page: other, label: there, ko: "`a.b` 쓰기", en: "using `a.b`"}
"""
PAGE = """\
(here)=
# 이곳

```{notes-map} first
```
"""
OTHER = "(there)=\n# Elsewhere\n"


def build(
    folder: Path, *, language: str = "en", text: str = MAP, page: str = PAGE
) -> Built:
    # Beside the language's folder.
    (folder / "notes-map.yml").write_text(text, encoding="utf-8")
    return build_page(
        folder,
        page,
        modules=["notes_map"],
        others={"other.md": OTHER},
        language=language,
    )


def cells(built: Built) -> list[list[str]]:
    return [
        [" ".join(cell.get_text().split()) for cell in row.select("th, td")]
        for row in built.html.select("table.notes-map tr")
    ]


def test_a_row_for_each_item(tmp_path: Path) -> None:
    assert cells(build(tmp_path)) == [
        ["item", "in the notes", "in this book"],
        ["W1.1", "This place", "이곳"],
        ["W1.2", "What follows", "Later (planned)"],
        ["W1.3", "using a.b", "Elsewhere"],
    ]


def test_the_table_speaks_the_pages_language(tmp_path: Path) -> None:
    rows = cells(build(tmp_path, language="ko"))
    assert all(rows[0])
    assert rows[2] == ["W1.2", "다음 일", "나중 (쓰는 중)"]


def test_what_is_written_has_a_link(tmp_path: Path) -> None:
    built = build(tmp_path)
    links = [a["href"] for a in built.html.select("table.notes-map a")]
    assert links == ["#here", "other.html#there"]
    assert [c.get_text() for c in built.html.select("td code")] == ["a.b"]


def test_the_page_is_read_anew_when_the_map_changes(tmp_path: Path) -> None:
    assert "notes-map.yml" in build(tmp_path).dependencies


def test_a_label_that_is_missing_is_a_warning(tmp_path: Path) -> None:
    text = MAP.replace("label: there", "label: nowhere")
    assert "undefined label: 'nowhere'" in build(tmp_path, text=text).warnings


def test_a_group_that_is_missing_is_a_warning(tmp_path: Path) -> None:
    page = PAGE.replace("} first", "} second")
    assert "notes-map 'second'" in build(tmp_path, page=page).warnings


def test_notebooks_get_a_table(tmp_path: Path) -> None:
    page = build(tmp_path).app.env.get_doctree("index")
    for link in list(page.findall(addnodes.pending_xref)):
        link.replace_self(nodes.Text(link["reftarget"]))
    nothing: Any = None  # a context that is not asked
    block = next(Writer(nothing).all(list(page.findall(nodes.table))))
    rows = [re.split(r" *\| *", row) for row in block.text.splitlines()]
    assert rows[0][1:4] == ["item", "in the notes", "in this book"]
    assert rows[3][1:4] == ["W1.2", "What follows", "Later (planned)"]
    assert rows[4][1:4] == ["W1.3", "using `a.b`", "there"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("page: index, label: here", "page: index", "an item has the keys"),
        ("label: here", "planned: later", "an item has the keys"),
        ("planned: later", "planned: sooner", "no title under `planned`"),
        ("W1.1-3", "W1.3-1", "no range of ids: 'W1.3-1'"),
        ("W1.1-3", "one", "no id"),
    ],
)
def test_a_mistake_in_the_map_is_named(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    path = tmp_path / "map.yml"
    path.write_text(MAP.replace(old, new), encoding="utf-8")
    with pytest.raises(ValueError, match=message):
        read_map(path)


def test_ranges() -> None:
    assert list(expand("C0-2")) == ["C0", "C1", "C2"]
    assert list(expand("C9")) == ["C9"]
