"""The two languages of a page: the same skeleton, cells, figures and formulas."""

from collections import Counter
from collections.abc import Iterable

import pytest

from source_pages import Page, Section, load, names, normal_tex

SHARED = sorted(set(names("ko")) & set(names("en")))


def pair(name: str) -> tuple[Page, Page]:
    return load("ko", name), load("en", name)


def difference(ko: Iterable[object], en: Iterable[object]) -> str:
    """Say what only one language has, else where the order parts."""
    ko, en = list(ko), list(en)
    only_ko = list((Counter(map(str, ko)) - Counter(map(str, en))).elements())
    only_en = list((Counter(map(str, en)) - Counter(map(str, ko))).elements())
    if only_ko or only_en:
        return f"only in Korean: {only_ko}; only in English: {only_en}"
    at = next(
        n for n, (k, e) in enumerate(zip(ko, en, strict=True), 1) if k != e
    )
    return (
        f"the order differs from number {at}: ko {ko[at - 1]}, en {en[at - 1]}"
    )


def sections(name: str) -> list[tuple[Section, Section]]:
    """Return the sections that both languages have, by their labels."""
    ko, en = pair(name)
    english = {section.name: section for section in en.sections}
    return [(s, english[s.name]) for s in ko.sections if s.name in english]


def test_there_are_pages() -> None:
    assert {"index", "networks/perceptron", "networks/mlp"} <= set(SHARED)


def test_the_same_pages() -> None:
    ko, en = names("ko"), names("en")
    assert ko == en, difference(ko, en)


@pytest.mark.parametrize("name", SHARED)
def test_every_heading_has_a_label(name: str) -> None:
    bare = [
        f"{page}:{heading.line}: {heading.text!r}"
        for page in pair(name)
        for heading in page.headings
        if not heading.label
    ]
    assert not bare, f"no label on the line before: {bare}"


@pytest.mark.parametrize("name", SHARED)
def test_the_same_headings(name: str) -> None:
    ko, en = (
        [(h.level, h.label) for h in page.headings] for page in pair(name)
    )
    assert ko == en, f"{name}: {difference(ko, en)}"


@pytest.mark.parametrize("name", SHARED)
def test_the_same_front_matter(name: str) -> None:
    """The kernelspec decides, beside the cells, what the cache finds."""
    ko, en = (
        page.source.split("---\n")[1]
        if page.source.startswith("---\n")
        else ""
        for page in pair(name)
    )
    assert ko == en, f"{name}: front matter:\n{ko}\n{en}"


@pytest.mark.parametrize("name", SHARED)
def test_the_same_cells(name: str) -> None:
    ko, en = pair(name)
    for number, (k, e) in enumerate(
        zip(ko.cells, en.cells, strict=False), start=1
    ):
        what = f"cell {number} ({ko}:{k.line}, {en}:{e.line})"
        assert k.body == e.body, f"{what}: the code differs"
        assert k.options == e.options, f"{what}: the options differ"
        assert k.argument == e.argument, f"{what}: the first line differs"
    count = len(ko.cells), len(en.cells)
    assert count[0] == count[1], (
        f"{name}: {count[0]} cells in Korean, {count[1]} in English"
    )


@pytest.mark.parametrize("name", SHARED)
def test_the_same_results_placed(name: str) -> None:
    for ko, en in sections(name):
        placed = Counter(ko.placed()), Counter(en.placed())
        assert placed[0] == placed[1], (
            f"{name}, section {ko.name}: "
            f"{difference(ko.placed(), en.placed())}"
        )


# What must be in the same order, and what of it is compared.
ORDERED = {
    "figures": (
        ("figure", "glue:figure"),
        lambda d: (d.name, d.options.get("name")),
    ),
    "exercises": (("exercise",), lambda d: d.options.get("label")),
    "solutions": (
        ("solution", "solution-start", "solution-end"),
        lambda d: d.argument,
    ),
    "listings": (
        ("listing", "literalinclude"),
        lambda d: (d.argument, d.options),
    ),
    "sliders": (("slider",), lambda d: d.argument),
    "widgets": (("widget",), lambda d: (d.argument, d.options)),
    "recognisers": (("recogniser",), lambda d: d.argument),
    "doctests": (("doctest",), lambda d: d.body),
    "tables of contents": (("toctree",), lambda d: d.body.split()),
    "boxes": (
        (
            "admonition",
            "dropdown",
            "hint",
            "important",
            "note",
            "seealso",
            "tip",
            "warning",
        ),
        lambda d: (d.name, d.options.get("class"), d.options.get("name")),
    ),
}


@pytest.mark.parametrize("kind", ORDERED)
@pytest.mark.parametrize("name", SHARED)
def test_the_same_in_order(name: str, kind: str) -> None:
    directives, compared = ORDERED[kind]
    for ko, en in sections(name):
        found = [[compared(d) for d in s.named(*directives)] for s in (ko, en)]
        assert found[0] == found[1], (
            f"{name}, section {ko.name}, {kind}: {difference(*found)}"
        )


@pytest.mark.parametrize("name", SHARED)
def test_the_same_equations(name: str) -> None:
    for ko, en in sections(name):
        found = [
            [(label, normal_tex(tex)) for label, tex in s.equations if label]
            for s in (ko, en)
        ]
        assert found[0] == found[1], (
            f"{name}, section {ko.name}, equations: {difference(*found)}"
        )


@pytest.mark.parametrize("name", SHARED)
def test_the_same_works_cited(name: str) -> None:
    for ko, en in sections(name):
        assert ko.citations() == en.citations(), (
            f"{name}, section {ko.name}, citations: "
            f"{difference(ko.citations().elements(), en.citations().elements())}"
        )


def test_difference_says_what_and_where() -> None:
    assert "only in Korean: ['b']" in difference(["a", "b"], ["a"])
    assert "from number 2: ko c, en b" in difference(
        ["a", "c", "b"], ["a", "b", "c"]
    )


def test_normal_tex() -> None:
    korean, english = r"a = \text{손실} + b", "a = \\text{loss}\n + b \\, ."
    assert normal_tex(korean) == normal_tex(english)
    assert normal_tex("a + b") != normal_tex("a - b")
