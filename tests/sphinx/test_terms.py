"""The definitions that a page carries for the terms it refers to."""

import json
import re

from bs4 import BeautifulSoup

from aibook_sphinx import terms
from mini_sphinx import build_page

GLOSSARY = """\
```{glossary}
weight
  :ko: 가중치

  What is multiplied, in $\\mathbf{w}$. Explained in {ref}`Uses <uses>`.

bias
offset
  :ko: 편향

  What is added to a {term}`weight`, incomparably.

seed
  :ko: 시드

  Not used here.
```
"""
PAGE = f"""\
# Page

(uses)=
## Uses

A {{term}}`bias`, {{term}}`two offsets<offset>` and a {{term}}`Bias` again.

{GLOSSARY}
"""
CONFIG = {"language": "en", "myst_enable_extensions": ["dollarmath"]}


def build(folder, page=PAGE, **config):
    return build_page(
        folder,
        page,
        modules=["glossary", "terms", "mathml"],
        **CONFIG,
        **config,
    )


def test_each_used_term_has_its_definition_once(tmp_path):
    html = build(tmp_path).html
    found = [t["id"] for t in html.select("template")]
    # That of weight: the glossary, which is on the page, refers to it.
    assert found == ["definition-of-term-bias", "definition-of-term-weight"]


def test_a_definition_says_all(tmp_path):
    html = build(tmp_path).html
    bias = html.find(id="definition-of-term-bias")
    heading = bias.select_one(".definition-term")
    assert re.sub(r"\s+", " ", heading.decode_contents()).startswith(
        "bias, offset <"
    )
    assert heading.select_one("[lang=ko]").string == "편향"
    assert "incomparably" in str(bias)
    more = bias.select_one(".definition-more a")
    assert (more["href"], more.string) == ("#term-bias", "Page")


def test_links_and_formulas_inside_are_written(tmp_path):
    built = build(tmp_path)
    bias, weight = built.html.select("template")
    assert bias.select_one("a .std-term").parent["href"] == "#term-weight"
    assert weight.select_one("a.reference")["href"] == "#uses"
    assert weight.select("math, .math")
    assert built.warnings == ""


def test_ids_stay_unique(tmp_path):
    ids = [e["id"] for e in build(tmp_path).html.select("[id]")]
    assert len(ids) == len(set(ids))


def test_a_page_without_references_gets_nothing(tmp_path):
    page = "# Page\n\n" + GLOSSARY.replace("{term}`weight`", "weight")
    assert build(tmp_path, page).html.select("template") == []


def test_from_another_folder(tmp_path):
    """Addresses are right, and the search finds a definition in one place."""
    page = "# Page\n\n```{toctree}\npart/one\npart/words\n```\n"
    others = {
        "part/one.md": "(uses)=\n# One\n\nA {term}`bias`, a {term}`weight`.\n",
        "part/words.md": f"# Words\n\n{GLOSSARY}",
    }
    built = build(tmp_path, page, others=others)
    assert built.warnings == ""
    out = tmp_path / "out"
    html = (out / "part" / "one.html").read_text(encoding="utf-8")
    templates = BeautifulSoup(html, "html5lib").select("template")
    assert [[a["href"] for a in t.select("a")] for t in templates] == [
        ["words.html#term-weight", "words.html#term-bias"],
        ["#uses", "words.html#term-weight"],
    ]
    text = (out / "searchindex.js").read_text(encoding="utf-8")
    index = json.loads(text[len("Search.setIndex(") : -1])
    assert index["docnames"][index["terms"]["incompar"]] == "part/words"


def test_a_missing_term_is_a_warning(tmp_path):
    built = build(tmp_path, "# Page\n\nA {term}`ghost`.\n")
    assert "term not in glossary: 'ghost'" in built.warnings


def test_a_changed_glossary_rewrites_every_page(tmp_path):
    app = build(tmp_path).app
    assert terms.glossaries(app.env) == ["index"]
    assert terms._rewrite_all(app, app.env) == []
    source = tmp_path / "book" / "index.md"
    source.write_text(PAGE.replace("incomparably", "now"), encoding="utf-8")
    assert terms._rewrite_all(app, app.env) == ["index"]
    assert terms._rewrite_all(app, app.env) == []


def test_a_builder_of_other_pages_gets_no_definitions(tmp_path):
    built = build(tmp_path, builder="dirhtml")
    assert built.html.select("dl.glossary")
    assert built.html.select("template") == []
