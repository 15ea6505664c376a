"""Build the book: ``python -m aibook_sphinx html``.

Each language is one Sphinx build of the same ``conf.py``. This command calls
Sphinx for each in turn with the settings that make a build reproducible, and
starts afresh where the last build did not end well.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import time
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


def _run(command: list[str], variables: dict[str, str]) -> int:
    """Run Sphinx; on Ctrl-C, which it gets as well, wait until it has cleaned up."""
    with subprocess.Popen(command, env=variables) as process:
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:
                continue


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


def build(
    root: Path, output: Path, builder: str, language: str, jobs: int
) -> int:
    """Build one language; return Sphinx's exit status.

    A marker stands beside the doctrees while a build runs. If it is still there
    at the start, the last build was killed or failed: Sphinx could take pages
    for up to date that are not, so it reads and writes all of them again. A site
    that stands as its last build left it is not built at all.
    """
    start = time.monotonic()
    variables = environment(root)
    doctrees = output / "doctrees" / language
    marker = output / "doctrees" / f"{language}.unfinished"
    cache = cache_folder(output)
    made_of = inputs(root, variables | {"AIBOOK_CACHE": cache})
    if builder == "html" and not marker.exists():
        site = output / builder
        if counts := unchanged(doctrees, site, language, made_of):
            seconds = time.monotonic() - start
            print(counts.line(language, 0, seconds), flush=True)
            return 0
    afresh = ["-E", "-a"] if marker.exists() else []
    doctrees.mkdir(parents=True, exist_ok=True)
    marker.touch()
    if builder == "epub":
        # Whatever stands in this folder goes into the file: begin with nothing.
        shutil.rmtree(output / builder / language, ignore_errors=True)
    command = [
        *(sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going"),
        *("-b", builder, "-j", str(jobs), *afresh),
        *("-c", str(root), "-d", str(doctrees)),
        *("-D", f"language={language}"),
        *("-D", f"aibook_cache={cache}", "-D", f"aibook_jobs={jobs}"),
        str(root / "book" / language),
        str(output / builder / language),
    ]
    status = _run(command, variables)
    if status == 0:
        if builder == "html":
            finish(doctrees, output / builder, language, made_of)
        marker.unlink()
    return status


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
    for language in options.language or LANGUAGES:
        status = build(root, output, options.builder, language, options.jobs)
        if status:
            return status
    return 0


if __name__ == "__main__":
    sys.exit(main())
