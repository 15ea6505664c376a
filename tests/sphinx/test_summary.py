"""What a page says of itself: from its first paragraph, without formulas, cut."""

import pytest
from docutils.core import publish_doctree

from aibook_sphinx.summary import (
    MAX_WIDTH,
    description,
    plain,
    shorten,
    width,
)

BOOK = "A textbook in which all code runs, from one neuron to large models."


def describe(text: str) -> str:
    page = publish_doctree(text, settings_overrides={"report_level": 5})
    return description(page, otherwise=BOOK)


def test_the_first_paragraph_of_the_text_is_taken():
    said = describe(
        "Title\n=====\n\n"
        ".. note:: This stands in a box and is not what the page is about.\n\n"
        "- This stands in a list, however long the item of the list may be.\n\n"
        "The *first* paragraph with ``code`` says what the page is about, `here "
        "<https://example.org>`_.\n\nThe second one says more."
    )
    assert said == (
        "The first paragraph with code says what the page is about, here."
    )


@pytest.mark.parametrize(
    ("formula", "kept"),
    [
        ("N", True),
        ("x = 1", True),
        ("-3", True),
        (r"\mathbf{w}^\top \mathbf{x}", False),
        ("x_1", False),
        ("a^2", False),
    ],
)
def test_a_formula_that_needs_its_markup_takes_its_sentence_away(
    formula: str, kept: bool
):
    said = describe(
        "The second sentence of this text holds a formula in its middle. "
        f"Let :math:`{formula}` be it. That was all that there is."
    )
    assert ("Let " in said) == kept
    assert "\\" not in said
    assert "\0" not in said
    assert said.endswith("That was all that there is.")
    if kept:
        assert f"Let {formula.replace('-', '−')} be it." in said


def test_notes_and_pictures_are_silent():
    page = publish_doctree(
        "A word [#]_ and |picture| of it.\n\n.. [#] The note.\n\n"
        ".. |picture| image:: a.png\n   :alt: not said\n",
        settings_overrides={"report_level": 5},
    )
    assert plain(page[0]) == "A word  and  of it."


def test_short_paragraphs_are_completed():
    assert describe("The works.") == f"The works. {BOOK}"
    assert describe("The works.\n\nAll of them.") == (
        f"The works. All of them. {BOOK}"
    )
    assert describe("Title\n=====") == BOOK


def test_a_korean_letter_counts_twice():
    assert width("가중치 w") == 8
    korean = "퍼셉트론은 근거를 더해서 예 또는 아니요를 정합니다. " * 9
    said = shorten(korean)
    assert said.endswith("정합니다.")
    assert MAX_WIDTH / 2 < width(said) <= MAX_WIDTH


@pytest.mark.parametrize("limit", [2, 5, 17, 40, 160])
@pytest.mark.parametrize(
    "text",
    ["one two three four, five " * 20, "a" * 300, "가나다 라마바 " * 40],
)
def test_nothing_is_longer_than_allowed(text: str, limit: int):
    said = shorten(text, limit)
    assert width(said) <= limit
    kept = said.removesuffix("…").rstrip()
    assert text.startswith(kept)
    # Words stay whole, unless there is only one.
    if " " in text and len(kept) > 8:
        assert not text.removeprefix(kept)[0].isalpha()


def test_a_text_that_fits_is_only_tidied():
    assert shorten(" two\n words ", 9) == "two words"


def test_a_limit_without_room_is_refused():
    with pytest.raises(ValueError, match="at least 2, got 1"):
        shorten("text", 1)
