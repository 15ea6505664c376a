"""Korean words in the index and in a query, by hand and against the browser."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser

from aibook_sphinx.search import _ENDINGS, SearchKorean

SEARCH = SearchKorean({})


def found(query: str, text: str) -> bool:
    """Tell whether the one word of a query is an entry of a page's index."""
    return SEARCH.stem(query) in {
        SEARCH.stem(word) for word in SEARCH.split(text)
    }


@pytest.mark.parametrize(
    ("word", "stem"),
    [
        ("가중치", "가중치"),
        ("가중치를", "가중치"),
        ("가중치에서는", "가중치"),
        ("학습합니다", "학습"),
        ("학습시키는", "학습"),
        ("이미지의", "이미지"),
        ("결과", "결과"),  # its last syllable is no particle here
        ("결과가", "결과"),
        ("perceptrons", "perceptron"),
        ("XOR", "xor"),
    ],
)
def test_stem(word: str, stem: str) -> None:
    assert SEARCH.stem(word) == stem


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("학습", "모델을 학습시킵니다."),
        ("학습", "기계학습의 역사"),
        ("학습", "학습률을 0.1로 둡니다."),
        ("퍼셉트론", "다층퍼셉트론은"),
        ("퍼셉트론의", "퍼셉트론으로"),
        ("값", "값을 냅니다."),
        ("값", "값"),
        ("xor", "XOR를 풉니다."),
        ("networks", "neural network"),
    ],
)
def test_a_query_finds_the_word_in_any_form(query: str, text: str) -> None:
    assert found(query, text)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("학습", "가중치와 편향"),
        ("값", "값싼 방법"),
        ("를", "XOR를"),
        ("신경", "경신"),
    ],
)
def test_a_query_does_not_find_other_words(query: str, text: str) -> None:
    assert not found(query, text)


@given(
    st.text(
        st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), min_size=2
    ),
    st.lists(st.sampled_from(_ENDINGS), max_size=3),
)
def test_endings_never_hide_a_word(word: str, endings: list[str]) -> None:
    inflected = word + "".join(endings)
    assert found(word, inflected) or re.fullmatch(
        f"(?:{'|'.join(_ENDINGS)})+", inflected
    )
    assert found(inflected, inflected) or SEARCH.split(inflected) == []


@pytest.mark.browser
def test_the_browser_splits_and_stems_alike(
    browser: Browser, tmp_path: Path
) -> None:
    from sphinx.search import IndexBuilder

    class Builder(IndexBuilder):
        def __init__(self) -> None:  # without an environment
            self.lang = SEARCH

    script = tmp_path / "language_data.js"
    code = Builder().get_js_stemmer_code() + SEARCH.js_splitter_code
    script.write_text(code, encoding="utf-8")
    page = browser.new_page()
    page.add_script_tag(path=script)
    text = "XOR를 학습시키는 다층퍼셉트론의 가중치에서는 값을 networks 3차원 결과가 0.1"
    words = page.evaluate(f"splitQuery({json.dumps(text)})")
    stems = page.evaluate(
        f"{json.dumps(words)}.map((w) => new Stemmer().stemWord(w.toLowerCase()))"
    )
    indexed = {SEARCH.stem(word) for word in SEARCH.split(text)}
    assert "를" not in words
    assert len(words) == 11
    assert stems == [SEARCH.stem(word) for word in words]
    assert set(stems) <= indexed
    page.close()
