"""Executing pages and storing their outputs."""

import copy
import gc
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
import psutil
import pytest

from aibook_sphinx.execution import (
    Cache,
    CacheError,
    Failure,
    Page,
    PageExecutionError,
    execute,
    execute_all,
    longest_first,
    merge_streams,
    stop_kernels,
)

WAITS = [sys.executable, "-c", "import time; time.sleep(600)"]


def make_page(name: str, *cells: str) -> Page:
    """Return a page whose cells begin at lines 10, 20, ..., prose in between."""
    notebook = nbformat.v4.new_notebook()
    notebook.metadata["kernelspec"] = {
        "name": "python3",
        "display_name": "Python 3",
    }
    source_map = []
    for number, cell in enumerate(cells, start=1):
        notebook.cells.append(
            nbformat.v4.new_markdown_cell("text", id=f"t{number}")
        )
        notebook.cells.append(nbformat.v4.new_code_cell(cell, id=f"c{number}"))
        source_map += [10 * number - 5, 10 * number]
    notebook.metadata["source_map"] = source_map
    return Page(name, Path("book/en") / f"{name}.md", notebook)


def printed(page: Page) -> str:
    return "".join(
        out.get("text", "")
        for cell in page.notebook.cells
        for out in cell.get("outputs", [])
    )


def with_output(name: str, text: str = "42\n") -> Page:
    """Return a page as if it had been executed."""
    page = make_page(name, f"print({name!r})")
    page.notebook.cells[1].outputs = [
        nbformat.v4.new_output("stream", text=text)
    ]
    page.notebook.cells[1].execution_count = 1
    return page


# --- order ------------------------------------------------------------------------


def test_longest_first() -> None:
    pages = [
        make_page("short", "1"),
        make_page("new-small", "1"),
        make_page("long", "1"),
        make_page("b-new-big", "1", "2"),
        make_page("a-new-big", "1", "2"),
    ]
    last = {"short": 1.5, "long": 20.0, "gone": 99.0}
    assert [page.docname for page in longest_first(pages, last)] == [
        *("a-new-big", "b-new-big", "new-small"),
        *("long", "short"),
    ]


# --- cache --------------------------------------------------------------------------


def test_what_is_stored_is_held(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "deep" / "cache")
    assert not cache.holds(make_page("a", "print('a')").notebook)
    cache.store(with_output("a"), 3.5)
    assert cache.holds(make_page("a", "print('a')").notebook)
    assert not cache.holds(make_page("a", "print('b')").notebook)
    again = Cache(tmp_path / "deep" / "cache")
    assert again.holds(make_page("a", "print('a')").notebook)
    assert again.last_seconds() == {"a": 3.5}


def test_holding_fills_in_the_outputs(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.store(with_output("a"), 1.0)
    page = make_page("a", "print('a')")
    _, merged = cache._cache.merge_match_into_notebook(page.notebook)
    assert merged.cells[1].outputs[0].text == "42\n"


def test_another_kernelspec_is_another_page(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.store(with_output("a"), 1.0)
    page = make_page("a", "print('a')")
    page.notebook.metadata["kernelspec"]["digest"] = "0123"
    assert not cache.holds(page.notebook)


def test_the_last_time_counts(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.store(with_output("a"), 1.0)
    changed = with_output("a")
    changed.notebook.cells[1].source = "print('changed')"
    cache.store(changed, 2.0)
    cache.store(with_output("b"), 0.5)
    assert cache.last_seconds() == {"a": 2.0, "b": 0.5}


def no_file(folder: Path) -> None:
    for path in folder.glob("executed/*/base.ipynb"):
        path.unlink()


def no_folder(folder: Path) -> None:
    for path in folder.glob("executed/*"):
        for file in path.rglob("*"):
            if file.is_file():
                file.unlink()
        path.rmdir()


def truncated_file(folder: Path) -> None:
    for path in folder.glob("executed/*/base.ipynb"):
        path.write_bytes(path.read_bytes()[:40])


def empty_file(folder: Path) -> None:
    for path in folder.glob("executed/*/base.ipynb"):
        path.write_bytes(b"")


def no_record(folder: Path) -> None:
    with sqlite3.connect(folder / "global.db") as database:
        database.execute("DELETE FROM nbcache")
    database.close()


def no_tables(folder: Path) -> None:
    (folder / "global.db").unlink()
    sqlite3.connect(folder / "global.db").close()


def some_tables(folder: Path) -> None:
    with sqlite3.connect(folder / "global.db") as database:
        database.execute("DROP TABLE nbcache")
    database.close()


def no_database(folder: Path) -> None:
    (folder / "global.db").write_bytes(b"no database" * 1000)


DAMAGES = [
    no_file,
    no_folder,
    truncated_file,
    empty_file,
    no_record,
    no_tables,
    some_tables,
    no_database,
]


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda f: f.__name__)
def test_a_damaged_cache_mends_itself(
    tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    before = Cache(tmp_path)
    before.store(with_output("a"), 1.0)
    before._cache.db.dispose()
    damage(tmp_path)
    page = make_page("a", "print('a')")
    cache = Cache(tmp_path)
    assert not cache.holds(page.notebook)
    cache.store(with_output("a", "new\n"), 2.0)
    _, merged = cache._cache.merge_match_into_notebook(page.notebook)
    assert merged.cells[1].outputs[0].text == "new\n"
    assert Cache(tmp_path).holds(page.notebook)
    assert cache.last_seconds()["a"] == 2.0


def test_an_intact_entry_survives_the_damage_of_another(
    tmp_path: Path,
) -> None:
    cache = Cache(tmp_path)
    cache.store(with_output("a"), 1.0)
    truncated_file(tmp_path)
    cache.store(with_output("b"), 1.0)
    again = Cache(tmp_path)
    assert not again.holds(make_page("a", "print('a')").notebook)
    assert again.holds(make_page("b", "print('b')").notebook)


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("")
    with pytest.raises(CacheError) as caught:
        Cache(file / "cache")
    message = str(caught.value)
    assert str(file / "cache") in message
    assert "AIBOOK_CACHE" in message
    assert "Not a directory" in message


# --- execution: each test starts a kernel --------------------------------------------


@pytest.fixture
def temporary(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return the folder, of a short name, in which executions make theirs."""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        monkeypatch.setattr(tempfile, "tempdir", folder)
        yield Path(folder)
    with warnings.catch_warnings():
        # nbclient leaves each thread's event loop to the garbage collector.
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


def run(page: Page, *, timeout: float = 60) -> tuple[float, Failure | None]:
    """Execute a page as a build does, in a thread of its own."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(execute, page, timeout=timeout).result()


def children() -> set[int]:
    return {child.pid for child in psutil.Process().children(recursive=True)}


def test_execute(temporary: Path) -> None:
    before = children()
    page = make_page(
        "a",
        "import os, sys, warnings\nfrom pathlib import Path\n"
        "print(os.environ['AIBOOK_BUILD'], os.environ['OMP_NUM_THREADS'])",
        "warnings.warn('old', DeprecationWarning)\nos.write(2, b'noise')",
        "here = Path.cwd()\nprint(here, list(here.iterdir()))\n"
        "Path('left-over').write_text('x')",
    )
    seconds, failure = run(page)
    assert failure is None
    assert 0 < seconds < 60
    first, *_, where = printed(page).splitlines()
    assert first == "1 1"
    folder, contents = where.split(" ")
    assert contents == "[]"
    # Nothing stays: neither files nor a process.
    assert not Path(folder).exists()
    assert list(temporary.iterdir()) == []
    assert children() <= before
    # Nor anything that differs from run to run.
    assert all(
        "execution" not in cell.metadata for cell in page.notebook.cells
    )


def test_a_cell_that_fails(temporary: Path) -> None:
    page = make_page(
        "part/a", "x = 1", "def f():\n    return x / 0\n\nf()", "x = 2"
    )
    _, failure = run(page)
    assert failure is not None
    lines = str(failure).splitlines()
    place = f"{Path('book/en/part/a.md')}:20: code cell 2: "
    assert lines[0] == f"{place}ZeroDivisionError: division by zero"
    assert "return x / 0" in str(failure)
    assert "\x1b" not in str(failure)
    assert list(temporary.iterdir()) == []


def test_a_kernel_that_dies(temporary: Path) -> None:
    before = children()
    dying = "import os\nos.write(2, b'the last words')\nos._exit(3)"
    page = make_page("a", "x = 1", dying, "x = 2")
    _, failure = run(page)
    assert failure is not None
    first = str(failure).splitlines()[0]
    assert first.startswith(f"{page.path}:20: code cell 2: the kernel died")
    assert "the last words" in str(failure)
    assert list(temporary.iterdir()) == []
    assert children() <= before


def test_a_folder_whose_name_is_too_long_for_sockets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / ("long-" * 20)
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    page = make_page("a", "print(6 * 7)")
    _, failure = run(page)
    assert failure is None
    assert printed(page) == "42\n"


def test_a_cell_that_takes_too_long(temporary: Path) -> None:
    before = children()
    page = make_page("a", "import time", "time.sleep(60)")
    _, failure = run(page, timeout=1)
    assert failure is not None
    first = str(failure).splitlines()[0]
    assert first.startswith(f"{page.path}:20: code cell 2: ")
    assert "nb_execution_timeout" in first
    assert list(temporary.iterdir()) == []
    assert children() <= before


def test_execute_all_names_every_failure_and_stores_the_rest(
    tmp_path: Path, temporary: Path
) -> None:
    cache = Cache(tmp_path / "cache")
    pages = [
        make_page("z-fails", "raise ValueError('zet')"),
        make_page("good", "print('good')"),
        make_page("a-fails", "undefined"),
    ]
    started: list[str] = []
    ended: list[str] = []
    with pytest.raises(PageExecutionError) as caught:
        execute_all(
            pages,
            cache,
            jobs=2,
            timeout=60,
            on_start=lambda page: started.append(page.docname),
            on_end=lambda page, seconds: ended.append(page.docname),
        )
    message = str(caught.value)
    first = message.index("a-fails.md:10: code cell 1: NameError")
    second = message.index("z-fails.md:10: code cell 1: ValueError: zet")
    assert first < second
    assert set(started[:2]) == {"z-fails", "good"}
    assert sorted(started) == sorted(ended) == ["a-fails", "good", "z-fails"]
    assert cache.holds(make_page("good", "print('good')").notebook)
    assert not cache.holds(make_page("a-fails", "undefined").notebook)
    assert set(cache.last_seconds()) == {"good"}


def test_streams_are_joined_however_they_were_cut():
    def stream(name, text):
        return nbformat.v4.new_output("stream", name=name, text=text)

    shown = nbformat.v4.new_output("display_data", data={"text/plain": "x"})
    pieces = [
        [stream("stdout", "one\ntwo\n"), shown, stream("stdout", "three\n")],
        [
            stream("stdout", "one"),
            stream("stdout", "\ntwo\n"),
            shown,
            stream("stdout", "three"),
            stream("stdout", "\n"),
        ],
    ]
    joined = []
    for outputs in pieces:
        cell = nbformat.v4.new_code_cell("1", outputs=copy.deepcopy(outputs))
        notebook = nbformat.v4.new_notebook(cells=[cell])
        merge_streams(notebook)
        joined.append(notebook.cells[0].outputs)
    assert joined[0] == joined[1]
    assert joined[0][0].text == "one\ntwo\nthree\n"
    assert [out.output_type for out in joined[0]] == ["stream", "display_data"]


def children_are(
    monkeypatch: pytest.MonkeyPatch, find: Callable[[], list[psutil.Process]]
) -> None:
    """Let `find` list the children: a browser of other tests is one of them too."""
    monkeypatch.setattr(
        psutil.Process, "children", lambda self, recursive: find()
    )


def test_every_kernel_is_stopped_although_a_process_has_just_ended(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The process ends between the listing of processes and the signal to it."""
    ended = subprocess.Popen([sys.executable, "-c", ""])
    gone = psutil.Process(ended.pid)
    ended.wait()
    runs = subprocess.Popen(WAITS)
    children_are(monkeypatch, lambda: [gone, psutil.Process(runs.pid)])
    with ThreadPoolExecutor() as pool:
        stop_kernels([pool.submit(runs.wait)])
    assert runs.returncode == -signal.SIGKILL


def test_a_kernel_that_starts_meanwhile_is_stopped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    started: list[psutil.Process] = []
    children_are(monkeypatch, lambda: started)

    def start() -> int:
        time.sleep(0.2)
        kernel = subprocess.Popen(WAITS)
        started.append(psutil.Process(kernel.pid))
        return kernel.wait()

    with ThreadPoolExecutor() as pool:
        worker = pool.submit(start)
        stop_kernels([worker])
    assert worker.result() == -signal.SIGKILL
