"""Tell on the terminal which pages execute, and sum up at the end."""

from __future__ import annotations

import sys
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

console = Console(file=sys.stdout, highlight=False, soft_wrap=True)


class PageProgress:
    """A bar that names the pages at work; a line a page where there is no terminal.

    Parameters
    ----------
    total
        Number of pages to execute.
    """

    def __init__(self, total: int) -> None:
        self._running: list[str] = []
        self._done = 0
        self._total = total
        self._bar = Progress(
            TextColumn("executing"),
            BarColumn(bar_width=30),
            MofNCompleteColumn(),
            TextColumn("{task.description}"),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._task = self._bar.add_task("", total=total)

    def __enter__(self) -> PageProgress:
        self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bar.stop()

    def start(self, name: str) -> None:
        """Note that page `name` has begun."""
        self._running.append(name)
        self._bar.update(self._task, description=", ".join(self._running))

    def end(self, name: str, seconds: float) -> None:
        """Note that page `name` is done."""
        self._running.remove(name)
        self._done += 1
        self._bar.update(
            self._task, advance=1, description=", ".join(self._running)
        )
        if not console.is_terminal:
            console.print(
                f"  {self._done}/{self._total}  {name}  {seconds:.1f} s",
                markup=False,
            )
