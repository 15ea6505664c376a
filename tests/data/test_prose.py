"""Prose from pages: each kind of markup that the book uses."""

from pathlib import Path

import pytest

from aibook.data.prose import find_titles, read_book, read_prose

PAGE = """\
---
file_format: mystnb
---

(page)=
# A page

One paragraph
on two lines, with {term}`weights<weight>`, a {term}`loss`, {cite:t}`rumelhart1986`
and more {cite:p}`vaswani2017,ho2020`.

- first $x^2$ and $$y$$
- second, {ref}`there <other>` and {ref}`other`

```{code-cell}
# not prose
```

```{math}
:label: eq-x
x
```

(other)=
## Another

```{admonition} Correction: a title
:class: correction
:name: correction-x

**Bold** and *slanted* `code`. ({ref}`corrections`)
```

| a | table |
|:--|:--|

```{glue:figure} x
:name: fig-x
:alt: Not read.

A caption with {glue:text}`number:.1f`%.
```

(empty)=
## Empty
"""


def test_markup_is_taken_off() -> None:
    assert read_prose(PAGE, find_titles(PAGE)) == {
        "page": (
            "A page\n"
            "One paragraph on two lines, with weights, a loss, Rumelhart (1986) "
            "and more.\n"
            "- first # and #\n"
            "- second, there and Another"
        ),
        "other": ("Another\nBold and slanted code.\nA caption with #%."),
    }


def test_titles_by_label() -> None:
    assert find_titles(PAGE) == {
        "page": "A page",
        "other": "Another",
        "empty": "Empty",
    }


@pytest.fixture
def book(tmp_path: Path) -> Path:
    for language, text in (("ko", "글자"), ("en", "letters")):
        part = tmp_path / language / "ai"
        part.mkdir(parents=True)
        (part / "index.md").write_text("(i)=\n# Index\n\nNot read.")
        (part / "a.md").write_text(f"(a)=\n# A\n\n{text}", encoding="utf-8")
    return tmp_path


def test_a_book_in_two_languages(book: Path) -> None:
    sources, prose = read_book(book)
    assert sources.startswith("ko/ai/a.md\n(a)=\n# A")
    assert prose == (
        '{"page": "ai/a", "label": "a", "ko": "A\\n글자", "en": "A\\nletters"}\n'
    )


def test_a_section_of_one_language_is_left_out(book: Path) -> None:
    with (book / "ko/ai/a.md").open("a", encoding="utf-8") as file:
        file.write("\n\n(b)=\n## B\n\n하나")
    assert '"b"' not in read_book(book)[1]
