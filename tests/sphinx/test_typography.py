"""Formulas, code and the Korean particles after them."""

from mini_sphinx import build_page

PAGE = """\
# 쪽

이 식 $x$는 수이고, `w`와 `b`, 그리고 (`lr`)도 그렇습니다. $y$ 그리고 $z$!

`a_name_longer_than_a_phone_is_wide`는 길고, **굵은 글**은 그대로입니다.
"""
ENGLISH = """\
# Page

This ($x$ if so) the $n$-th and [a] $k$), or $y$. See (`code`).
"""
CONFIG = {"myst_enable_extensions": ["dollarmath"]}


def joined(folder, language, text=PAGE):
    page = build_page(
        folder,
        text,
        modules=["typography", "mathml"],
        language=language,
        **CONFIG,
    )
    spans = page.html.select("span.nowrap")
    whole = page.html.find("body").get_text()
    return [s.get_text() for s in spans], whole


def test_a_particle_stays_with_what_it_follows(tmp_path):
    spans, _ = joined(tmp_path, "ko")
    assert spans == ["xx는", "w와", "b,", "(lr)도", "zz!"]


def test_no_text_is_lost(tmp_path):
    _, ko = joined(tmp_path / "ko", "ko")
    _, en = joined(tmp_path / "en", "en")
    for text in ("수이고", "그렇습니다.", "그리고", "길고", "그대로입니다."):
        assert ko.count(text) == en.count(text) > 0


def test_an_english_formula_keeps_its_brackets_and_its_ending(tmp_path):
    """Code needs no help there: browsers know where Latin words break."""
    spans, whole = joined(tmp_path, "en", ENGLISH)
    assert spans == ["(xx", "nn-th", "kk),", "yy."]
    assert "(xx if so) the nn-th and [a] kk), or yy." in " ".join(
        whole.split()
    )


def test_other_languages_are_left_alone(tmp_path):
    spans, _ = joined(tmp_path, "fr")
    assert spans == []
