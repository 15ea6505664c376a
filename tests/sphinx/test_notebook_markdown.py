"""What the notebook of a page says, construct by construct."""

import json
from pathlib import Path

import nbformat
import pytest
from docutils import nodes

from aibook_sphinx.notebooks.inline import Context, Inline
from mini_sphinx import build_page

PIXEL = "<svg xmlns='http://www.w3.org/2000/svg' width='1' height='1'></svg>\n"
MODULE = '''\
"""Double."""


def double(x: int) -> int:
    """Return twice `x`."""
    return 2 * x
'''
PAGE = """\
---
file_format: mystnb
kernelspec:
  name: python3
---

(top)=
# A page

A *slanted* and a **bold** word, `code`, 2 * 3 * 4, $a < b$ and 5 \\$.

(here)=
## Formulas

```{math}
:label: eq-sum
x = 1,

y = 2
```

$$
a &= b \\\\
c &= d
$$

By {eq}`eq-sum`, see {ref}`here`, {ref}`gone <there>`, {doc}`index`, [a
site](https://example.org/a_(b)), {numref}`fig`, {numref}`code`.[^note]

[^note]: A note with $z$.

> Quoted.

(there)=
## Solving: how?

```{admonition} Take *care*
Inside:

$$
u = v \\\\
w = x
$$
```

```{note}
Noted.
```

| left | right | middle |
|:--|--:|:-:|
| `b` | *2* | $v$ |

```{list-table} Its title
:header-rows: 1
:name: tab
* - $|w|$
  - `b|c` or \\|
* - first

    second
  - - item
```

1. one
2. two

   more

- outer
  - inner

Term
: Meaning.

: Second.

```{listing} aibook.twice.double
:name: code
```

```{figure} pixel.svg
:name: fig
:alt: A pixel.

Caption with $q$.
```

```text
plain
```

```{code-cell}
print(1)
```

```{exercise} Add
:label: add

What is $1 + 1$?
```

````{solution-start} add
:class: dropdown
````

Before.

```{code-cell}
1 + 1
```

After.

````{solution-end}
````

```{exercise}
:label: plain

And more?
```

```{solution} plain
Nothing.
```

Text after a solution.

## End

1\\. is no list.
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the page and return the folder of its site."""
    folder = tmp_path_factory.mktemp("notebook")
    package = folder / "code" / "aibook"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "twice.py").write_text(MODULE)
    (folder / "book").mkdir()
    (folder / "book" / "pixel.svg").write_text(PIXEL)
    result = build_page(
        folder,
        PAGE,
        modules=["exercises", "listing", "mathml", "sections", "notebooks"],
        extensions=["myst_nb", "sphinx_exercise"],
        myst_enable_extensions=["amsmath", "deflist", "dollarmath"],
        nb_execution_mode="off",
        numfig=True,
        suppress_warnings=["myst-nb.lexer", "ref.python", "ref.obj"],
    )
    assert "WARNING" not in result.warnings
    return folder / "out"


@pytest.fixture(scope="module")
def notebook(built: Path) -> nbformat.NotebookNode:
    return nbformat.read(built / "notebooks" / "index.ipynb", as_version=4)


@pytest.fixture(scope="module")
def text(notebook: nbformat.NotebookNode) -> str:
    """Return all Markdown of the notebook."""
    cells = [c.source for c in notebook.cells if c.cell_type == "markdown"]
    return "\n\n".join(cells) + "\n"


@pytest.mark.parametrize(
    "expected",
    [
        # within a line
        "A *slanted* and a **bold** word, `code`, 2 \\* 3 \\* 4, $a < b$ and "
        "5 <span>&#36;</span>.\n",
        # formulas
        "$$\n\\begin{aligned}x = 1, \\\\ y = 2\\end{aligned} \\tag{1}\n$$",
        "$$\n\\begin{aligned}a &= b \\\\\nc &= d\\end{aligned}\n$$",
        # references
        "By [(1)](#Formulas), see [Formulas](#Formulas), gone, "
        "[A page](#A-page), [a site](<https://example.org/a_(b)>), "
        "Fig. 1, Listing 1.<sup>1</sup>\n",
        '## Formulas<a name="Formulas"></a>\n',
        "<sup>1</sup> A note with $z$.\n",
        # boxes
        "> Quoted.\n",
        "> **Take *care***\n>\n> Inside:\n>\n"
        "> $$\\begin{aligned}u = v \\\\ w = x\\end{aligned}$$\n",
        "> **Note**\n>\n> Noted.\n",
        # tables
        "| left | right | middle |\n| :-- | --: | :-: |\n| `b` | *2* | $v$ |\n",
        "**Table 1.** Its title\n\n| $\\vert w\\vert$ | `b\\|c` or \\| |\n"
        "| --- | --- |\n"
        "| first<br>second | - item |\n",
        # lists
        "1. one\n\n2. two\n\n   more\n",
        "- outer\n\n  - inner\n",
        "- **Term**\n\n  Meaning.\n\n  Second.\n",
        # code
        "**Listing 1.** `aibook.twice.double`\n\n"
        "```python\ndef double(x: int) -> int:\n    return 2 * x\n```\n",
        "```\nplain\n```\n",
        # figures
        "![A pixel.](attachment:pixel.svg)\n\n**Fig. 1.** Caption with $q$.\n",
        "1\\. is no list.\n",
    ],
)
def test_a_construct(text: str, expected: str) -> None:
    assert expected in text


def test_exercises_and_solutions_are_headings_in_order(
    notebook: nbformat.NotebookNode,
) -> None:
    sources = [cell.source for cell in notebook.cells]
    first = sources.index("### Exercise 1 (Add)\n\nWhat is $1 + 1$?")
    assert sources[first + 1 : first + 5] == [
        "#### Solution to Exercise 1 (Add)",
        "Before.",
        "1 + 1",
        "After.",
    ]
    assert sources[first + 5].startswith("### Exercise 2")
    assert sources[first + 6] == (
        "#### Solution to Exercise 2\n\nNothing.\n\nText after a solution."
    )


def test_a_solution_is_folded_where_that_hides_nothing_else(
    notebook: nbformat.NotebookNode,
) -> None:
    folded = [
        cell.source
        for cell in notebook.cells
        if cell.metadata.get("jp-MarkdownHeadingCollapsed")
    ]
    assert folded == ["#### Solution to Exercise 1 (Add)"]


def test_the_notebook_is_valid(notebook: nbformat.NotebookNode) -> None:
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    assert notebook.metadata.kernelspec.name == "python3"
    ids = [cell.id for cell in notebook.cells]
    assert len(set(ids)) == len(ids)


def test_it_begins_with_the_title_and_the_installation(
    notebook: nbformat.NotebookNode,
) -> None:
    title, install, *_ = notebook.cells
    assert title.source.startswith('# A page<a name="A-page"></a>\n\n[')
    assert "(../index.html)" in title.source
    assert "installs the book’s package" in title.source
    assert install.cell_type == "code"
    assert 'find_spec("aibook") is None' in install.source
    counts = [
        c.execution_count for c in notebook.cells if c.cell_type == "code"
    ]
    assert counts == list(range(1, len(counts) + 1))


def test_pictures_are_within_the_file(
    notebook: nbformat.NotebookNode,
) -> None:
    attached = [c.attachments for c in notebook.cells if "attachments" in c]
    assert [list(found) for found in attached] == [["pixel.svg"]]
    assert list(attached[0]["pixel.svg"]) == ["image/svg+xml"]


def test_no_path_of_the_builder(built: Path) -> None:
    text = (built / "notebooks" / "index.ipynb").read_text(encoding="utf-8")
    assert str(built.parent) not in text
    assert json.loads(text)


class NoContext(Context):
    """Of a line without links and numbers."""


@pytest.mark.parametrize(
    ("before", "inside", "after", "expected"),
    [
        ("", "why?", "", "*why?*"),
        ("See ", "why?", ", then", "See *why?*, then"),
        ("", "뜻?", "은", "<em>뜻?</em>은"),
        ("", "뜻", "은", "*뜻*은"),
        ("a", "(b)", "", "a<em>(b)</em>"),
        ("a", "b", "", "a*b*"),
    ],
)
def test_emphasis_next_to_letters(
    before: str, inside: str, after: str, expected: str
) -> None:
    line = nodes.paragraph()
    line += [nodes.Text(before)] if before else []
    line += nodes.emphasis("", inside)
    line += [nodes.Text(after)] if after else []
    assert Inline(NoContext()).text(line) == expected


def test_beyond_a_span_there_may_be_a_letter() -> None:
    span = nodes.inline("", "", nodes.emphasis("", "why?"))
    line = nodes.paragraph("", "", span)
    assert Inline(NoContext()).text(line) == "<em>why?</em>"


PLAIN = "# Page\n\nSee {ref}`next`.\n\n(next)=\n## Next\n\nText.\n"


def test_a_page_without_cells_installs_nothing(tmp_path: Path) -> None:
    build_page(
        tmp_path,
        PLAIN,
        modules=["mathml", "notebooks"],
        extensions=["myst_nb"],
    )
    path = tmp_path / "out" / "notebooks" / "index.ipynb"
    cells = nbformat.read(path, as_version=4).cells
    assert {cell.cell_type for cell in cells} == {"markdown"}
    assert "installs" not in cells[0].source


def test_links_lead_to_the_published_site_if_there_is_one(
    tmp_path: Path,
) -> None:
    build_page(
        tmp_path,
        PLAIN,
        modules=["mathml", "notebooks"],
        extensions=["myst_nb"],
        aibook_site_url="https://example.org/book/",
    )
    path = tmp_path / "out" / "notebooks" / "index.ipynb"
    cells = nbformat.read(path, as_version=4).cells
    assert "(https://example.org/book/en/index.html)" in cells[0].source
    assert "[Next](#Next)" in cells[1].source
