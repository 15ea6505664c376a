"""The links in a page's header, with and without the repository's address."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup

ROOT = Path(__file__).parents[2]
CONF = f"""
import runpy
from pathlib import Path
root = Path({str(ROOT)!r})
book = runpy.run_path(str(root / "conf.py"))
globals().update({{k: v for k, v in book.items() if not k.startswith("__")}})
modules = ["exercises", "languages", "mathml", "notebooks", "sections"]
extensions = ["myst_nb", "sphinx_design", "sphinx_exercise"]
extensions += [f"aibook_sphinx.{{module}}" for module in modules]
html_favicon = None
html_static_path = []
html_css_files = []
nb_execution_mode = "off"
suppress_warnings = ["myst-nb.lexer"]
"""
PAGE = """\
---
file_format: mystnb
kernelspec:
  name: python3
---

# Page

```{code-cell}
1 + 1
```
"""
Build = Callable[..., tuple[BeautifulSoup, nbformat.NotebookNode]]


@pytest.fixture
def build(tmp_path: Path) -> Build:
    """Return a function that builds a Korean page in a part."""

    def run(
        **variables: str,
    ) -> tuple[BeautifulSoup, nbformat.NotebookNode]:
        source = tmp_path / "book" / "ko"
        (source / "part").mkdir(parents=True)
        (tmp_path / "conf.py").write_text(CONF, encoding="utf-8")
        toctree = "# Book\n\n```{toctree}\npart/page\n```\n"
        (source / "index.md").write_text(toctree)
        (source / "part" / "page.md").write_text(PAGE)
        out = tmp_path / "html"
        inherited = {
            k: v for k, v in os.environ.items() if not k.startswith("AIBOOK")
        }
        subprocess.run(
            [
                *(sys.executable, "-m", "sphinx", "-q", "-W", "-b", "html"),
                *("-c", str(tmp_path), "-D", "language=ko"),
                *(str(source), str(out)),
            ],
            env=inherited | {"PYTHONPATH": str(ROOT / "code")} | variables,
            check=True,
        )
        html = (out / "part" / "page.html").read_text(encoding="utf-8")
        notebook = out / "notebooks" / "part" / "page.ipynb"
        return (
            BeautifulSoup(html, "html5lib"),
            nbformat.read(notebook, as_version=4),
        )

    return run


def test_without_a_repository(build: Build) -> None:
    html, notebook = build()
    (link,) = html.select("a.notebook-link")
    assert link["href"] == "../notebooks/part/page.ipynb"
    assert link["download"] == "page.ko.ipynb"
    assert link["aria-label"] == "이 쪽을 노트북으로 내려받기"
    assert not html.select("a.colab-link, a.edit-link")
    assert "git+" not in notebook.cells[1].source
    assert "책의 폴더" in notebook.cells[0].source


def test_with_a_repository(build: Build) -> None:
    url = "https://github.com/owner/name"
    html, notebook = build(AIBOOK_REPOSITORY_URL=url)
    links = {
        link["aria-label"]: link["href"]
        for link in html.select("a.colab-link, a.edit-link")
    }
    assert links == {
        "이 쪽을 Google Colab에서 열기": (
            "https://colab.research.google.com/github/owner/name/blob/gh-pages"
            "/ko/notebooks/part/page.ipynb"
        ),
        "이 쪽 고치기": f"{url}/edit/main/book/ko/part/page.md",
    }
    assert f'"aibook @ git+{url}"' in notebook.cells[1].source


def test_a_repository_elsewhere_has_no_colab(build: Build) -> None:
    html, _ = build(AIBOOK_REPOSITORY_URL="https://example.org/owner/name")
    assert html.select("a.edit-link")
    assert not html.select("a.colab-link")
