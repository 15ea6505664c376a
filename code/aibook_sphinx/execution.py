"""Execute the pages that are not in the cache, in parallel, before Sphinx reads them.

MyST-NB executes a page when it reads it, one at a time and in no useful order.
Here every page that is about to be read is looked up in the same cache first;
those that are missing are executed over the cores, the longest first, and
stored. MyST-NB then finds all of them. Each finished page is stored at once,
so an interrupted build goes on where it stopped.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed, wait
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from jupyter_cache.cache.db import NbCacheRecord
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import (
    CellExecutionError,
    CellTimeoutError,
    DeadKernelError,
)
from nbformat import NotebookNode
from sphinx.errors import SphinxError
from sqlalchemy.exc import SQLAlchemyError

_ANSI = re.compile(r"\x1b\[[0-9;]*m")

# The bytes of a socket's name, with the zero at its end: 108 on Linux, 104 on macOS.
MAX_SOCKET_NAME = 104
# One thread a page: pages run side by side, and sums in a fixed order.
KERNEL_ENVIRONMENT = {
    "AIBOOK_BUILD": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
    "PYTHONWARNINGS": "ignore::DeprecationWarning",
    "JUPYTER_PREFER_ENV_PATH": "1",
}


class PageExecutionError(SphinxError):
    """One or more pages could not be executed."""

    category = "Execution failed"


class CacheError(SphinxError):
    """The execution cache cannot be used."""

    category = "Execution cache"


@dataclass(frozen=True)
class Page:
    """A page to execute: its name in both languages, its file, its notebook."""

    docname: str
    path: Path
    notebook: NotebookNode


@dataclass(frozen=True)
class Failure:
    """Why a page could not be executed, and where."""

    page: Page
    line: int
    cell: int
    error: str
    traceback: str

    def __str__(self) -> str:
        """Name the file, the line, the cell and the error, then the traceback."""
        head = f"{self.page.path}:{self.line}: code cell {self.cell}: {self.error}"
        return f"{head}\n\n{self.traceback}" if self.traceback else head


class Cache:
    """The execution cache, safe against a build that was killed half-way.

    Parameters
    ----------
    folder
        Where the cache is, created if need be.

    Raises
    ------
    CacheError
        The folder cannot be created or written.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                pass
        except OSError as error:
            raise CacheError(
                f"cannot write to the cache folder {folder} "
                f"({error.strerror or error}); make it writable or name another "
                "one in the environment variable AIBOOK_CACHE"
            ) from error
        self._cache = self._open()

    def _open(self) -> Any:
        cache = get_cache(self.folder)
        try:
            cache.list_cache_records()
        except (RuntimeError, SQLAlchemyError):
            # Killed while the database was made, or not a database: start anew.
            shutil.rmtree(self.folder)
            self.folder.mkdir(parents=True)
            cache = get_cache(self.folder)
            cache.list_cache_records()
        return cache

    def holds(self, notebook: NotebookNode) -> bool:
        """Return whether outputs are stored; forget a record without its file."""
        try:
            self._cache.merge_match_into_notebook(notebook)
        except Exception:  # whatever is wrong with the entry, it is replaced
            self._forget(notebook)
            return False
        return True

    def merged(self, notebook: NotebookNode) -> NotebookNode | None:
        """Return the notebook with all outputs of its cells, or None."""
        try:
            match = self._cache.merge_match_into_notebook(notebook)
        except KeyError:
            return None
        merged: NotebookNode = match[1]
        return merged

    def _forget(self, notebook: NotebookNode) -> None:
        _, key = self._cache.create_hashed_notebook(notebook)
        try:
            record = NbCacheRecord.record_from_hashkey(key, self._cache.db)
        except KeyError:
            pass
        else:
            NbCacheRecord.remove_record(record.pk, self._cache.db)
        shutil.rmtree(self.folder / "executed" / key, ignore_errors=True)

    def store(self, page: Page, seconds: float) -> None:
        """Store an executed page."""
        self._forget(page.notebook)
        bundle = CacheBundleIn(
            page.notebook, page.docname, data={"execution_seconds": seconds}
        )
        self._cache.cache_notebook_bundle(
            bundle, check_validity=False, overwrite=True
        )

    def measured(
        self, notebook: NotebookNode
    ) -> tuple[float, datetime] | None:
        """Return the seconds of a stored execution and when it was, or None."""
        try:
            record = self._cache.match_cache_notebook(notebook)
        except KeyError:
            return None
        # The database keeps times of Greenwich without saying so.
        when = record.created.replace(tzinfo=UTC)
        return float(record.data["execution_seconds"]), when

    def last_seconds(self) -> dict[str, float]:
        """Return how long each page took when it was last executed."""
        records = sorted(
            self._cache.list_cache_records(), key=lambda r: r.created
        )
        return {
            r.uri: float(r.data.get("execution_seconds") or 0) for r in records
        }


def longest_first(pages: Iterable[Page], last: dict[str, float]) -> list[Page]:
    """Sort pages so that the cores finish together; unknown ones come first."""
    return sorted(
        pages,
        key=lambda page: (
            -last.get(page.docname, float("inf")),
            -len(page.notebook.cells),
            page.docname,
        ),
    )


def _temporary() -> str | None:
    """Return a folder for temporary folders whose sockets have names short enough."""
    usual = tempfile.gettempdir()
    longest = Path(usual, "aibook-12345678", "run", "kernel-5")
    if os.name != "posix" or len(os.fsencode(longest)) < MAX_SOCKET_NAME:
        return None
    return "/tmp" if os.access("/tmp", os.W_OK | os.X_OK) else None


def _kernel(runtime: str) -> AsyncKernelManager:
    kernel = AsyncKernelManager(kernel_name="python3")
    if os.name == "posix":
        # Sockets in a private folder: no warning about unencrypted TCP.
        kernel.transport = "ipc"
        kernel.ip = str(Path(runtime) / "kernel")
    kernel.connection_file = str(Path(runtime) / "kernel.json")
    return kernel


def _line(page: Page, cell: int) -> int:
    source_map: Sequence[int] = page.notebook.metadata.get("source_map", [])
    return source_map[cell] if cell < len(source_map) else 1


def _failure(
    page: Page, index: int, error: Exception, messages: str
) -> Failure:
    """Say what went wrong in the cell at `index`.

    `messages` is what the kernel itself wrote, of use only when it died.
    """
    number = sum(
        cell.cell_type == "code" for cell in page.notebook.cells[: index + 1]
    )
    if isinstance(error, CellExecutionError):
        text, trace = (
            f"{error.ename}: {error.evalue}",
            _ANSI.sub("", error.traceback),
        )
    elif isinstance(error, CellTimeoutError):
        text, trace = "took longer than nb_execution_timeout allows", ""
    elif isinstance(error, DeadKernelError):
        text, trace = "the kernel died (out of memory, or killed)", messages
    else:
        text, trace = f"{type(error).__name__}: {error}", ""
    return Failure(page, _line(page, index), number, text, trace)


def execute(page: Page, *, timeout: float) -> tuple[float, Failure | None]:
    """Execute a page's cells in place; return the seconds and what failed.

    The kernel works in an empty folder that is removed afterwards.
    """
    start = time.monotonic()
    with tempfile.TemporaryDirectory(
        prefix="aibook-", dir=_temporary()
    ) as folder:
        runtime, work = Path(folder, "run"), Path(folder, "work")
        runtime.mkdir()
        work.mkdir()
        begun = [0]
        client = NotebookClient(
            page.notebook,
            km=_kernel(str(runtime)),
            timeout=timeout,
            resources={"metadata": {"path": str(work)}},
            record_timing=False,
            on_cell_execute=lambda cell, cell_index: begun.append(cell_index),
        )
        environment = os.environ | KERNEL_ENVIRONMENT
        environment["IPYTHONDIR"] = str(runtime / "ipython")
        messages = runtime / "stderr"
        with messages.open("wb") as stderr:
            try:
                client.execute(env=environment, stderr=stderr, cleanup_kc=True)
            except Exception as error:
                text = messages.read_text(encoding="utf-8", errors="replace")
                return time.monotonic() - start, _failure(
                    page, begun[-1], error, text
                )
    merge_streams(page.notebook)
    return time.monotonic() - start, None


def merge_streams(notebook: NotebookNode) -> None:
    """Join what each cell printed into one output a stream, in place.

    The kernel sends a stream in pieces that depend on timing; joined, they are the
    same at every execution.
    """
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        first: dict[str, NotebookNode] = {}
        merged = []
        for output in cell.outputs:
            if output.output_type != "stream":
                merged.append(output)
            elif output.name in first:
                first[output.name].text += output.text
            else:
                first[output.name] = output
                merged.append(output)
        cell.outputs = merged


def stop_kernels(futures: Iterable[Future[Any]]) -> None:
    """Kill kernels until no worker waits for one, also one that it just starts."""
    running = list(futures)
    while running:
        for child in psutil.Process().children(recursive=True):
            # A process may have ended since the list was made.
            with contextlib.suppress(psutil.NoSuchProcess):
                child.kill()
        running = list(wait(running, timeout=0.5).not_done)


def execute_all(
    pages: Sequence[Page],
    cache: Cache,
    *,
    jobs: int,
    timeout: float,
    on_start: Callable[[Page], None],
    on_end: Callable[[Page, float], None],
) -> None:
    """Execute `pages` side by side and store each as soon as it is done.

    Parameters
    ----------
    pages
        In the order in which they are to start.
    cache
        Where the outputs go.
    jobs
        How many pages run at a time.
    timeout
        Seconds that one cell may take.
    on_start, on_end
        Called from the workers and from the caller's thread.

    Raises
    ------
    PageExecutionError
        Names file, line, cell and error of every page that failed; the others
        have been stored.
    """
    failures: list[Failure] = []

    def work(page: Page) -> tuple[float, Failure | None]:
        on_start(page)
        return execute(page, timeout=timeout)

    with ThreadPoolExecutor(max_workers=jobs) as pool:
        futures = {pool.submit(work, page): page for page in pages}
        try:
            for future in as_completed(futures):
                seconds, failure = future.result()
                if failure:
                    failures.append(failure)
                else:
                    cache.store(futures[future], seconds)
                on_end(futures[future], seconds)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            stop_kernels(futures)
            raise
    if failures:
        failures.sort(key=lambda failure: failure.page.docname)
        raise PageExecutionError("\n\n".join(map(str, failures)))
