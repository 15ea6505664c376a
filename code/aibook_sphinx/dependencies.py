"""What a page's outputs depend on, and a stamp that says so.

jupyter-cache recognises a page by its code cells and its kernelspec. It does
not see that a module which the cells import has changed. So every page that
executes gets a digest in its kernelspec, made from

- the modules of ``aibook`` that its cells import, and those that they import,
- the files beside those modules that a string constant in them names
  (``"files/mnist.npz"``), and the style sheets that a cell names in dotted
  form (``"aibook.plotting.style"``),
- the versions of Python and of the libraries that compute,
- the environment variables that choose the data.

Imports are found by reading the source, never by importing: a build with
nothing to do must not wait for PyTorch.
"""

from __future__ import annotations

import ast
import hashlib
import os
import platform
import re
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import metadata
from pathlib import Path

PACKAGE = "aibook"
LIBRARIES = (
    "torch",
    "torchvision",
    "numpy",
    "matplotlib",
    "pandas",
    "scikit-learn",
    "scipy",
)
VARIABLES = ("AIBOOK_DATA", "AIBOOK_DATA_DIR")
# Raised when the way in which cells are executed changes their outputs.
EXECUTION_VERSION = 2

_CODE_CELL = re.compile(
    r"^(?P<fence>`{3,}|:{3,})\{code-cell\}[^\n]*\n(?P<body>.*?)^(?P=fence)[ \t]*$",
    re.MULTILINE | re.DOTALL,
)
_KERNELSPEC = re.compile(r"\A---\n(?:.*\n)*?kernelspec:[ \t]*\n", re.MULTILINE)
_OPTIONS = re.compile(
    r"\A\s*(?:---[ \t]*\n.*?^---[ \t]*$|(?:^:[\w-]+:[^\n]*\n?)+)",
    re.MULTILINE | re.DOTALL,
)
_MAGIC = re.compile(r"^\s*[%!]")


class StampError(ValueError):
    """A page cannot be stamped: its front matter or a cell is malformed."""


def code_cells(source: str) -> list[str]:
    r"""Return the code of the page's executed cells, without their options.

    Parameters
    ----------
    source
        Text of a MyST page.

    Examples
    --------
    >>> code_cells("# Title\n\n```{code-cell}\n:tags: [hide-input]\n1 + 1\n```\n")
    ['1 + 1']
    """
    cells = []
    for match in _CODE_CELL.finditer(source):
        cells.append(_OPTIONS.sub("", match["body"], count=1).strip("\n"))
    return cells


def _parse(code: str, where: str) -> ast.Module:
    plain = "\n".join(
        "" if _MAGIC.match(line) else line for line in code.split("\n")
    )
    try:
        return ast.parse(plain)
    except SyntaxError as error:
        raise StampError(
            f"{where}: not Python: {error.msg} (line {error.lineno}): "
            f"{(error.text or '').strip()!r}"
        ) from error


def _imported(tree: ast.AST, package: str) -> Iterator[str]:
    """Yield dotted names that may be modules; `package` resolves relative ones."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parts = package.split(".")[
                    : len(package.split(".")) - node.level + 1
                ]
                base = ".".join([*parts, base] if base else parts)
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)


def _strings(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def _named_file(text: str, folder: Path) -> Path | None:
    """Return the file below `folder` that `text` names, if it names one."""
    if not text or len(text) > 200 or "\n" in text or "\0" in text:
        return None
    path = folder / text
    return path if path.suffix and path.is_file() else None


class Dependencies:
    """Files that code depends on, found below a source root.

    Parameters
    ----------
    code_root
        Folder that holds the package ``aibook`` (``code/``).
    """

    def __init__(self, code_root: Path) -> None:
        self.root = code_root.resolve()
        self._direct: dict[Path, tuple[Path, ...]] = {}

    def _module_files(self, dotted: str) -> Iterator[Path]:
        """Yield the files that importing `dotted` runs: the packages, then it."""
        parts = dotted.split(".")
        if parts[0] != PACKAGE:
            return
        for end in range(1, len(parts) + 1):
            path = self.root.joinpath(*parts[:end])
            if path.is_dir():
                init = path / "__init__.py"
                if init.is_file():
                    yield init
            elif path.with_suffix(".py").is_file():
                yield path.with_suffix(".py")

    def _style_file(self, text: str) -> Path | None:
        if not re.fullmatch(rf"{PACKAGE}(\.\w+)+", text):
            return None
        path = self.root.joinpath(*text.split(".")).with_suffix(".mplstyle")
        return path if path.is_file() else None

    def _scan(
        self, tree: ast.AST, package: str, folder: Path | None
    ) -> Iterator[Path]:
        for dotted in _imported(tree, package):
            yield from self._module_files(dotted)
        for text in _strings(tree):
            style = self._style_file(text)
            if style:
                yield style
            named = _named_file(text, folder) if folder else None
            if named:
                yield named.resolve()

    def _direct_of(self, path: Path) -> tuple[Path, ...]:
        if path not in self._direct:
            found: tuple[Path, ...] = ()
            if path.suffix == ".py":
                tree = _parse(path.read_text(encoding="utf-8"), str(path))
                package = ".".join(path.relative_to(self.root).parent.parts)
                found = tuple(
                    dict.fromkeys(self._scan(tree, package, path.parent))
                )
            self._direct[path] = found
        return self._direct[path]

    def of(self, cells: Iterable[str], where: str = "page") -> list[Path]:
        """Return the files that `cells` depend on, sorted.

        Parameters
        ----------
        cells
            Code of a page's cells.
        where
            Named in the error when a cell is not Python.

        Raises
        ------
        StampError
            A cell or a module is not valid Python.
        """
        seen: set[Path] = set()
        pending: list[Path] = []
        for number, cell in enumerate(cells, start=1):
            tree = _parse(cell, f"{where}, cell {number}")
            pending.extend(self._scan(tree, "", None))
        while pending:
            path = pending.pop()
            if path not in seen:
                seen.add(path)
                pending.extend(self._direct_of(path))
        return sorted(seen)


@cache
def environment_digest() -> str:
    """Return a digest of the versions and variables that outputs depend on."""
    parts = [
        f"execution {EXECUTION_VERSION}",
        f"python {platform.python_version()}",
    ]
    for name in LIBRARIES:
        try:
            parts.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            parts.append(f"{name} none")
    parts += [f"{name}={os.environ.get(name, '')}" for name in VARIABLES]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def digest_files(files: Iterable[Path], root: Path) -> str:
    """Return a digest of the files' paths below `root` and their contents."""
    total = hashlib.sha256()
    for path in files:
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        total.update(
            f"{path.relative_to(root).as_posix()} {content}\n".encode()
        )
    return total.hexdigest()[:16]


def stamp(source: str, digest: str, where: str = "page") -> str:
    r"""Write `digest` into the kernelspec of a page's front matter.

    Raises
    ------
    StampError
        The page has code cells but no ``kernelspec`` in its front matter.

    Examples
    --------
    >>> page = "---\nfile_format: mystnb\nkernelspec:\n  name: python3\n---\n"
    >>> print(stamp(page, "0123"))
    ---
    file_format: mystnb
    kernelspec:
      digest: '0123'
      name: python3
    ---
    <BLANKLINE>
    """
    match = _KERNELSPEC.match(source)
    if not match:
        raise StampError(
            f"{where}: code cells need a kernelspec in the front matter"
        )
    return (
        f"{source[: match.end()]}  digest: '{digest}'\n{source[match.end() :]}"
    )
