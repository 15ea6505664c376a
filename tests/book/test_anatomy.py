"""What every chapter has, and what no page may have."""

import ast
import io
import re
import tokenize

import pytest

from source_pages import Page, all_pages, is_chapter, load, stored

PAGES = all_pages()
CHAPTERS = [page for page in PAGES if is_chapter(page)]
WITH_CELLS = [page for page in PAGES if page.cells]
KOREAN = [page for page in PAGES if page.language == "ko"]

LEVELS = {
    "ko": ("쉬움", "보통", "어려움"),
    "en": ("Easy.", "Medium.", "Hard."),
}
# What a mend or a merge leaves when it goes wrong.
TRACE = re.compile(
    r"\b(?:old|new): *`|^(?:OLD|NEW|END):?$|[<>=]{7}", re.MULTILINE
)
MAX_LINES = 22
MAX_COLUMNS = 76
MAX_WORDS = 6
HANGUL = re.compile("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]")
# Bold that ends in punctuation and is followed by a letter prints its asterisks.
BROKEN_BOLD = re.compile(r"\*\*[^*\n]*[^\w\s*]\*\*(?=\w)")
# A plain ending (neither 합니다 nor 합시다), with what may follow a sentence.
QUOTATION = re.compile(r"“[^”]*”")  # an example may be in any style
EMPTY_HEADER = re.compile(
    r"^\|(?=(?:.*\|)? *\|).*\n\|[-:| ]*-[-:| ]*\|$", re.MULTILINE
)
PLAIN_STYLE = re.compile(r"(?P<word>\w*(?<![니시])다)\.(?=[\s\"'”’)\]]|$)")


def test_there_are_chapters() -> None:
    assert {page.name for page in CHAPTERS} >= {
        "networks/perceptron",
        "networks/mlp",
    }


@pytest.mark.parametrize("page", CHAPTERS, ids=repr)
@pytest.mark.parametrize("part", ["goals", "exercises", "summary", "reading"])
def test_a_chapter_has_its_parts(page: Page, part: str) -> None:
    section = page.section(f"-{part}")
    assert section, f"{page}: no section with a label that ends in -{part}"
    assert any(text.strip() for text in section.text[1:]) or section.directives


@pytest.mark.parametrize("page", CHAPTERS, ids=repr)
def test_goals(page: Page) -> None:
    goals = page.section("-goals")
    assert goals
    assert 3 <= goals.num_items <= 5, f"{page}: {goals.num_items} goals"


@pytest.mark.parametrize("page", CHAPTERS, ids=repr)
def test_exercises_with_solutions(page: Page) -> None:
    exercises = [d.options.get("label") for d in page.named("exercise")]
    assert None not in exercises, f"{page}: an exercise has no label"
    assert len(exercises) >= 3, f"{page}: {len(exercises)} exercises"
    solutions = [d.argument for d in page.named("solution", "solution-start")]
    assert sorted(solutions) == sorted(exercises), (
        f"{page}: exercises and solutions"
    )
    ends = page.named("solution-end")
    assert len(ends) == len(page.named("solution-start")), (
        f"{page}: an open solution"
    )


@pytest.mark.parametrize("page", CHAPTERS, ids=repr)
def test_exercises_say_how_hard_they_are(page: Page) -> None:
    levels = tuple(f"({level})" for level in LEVELS[page.language])
    for exercise in page.named("exercise"):
        body = exercise.body.strip()
        assert body.startswith(levels), f"{page}: {body[:40]!r}"


@pytest.mark.parametrize("page", PAGES, ids=repr)
def test_no_trace_of_an_edit(page: Page) -> None:
    for section in page.sections:
        for text in section.text:
            found = TRACE.search(text)
            assert not found, f"{page}: {text[:60]!r} holds {found}"


@pytest.mark.parametrize("page", CHAPTERS, ids=repr)
def test_a_chapter_cites(page: Page) -> None:
    reading = page.section("-reading")
    assert reading
    assert reading.citations(), f"{page}: the further reading cites nothing"


# --- figures and numbers ------------------------------------------------------------


@pytest.mark.parametrize("page", WITH_CELLS, ids=repr)
def test_figures_are_complete(page: Page) -> None:
    for figure in page.named("glue:figure", "figure"):
        where = f"{page}:{figure.line}: {figure.argument}"
        assert figure.options.get("alt"), f"{where}: no :alt:"
        assert figure.options.get("name"), f"{where}: no :name:"
        assert figure.body.strip(), f"{where}: no caption"
        caption, alt = figure.body.split("\n\n")[0], figure.options["alt"]
        assert alt != caption, f"{where}: the caption repeats the alt text"
        if page.language == "ko":
            assert HANGUL.search(alt), f"{where}: the alt text is not Korean"
            assert HANGUL.search(caption), (
                f"{where}: the caption is not Korean"
            )
        else:
            assert not HANGUL.search(alt + caption), (
                f"{where}: Korean in English"
            )


@pytest.mark.parametrize("function", ["figure", "number"])
@pytest.mark.parametrize("page", WITH_CELLS, ids=repr)
def test_every_result_is_stored_once_and_placed(
    page: Page, function: str
) -> None:
    patterns = stored(page, function)
    assert len(patterns) == len(set(patterns)), (
        f"{page}: twice: {sorted(patterns)}"
    )
    figures = {d.argument for d in page.named("glue:figure")}
    everything = {
        key.split(":")[0]
        for s in page.sections
        for key in s.placed()
        if "::" not in key
    }
    placed = figures if function == "figure" else everything - figures
    matched = {
        p: {key for key in placed if re.fullmatch(p, key)} for p in patterns
    }
    unused = [pattern for pattern, keys in matched.items() if not keys]
    assert not unused, f"{page}: stored by {function}(), not placed: {unused}"
    unknown = placed - set().union(*matched.values())
    assert not unknown, (
        f"{page}: placed, not stored by {function}(): {unknown}"
    )


@pytest.mark.parametrize("page", PAGES, ids=repr)
def test_numbers_of_other_pages_are_stored_there(page: Page) -> None:
    """They are placed as ``/part/page.md::key:.1f``."""
    for key in (key for s in page.sections for key in s.placed()):
        if "::" in key:
            path, name = key.split("::")
            assert re.fullmatch(r"/[a-z0-9/-]+\.md", path), f"{page}: {key}"
            other = load(page.language, path[1:].removesuffix(".md"))
            assert any(
                re.fullmatch(pattern, name.split(":")[0])
                for pattern in stored(other, "number")
            ), f"{page}: {key} is not stored there"


@pytest.mark.parametrize("page", PAGES, ids=repr)
def test_every_column_of_a_table_has_a_name(page: Page) -> None:
    """A screen reader says it before each cell."""
    found = EMPTY_HEADER.findall(page.source)
    assert not found, f"{page}: {found}"


# --- cells ----------------------------------------------------------------------------


def comments(code: str) -> list[str]:
    """Return a cell's comments and docstrings."""
    tokens = tokenize.generate_tokens(io.StringIO(code).readline)
    found = [
        t.string.lstrip("# ") for t in tokens if t.type == tokenize.COMMENT
    ]
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            found.append(str(node.value.value))
    return found


@pytest.mark.parametrize("page", WITH_CELLS, ids=repr)
def test_cells_are_short_and_hold_no_prose(page: Page) -> None:
    for number, cell in enumerate(page.cells, start=1):
        where = f"{page}:{cell.line}: cell {number}"
        lines = cell.body.splitlines()
        filled = [line for line in lines if line.strip()]
        assert len(filled) <= MAX_LINES, f"{where}: {len(filled)} lines"
        wide = [line for line in lines if len(line) > MAX_COLUMNS]
        assert not wide, f"{where}: wider than {MAX_COLUMNS} columns: {wide}"
        assert not HANGUL.search(cell.body), f"{where}: Hangul in a cell"
        long = [c for c in comments(cell.body) if len(c.split()) > MAX_WORDS]
        assert not long, (
            f"{where}: a comment of more than {MAX_WORDS} words: {long}"
        )


# --- prose ----------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES, ids=repr)
def test_corrections_lead_to_their_list(page: Page) -> None:
    for box in page.named("admonition"):
        if "correction" in box.options.get("class", "").split():
            where = f"{page}:{box.line}: {box.argument}"
            assert re.search(r"\{ref\}`([^`]*<)?corrections>?`", box.body), (
                f"{where}: no {{ref}}`corrections`"
            )
            name = box.options.get("name", "")
            assert name.startswith("correction-"), (
                f"{where}: no :name: correction-..."
            )


@pytest.mark.parametrize("page", PAGES, ids=repr)
def test_no_bold_that_prints_its_asterisks(page: Page) -> None:
    left = [text for _, text in page.paragraphs() if "**" in text]
    assert not left, f"{page}: asterisks would show: {left}"
    found = BROKEN_BOLD.findall(page.source)
    assert not found, f"{page}: write **term**(gloss): {found}"


@pytest.mark.parametrize("page", KOREAN, ids=repr)
def test_korean_is_in_the_formal_style(page: Page) -> None:
    found = [
        f"{section}: ...{text[max(0, match.start() - 30) : match.end()]}"
        for section, paragraph in page.paragraphs(tables=False)
        for text in [QUOTATION.sub("“”", paragraph)]
        for match in PLAIN_STYLE.finditer(text)
    ]
    assert not found, f"{page}: not 합니다체: {found}"


@pytest.mark.parametrize(
    "page", [page for page in PAGES if page.language == "en"], ids=repr
)
def test_english_pages_hold_no_korean(page: Page) -> None:
    # The button to the other language is called so.
    texts = (text.replace("한국어", "") for _, text in page.paragraphs())
    found = [text for text in texts if HANGUL.search(text)]
    assert not found, f"{page}: {found}"


# --- the checks themselves ---------------------------------------------------


def test_the_bold_check() -> None:
    for broken in ("**가중치(weight)**는", "**뜻은?**이라고"):
        assert BROKEN_BOLD.search(broken)
    for sound in (
        "**가중치**(weight)는",
        "**가중치(weight)** 는",
        "**a** (b) **c**d",
    ):
        assert not BROKEN_BOLD.search(sound)


def test_the_style_check() -> None:
    for plain in (
        "값은 작다.",
        "그렇게 한다. 다음",
        "(이것이 답이다.)",
        "된다.”",
    ):
        assert PLAIN_STYLE.search(plain)
    for formal in (
        "값은 작습니다.",
        "해 봅시다.",
        "답입니다. 다음",
        "다.5",
        "보다 큽니다.”",
    ):
        assert not PLAIN_STYLE.search(formal)


def test_the_comment_check() -> None:
    code = '# one two\nx = 1  # three\ndef f():\n    """four five"""\n    return "six"'
    assert comments(code) == ["one two", "three", "four five"]
