"""The page of formulas holds them all, as their chapters do, and checks each."""

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from source_pages import LANGUAGES, Page, Section, load, names, normal_tex

ROOT = Path(__file__).parents[2]
PAGE = "reference/formulas"
# Those that the notes give, and those that make their statements exact.
OF_THE_NOTES = [f"F{n}" for n in range(1, 44)]
NAMED_TEST = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")
PLACED = re.compile(r"\{glue:text\}`value-([a-z0-9-]+)")
CHECKED = re.compile(r"value-([a-z0-9-]+)")


@cache
def numbered(language: str) -> dict[str, str]:
    """Return the formulas of the chapters, by their labels."""
    return {
        label: tex
        for name in names(language)
        if name != PAGE
        for section in load(language, name).sections
        for label, tex in section.equations
        if label
    }


def entries(source: str) -> list[str]:
    """Return the entries: name, formula, symbols, example, links."""
    return re.findall(
        r"^\S[^\n]*\n: ```\{math\}.*?(?=^\S)", source, re.M | re.S
    )


def formula_of(entry: str) -> str:
    match = re.search(r"\{math\}\n(.*?)\n  ```", entry, re.DOTALL)
    assert match
    return match[1]


def compared(section: Section) -> list[str]:
    """Return the names of what the section's cells compute in two ways."""
    return [
        str(ast.literal_eval(node.args[0]))
        for cell in section.named("code-cell")
        for node in ast.walk(ast.parse(cell.body))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "same"
        and isinstance(node.args[0], ast.Constant)
    ] + [
        text.value
        for cell in section.named("code-cell")
        for loop in ast.walk(ast.parse(cell.body))
        if isinstance(loop, ast.For)
        for text in ast.walk(loop.iter)
        if isinstance(text, ast.Constant) and isinstance(text.value, str)
    ]


def pieces(page: Page) -> list[tuple[Section, str]]:
    """Return each section with its source."""
    lines = page.source.splitlines(keepends=True)
    starts = [h.line - 1 for h in page.headings]
    ends = [*starts[1:], len(lines)]
    return [
        (section, "".join(lines[a:b]))
        for section, a, b in zip(page.sections, starts, ends, strict=True)
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_numbered_formula_has_one_entry(language: str) -> None:
    heads = [e.split("\n")[0] for e in entries(load(language, PAGE).source)]
    found = Counter(re.findall(r"\{eq\}`(eq-[\w-]+)`", "\n".join(heads)))
    assert sorted(set(numbered(language)) ^ set(found)) == []
    assert set(found.values()) == {1}


@pytest.mark.parametrize("language", LANGUAGES)
def test_formulas_are_those_of_their_chapters(language: str) -> None:
    for entry in entries(load(language, PAGE).source):
        match = re.match(r".*\{eq\}`(eq-[\w-]+)`", entry)
        if match:
            tex = re.sub(r"^  ", "", formula_of(entry), flags=re.M)
            chapter = numbered(language)[match[1]]
            # The words in formulas are of one language here.
            assert tex.split() == chapter.split() or normal_tex(
                tex
            ) == normal_tex(chapter), match[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_entry_leads_to_its_section_and_is_checked(language: str) -> None:
    for section, source in pieces(load(language, PAGE)):
        done = set(compared(section))
        assert bool(done) == bool(entries(source)), section.name
        for entry in entries(source):
            head = entry.split("\n")[0]
            where = f"{section.name}: {head}"
            assert re.search(r"\{ref\}`[a-z0-9-]+`", entry), where
            label = re.search(r"\{eq\}`eq-([\w-]+)`", head)
            assert (
                (label and label[1] in done)
                or NAMED_TEST.search(entry)
                or (not label and PLACED.search(entry))
            ), f"{where}: no cell computes it, and no test is named"


@pytest.mark.parametrize("language", LANGUAGES)
def test_numbers_of_examples_are_computed_below(language: str) -> None:
    page = load(language, PAGE)
    for section, source in pieces(page):
        placed = PLACED.findall(source)
        missing = set(placed) - set(compared(section))
        # The slopes of the three activations have one name in the cell.
        missing = {m for m in missing if m.removesuffix("-slope") == m}
        assert not missing, f"{section.name}: {missing}"


def test_nothing_is_compared_twice() -> None:
    found = [name for s in load("en", PAGE).sections for name in compared(s)]
    again = {name for name, count in Counter(found).items() if count > 1}
    assert again <= {"noise", "velocity"}  # targets, not names


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_formulas_of_the_notes_are_all_there(language: str) -> None:
    rows = re.findall(
        r"^- \*\*(F\d+)\*\* (.*)$", load(language, PAGE).source, re.M
    )
    assert [number for number, _ in rows] == OF_THE_NOTES
    labels = {h.label for h in load(language, PAGE).headings}
    for number, row in rows:
        links = re.findall(r"\{ref\}`([a-z0-9-]+)`", row)
        assert links, number
        assert set(links) <= labels, number
        assert NAMED_TEST.search(row) or number == "F7", number


@pytest.mark.parametrize("language", LANGUAGES)
def test_named_tests_exist(language: str) -> None:
    found = NAMED_TEST.findall(load(language, PAGE).source)
    assert len(found) >= 50
    for path, function in found:
        assert (ROOT / path).is_file(), path
        tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
        tests = {n.name for n in tree.body if isinstance(n, ast.FunctionDef)}
        assert function in tests, f"{path} has no {function}"


def test_both_languages_name_the_same_tests_and_numbers() -> None:
    ko, en = (load(language, PAGE).source for language in LANGUAGES)
    assert NAMED_TEST.findall(ko) == NAMED_TEST.findall(en)
    assert CHECKED.findall(ko) == CHECKED.findall(en)
