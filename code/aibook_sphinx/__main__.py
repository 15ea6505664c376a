"""Build the book: ``python -m aibook_sphinx html``.

Each language is one Sphinx build of the same ``conf.py``. This command calls
Sphinx for each with the settings that make a build reproducible, and starts
afresh where the last build did not end well.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from aibook_sphinx.uptodate import finish, inputs, unchanged

ROOT = Path(__file__).resolve().parents[2]
# The keys of aibook_sphinx.languages.LANGUAGES, which takes seconds to import.
LANGUAGES = ("ko", "en")
BUILDERS = ("html", "epub", "doctest", "linkcheck")
# No builder: keep what the last build measured, see aibook_sphinx.timing.
SECONDS = "seconds"
# Used where the book is not a git checkout: the date of a file is not known.
DEFAULT_EPOCH = "1750000000"


def source_date_epoch(root: Path) -> str:
    """Return the time of the last commit, in seconds, as text."""
    command = ["git", "log", "-1", "--format=%ct"]
    try:
        result = subprocess.run(
            command, cwd=root, capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return DEFAULT_EPOCH
    return result.stdout.strip() or DEFAULT_EPOCH


def environment(root: Path) -> dict[str, str]:
    """Return the environment of a reproducible build."""
    fixed = {
        "PYTHONHASHSEED": "0",
        "OMP_NUM_THREADS": "1",
        # A page edited while a build runs is executed when it is read.
        "AIBOOK_BUILD": "1",
        "SOURCE_DATE_EPOCH": source_date_epoch(root),
    }
    # A date chosen by the caller wins; the rest must not vary.
    if "SOURCE_DATE_EPOCH" in os.environ:
        fixed.pop("SOURCE_DATE_EPOCH")
    return os.environ | fixed


def cache_folder(output: Path) -> str:
    """Return where the outputs of executed pages are kept."""
    return os.environ.get("AIBOOK_CACHE") or str(output / "cache")


def keep_seconds(root: Path, cache: str) -> int:
    """Write how long the pages took to execute; return the exit status."""
    # It imports what reads notebooks, which a build leaves to Sphinx.
    from sphinx.errors import SphinxError

    from aibook_sphinx.timing import keep

    try:
        print(keep(root, Path(cache)))
    except SphinxError as error:
        print(f"{error.category}: {error}", file=sys.stderr)
        return 1
    return 0


class Build:
    """One language's build: whether it is needed, and Sphinx at work on it.

    A marker stands beside the doctrees while a build runs. If it is still there
    at the start, the last build was killed or failed: Sphinx could take pages
    for up to date that are not, so it reads and writes all of them again. A site
    that stands as its last build left it is not built at all.

    Parameters
    ----------
    root
        The book's folder.
    output
        Where the site, the doctrees and the cache go.
    builder
        One of `BUILDERS`.
    language
        One of `LANGUAGES`.
    made_of
        What `aibook_sphinx.uptodate.inputs` gives.
    """

    def __init__(
        self,
        root: Path,
        output: Path,
        builder: str,
        language: str,
        made_of: str,
    ) -> None:
        self.root, self.output = root, output
        self.builder, self.language = builder, language
        self.made_of = made_of
        self.doctrees = output / "doctrees" / language
        self.marker = output / "doctrees" / f"{language}.unfinished"
        self.executed = output / "doctrees" / f"{language}.executed"
        self.process: subprocess.Popen[bytes] | None = None

    def unchanged(self) -> bool:
        """Tell so, and return True, if the site is up to date."""
        start = time.monotonic()
        if self.builder != "html" or self.marker.exists():
            return False
        site = self.output / self.builder
        counts = unchanged(self.doctrees, site, self.language, self.made_of)
        if counts:
            seconds = time.monotonic() - start
            print(counts.line(self.language, 0, seconds), flush=True)
        return bool(counts)

    def start(
        self, variables: dict[str, str], cache: str, jobs: int, readers: int
    ) -> None:
        """Call Sphinx.

        Parameters
        ----------
        variables
            The environment of a reproducible build.
        cache
            The folder of the executed pages.
        jobs
            How many pages are executed at a time.
        readers
            How many processes read and write pages.
        """
        afresh = ["-E", "-a"] if self.marker.exists() else []
        self.doctrees.mkdir(parents=True, exist_ok=True)
        self.marker.touch()
        self.executed.unlink(missing_ok=True)
        if self.builder == "epub":
            # Whatever stands in this folder goes into the file: begin with nothing.
            folder = self.output / self.builder / self.language
            shutil.rmtree(folder, ignore_errors=True)
        command = [
            *(sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going"),
            *("-b", self.builder, "-j", str(readers), *afresh),
            *("-c", str(self.root), "-d", str(self.doctrees)),
            *("-D", f"language={self.language}"),
            *("-D", f"aibook_cache={cache}", "-D", f"aibook_jobs={jobs}"),
            *("-D", f"aibook_executed={self.executed}"),
            str(self.root / "book" / self.language),
            str(self.output / self.builder / self.language),
        ]
        self.process = subprocess.Popen(command, env=variables)

    def status(self) -> int | None:
        """Return Sphinx's exit status, or None while it runs."""
        return self.process.poll() if self.process else None

    def has_executed(self) -> bool:
        """Return whether no page is left to execute."""
        return self.status() == 0 or self.executed.exists()

    def finish(self) -> int:
        """Record how Sphinx ended and return its exit status."""
        status = self.process.wait() if self.process else 1
        if status == 0:
            if self.builder == "html":
                site = self.output / self.builder
                finish(self.doctrees, site, self.language, self.made_of)
            self.marker.unlink()
        self.executed.unlink(missing_ok=True)
        return status


def build(
    root: Path, output: Path, builder: str, languages: Sequence[str], jobs: int
) -> int:
    """Build the languages; return the first exit status that is not 0, or 0.

    The first language executes the pages for all. As soon as it is done with that,
    the next one begins, and finds all of them in the cache; from then on they are
    read and written side by side. If a page cannot be executed, no other language
    begins. On Ctrl-C, which Sphinx gets as well, wait until it has cleaned up.
    """
    variables = environment(root)
    cache = cache_folder(output)
    builds = []
    for language in languages:
        made_of = inputs(
            root,
            variables | {"AIBOOK_CACHE": cache},
            others=[other for other in LANGUAGES if other != language],
        )
        builds.append(Build(root, output, builder, language, made_of))
    waiting = [build for build in builds if not build.unchanged()]
    readers = max(1, jobs // max(1, len(waiting)))
    begun: list[Build] = []
    interrupted = False
    while True:
        try:
            if waiting and all(build.has_executed() for build in begun):
                begun.append(waiting.pop(0))
                begun[-1].start(variables, cache, jobs, readers)
            running = [build for build in begun if build.status() is None]
            if interrupted or any(build.status() for build in begun):
                waiting = []
            if not waiting and not running:
                break
            time.sleep(0.05)
        except KeyboardInterrupt:
            interrupted = True
    # A language's record covers files that the others write, too.
    statuses = [build.finish() for build in begun]
    return next(filter(None, statuses), int(interrupted))


def main(arguments: list[str] | None = None) -> int:
    """Build every language and return the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m aibook_sphinx", description="Build the book."
    )
    parser.add_argument("builder", choices=(*BUILDERS, SECONDS))
    parser.add_argument(
        "--language", choices=LANGUAGES, action="append", help="default: all"
    )
    parser.add_argument(
        "--root", type=Path, default=ROOT, help="the book's folder"
    )
    parser.add_argument(
        "--output", type=Path, help="default: _build in the root"
    )
    parser.add_argument(
        "--jobs",
        type=int,
        default=os.cpu_count() or 1,
        help="default: all cores",
    )
    options = parser.parse_args(arguments)
    if options.jobs < 1:
        parser.error(f"--jobs must be at least 1, got {options.jobs}")
    root = options.root.resolve()
    output = (options.output or root / "_build").resolve()
    if options.builder == SECONDS:
        return keep_seconds(root, cache_folder(output))
    languages = tuple(dict.fromkeys(options.language or LANGUAGES))
    return build(root, output, options.builder, languages, options.jobs)


if __name__ == "__main__":
    sys.exit(main())
