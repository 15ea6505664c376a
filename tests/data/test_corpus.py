"""The corpus: whole, parallel, split without overlap, and plain text."""

import pytest

from aibook.data.corpus import LANGUAGES, SPLITS, load_corpus


def test_both_languages_have_the_same_sections() -> None:
    for split in SPLITS:
        ko, en = (
            [(s.page, s.label) for s in load_corpus(language, split)]
            for language in LANGUAGES
        )
        assert ko == en


@pytest.mark.parametrize("language", LANGUAGES)
def test_splits_share_nothing(language: str) -> None:
    parts = [load_corpus(language, split) for split in SPLITS]
    assert [len(part) for part in parts] == [256, 32, 32]
    labels = [{s.label for s in part} for part in parts]
    assert len(set.union(*labels)) == 320
    paragraphs = [
        {
            line
            for s in part
            for line in s.text.split("\n")[1:]
            if len(line) > 90
        }
        for part in parts
    ]
    assert not paragraphs[0] & (paragraphs[1] | paragraphs[2])


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_markup_is_left(language: str) -> None:
    for split in SPLITS:
        for section in load_corpus(language, split):
            assert not set("$`\\") & set(section.text), section.label
            assert "{term}" not in section.text
            assert section.text.count("\n") >= 1


def test_hangul_in_korean_only() -> None:
    def share(language: str) -> float:
        text = "".join(s.text for s in load_corpus(language, "train"))
        return sum("가" <= c <= "힣" for c in text) / len(text)

    assert share("ko") > 0.5
    assert share("en") < 0.01


def test_bad_input() -> None:
    with pytest.raises(ValueError, match="expected one of ko, en"):
        load_corpus("de", "train")
    with pytest.raises(ValueError, match="train, val, test"):
        load_corpus("ko", "dev")
