"""What a build prints while pages execute."""

import io
import time

import pytest
from rich.console import Console

from aibook_sphinx import progress
from aibook_sphinx.progress import PageProgress


def run(monkeypatch: pytest.MonkeyPatch, *, terminal: bool) -> str:
    out = io.StringIO()
    console = Console(
        file=out,
        force_terminal=terminal,
        color_system=None,
        width=100,
        highlight=False,
        soft_wrap=True,
    )
    monkeypatch.setattr(progress, "console", console)
    with PageProgress(2) as bar:
        bar.start("networks/mlp")
        bar.start("networks/loss")
        time.sleep(0.3)  # the bar is drawn ten times a second
        bar.end("networks/mlp", 12.34)
        bar.end("networks/loss", 0.06)
    return out.getvalue()


def test_without_a_terminal_a_line_a_page(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert run(monkeypatch, terminal=False).splitlines() == [
        "  1/2  networks/mlp  12.3 s",
        "  2/2  networks/loss  0.1 s",
    ]


def test_on_a_terminal_a_bar_that_names_the_pages_at_work(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    out = run(monkeypatch, terminal=True)
    assert "executing" in out
    assert "networks/mlp, networks/loss" in out
    assert "2/2" in out
    assert "12.3 s" not in out
    # The bar goes at the end.
    assert out.endswith(("\x1b[2K", "\x1b[1A\x1b[2K"))
