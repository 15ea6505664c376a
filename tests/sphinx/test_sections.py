"""Sections take the id of their label."""

from pathlib import Path

from docutils import nodes

from mini_sphinx import build_page

PAGE = """\
(page)=
# {title}

(page-first)=
## {first}

{{ref}}`page-second`, {{ref}}`page-extra`

(page-extra)=
(page-second)=
## {second}

## {plain}
"""
TITLES = {
    "en": {
        "title": "Title",
        "first": "First",
        "second": "Second",
        "plain": "Plain",
    },
    "ko": {
        "title": "제목",
        "first": "첫째",
        "second": "둘째",
        "plain": "Plain",
    },
}


def test_the_label_is_the_id_in_every_language(tmp_path: Path) -> None:
    ids = {}
    for language, titles in TITLES.items():
        built = build_page(
            tmp_path / language, PAGE.format(**titles), modules=["sections"]
        )
        assert built.warnings == ""
        html = built.html
        ids[language] = [section["id"] for section in html.select("section")]
        # Links and the contents lead to these ids, and each id exists once.
        all_ids = [element["id"] for element in html.select("[id]")]
        assert len(all_ids) == len(set(all_ids))
        targets = {a["href"] for a in html.select("div.body a.reference")}
        assert targets == {"#page-second", "#page-extra"}
        assert {t[1:] for t in targets} <= set(all_ids)
        contents = built.app.env.tocs["index"].findall(nodes.reference)
        assert [node["anchorname"] for node in contents][1] == "#page-first"
    assert ids["en"] == ids["ko"]
    assert ids["en"][:2] == ["page", "page-first"]
    assert ids["en"][2] in {"page-second", "page-extra"}
    assert ids["en"][3] == "plain"


MODULE = """\
(page)=
# Title

(page-module)=
## Module

```{eval-rst}
.. py:module:: some.module

.. py:function:: f()
```

{py:mod}`some.module`
"""


def test_a_module_keeps_its_id(tmp_path: Path) -> None:
    """The index of modules leads to it."""
    html = build_page(tmp_path, MODULE, modules=["sections"]).html
    assert html.select("#module-some\\.module")
    assert html.select_one("section section")["id"] == "page-module"
