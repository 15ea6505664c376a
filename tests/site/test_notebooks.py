"""The notebooks in the built site: complete, readable, and they run."""

import os
import re
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

import nbformat
import pytest
from nbclient import NotebookClient

from site_pages import LANGUAGES, SITE, SitePage
from source_pages import calls, load, names

pytestmark = pytest.mark.site

MAX_BYTES = 4_000_000
HANGUL = re.compile("[\uac00-\ud7a3]")
PAGES = [(code, name) for code in LANGUAGES for name in names(code)]
MYST = re.compile(
    r"^[`:]{3,}\s*\{|\{[a-z][\w:+-]*\}`|^\([\w/-]+\)=$|^:[a-z-]+:"
    r"|application/papermill|glue:",
    re.MULTILINE,
)
LINK = re.compile(r"\[[^\]]*\]\((?:<([^>]*)>|([^)\s]+))\)")
CODE = re.compile(r"^(`{3,}).*?^\1$|`[^`\n]+`", re.MULTILINE | re.DOTALL)


def path_of(language: str, name: str) -> Path:
    return SITE / language / "notebooks" / f"{name}.ipynb"


@cache
def notebook(language: str, name: str) -> nbformat.NotebookNode:
    return nbformat.read(path_of(language, name), as_version=4)


def code(found: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    return [cell for cell in found.cells if cell.cell_type == "code"]


def prose(found: nbformat.NotebookNode) -> str:
    cells = [c.source for c in found.cells if c.cell_type == "markdown"]
    return "\n\n".join(cells)


def report(problems: list[str]) -> None:
    assert not problems, "\n" + "\n".join(problems)


def test_every_page_offers_its_notebook(
    pages: tuple[SitePage, ...],
) -> None:
    problems = []
    for page in pages:
        links = page.html.select("a.notebook-link[download]")
        expected = (page.language, page.name) in PAGES
        targets = [(page.path.parent / a["href"]).resolve() for a in links]
        if targets != [path_of(page.language, page.name)] * expected:
            problems.append(f"{page}: {targets}")
        for link in links:
            name = link.get("aria-label", "")
            if bool(HANGUL.search(name)) != (page.language == "ko"):
                problems.append(f"{page}: called {name!r}")
    report(problems)


@pytest.mark.parametrize(("language", "name"), PAGES)
def test_a_notebook_is_valid_and_small(
    site: Path, language: str, name: str
) -> None:
    found = notebook(language, name)
    nbformat.validate(found)
    assert (found.nbformat, found.nbformat_minor) == (4, 5)
    assert path_of(language, name).stat().st_size < MAX_BYTES


@pytest.mark.parametrize(("language", "name"), PAGES)
def test_the_cells_are_those_of_the_page(
    site: Path, language: str, name: str
) -> None:
    cells = code(notebook(language, name))
    expected = [cell.body.strip() for cell in load(language, name).cells]
    if expected:
        assert 'find_spec("aibook")' in cells.pop(0).source
    assert [cell.source.strip() for cell in cells] == expected
    for cell in cells:
        if {"figure", "number", "print"} & calls(cell.source):
            assert cell.outputs, cell.source


def test_outputs_are_the_same_in_both_languages(site: Path) -> None:
    problems = []
    for name in names("ko"):
        shown = [
            [
                output.get("text") or output.data.get("image/svg+xml")
                for cell in code(notebook(language, name))
                for output in cell.outputs
            ]
            for language in LANGUAGES
        ]
        if shown[0] != shown[1]:
            problems.append(name)
    report(problems)


@pytest.mark.parametrize(("language", "name"), PAGES)
def test_figures_are_displayed_and_described(
    site: Path, language: str, name: str
) -> None:
    found = notebook(language, name)
    figures = [
        output.data
        for cell in code(found)
        for output in cell.outputs
        if "data" in output and "image/svg+xml" in output.data
    ]
    placed = load(language, name).named("glue:figure")
    alts = {figure.options["alt"] for figure in placed}
    assert {data["text/plain"] for data in figures} >= alts
    word = {"ko": "그림", "en": "Figure"}[language]
    captions = re.findall(rf"^\*\*{word} [\d.]+\.\*\* ", prose(found), re.M)
    assert len(captions) == len(placed)


@pytest.mark.parametrize(("language", "name"), PAGES)
def test_the_text_is_plain_markdown(
    site: Path, language: str, name: str
) -> None:
    left = MYST.findall(CODE.sub("", prose(notebook(language, name))))
    assert left == []


@pytest.mark.parametrize(("language", "name"), PAGES)
def test_links_lead_somewhere(site: Path, language: str, name: str) -> None:
    problems = []
    text = CODE.sub("", prose(notebook(language, name)))
    for address in map("".join, LINK.findall(text)):
        url = urlsplit(address)
        if url.scheme or url.netloc:
            continue
        target = path_of(language, name)
        if url.path:
            target = (target.parent / unquote(url.path)).resolve()
        if not target.is_file():
            problems.append(f"{address}: no such file")
        elif url.fragment and url.fragment not in headings(target):
            problems.append(f"{address}: no such heading")
    report(problems)


@cache
def headings(path: Path) -> set[str]:
    """Return what Jupyter calls the headings of a notebook."""
    text = prose(nbformat.read(path, as_version=4))
    found = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    plain = [re.sub(r"<[^>]*>|[`*\\]", "", title) for title in found]
    return {title.replace(" ", "-") for title in plain}


@pytest.mark.parametrize(("language", "name"), PAGES)
def test_every_exercise_is_followed_by_its_solution(
    site: Path, language: str, name: str
) -> None:
    page = load(language, name)
    found = re.findall(r"^#+ (.*)$", prose(notebook(language, name)), re.M)
    exercise = {"ko": "연습문제", "en": "Exercise"}[language]
    solution = {"ko": "풀이", "en": "Solution"}[language]
    kinds = [
        title.split()[0].rstrip(":")
        for title in found
        if re.match(rf"({exercise}|{solution}:?)( .*)? [\d.]+ ?", title)
    ]
    assert kinds == [exercise, solution] * len(page.named("exercise"))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("language", "name"),
    [("ko", "start/using-this-book"), ("en", "networks/perceptron")],
)
def test_a_notebook_runs_and_shows_the_same(
    site: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    language: str,
    name: str,
) -> None:
    """From an empty folder, as a reader runs it, not as the book is built."""
    for variable in [v for v in os.environ if v.startswith("AIBOOK")]:
        monkeypatch.delenv(variable)
    monkeypatch.setenv("PYTHONPATH", str(SITE.parents[1] / "code"))
    monkeypatch.setenv("JUPYTER_PREFER_ENV_PATH", "1")
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    shipped = notebook(language, name)
    found = nbformat.read(path_of(language, name), as_version=4)
    for cell in code(found):
        cell.outputs, cell.execution_count = [], None
    NotebookClient(
        found,
        kernel_name="python3",
        timeout=300,
        resources={"metadata": {"path": str(tmp_path)}},
    ).execute()
    for expected, cell in zip(code(shipped), code(found), strict=True):
        assert everything(cell) == everything(expected), cell.source
        assert cell.execution_count == expected.execution_count


def everything(cell: nbformat.NotebookNode) -> tuple[str, list[str]]:
    """Return what a cell printed, and its figures."""
    printed = "".join(o.text for o in cell.outputs if "text" in o)
    data = [o.data for o in cell.outputs if "data" in o]
    return "".join(sorted(printed.splitlines(True))), [
        d.get("image/svg+xml", d.get("text/plain")) for d in data
    ]
