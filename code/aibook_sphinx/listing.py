"""Show an object of the package as a listing: ``{listing} aibook.losses.mse``.

Like ``literalinclude`` with ``:pyobject:``, but it takes the object's name
instead of a path, leaves out the docstrings (the prose around the listing says
what they say, and they stand in the package reference), and its caption leads
to that reference. ``:docstring:`` keeps the docstrings, ``:name:`` labels it.
"""

from __future__ import annotations

import ast
import textwrap
from pathlib import Path
from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.directives.code import container_wrapper
from sphinx.util.docutils import SphinxDirective


def find(code_root: Path, dotted: str) -> tuple[Path, list[str]]:
    """Split an object's name into its module's file and its path in the module.

    Raises
    ------
    LookupError
        No module below `code_root` has this name's beginning.
    """
    parts = dotted.split(".")
    for end in range(len(parts) - 1, 0, -1):
        path = code_root.joinpath(*parts[:end]).with_suffix(".py")
        if path.is_file():
            return path, parts[end:]
    raise LookupError(f"no module of the package holds {dotted!r}")


def source_of(text: str, path: list[str], *, docstring: bool = False) -> str:
    r"""Return the source of a class, function or constant in a module's text.

    Parameters
    ----------
    text
        The module's source.
    path
        Names from the outside in: ``["Perceptron", "fit"]``.
    docstring
        Whether to keep docstrings.

    Raises
    ------
    LookupError
        The module has no such object.

    Examples
    --------
    >>> text = 'class A:\n    def f(self):\n        "Say."\n        return 1\n'
    >>> print(source_of(text, ["A", "f"]))
    def f(self):
        return 1
    """
    node: ast.AST = ast.parse(text)
    for name in path:
        found = [n for n in getattr(node, "body", []) if name in _names(n)]
        if not found:
            raise LookupError(f"the module holds no {'.'.join(path)!r}")
        node = found[0]
    assert isinstance(node, ast.stmt)
    decorators = getattr(node, "decorator_list", [])
    first = min([node.lineno, *(d.lineno for d in decorators)])
    drop = set() if docstring else _docstring_lines(node, text.splitlines())
    lines = [
        line
        for number, line in enumerate(text.splitlines(), start=1)
        if first <= number <= (node.end_lineno or first) and number not in drop
    ]
    return textwrap.dedent("\n".join(lines))


def _names(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.ClassDef | ast.FunctionDef):
        return [node.name]
    targets = getattr(node, "targets", [getattr(node, "target", None)])
    return [target.id for target in targets if isinstance(target, ast.Name)]


def _docstring_lines(node: ast.AST, lines: list[str]) -> set[int]:
    """Return the line numbers of docstrings, and of a blank line after each."""
    drop: set[int] = set()
    for child in ast.walk(node):
        if not isinstance(child, ast.ClassDef | ast.FunctionDef):
            continue
        first = child.body[0]
        if (
            len(child.body) > 1
            and ast.get_docstring(child, clean=False) is not None
        ):
            end = first.end_lineno or first.lineno
            drop.update(range(first.lineno, end + 1))
            if end < len(lines) and not lines[end].strip():
                drop.add(end + 1)
    return drop


class Listing(SphinxDirective):
    """The directive."""

    required_arguments = 1
    option_spec: ClassVar = {
        "docstring": directives.flag,
        "name": directives.unchanged,
    }

    def run(self) -> list[nodes.Node]:
        """Return the listing, or a warning that names what is missing."""
        dotted = self.arguments[0]
        try:
            file, path = find(Path(self.config.aibook_code), dotted)
            text = file.read_text(encoding="utf-8")
            code = source_of(text, path, docstring="docstring" in self.options)
        except LookupError as error:
            return [
                self.state.document.reporter.warning(error, line=self.lineno)
            ]
        self.env.note_dependency(str(file))
        block: nodes.Element = nodes.literal_block(
            code, code, language="python"
        )
        self.set_source_info(block)
        caption = f"{{py:obj}}`{dotted}`"
        block = container_wrapper(self, block, caption)
        # The caption is MyST where the page is; nested_parse has turned it to nodes.
        self.add_name(block)
        return [block]


def setup(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("listing", Listing)
