"""What the loaders bring in: no torch until a download, no pickle."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import aibook.data
from aibook.data.files import FOLDER

MODULES = sorted(path.stem for path in Path(FOLDER).glob("[a-z]*.py"))


def test_loading_bundled_data_needs_no_torch() -> None:
    code = (
        f"import sys, os; sys.path.insert(0, {str(FOLDER.parents[1])!r}); "
        "os.environ.pop('AIBOOK_DATA', None); "
        + "".join(f"import aibook.data.{name}; " for name in MODULES)
        + "aibook.data.mnist.load_mnist(); "
        "print(sorted({'torch', 'torchvision'} & set(sys.modules)))"
    )
    result = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
    )
    assert result.stdout == "[]\n"


@pytest.mark.parametrize(
    ("module", "file"),
    [
        ("fashion_mnist", "files/fashion_mnist.npz"),
        ("mnist", "files/mnist.npz"),
        ("adult", "files/adult.csv.gz"),
        ("files", "files/manifest.json"),
    ],
)
def test_data_files_are_literal_strings(module: str, file: str) -> None:
    """The build finds what a page depends on by these strings."""
    tree = ast.parse((FOLDER / f"{module}.py").read_text(encoding="utf-8"))
    strings = {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert file in strings
    assert (FOLDER / file).is_file()


def test_package_imports_nothing() -> None:
    tree = ast.parse(
        Path(aibook.data.__file__ or "").read_text(encoding="utf-8")
    )
    assert [type(node) for node in tree.body] == [ast.Expr]
