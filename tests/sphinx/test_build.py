"""Builds that fail or are killed, and the next one after them."""

import contextlib
import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from mini_book import MiniBook, Result

from aibook_sphinx.__main__ import main, source_date_epoch

ENGLISH = ("--language", "en")


@pytest.fixture
def book(tmp_path: Path) -> Iterator[MiniBook]:
    """Return an empty book; end what the test leaves running."""
    made = MiniBook(tmp_path, timeout=4)
    yield made
    for process in made.processes():
        with contextlib.suppress(psutil.Error):
            process.kill()


def wait_until(
    condition: Callable[[], object], what: str, *, seconds: float = 60
) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"waited {seconds} s until {what}"
        time.sleep(0.05)


def test_failing_pages_are_named_and_the_others_kept(book: MiniBook) -> None:
    book.page("raises", ["x = 1", "raise KeyError('lost')", "x = 2"])
    book.page("dies", ["import os", "os._exit(1)"])
    book.page("hangs", ["import time\ntime.sleep(60)"])
    book.page("works", ["print('worked')"])
    result = book.build()
    assert result.status != 0
    # The second language is not begun, and no summary claims success.
    assert result.executed == {}
    assert not (book.output / "doctrees" / "en").exists()
    assert sorted(result.names) == ["dies", "hangs", "raises", "works"]

    folder = book.root / "book" / "ko"
    for page, cell, text, error in [
        ("raises", 2, "raise KeyError", "KeyError: 'lost'"),
        ("dies", 2, "os._exit", "the kernel died"),
        ("hangs", 1, "import time", "took longer than nb_execution_timeout allows"),
    ]:
        lines = (folder / f"{page}.md").read_text().splitlines()
        [at] = [n for n, line in enumerate(lines, start=1) if line.startswith(text)]
        # The line of the cell's fence or of its first line.
        places = [f"{folder / page}.md:{n}: code cell {cell}" for n in (at - 1, at)]
        expected = [f"{place}: {error}" for place in places]
        assert any(e in result.err for e in expected), (expected, result.err)
    # The reader sees the cell's traceback, none of the build's own.
    assert "concurrent" not in result.err
    assert "aibook_sphinx" not in result.err
    assert book.processes() == []

    book.page("raises", ["x = 1", "print('mended')", "x = 2"])
    book.page("dies", ["import os", "print('mended')"])
    book.page("hangs", ["import time\nprint('mended')"])
    result = book.build(*ENGLISH).succeeded()
    assert sorted(result.names) == ["dies", "hangs", "raises"]
    for page in ("raises", "dies", "hangs"):
        html = (book.output / f"html/en/{page}.html").read_text()
        assert ">mended\n" in html


def start(book: MiniBook, environment: dict[str, str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        book.command(*ENGLISH),
        cwd=book.root,
        env=book.environment(environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


WAITING = """\
import os, time
from pathlib import Path
folder = Path(os.environ["MARKS"])
(folder / f"{os.getpid()}-begun").touch()
while not (folder / "go").exists():
    time.sleep(0.05)
print("went on")
"""


@pytest.fixture
def waiting(book: MiniBook) -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """Start a build of a quick page and of one that waits for a file ``go``.

    Yield it when the quick page is stored and the other one runs.
    """
    book.write("conf.py", (book.root / "conf.py").read_text().replace("= 4", "= 120"))
    marks = book.root / "marks"
    marks.mkdir()
    book.page("quick", ["print('quick')"])
    book.page("waits", [WAITING])
    process = start(book, {"MARKS": str(marks)})
    stored = book.cache / "executed"
    wait_until(
        lambda: (
            process.poll() is not None
            or (list(marks.glob("*-begun")) and list(stored.glob("*/base.ipynb")))
        ),
        "one page was stored and the other one ran",
    )
    assert process.poll() is None, process.communicate()
    yield process, marks
    (marks / "go").touch()
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    for pipe in (process.stdout, process.stderr):
        assert pipe is not None
        pipe.close()


def resume(book: MiniBook, marks: Path) -> Result:
    (marks / "go").touch()
    return book.build(*ENGLISH, environment={"MARKS": str(marks)})


@pytest.mark.slow
def test_a_killed_build_is_resumed(
    book: MiniBook, waiting: tuple[subprocess.Popen[str], Path]
) -> None:
    process, marks = waiting
    kernel = int(next(marks.glob("*-begun")).name.split("-")[0])
    assert psutil.pid_exists(kernel)
    # Both the command and Sphinx, which are one group; kernels have their own.
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    wait_until(lambda: not book.processes(), "no process was left", seconds=15)

    result = resume(book, marks).succeeded()
    assert result.names == ["waits"]
    for page, text in [("quick", "quick"), ("waits", "went on")]:
        html = (book.output / f"html/en/{page}.html").read_text()
        assert f">{text}\n" in html
    assert book.build(*ENGLISH).succeeded().executed == {"en": 0}


@pytest.mark.slow
def test_an_interrupted_build_ends_its_kernels(
    book: MiniBook, waiting: tuple[subprocess.Popen[str], Path]
) -> None:
    process, marks = waiting
    os.killpg(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert process.returncode != 0
    assert "Traceback" not in err
    wait_until(lambda: not book.processes(), "no process was left", seconds=15)
    assert list(book.temporary.iterdir()) == []
    assert resume(book, marks).succeeded().names == ["waits"]


@pytest.mark.slow
def test_a_build_killed_while_it_writes_is_resumed(book: MiniBook) -> None:
    """The pages have been read, but not all of them written."""
    book.page("a", ["print('a')"])
    book.page("b", ["print('b')"])
    book.build(*ENGLISH).succeeded()
    page = book.output / "html/en/b.html"
    whole = page.read_bytes()
    # As a kill leaves it: the marker, the doctrees, half of a page.
    (book.output / "doctrees" / "en.unfinished").touch()
    page.write_bytes(whole[:100])
    (book.output / "html/en/a.html").unlink()
    assert book.build(*ENGLISH).succeeded().executed == {"en": 0}
    # Checksums of style sheets may be added, since the files are there already.
    assert re.sub(rb"\?v=\w+", b"", page.read_bytes()) == re.sub(
        rb"\?v=\w+", b"", whole
    )
    assert (book.output / "html/en/a.html").is_file()
    assert not (book.output / "doctrees" / "en.unfinished").exists()


@pytest.mark.slow
@pytest.mark.parametrize(
    "damage", ["no-file", "truncated-file", "no-tables", "no-database"]
)
def test_a_damaged_cache_is_mended(book: MiniBook, damage: str) -> None:
    book.page("a", ["print('a')"])
    book.build(*ENGLISH).succeeded()
    [stored] = book.cache.glob("executed/*/base.ipynb")
    database = book.cache / "global.db"
    match damage:
        case "no-file":
            stored.unlink()
        case "truncated-file":
            stored.write_bytes(stored.read_bytes()[:100])
        case "no-tables":
            database.write_bytes(b"")
        case "no-database":
            database.write_bytes(b"not a database" * 500)
    path = book.root / "book/en/a.md"
    path.write_text(path.read_text() + "\nMore.\n")
    result = book.build(*ENGLISH).succeeded()
    assert result.names == ["a"]
    assert ">a\n" in (book.output / "html/en/a.html").read_text()


def test_a_cache_folder_that_cannot_be_written(book: MiniBook) -> None:
    book.page("a", ["print('a')"])
    file = book.write("file", "")
    folder = file / "cache"
    result = book.build(environment={"AIBOOK_CACHE": str(folder)})
    assert result.status != 0
    assert str(folder) in result.err
    assert "AIBOOK_CACHE" in result.err
    assert "Traceback" not in result.err
    assert result.executed == {}


def test_the_cache_may_stand_elsewhere(book: MiniBook, tmp_path: Path) -> None:
    book.page("a", ["print('a')"])
    elsewhere = tmp_path / "elsewhere" / "cache"
    environment = {"AIBOOK_CACHE": str(elsewhere)}
    result = book.build(*ENGLISH, environment=environment).succeeded()
    assert result.executed == {"en": 1}
    assert list(elsewhere.glob("executed/*/base.ipynb"))
    assert not book.cache.exists()


def test_a_warning_fails_the_build(book: MiniBook) -> None:
    book.page("a", ["print('a')"], prose="{ref}`nowhere`")
    result = book.build()
    assert result.status != 0
    assert "book/ko/a.md" in result.err
    assert "nowhere" in result.err
    assert "en" not in result.executed
    assert (book.output / "doctrees" / "ko.unfinished").exists()


# --- the command --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["pdf"], "invalid choice"),
        (["html", "--jobs", "0"], "--jobs must be at least 1, got 0"),
        (["html", "--language", "fr"], "invalid choice"),
    ],
)
def test_bad_arguments(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert message in capsys.readouterr().err


def test_the_date_is_that_of_the_last_commit(tmp_path: Path) -> None:
    assert source_date_epoch(tmp_path) == "1750000000"  # no checkout
    stamp = {"GIT_AUTHOR_DATE": "@1600000000 +0000"}
    stamp["GIT_COMMITTER_DATE"] = "@1600000001 +0000"
    identity = ["-c", "user.name=n", "-c", "user.email=e@example.org"]
    for arguments in (
        ["init", "-q"],
        [*identity, "commit", "-q", "--allow-empty", "-m", "m"],
    ):
        subprocess.run(
            ["git", *arguments], cwd=tmp_path, env=os.environ | stamp, check=True
        )
    assert source_date_epoch(tmp_path) == "1600000001"
