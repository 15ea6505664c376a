"""Figures and numbers that a cell hands to its page."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch
from IPython.display import SVG

from aibook import notebook
from aibook.notebook import figure, in_book, number, to_svg

PREFIX = "application/papermill.record/"


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, dict[str, Any]]]:
    """Return a list that gathers what is displayed."""
    calls: list[tuple[Any, dict[str, Any]]] = []
    monkeypatch.setattr(
        notebook, "display", lambda obj, **kw: calls.append((obj, kw))
    )
    return calls


@pytest.fixture(autouse=True)
def _outside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AIBOOK_BUILD", raising=False)


@pytest.fixture
def _in_book(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIBOOK_BUILD", "1")


DRAW = """\
fig, ax = plt.subplots()
ax.plot([0, 1, 3], [2, 1, 5], label="loss")
ax.fill_between([0, 1], [0, 1], hatch="//")
ax.legend()
"""


def make_figure() -> Any:
    names: dict[str, Any] = {"plt": plt}
    with plt.style.context(notebook.STYLE):
        exec(DRAW, names)
    return names["fig"]


@pytest.mark.parametrize(("value", "expected"), [("1", True), ("0", False)])
def test_in_book(
    value: str, expected: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not in_book()
    monkeypatch.setenv("AIBOOK_BUILD", value)
    assert in_book() is expected


# --- numbers --------------------------------------------------------------------

SCALARS = [
    (3, "3"),
    (0.1 + 0.2, "0.30000000000000004"),
    (True, "True"),
    ("0.1, 0.2", "'0.1, 0.2'"),
    (np.float64(0.5), "0.5"),
    (np.float32(0.5), "0.5"),
    (np.int64(7), "7"),
    (np.bool_(True), "True"),
    (np.array(0.25), "0.25"),
    (np.array([[4]]), "4"),
    (torch.tensor(0.5), "0.5"),
    (torch.tensor([2]), "2"),
    (torch.tensor(0.5, requires_grad=True), "0.5"),
]


@pytest.mark.usefixtures("_in_book")
@pytest.mark.parametrize(
    ("value", "text"), SCALARS, ids=lambda v: repr(v)[:30]
)
def test_number_in_the_book(
    value: Any, text: str, shown: list[tuple[Any, dict[str, Any]]]
) -> None:
    number("xor-accuracy", value)
    [(bundle, options)] = shown
    assert bundle == {f"{PREFIX}text/plain": text}
    assert options["raw"] is True
    assert options["metadata"] == {
        "scrapbook": {"name": "xor-accuracy", "mime_prefix": PREFIX}
    }


@pytest.mark.parametrize(
    ("value", "text"), SCALARS, ids=lambda v: repr(v)[:30]
)
def test_number_outside(
    value: Any, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    number("xor-accuracy", value)
    assert capsys.readouterr().out == f"xor-accuracy = {text.strip(chr(39))}\n"


@pytest.mark.parametrize(
    "value",
    [
        [1, 2],
        (1,),
        None,
        {"a": 1},
        np.array([1, 2]),
        np.array([]),
        torch.tensor([1.0, 2.0]),
        torch.tensor([]),
        1j,
    ],
    ids=repr,
)
@pytest.mark.parametrize("build", ["0", "1"])
def test_number_refuses_what_is_not_one_value(
    value: Any,
    build: str,
    shown: list[tuple[Any, dict[str, Any]]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AIBOOK_BUILD", build)
    with pytest.raises(
        ValueError, match=r"xor-accuracy: .* needed, got"
    ) as caught:
        number("xor-accuracy", value)
    assert repr(value) in str(caught.value)
    assert shown == []


@pytest.mark.parametrize("name", ["a", "xor", "xor-2", "2d", "a-b-c"])
def test_names(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    number(name, 1)
    assert capsys.readouterr().out == f"{name} = 1\n"


@pytest.mark.parametrize(
    "name",
    ["", "XOR", "a_b", "a b", "-a", "a-", "a--b", "a:b", "정확도", "a\n"],
)
def test_other_names_are_refused(
    name: str, shown: list[tuple[Any, dict[str, Any]]]
) -> None:
    fig = make_figure()
    for store in (lambda: number(name, 1), lambda: figure(name, fig)):
        with pytest.raises(ValueError, match="lower-case words") as caught:
            store()
        assert repr(name) in str(caught.value)
    plt.close(fig)
    assert shown == []


# --- figures --------------------------------------------------------------------


@pytest.mark.usefixtures("_in_book")
def test_figure_in_the_book(shown: list[tuple[Any, dict[str, Any]]]) -> None:
    fig = make_figure()
    svg = to_svg(fig)
    figure("xor-boundary", fig)
    [(bundle, options)] = shown
    assert bundle == {
        f"{PREFIX}image/svg+xml": svg,
        f"{PREFIX}text/plain": "<xor-boundary>",
    }
    assert options["raw"] is True
    assert options["metadata"]["scrapbook"]["name"] == "xor-boundary"


def test_figure_outside(shown: list[tuple[Any, dict[str, Any]]]) -> None:
    fig = make_figure()
    svg = to_svg(fig)
    figure("xor-boundary", fig)
    [(image, _)] = shown
    assert image.data == SVG(svg).data


@pytest.mark.parametrize("build", ["0", "1"])
def test_figure_is_closed(
    build: str,
    shown: list[tuple[Any, dict[str, Any]]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AIBOOK_BUILD", build)
    fig = make_figure()
    assert plt.fignum_exists(fig.number)
    figure("xor-boundary", fig)
    assert not plt.fignum_exists(fig.number)
    assert len(shown) == 1


def test_svg_holds_neither_date_nor_version() -> None:
    fig = make_figure()
    svg = to_svg(fig)
    plt.close(fig)
    assert svg.startswith("<?xml")
    assert "<svg" in svg
    assert "loss" in svg  # text stays text
    assert "dc:date" not in svg
    assert "Matplotlib v" not in svg
    assert not re.search(r"20\d\d-\d\d-\d\d", svg)


def test_svg_is_the_same_twice() -> None:
    fig = make_figure()
    assert to_svg(fig) == to_svg(fig)
    plt.close(fig)


def test_svg_is_the_same_in_another_process(tmp_path: Path) -> None:
    script = tmp_path / "draw.py"
    script.write_text(
        "import sys\n"
        f"sys.path[:0] = {sys.path!r}\n"
        "import matplotlib.pyplot as plt\n"
        "from aibook.notebook import to_svg\n"
        'plt.style.use("aibook.plotting.style")\n'
        f"{DRAW}"
        "sys.stdout.write(to_svg(fig))\n"
    )
    fig = make_figure()
    here = to_svg(fig)
    plt.close(fig)
    there = subprocess.run(
        [sys.executable, str(script)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert there.stdout == here


def test_svg_keeps_the_settings_of_the_session() -> None:
    before = plt.rcParams["svg.hashsalt"], plt.rcParams["svg.fonttype"]
    fig = make_figure()
    to_svg(fig)
    plt.close(fig)
    assert (
        plt.rcParams["svg.hashsalt"],
        plt.rcParams["svg.fonttype"],
    ) == before
