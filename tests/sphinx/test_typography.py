"""Formulas, code and the Korean particles after them."""

import pytest

from mini_sphinx import build_page

PAGE = """\
# 쪽

이 식 $x$는 수이고, `w`와 `b`, 그리고 (`lr`)도 그렇습니다. $y$ 그리고 $z$!

`a_name_longer_than_a_phone_is_wide`는 길고, **굵은 글**은 그대로입니다.
"""
CONFIG = {"myst_enable_extensions": ["dollarmath"]}


def joined(folder, language):
    page = build_page(
        folder,
        PAGE,
        modules=["typography", "mathml"],
        language=language,
        **CONFIG,
    )
    spans = page.html.select("span.nowrap")
    whole = page.html.find("body").get_text()
    return [
        s.get_text().split("\\")[0] if s.find("math") else s.get_text()
        for s in spans
    ], whole


def test_a_particle_stays_with_what_it_follows(tmp_path):
    spans, _ = joined(tmp_path, "ko")
    tails = [text[-2:] for text in spans]
    assert len(spans) == 4
    assert tails[1:] == ["w와", "b,", ")도"]
    assert spans[0].endswith("는")


def test_no_text_is_lost(tmp_path):
    _, ko = joined(tmp_path / "ko", "ko")
    _, en = joined(tmp_path / "en", "en")
    for text in ("수이고", "그렇습니다.", "그리고", "길고", "그대로입니다."):
        assert ko.count(text) == en.count(text) > 0


@pytest.mark.parametrize("language", ["en"])
def test_only_korean_pages_are_touched(tmp_path, language):
    spans, _ = joined(tmp_path, language)
    assert spans == []
