"""The glossary's entries: their ids, order, and terms in two languages."""

import pytest

from aibook_sphinx.glossary import read_entries
from mini_sphinx import build_page

KOREAN = """\
# 용어집

```{glossary}
편향
  :en: bias

  더하는 수입니다.

ReLU
정류 선형 유닛
  :en: rectified linear unit; ReLU

  함수 $\\max(0, z)$입니다.

꺾은선
  :en: polyline

  직선을 이은 것입니다.

가중치
  :en: weight

  곱하는 수입니다. {term}`편향`과 함께 씁니다.

  - 하나
    - 둘
```
"""
ENGLISH = """\
# Glossary

```{glossary}
weight
  :ko: 가중치

  What is multiplied.

bias
  :ko: 편향

  What is added to {term}`weights<weight>`, see {term}`WEIGHT`.
```
"""
CONFIG = {"myst_enable_extensions": ["dollarmath"]}


def build(folder, page, language):
    built = build_page(
        folder,
        page,
        modules=["glossary", "mathml"],
        language=language,
        **CONFIG,
    )
    assert "WARNING" not in built.warnings
    return built.html


def heads(html):
    """Return the terms as readers see them, without the links to themselves."""
    for link in html.select("dt a.headerlink"):
        link.extract()
    return [" ".join(dt.get_text().split()) for dt in html.select("dt")]


def test_korean_comes_in_its_order_before_latin(tmp_path):
    html = build(tmp_path, KOREAN, "ko")
    assert heads(html) == [
        "가중치 weight",
        "꺾은선 polyline",
        "편향 bias",
        "ReLU, 정류 선형 유닛 rectified linear unit",
    ]
    letters = [e.get_text() for e in html.select("p.rubric")]
    assert letters == ["ㄱ", "ㅍ", "A–Z"]


def test_ids_come_from_the_english_term_in_both_languages(tmp_path):
    ko = build(tmp_path / "ko", KOREAN, "ko")
    en = build(tmp_path / "en", ENGLISH, "en")
    assert {dt["id"] for dt in ko.select("dt")} == {
        "term-weight",
        "term-polyline",
        "term-bias",
        "term-rectified-linear-unit",
    }
    assert [dt["id"] for dt in en.select("dt")] == ["term-bias", "term-weight"]


def test_the_other_languages_term_is_marked_as_such(tmp_path):
    ko = build(tmp_path / "ko", KOREAN, "ko").select("dt [lang]")
    en = build(tmp_path / "en", ENGLISH, "en").select("dt [lang]")
    assert {e["lang"] for e in ko} == {"en"}
    assert [(e["lang"], e.get_text()) for e in en] == [
        ("ko", "편향"),
        ("ko", "가중치"),
    ]


def test_references_lead_to_the_entry(tmp_path):
    ko = build(tmp_path / "ko", KOREAN, "ko")
    en = build(tmp_path / "en", ENGLISH, "en")
    assert [a["href"] for a in ko.select("dd a")] == ["#term-bias"]
    # The particle follows at once.
    assert "편향과" in ko.select_one("dd").get_text()
    links = en.select("dd a")
    assert [a["href"] for a in links] == ["#term-weight"] * 2
    assert [a.get_text() for a in links] == ["weights", "WEIGHT"]


def test_letters_lead_to_their_first_entry(tmp_path):
    links = build(tmp_path, KOREAN, "ko").select(".glossary-letters a")
    assert [(a.get_text(), a["href"]) for a in links] == [
        ("ㄱ", "#term-weight"),
        ("ㅍ", "#term-bias"),
        ("A–Z", "#term-rectified-linear-unit"),
    ]


def test_definitions_are_myst(tmp_path):
    html = build(tmp_path, KOREAN, "ko")
    assert html.select("dd math, dd .math")
    assert html.select_one("dd ul ul").get_text(strip=True) == "둘"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("  indented", "begins with a term"),
        ("bias\n\n  text", ":ko: its terms"),
        ("bias\n  :en: weight\n\n  text", ":ko: its terms"),
        ("bias\n  :ko: 편향\n", "no definition"),
        ("bias", ":ko: its terms"),
    ],
)
def test_what_is_missing_is_named(text, message):
    with pytest.raises(ValueError, match=message):
        read_entries(text.splitlines(), "en")


def test_a_mistake_is_a_warning_of_the_build(tmp_path):
    page = "# Page\n\n```{glossary}\nbias\n  What is added.\n```\n"
    built = build_page(tmp_path, page, modules=["glossary"], language="en")
    assert "index.md:3: WARNING: the terms of 'bias'" in built.warnings
