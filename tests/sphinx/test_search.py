"""The search's index: what is prose, how it is cut, what is written and kept."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from docutils import nodes
from docutils.utils import new_document
from sphinx.application import Sphinx

from aibook_sphinx.search_index import Entry, entry_of, freeze, thaw
from aibook_sphinx.search_text import Section, sections_of
from aibook_sphinx.search_words import (
    KoreanWords,
    english_words,
    key,
    terms_in,
)
from mini_sphinx import Built, build_page

TERMS = ["퍼셉트론", "학습률", "역전파", "가중치", "하강법", "은닉층"]


@pytest.fixture(scope="module")
def words() -> KoreanWords:
    return KoreanWords(TERMS)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # particles and endings
        ("학습은 어렵습니다.", {"학습"}),
        ("모델을 학습시킵니다.", {"모델", "학습"}),
        ("가중치에서는 퍼셉트론으로", {"가중치", "퍼셉트론"}),
        ("규칙을 배우는 법", {"규칙", "배우"}),
        # compounds
        ("기계학습의 역사", {"기계학습", "기계", "학습"}),
        ("학습률을 0.1로 둡니다.", {"학습률", "학습"}),
        ("다층퍼셉트론", {"다층퍼셉트론", "퍼셉트론"}),
        ("경사하강법으로", {"경사하강법", "경사", "하강법"}),
        ("은닉층의 유닛", {"은닉층", "은닉", "유닛"}),
        ("오차 역전파", {"오차", "역전파"}),
        # one syllable
        ("값을 냅니다.", {"값"}),
        # mixed script
        ("XOR를 푸는 ReLU와 NumPy로", {"xor", "relu", "numpi"}),
    ],
)
def test_korean_words(
    words: KoreanWords, text: str, expected: set[str]
) -> None:
    assert expected <= set(words(text))


@pytest.mark.parametrize(
    ("text", "absent"),
    [
        ("가중치에서는", {"가중치에서", "에서", "는"}),
        ("그것은 다음과 같습니다.", {"은", "같", "다음과"}),
        ("값싼 방법", {"값"}),
        ("3차원 100개", {"3", "100", "개"}),
        ("x와 y", {"x", "y"}),
    ],
)
def test_what_is_no_word(
    words: KoreanWords, text: str, absent: set[str]
) -> None:
    assert not absent & set(words(text))


def test_decomposed_syllables_are_composed(words: KoreanWords) -> None:
    assert "학습" in words("\u1112\u1161\u11a8\u1109\u1173\u11b8을 합니다.")


def test_a_noun_that_kiwi_spells_with_a_space(words: KoreanWords) -> None:
    assert "톱햇" in words("나머지가 톱햇입니다.")
    assert "톱햇" in KoreanWords(["톱햇"])("톱햇으로")


def test_a_term_is_cut_only_when_it_is_known(words: KoreanWords) -> None:
    assert "역전파" in words("역전파를")
    assert "역전" in KoreanWords()("역전파")


def test_english_words() -> None:
    text = "The Networks learn an AND gate: draw_points, x, 12, 5bf1, 2D"
    found = ["network", "learn", "and", "gate", "draw_point", "2d"]
    assert english_words(text) == found


def test_key() -> None:
    assert key("경사 하강법") == "경사하강법"
    assert key("The Decision Boundaries") == key("decision boundary")
    assert key("XOR 문제") == "xor문제"


def test_terms_in_a_source() -> None:
    source = (
        "**쌍곡 탄젠트**(tanh)와 **층**(layer)은 **꼭** 봅시다.\n\n"
        "```{glossary}\n합성곱\n컨볼루션\n  :en: convolution\n\n  설명입니다.\n```\n"
        "나머지 글\n"
    )
    assert terms_in(source) == {"쌍곡", "탄젠트", "합성곱", "컨볼루션"}


PAGE = """\
# Alpha beta

The page speaks of **gamma rays**, of $mathematik$ and `identifier_name`.

```{image} picture.svg
:alt: altword
```

```{raw} html
<svg><text>axislabel</text></svg>
```

```python
codeword = 1
```

(second)=
## Delta epsilon

```{note}
Noted https://address.example/path words.
```

| zeta | eta |
|---|---|
| theta | iota |

```{code-block} python
:caption: captionword
listing = 2
```

% commentword

```{glossary}
kappa
lambda
  The meaning of kappa.
```

```{eval-rst}
.. py:function:: signature_name(argument_name)

   Docstring prose with a **boldname**.

   >>> doctestword
```
"""


def data_of(app: Sphinx) -> dict[str, Any]:
    text = (Path(app.outdir) / "searchindex.js").read_text(encoding="utf-8")
    data: dict[str, Any] = json.loads(
        text.removeprefix("Search.setIndex(").removesuffix(")")
    )
    return data


def build(folder: Path, page: str = PAGE, **config: Any) -> Built:
    settings = {"language": "en", "html_static_path": []} | config
    (folder / "book").mkdir(parents=True, exist_ok=True)
    extensions = {"myst_enable_extensions": ["dollarmath"]}
    picture = folder / "book" / "picture.svg"
    picture.write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    return build_page(
        folder, page, modules=["search"], **settings, **extensions
    )


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    built = build(tmp_path_factory.mktemp("search"))
    assert built.warnings == ""
    return data_of(built.app)


@pytest.mark.parametrize(
    "word",
    ["alpha", "gamma", "identifier_nam", "epsilon", "note", "zeta", "kappa"],
)
def test_prose_is_indexed(data: dict[str, Any], word: str) -> None:
    assert word in data["book"]["words"]


@pytest.mark.parametrize(
    "word",
    [
        *("mathematik", "altword", "axislabel", "codeword", "list", "address"),
        *("captionword", "commentword", "signature_nam", "doctestword"),
    ],
)
def test_what_is_not_prose_is_not_indexed(
    data: dict[str, Any], word: str
) -> None:
    assert english_words(word) == [word]
    assert word not in data["book"]["words"]


def test_sections_and_glossary_entries_have_anchors(
    data: dict[str, Any],
) -> None:
    sections = [
        section[:2] + section[3:] for section in data["book"]["sections"][0]
    ]
    assert sections == [
        ["", "Alpha beta", 0],
        ["second", "Delta epsilon", 0],
        ["term-kappa", "kappa", 1],
    ]


def test_what_cells_hold_is_no_prose() -> None:
    title = nodes.title("", "Title")
    cell = nodes.container("", classes=["cell"])
    for part in ("cell_input", "cell_output"):
        inner = nodes.container("", nodes.paragraph("", part), classes=[part])
        cell += inner
    stored = nodes.container(
        "", nodes.paragraph("", "x"), mime_type="text/html"
    )
    caption = nodes.caption("", "Caption")
    figure = nodes.figure("", stored, caption)
    document = new_document("")
    document += nodes.section("", title, cell, figure, ids=["a"])
    (section,) = sections_of(document)
    assert section.texts == [("Title", 10), ("Caption", 1)]


def test_an_exercise_is_part_of_its_section() -> None:
    """Its content is a section without a heading, and with an id that goes."""
    content = nodes.section("", nodes.paragraph("", "Task"), ids=["content"])
    exercise = nodes.admonition("", nodes.title("", "Exercise"), content)
    document = new_document("")
    document += nodes.section("", nodes.title("", "A"), exercise, ids=["a"])
    (section,) = sections_of(document)
    assert section.texts == [("A", 10), ("Exercise", 2), ("Task", 1)]


def test_what_a_section_explains(data: dict[str, Any]) -> None:
    keys = data["book"]["keys"]
    assert keys["gammaray"] == [0]
    assert keys["deltaepsilon"] == [1]
    assert keys["kappa"] == keys["lambda"] == [2]
    assert "boldnam" not in keys


def test_names_of_objects_stay_sphinxs(data: dict[str, Any]) -> None:
    assert data["objects"][""][0][4] == "signature_name"
    assert data["terms"] == data["titleterms"] == {}


def test_headings_count_more(data: dict[str, Any]) -> None:
    assert data["book"]["words"]["alpha"] == [1, 10]
    assert data["book"]["words"]["delta"] == [2, 5]
    assert data["book"]["words"]["zeta"] == [2, 1]


def test_freeze_and_thaw() -> None:
    pages = {
        "a": [Entry("", "A", 3), Entry("x", "X", 2)],
        "b": [Entry("", "B", 4)],
    }
    pages["a"][0].counts.update({"one": 2})
    pages["a"][1].counts.update({"two": 1})
    pages["b"][0].counts.update({"one": 5})
    pages["b"][0].keys.add("one")
    pages["b"][0].told_in = ("a", "x")
    data = freeze(pages)
    assert data["words"] == {"one": [1, 2, 2, 5], "two": [2, 1]}
    assert data["keys"] == {"one": [2]}
    assert data["told"] == {"2": 1}
    assert thaw(list(pages), data) == pages


def test_a_heading_in_a_list_of_corrections_explains_nothing() -> None:
    for name in ("reference/corrections-code", "reference/notes-map"):
        title, heading = Section("", "Notes"), Section("x", "Layers")
        assert entry_of(name, title, english_words).keys == {"note"}
        assert not entry_of(name, heading, english_words).keys
        assert entry_of("ai/a", heading, english_words).keys == {"layer"}


def test_an_entry_of_the_glossary_names_what_explains_it() -> None:
    entry = Section("term-x", "x", is_entry=True, told_in="../ai/a.html#y")
    place = entry_of("reference/glossary", entry, english_words).told_in
    assert place == ("ai/a", "y")


def test_pages_that_are_not_written_again_keep_their_words(
    tmp_path: Path,
) -> None:
    """The second build writes one page of two, the third none."""
    other = "# Other\n\nUnchanged omega.\n"
    first = tmp_path / "book" / "other.md"
    first.parent.mkdir(parents=True)
    first.write_text(other, encoding="utf-8")
    page = "# Page\n\n```{toctree}\nother\n```\n\nSigma.\n"
    before = data_of(build(tmp_path, page).app)["book"]["words"]
    after = data_of(build(tmp_path, page + "\nTau.\n").app)["book"]["words"]
    assert set(after) == {*before, "tau"}
    assert after["omega"] == before["omega"]
    again = data_of(build(tmp_path, page + "\nTau.\n").app)
    assert again["book"]["words"] == after


def test_the_analyser_is_loaded_only_to_cut_korean() -> None:
    code = (
        "import sys; import aibook_sphinx.search;"
        "sys.exit(any(m.startswith('kiwipiepy') for m in sys.modules))"
    )
    paths = [p for p in sys.path if p]
    subprocess.run(
        [
            sys.executable,
            "-c",
            f"import sys; sys.path[:0] = {paths!r}; {code}",
        ],
        check=True,
    )


def test_a_korean_page(tmp_path: Path) -> None:
    page = "# 하나\n\n**학습률**(learning rate)은 학습의 빠르기입니다.\n"
    book = data_of(build(tmp_path, page, language="ko").app)["book"]
    assert {"학습률", "학습", "learn", "rate"} <= set(book["words"])
    assert set(book["keys"]) == {"하나", "학습률", "learnrate"}
    # 학습 stands there once alone and once in 학습률.
    assert book["words"]["학습"] == [1, 2]
