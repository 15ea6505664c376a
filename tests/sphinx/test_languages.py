"""A small book in both languages: the way across, numbers, no English left over."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from bs4 import BeautifulSoup, Comment, Doctype
from playwright.sync_api import Browser

from aibook_sphinx import __main__
from aibook_sphinx.languages import LANGUAGES

ROOT = Path(__file__).parents[2]
CATALOGUES = ROOT / "book" / "locale" / "ko" / "LC_MESSAGES"

CONF = f"""
import runpy
from pathlib import Path
root = Path({str(ROOT)!r})
book = runpy.run_path(str(root / "conf.py"))
globals().update({{k: v for k, v in book.items() if not k.startswith("__")}})
extensions = [e for e in extensions if e != "aibook_sphinx"]
modules = (
    *("assets", "citations", "exercises", "languages", "listing", "mathml"),
    *("metadata", "sections", "typography"),
)
html_favicon = str(root / "_static" / "icon.svg")
extensions += [f"aibook_sphinx.{{module}}" for module in modules]
html_static_path = [str(root / "_static")]
bibtex_bibfiles = [str(Path(__file__).parent / "references.bib")]
nb_execution_mode = "off"
suppress_warnings = ["myst-nb.lexer"]  # known only from an execution
"""

# {0}: heading, {1}: text, {2}: word. Latin letters only where a name is meant.
PAGE = """---
file_format: mystnb
kernelspec:
  name: python3
---

(part/page)=
# {0}

{1} {{numref}}`part/page/sum` {{numref}}`figure` {{numref}}`table` {{numref}}`listing`
{{ref}}`task` {{eq}}`equation` [^note] {{cite}}`rosenblatt1958`

[^note]: {1}

(part/page/sum)=
## {0}

```{{figure}} image.svg
:name: figure
:alt: {2}

{1}
```

```{{list-table}} {2}
:name: table
:header-rows: 1

* - {2}
* - 1
```

```{{code-block}} python
:name: listing
:caption: {2}

x = 1
```

$$ 1 = 1 $$ (equation)

```{{code-cell}} ipython3
:tags: [hide-input]
1
```

```{{code-cell}} ipython3
:tags: [hide-cell]
1
```

(part/page/tasks)=
## {0}

{boxes}

```{{exercise}}
:label: task

{1}
```

```{{solution}} task
:label: answer

{1}
```

:::{{dropdown}} {2}
{1}
:::

{filler}
"""
API = """(part/api)=
# {0}

```{{eval-rst}}
.. py:module:: lib

.. py:class:: Thing(*, x)

   :param x: {1}
   :returns: {1}
   :rtype: int
   :raises ValueError: {1}
   :ivar y: {1}

   .. py:method:: run(a, /)
   .. py:property:: size
   .. versionadded:: 1
   .. versionchanged:: 1
   .. deprecated:: 1

.. py:function:: call()
.. py:data:: LIMIT
```

```{{glossary}}
{2}
  {1}
```

```{{bibliography}}
```
"""
INDEX = """# {0}

```{{toctree}}
:caption: {2}
:numbered:

part/index
```
"""
PART = "(part)=\n# {0}\n\n```{{toctree}}\n{pages}\n```\n"
BOXES = (
    *("attention", "caution", "danger", "error", "hint"),
    *("important", "note", "seealso", "tip", "warning"),
)
WORDS = {
    "ko": ("신경망", "가중합을 구합니다.", "낱말"),
    "en": ("Network", "Sums the inputs.", "word"),
}
# Names, and what is written alike in every language.
NAMES = {
    *("English", "JavaScript", "PEP", "Python", "Rosenblatt", "aibook"),
    *("LIMIT", "Thing", "ValueError", "call", "int", "lib", "run", "size"),
}
ATTRIBUTES = (
    "title",
    "aria-label",
    "aria-description",
    "placeholder",
    "alt",
    "value",
)


def write_book(folder: Path) -> None:
    (folder / "conf.py").write_text(CONF, encoding="utf-8")
    reference = (
        "@misc{rosenblatt1958, author={Rosenblatt, F.}, title={1}, year=1958}"
    )
    (folder / "references.bib").write_text(reference, encoding="utf-8")
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
    for code, words in WORDS.items():
        boxes = "\n\n".join(f":::{{{box}}}\n{words[1]}\n:::" for box in BOXES)
        page = PAGE.format(
            *words, boxes=boxes, filler=(words[1] + "\n\n") * 60
        )
        more = ["only_here"] if code == "ko" else []
        part = PART.format(*words, pages="\n".join(["page", "api", *more]))
        text = {
            "index.md": INDEX.format(*words),
            "part/index.md": part,
            "part/page.md": page,
            "part/api.md": API.format(*words),
            "part/image.svg": svg,
            **{f"part/{name}.md": f"# {words[0]}\n" for name in more},
        }
        for name, content in text.items():
            path = folder / code / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("book")
    write_book(folder)
    for code in LANGUAGES:
        command = [sys.executable, "-m", "sphinx", "-q", "-W", "-b", "html"]
        command += ["-c", str(folder), "-D", f"language={code}"]
        command += ["-d", str(folder / "doctrees" / code)]
        command += [str(folder / code), str(folder / "html" / code)]
        done = subprocess.run(
            command, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
    return folder / "html"


def read(path: Path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html5lib")


def pages(site: Path, code: str) -> list[Path]:
    found = [
        p for p in (site / code).rglob("*.html") if "_static" not in p.parts
    ]
    names = {p.relative_to(site / code).as_posix() for p in found}
    assert {
        "index.html",
        "search.html",
        "genindex.html",
        "part/page.html",
    } <= names
    return sorted(found)


@pytest.mark.parametrize(("code", "other"), [("ko", "en"), ("en", "ko")])
def test_every_page_links_to_itself_in_the_other_language(
    site: Path, code: str, other: str
) -> None:
    for path in pages(site, code):
        soup = read(path)
        name = path.relative_to(site / code).as_posix()
        expected = "index.html" if "only_here" in name else name
        (link,) = soup.select("a.language-switch")
        assert (link["lang"], link["hreflang"]) == (other, other)
        assert link.text == LANGUAGES[other].name
        target = (path.parent / link["href"]).resolve()
        assert target == (site / other / expected).resolve()
        assert target.is_file()


@pytest.mark.parametrize("code", LANGUAGES)
def test_pages_name_their_language_and_the_book(site: Path, code: str) -> None:
    for path in pages(site, code):
        soup = read(path)
        assert soup.select_one("html")["lang"] == code
        assert LANGUAGES[code].title in soup.select_one("title").text
        assert soup.select_one(".logo__title").text == LANGUAGES[code].title


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (
            "ko",
            [
                "1.1.1절",
                "그림 1.1.1",
                "표 1.1.1",
                "코드 1.1.1",
                "연습문제 1.1.1",
            ],
        ),
        (
            "en",
            [
                "Section 1.1.1",
                "Figure 1.1.1",
                "Table 1.1.1",
                "Listing 1.1.1",
                "Exercise 1.1.1",
            ],
        ),
    ],
)
def test_numbered_things_are_called_by_their_names(
    site: Path, code: str, expected: list[str]
) -> None:
    soup = read(site / code / "part" / "page.html")
    references = [e.text for e in soup.select("article .std-numref")]
    assert references == expected
    captions = {e.text.strip() for e in soup.select(".caption-number")}
    assert captions == set(expected[1:])
    solution = soup.select_one(".solution > summary").text
    assert (
        solution
        == {"ko": "풀이: 연습문제 1.1.1", "en": "Solution to Exercise 1.1.1"}[
            code
        ]
    )


def shown(soup: BeautifulSoup) -> Iterator[str]:
    """Yield every text that a reader sees or hears, code and formulas left out."""
    for element in soup(["script", "style", "pre", "code", "kbd", "math"]):
        element.decompose()
    for element in soup.select(
        ".sig-name, .sig-prename, .sig-param, .property"
    ):
        element.decompose()
    for text in soup.find_all(string=True):
        if not isinstance(text, Comment | Doctype):
            yield text.strip()
    for element in soup.find_all(True):
        yield from (str(element[a]) for a in ATTRIBUTES if element.get(a))


def test_no_english_is_left_on_the_korean_site(site: Path) -> None:
    offenders = {
        f"{path.relative_to(site)}: {text!r}"
        for path in pages(site, "ko")
        for text in shown(read(path))
        if set(re.findall("[A-Za-z]{2,}", text)) - NAMES
    }
    assert sorted(offenders) == []


def test_texts_of_scripts_are_translated() -> None:
    script = (CATALOGUES / "sphinx.js").read_text(encoding="utf-8")
    catalogue = json.loads(script[script.index("{") : script.rindex("}") + 1])
    used = set()
    static = files("sphinx") / "themes" / "basic" / "static"
    for name in ("searchtools.js", "sphinx_highlight.js"):
        source = (static / name).read_text(encoding="utf-8")
        call = r'(?:\b_|\.n?gettext)\(\s*"([^"]+)"'
        used |= set(re.findall(call, source))
    assert used == set(catalogue["messages"])
    for text in catalogue["messages"].values():
        text = text[0] if isinstance(text, list) else text
        assert text == ", " or re.search("[가-힣]", text)
    assert eval(catalogue["plural_expr"]) == 0


def test_texts_of_the_copy_button_are_translated() -> None:
    source = (
        files("sphinx_copybutton") / "_static" / "copybutton.js_t"
    ).read_text(encoding="utf-8")
    english = re.search(r"'en': \{(.*?)\}", source, re.DOTALL)
    own = (ROOT / "_static" / "language.js").read_text(encoding="utf-8")
    korean = re.search(r"messages\.ko = \{(.*?)\}", own, re.DOTALL)
    assert english
    assert korean
    keys = re.findall(r"'(\w+)':", english[1])
    assert keys
    assert keys == re.findall(r"(\w+): \"[가-힣 ]+\"", korean[1])


@pytest.mark.parametrize("name", ["sphinx", "booktheme", "exercise"])
def test_catalogues_are_sorted_complete_and_keep_placeholders(
    name: str,
) -> None:
    with (CATALOGUES / f"{name}.po").open("rb") as file:
        catalogue = read_po(file, locale="ko", abort_invalid=True)
    messages = [m for m in catalogue if m.id]
    ids = [m.id for m in messages]
    assert ids == sorted(ids, key=lambda text: (text.casefold(), text))
    assert len(set(ids)) == len(ids)
    for message in messages:
        assert message.string, message.id
        assert not message.fuzzy, message.id
        holes = r"%(?:\(\w+\))?s"
        assert re.findall(holes, message.id) == re.findall(
            holes, message.string
        )


def test_a_language_that_the_book_lacks_is_refused(tmp_path: Path) -> None:
    write_book(tmp_path)
    command = [sys.executable, "-m", "sphinx", "-q", "-c", str(tmp_path)]
    command += [
        "-D",
        "language=fr",
        str(tmp_path / "en"),
        str(tmp_path / "html"),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "'fr' is not one of the book's: ko, en" in done.stderr


@pytest.mark.browser
@pytest.mark.parametrize(
    ("start", "section", "expected"),
    [
        ("", None, ""),
        ("", "part-page-tasks", "#part-page-tasks"),
        ("#part-page-sum", None, "#part-page-sum"),
        ("#part-page-sum", "part-page-tasks", "#part-page-tasks"),
        ("#figure", None, "#figure"),
    ],
)
def test_the_switch_keeps_the_section(
    site: Path,
    browser: Browser,
    start: str,
    section: str | None,
    expected: str,
) -> None:
    context = browser.new_context()
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on(
        "console",
        lambda m: problems.append(m.text) if m.type == "error" else None,
    )
    address = (site / "ko" / "part" / "page.html").as_uri()
    page.goto(address + start)
    page.wait_for_timeout(300)
    if section:
        code = "(id) => document.getElementById(id).scrollIntoView({behavior:'instant'})"  # noqa: E501
        page.evaluate(code, section)
        page.wait_for_timeout(300)
    # Not locator.click(): that scrolls, for the header is sticky.
    page.evaluate("document.querySelector('a.language-switch').click()")
    page.wait_for_url("**/en/**")
    assert page.url == address.replace("/ko/", "/en/") + expected
    assert page.evaluate("localStorage.getItem('aibook-language')") == "en"
    assert problems == []
    context.close()


@pytest.mark.browser
def test_scripts_speak_korean(site: Path, browser: Browser) -> None:
    page = browser.new_page()
    page.goto((site / "ko" / "part" / "page.html").as_uri())
    button = page.locator(".copybtn").first
    button.wait_for(state="attached")
    assert button.get_attribute("data-tooltip") == "복사"
    assert button.locator("title").text_content() == "클립보드에 복사"
    page.goto((site / "ko" / "search.html").as_uri() + "?q=가중합")
    status = page.locator(".search-summary:not(:empty)")
    status.wait_for()
    assert status.inner_text() == "2건을 찾았습니다."
    page.close()


def test_korean_letters_head_the_index(site: Path) -> None:
    soup = read(site / "ko" / "genindex.html")
    headings = "".join(h.get_text() for h in soup.select("h2"))
    assert "ㅁ" in headings  # 모듈
    assert not re.search("[\u1100-\u11ff]", headings)


def test_the_command_line_knows_the_same_languages():
    assert tuple(LANGUAGES) == __main__.LANGUAGES
