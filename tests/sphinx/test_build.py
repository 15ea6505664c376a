"""Builds that fail or are killed, and the next one after them."""

import contextlib
import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import psutil
import pytest

from aibook_sphinx.__main__ import build, main, source_date_epoch
from mini_book import MiniBook, Result

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


@pytest.mark.slow
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
        (
            "hangs",
            1,
            "import time",
            "took longer than nb_execution_timeout allows",
        ),
    ]:
        lines = (folder / f"{page}.md").read_text().splitlines()
        [at] = [
            n for n, line in enumerate(lines, start=1) if line.startswith(text)
        ]
        # The line of the cell's fence or of its first line.
        places = [
            f"{folder / page}.md:{n}: code cell {cell}" for n in (at - 1, at)
        ]
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


def start(
    book: MiniBook, environment: dict[str, str]
) -> subprocess.Popen[str]:
    # A test run in the background ignores Ctrl-C and hands that down.
    inherited = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return subprocess.Popen(
            book.command(*ENGLISH),
            cwd=book.root,
            env=book.environment(environment),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
    finally:
        signal.signal(signal.SIGINT, inherited)


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
    book.write(
        "conf.py", (book.root / "conf.py").read_text().replace("= 4", "= 120")
    )
    marks = book.root / "marks"
    marks.mkdir()
    book.page("quick", ["print('quick')"])
    book.page("waits", [WAITING])
    process = start(book, {"MARKS": str(marks)})
    stored = book.cache / "executed"
    wait_until(
        lambda: (
            process.poll() is not None
            or (
                list(marks.glob("*-begun"))
                and any(p.stat().st_size for p in stored.glob("*/base.ipynb"))
            )
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


@pytest.mark.slow
def test_an_interrupted_build_ends_its_kernels(
    book: MiniBook, waiting: tuple[subprocess.Popen[str], Path]
) -> None:
    process, _ = waiting
    os.killpg(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert process.returncode != 0
    assert "Traceback" not in err
    wait_until(lambda: not book.processes(), "no process was left", seconds=15)
    assert list(book.temporary.iterdir()) == []


class Stored(NamedTuple):
    """A book that was built once, with its cache in a folder of its own."""

    book: MiniBook
    environment: dict[str, str]
    cache: Path

    def build(self) -> Result:
        return self.book.build(
            *ENGLISH, environment=self.environment
        ).succeeded()

    def html(self, page: str) -> Path:
        return self.book.output / "html" / "en" / f"{page}.html"


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Stored:
    book = MiniBook(tmp_path_factory.mktemp("s"))
    for page in ("a", "b", "c"):
        book.page(page, [f"print('{page} ran')"])
    cache = tmp_path_factory.mktemp("cache") / "deeper"
    made = Stored(book, {"AIBOOK_CACHE": str(cache)}, cache)
    assert made.build().executed == {"en": 3}
    return made


def edit_prose(stored: Stored) -> None:
    """Make Sphinx read every page, so that it looks into the cache."""
    for path in stored.book.root.glob("book/en/?.md"):
        path.write_text(path.read_text() + "\nMore.\n")


@pytest.mark.slow
def test_the_cache_may_stand_elsewhere(stored: Stored) -> None:
    assert len(list(stored.cache.glob("executed/*/base.ipynb"))) == 3
    assert not stored.book.cache.exists()


@pytest.mark.slow
def test_entries_that_a_kill_left_incomplete_are_made_again(
    stored: Stored,
) -> None:
    entries = {
        page: path
        for path in stored.cache.glob("executed/*/base.ipynb")
        for page in ("a", "b", "c")
        if f"{page} ran" in path.read_text()
    }
    entries["a"].unlink()
    entries["b"].write_bytes(entries["b"].read_bytes()[:100])
    edit_prose(stored)
    assert sorted(stored.build().names) == ["a", "b"]
    for page in ("a", "b", "c"):
        assert f">{page} ran\n" in stored.html(page).read_text()


@pytest.mark.slow
@pytest.mark.parametrize("content", [b"", b"not a database" * 500])
def test_a_database_that_is_none_is_made_again(
    stored: Stored, content: bytes
) -> None:
    (stored.cache / "global.db").write_bytes(content)
    edit_prose(stored)
    assert sorted(stored.build().names) == ["a", "b", "c"]
    assert ">a ran\n" in stored.html("a").read_text()


@pytest.mark.slow
def test_a_build_killed_while_it_wrote_is_resumed(stored: Stored) -> None:
    """The pages have been read, but not all of them written."""
    whole = stored.html("b").read_bytes()
    # As a kill leaves it: the marker, the doctrees, half of a page, no page.
    marker = stored.book.output / "doctrees" / "en.unfinished"
    marker.touch()
    stored.html("b").write_bytes(whole[:100])
    stored.html("a").unlink()
    assert stored.build().executed == {"en": 0}
    # A checksum is added to style sheets that are there already.
    plain = [
        re.sub(rb"\?v=\w+", b"", x)
        for x in (whole, stored.html("b").read_bytes())
    ]
    assert plain[0] == plain[1]
    assert stored.html("a").is_file()
    assert not marker.exists()


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


def test_a_warning_fails_the_build(book: MiniBook) -> None:
    book.page("a", ["print('a')"], prose="{ref}`nowhere`")
    result = book.build()
    assert result.status != 0
    for language in ("ko", "en"):  # both are told at once
        assert f"book/{language}/a.md" in result.err
        assert (book.output / "doctrees" / f"{language}.unfinished").exists()
    assert "nowhere" in result.err


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


@pytest.mark.parametrize(
    ("jobs", "languages", "readers"),
    [(4, ["ko", "en"], "2"), (1, ["ko", "en"], "1"), (5, ["en"], "5")],
)
def test_languages_share_the_jobs(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    jobs: int,
    languages: list[str],
    readers: str,
) -> None:
    """What Sphinx is told; it is not called."""
    commands = []

    class Done:
        def __init__(self, command: list[str], **options: object) -> None:
            commands.append(command)

        def poll(self) -> int:
            return 0

        wait = poll

    monkeypatch.setattr("aibook_sphinx.__main__.subprocess.Popen", Done)
    monkeypatch.setattr(
        "aibook_sphinx.__main__.source_date_epoch", lambda root: "0"
    )
    assert build(tmp_path, tmp_path / "out", "epub", languages, jobs) == 0
    assert len(commands) == len(languages)
    for command in commands:
        assert command[command.index("-j") + 1] == readers
        assert f"aibook_jobs={jobs}" in command


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
            ["git", *arguments],
            cwd=tmp_path,
            env=os.environ | stamp,
            check=True,
        )
    assert source_date_epoch(tmp_path) == "1600000001"
