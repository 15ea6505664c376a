"""Formulas in pages: numbers and references, warnings, the font, a browser."""

import hashlib
import io
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from bs4 import BeautifulSoup
from PIL import Image

from aibook_sphinx.latex import to_mathml

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "_static"
CONF = """
extensions = ["myst_parser", "aibook_sphinx.mathml"]
myst_enable_extensions = ["dollarmath", "amsmath"]
numfig = True
math_numfig = True
html_static_path = [{static!r}]
mathml_macros = {{"loss": r"\\mathcal{{L}}"}}
"""
INDEX = """# Index

```{toctree}
:numbered:
page
other
```
"""
PAGE = r"""# Page

Inline $a < b$ and $\loss$.

$$
z = w x + b
$$ (sum)

$$ \left( a + b + c + d + e + f + g + h + i \right) $$

```{math}
:label: split
a &= b \\
c &= d
```

\begin{align}\label{named}
e &= f \\
g &= h
\end{align}

\begin{gather} k \end{gather}
"""
OTHER = """# Other

{eq}`sum`, {eq}`split`, {eq}`named`.
"""


def build(folder, pages, *options, builder="html"):
    """Build `pages` with Sphinx in its own process."""
    source = folder / "source"
    source.mkdir(exist_ok=True)
    conf = CONF.format(static=str(STATIC))
    for name, text in {"conf.py": conf, "index.md": INDEX, **pages}.items():
        (source / name).write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "sphinx", "-q", "-b", builder, *options]
    return subprocess.run(
        [*command, "-d", folder / "doctrees", source, folder / builder],
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT / "code"),
            "LC_ALL": "C.UTF-8",
        },
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    result = build(
        folder, {"page.md": PAGE, "other.md": OTHER}, "-W", "-j", "2"
    )
    assert (result.returncode, result.stderr) == (0, "")
    return folder / "html"


def soup(path):
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def test_site_holds_mathml_and_no_script_for_it(site):
    page = soup(site / "page.html")
    assert len(page.select("span.math > math")) == 2
    assert (
        len(page.select("div.math > .math-scroll > math[display=block]")) == 5
    )
    assert page.select_one("span.math annotation").string == "a < b"
    assert page.select_one("link[href*='math.css']")
    scripts = [script.get("src", "") for script in page.select("script")]
    assert not any("mathjax" in src.lower() or "//" in src for src in scripts)


def test_numbers_and_links_to_them(site):
    page = soup(site / "page.html")
    numbered = [
        block for block in page.select("div.math") if block.select(".eqno")
    ]
    assert [n.select_one(".eqno").contents[0] for n in numbered] == [
        *("(1.1)", "(1.2)", "(1.3)", "(1.4)")
    ]
    for block in numbered:
        assert (
            block.select_one(".eqno a.headerlink")["href"] == f"#{block['id']}"
        )
    assert [block["id"] for block in numbered] == [
        *("equation-sum", "equation-split", "equation-named"),
        "equation-page-amsmath-3",
    ]


def test_references(site):
    links = soup(site / "other.html").select("p a.reference.internal")
    assert [(link.string, link["href"]) for link in links] == [
        ("(1.1)", "page.html#equation-sum"),
        ("(1.2)", "page.html#equation-split"),
        ("(1.3)", "page.html#equation-named"),
    ]


def test_only_a_long_formula_is_a_tab_stop(site):
    boxes = soup(site / "page.html").select(".math-scroll")
    assert [box.get("tabindex") for box in boxes] == [
        None,
        "0",
        None,
        None,
        None,
    ]
    assert all(
        box.get("role") == "group" for box in boxes if box.get("tabindex")
    )


@pytest.mark.slow
def test_bad_latex_warns_at_every_build_and_shows_the_source(tmp_path):
    bad = "# Page\n\nFine.\n\nBad $\\frac{a}$ & $\\nosuch<b>$.\n\n$$\n{c\n$$\n"
    pages = {"page.md": bad, "other.md": "# Other\n"}
    for _ in range(2):  # the second time nothing has changed
        result = build(tmp_path, pages, "-W")
        assert result.returncode != 0
        warnings = re.findall(r"page\.md:(\d+): WARNING: (.*)", result.stderr)
        assert [line for line, _ in warnings] == ["5", "5", "7"]
        assert r"\frac{a}" in warnings[0][1]
        assert 'Unknown command "\\nosuch"' in warnings[1][1]
    page = soup(tmp_path / "html" / "page.html")
    assert [code.string for code in page.select("code.math-source")] == [
        *(r"\frac{a}", r"\nosuch<b>", "{c")
    ]
    mended = {**pages, "page.md": "# Page\n\n$a$\n"}
    assert build(tmp_path, mended, "-W").returncode == 0


def test_other_builders_keep_their_mathematics(tmp_path):
    pages = {
        "page.md": "# Page\n\n$\\nosuch$ $a^2$\n",
        "other.md": "# Other\n",
    }
    result = build(tmp_path, pages, "-W", builder="text")
    assert (result.returncode, result.stderr) == (0, "")
    assert "a^2" in (tmp_path / "text" / "page.txt").read_text(
        encoding="utf-8"
    )


def test_font_is_the_one_that_its_readme_describes():
    css = (STATIC / "math.css").read_text(encoding="utf-8")
    (address,) = re.findall(r'url\("([^"]+)"\)', css)
    font = (STATIC / address).read_bytes()
    assert font[:4] == b"wOF2"
    assert len(font) < 100_000
    readme = (STATIC / "fonts" / "README.md").read_text(encoding="utf-8")
    assert hashlib.sha256(font).hexdigest() in readme
    licence = (STATIC / "fonts" / "OFL.txt").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence


@pytest.mark.browser
def test_brackets_stretch_and_wide_formulas_scroll_without_javascript(
    site, browser
):
    phone = {"width": 390, "height": 800}
    page = browser.new_page(viewport=phone, java_script_enabled=False)
    requests = []
    page.on("request", lambda request: requests.append(request.url))
    tall = to_mathml(r"\left( \begin{matrix} a \\ b \\ c \end{matrix} \right)")
    (site / "tall.html").write_text(
        f'<!doctype html><link rel="stylesheet" href="_static/math.css">{tall}',
        encoding="utf-8",
    )
    page.goto((site / "tall.html").as_uri(), wait_until="networkidle")
    assert any(url.endswith("book-math.woff2") for url in requests)
    table = page.locator("mtable").bounding_box()
    picture = np.asarray(
        Image.open(io.BytesIO(page.screenshot())).convert("L")
    )
    (rows,) = (picture[:, : int(table["x"])] < 128).any(axis=1).nonzero()
    assert rows.max() - rows.min() >= 0.9 * table["height"]

    page.goto((site / "page.html").as_uri(), wait_until="networkidle")
    assert all(url.startswith("file:") for url in requests)
    box = page.locator(".math-scroll[tabindex]").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= phone["width"]
    page.close()
