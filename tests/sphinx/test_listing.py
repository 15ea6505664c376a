"""Listings of the package's objects."""

import ast
from pathlib import Path

import pytest

from aibook_sphinx import listing
from aibook_sphinx.listing import find, source_of
from mini_sphinx import build_page

CODE = Path(listing.__file__).parents[1]
MODULE = '''\
"""The module."""

import functools

LIMIT: int = 3
PAIR = (1,
        2)


@functools.cache
def decorated(x):
    """Say."""
    return x


class Model:
    """A model.

    With a long docstring.
    """

    size = 1

    def __init__(self, x):
        """Set."""

        self.x = x

    def fit(self):
        """Fit."""

        def inner():
            """Inner."""
            return "text"

        return inner


def only():
    """Only a docstring."""


def after():
    return "not a docstring", """nor this"""
'''


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("LIMIT", "LIMIT: int = 3"),
        ("PAIR", "PAIR = (1,\n        2)"),
        ("decorated", "@functools.cache\ndef decorated(x):\n    return x"),
        ("Model.size", "size = 1"),
        ("Model.__init__", "def __init__(self, x):\n    self.x = x"),
        (
            "Model.fit",
            'def fit(self):\n    def inner():\n        return "text"\n\n'
            "    return inner",
        ),
        # Without its docstring it would not be Python.
        ("only", 'def only():\n    """Only a docstring."""'),
        (
            "after",
            'def after():\n    return "not a docstring", """nor this"""',
        ),
    ],
)
def test_source_of(path: str, expected: str) -> None:
    assert source_of(MODULE, path.split(".")) == expected


def test_a_class_loses_every_docstring() -> None:
    code = source_of(MODULE, ["Model"])
    ast.parse(code)
    assert '"""' not in code
    assert code.startswith(
        "class Model:\n    size = 1\n\n    def __init__(self, x):"
    )


def test_docstrings_are_kept_on_demand() -> None:
    code = source_of(MODULE, ["Model"], docstring=True)
    assert code in MODULE


@pytest.mark.parametrize("path", ["none", "Model.none", "LIMIT.x"])
def test_source_of_what_is_not_there(path: str) -> None:
    with pytest.raises(LookupError, match=path.replace(".", r"\.")):
        source_of(MODULE, path.split("."))


def test_find() -> None:
    path, names = find(CODE, "aibook.scratch.perceptron.Perceptron.fit")
    assert path == CODE / "aibook/scratch/perceptron.py"
    assert names == ["Perceptron", "fit"]


@pytest.mark.parametrize(
    "dotted", ["aibook", "aibook.none", "json.loads", "losses"]
)
def test_find_what_is_not_there(dotted: str) -> None:
    with pytest.raises(LookupError, match=dotted):
        find(CODE, dotted)


PAGE = """\
# Title

```{listing} aibook.part.Model.fit
:name: lst-fit
```

{numref}`lst-fit`

```{listing} aibook.part.Model.fit
:docstring:
```
"""


def test_the_directive(tmp_path: Path) -> None:
    (tmp_path / "code/aibook").mkdir(parents=True)
    (tmp_path / "code/aibook/part.py").write_text(MODULE)
    built = build_page(tmp_path, PAGE, modules=["listing"], numfig=True)
    assert built.warnings == ""
    plain, full = built.html.select("div.literal-block-wrapper")
    assert plain["id"] == "lst-fit"
    assert (
        "aibook.part.Model.fit" in plain.select_one(".caption-text").get_text()
    )
    assert plain.pre.get_text().strip() == source_of(MODULE, ["Model", "fit"])
    assert full.pre.get_text().strip() == source_of(
        MODULE, ["Model", "fit"], docstring=True
    )
    # Sphinx reads the page anew when the module changes.
    assert built.dependencies == {"code/aibook/part.py"}


@pytest.mark.parametrize("dotted", ["aibook.part.none", "aibook.none"])
def test_a_listing_of_nothing_is_a_warning(
    tmp_path: Path, dotted: str
) -> None:
    (tmp_path / "code/aibook").mkdir(parents=True)
    (tmp_path / "code/aibook/part.py").write_text(MODULE)
    page = f"# Title\n\n```{{listing}} {dotted}\n```\n"
    built = build_page(tmp_path, page, modules=["listing"])
    assert "index.md:3: WARNING" in built.warnings
    assert dotted.removeprefix("aibook.part.") in built.warnings
