"""What a page depends on, and the digest that stands for it."""

import re
from pathlib import Path

import pytest

from aibook_sphinx import dependencies
from aibook_sphinx.dependencies import (
    Dependencies,
    StampError,
    code_cells,
    digest_files,
    environment_digest,
    stamp,
)

MODULES = {
    "__init__.py": '"""The package."""\n',
    "losses.py": "import math\n",
    "training.py": "from aibook.losses import mse\n",
    "scratch/__init__.py": '"""NumPy only."""\n',
    "scratch/activations.py": "import numpy\n",
    "scratch/perceptron.py": "from aibook.scratch.activations import step\n",
    "scratch/relative.py": "from .activations import step\nfrom ..losses import mse\n",
    "scratch/sibling.py": "from . import activations\n",
    "scratch/parent.py": "from .. import losses\n",
    "scratch/nested.py": "def f():\n    from aibook import training\n",
    "scratch/circle.py": "import aibook.scratch.round\n",
    "scratch/round.py": "import aibook.scratch.circle\n",
    "scratch/broken.py": "def f(:\n",
    "data/images.py": 'FILES = ["files/mnist.npz"]\nOTHER = "files/none.npz"\n',
    "data/files/mnist.npz": "numbers",
    "plotting/style.mplstyle": "axes.grid: true\n",
    "plotting/points.py": 'STYLE = "aibook.plotting.style"\n',
}
ALWAYS = {"__init__.py"}
SCRATCH = ALWAYS | {"scratch/__init__.py"}


@pytest.fixture
def code(tmp_path: Path) -> Path:
    """Return a source root with a small package."""
    for name, text in MODULES.items():
        path = tmp_path / "aibook" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (tmp_path / "other.py").write_text("VALUE = 1\n")
    return tmp_path


def names(code: Path, *cells: str) -> set[str]:
    found = Dependencies(code).of(cells)
    assert found == sorted(set(found))
    return {p.relative_to(code / "aibook").as_posix() for p in found}


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("import aibook", ALWAYS),
        ("import aibook.losses", ALWAYS | {"losses.py"}),
        ("import aibook.losses as l, json", ALWAYS | {"losses.py"}),
        ("from aibook import losses", ALWAYS | {"losses.py"}),
        ("from aibook.losses import mse", ALWAYS | {"losses.py"}),
        ("from aibook.losses import *", ALWAYS | {"losses.py"}),
        (
            "from aibook.training import fit",
            ALWAYS | {"training.py", "losses.py"},
        ),
        (
            "from aibook.scratch import activations",
            SCRATCH | {"scratch/activations.py"},
        ),
        ("from aibook import scratch", SCRATCH),
        (
            "from aibook.scratch.perceptron import Perceptron",
            SCRATCH | {"scratch/perceptron.py", "scratch/activations.py"},
        ),
        (
            "import aibook.scratch.relative",
            SCRATCH
            | {"scratch/relative.py", "scratch/activations.py", "losses.py"},
        ),
        (
            "import aibook.scratch.sibling",
            SCRATCH | {"scratch/sibling.py", "scratch/activations.py"},
        ),
        (
            "import aibook.scratch.parent",
            SCRATCH | {"scratch/parent.py", "losses.py"},
        ),
        (
            "import aibook.scratch.nested",
            SCRATCH | {"scratch/nested.py", "training.py", "losses.py"},
        ),
        (
            "import aibook.scratch.circle",
            SCRATCH | {"scratch/circle.py", "scratch/round.py"},
        ),
        (
            "def f():\n    import aibook.losses\nclass A:\n    import aibook.training",
            ALWAYS | {"losses.py", "training.py"},
        ),
        # A data file that a module names, but not one that is not there.
        (
            "import aibook.data.images",
            ALWAYS | {"data/images.py", "data/files/mnist.npz"},
        ),
        # A style is named by a cell or by a module; nothing imports it.
        (
            'plt.style.use("aibook.plotting.style")',
            {"plotting/style.mplstyle"},
        ),
        (
            "from aibook.plotting.points import draw",
            ALWAYS | {"plotting/points.py", "plotting/style.mplstyle"},
        ),
        # Neither other packages nor modules that do not exist.
        ("import other, numpy, aibooks", set()),
        ("import aibook.none", ALWAYS),
        ('print("files/mnist.npz", "aibook.losses")', set()),
        ("", set()),
    ],
)
def test_files_that_a_cell_depends_on(
    code: Path, cell: str, expected: set[str]
) -> None:
    assert names(code, cell) == expected


def test_cells_add_up(code: Path) -> None:
    cells = ("import aibook.losses", "import aibook.scratch.activations")
    assert names(code, *cells) == names(code, cells[0]) | names(code, cells[1])


@pytest.mark.parametrize(
    "magic", ["%matplotlib inline", "%%time", "!ls -l", "  %time f()"]
)
def test_magics_are_passed_over(code: Path, magic: str) -> None:
    assert names(code, f"{magic}\nimport aibook.losses") == ALWAYS | {
        "losses.py"
    }


def test_a_cell_that_is_not_python_is_named(code: Path) -> None:
    cells = ["1 + 1", "x = 1\nfor in x:"]
    with pytest.raises(StampError) as caught:
        Dependencies(code).of(cells, "book/en/page.md")
    message = str(caught.value)
    for part in ("book/en/page.md, cell 2", "line 2", "for in x:"):
        assert part in message


def test_a_module_that_is_not_python_is_named(code: Path) -> None:
    with pytest.raises(StampError, match=r"broken\.py: not Python.*line 1"):
        Dependencies(code).of(["import aibook.scratch.broken"])


def test_nothing_is_imported(code: Path) -> None:
    (code / "aibook/losses.py").write_text(
        "raise SystemExit('was imported')\n"
    )
    assert names(code, "import aibook.losses") == ALWAYS | {"losses.py"}


def test_the_real_package() -> None:
    root = Path(dependencies.__file__).parents[1]
    found = Dependencies(root).of(
        ["from aibook.scratch.perceptron import Perceptron"]
    )
    relative = {p.relative_to(root).as_posix() for p in found}
    assert "aibook/scratch/perceptron.py" in relative
    assert not any("models" in name or "data" in name for name in relative)


# --- cells --------------------------------------------------------------------


def test_code_cells() -> None:
    source = (
        "# Title\n\n"
        "```{code-cell}\nfirst = 1\n\nstill = 1\n```\n"
        "```{code-cell} ipython3\n:tags: [hide-input]\n\nsecond = 2\n```\n"
        "````{code-cell}\n---\ntags: [a]\n---\nthird = '''\n```\n'''\n````\n"
        ":::{code-cell}\nfourth = 4\n:::\n"
        "```python\nnot_executed = 0\n```\n"
        "text ```{code-cell}``` text\n"
    )
    assert [
        cell.split(" = ")[0].split("\n")[-1] for cell in code_cells(source)
    ] == [
        "first",
        "second",
        "third",
        "fourth",
    ]
    assert code_cells(source)[0] == "first = 1\n\nstill = 1"
    assert code_cells(source)[2] == "third = '''\n```\n'''"


def test_a_page_without_cells() -> None:
    assert code_cells("# Title\n\n```python\nx = 1\n```\n") == []


# --- digest -------------------------------------------------------------------


def digest(code: Path, cell: str) -> str:
    return digest_files(Dependencies(code).of([cell]), code)


CELL = "import aibook.scratch.perceptron, aibook.data.images"


@pytest.mark.parametrize(
    "name",
    [
        "__init__.py",
        "scratch/__init__.py",
        "scratch/perceptron.py",
        "scratch/activations.py",
        "data/images.py",
        "data/files/mnist.npz",
    ],
)
def test_the_digest_changes_with_a_dependency(code: Path, name: str) -> None:
    before = digest(code, CELL)
    path = code / "aibook" / name
    path.write_text(path.read_text() + "\n")
    assert digest(code, CELL) != before


@pytest.mark.parametrize("name", ["losses.py", "training.py", "../other.py"])
def test_the_digest_stays_when_anything_else_changes(
    code: Path, name: str
) -> None:
    before = digest(code, CELL)
    (code / "aibook" / name).write_text("changed = True\n")
    assert digest(code, CELL) == before


def test_the_digest_does_not_depend_on_the_folder(
    code: Path, tmp_path: Path
) -> None:
    other = tmp_path / "elsewhere"
    for name, text in MODULES.items():
        path = other / "aibook" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    assert digest(other, CELL) == digest(code, CELL)


def test_the_digest_changes_when_a_file_moves(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.write_text("same")
    before = digest_files([one], tmp_path)
    one.rename(two)
    assert digest_files([two], tmp_path) != before


@pytest.fixture
def _fresh() -> None:
    """Forget the environment's digest, which is worked out once a process."""
    environment_digest.cache_clear()


@pytest.mark.usefixtures("_fresh")
@pytest.mark.parametrize("name", ["AIBOOK_DATA", "AIBOOK_DATA_DIR"])
def test_variables_that_choose_the_data(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(name, raising=False)
    before = environment_digest()
    monkeypatch.setenv(name, "full")
    environment_digest.cache_clear()
    after = environment_digest()
    monkeypatch.undo()
    environment_digest.cache_clear()
    assert after != before


@pytest.mark.usefixtures("_fresh")
@pytest.mark.parametrize("library", ["torch", "numpy", "matplotlib"])
def test_versions_of_libraries(
    library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = environment_digest()
    real = dependencies.metadata.version
    monkeypatch.setattr(
        dependencies.metadata,
        "version",
        lambda name: "0.0" if name == library else real(name),
    )
    environment_digest.cache_clear()
    after = environment_digest()
    monkeypatch.undo()
    environment_digest.cache_clear()
    assert after != before


# --- stamp --------------------------------------------------------------------

PAGE = "---\nfile_format: mystnb\nkernelspec:\n  name: python3\n---\n# Title\n"


def test_the_stamp_adds_one_line() -> None:
    stamped = stamp(PAGE, "0123").splitlines()
    added = [line for line in stamped if line not in PAGE.splitlines()]
    assert added == ["  digest: '0123'"]
    stamped.remove(*added)
    assert stamped == PAGE.splitlines()


@pytest.mark.parametrize(
    "page",
    [
        "# Title\n",
        "---\nfile_format: mystnb\n---\n# Title\n",
        "# Title\n\n---\nkernelspec:\n  name: python3\n---\n",
    ],
)
def test_a_page_without_kernelspec_is_refused(page: str) -> None:
    with pytest.raises(
        StampError, match=re.escape("x.md: code cells need a kernel")
    ):
        stamp(page, "0123", "x.md")
