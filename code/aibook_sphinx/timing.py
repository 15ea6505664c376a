"""Keep how long the pages took to execute: ``python -m aibook_sphinx seconds``.

What: after a build, the seconds that the execution cache holds for every page as it
is now go into ``book/seconds.yml``, with this machine's facts. For a fair measurement
build from nothing (``--output`` with an empty folder), with nothing else running.
What not: showing them, see `aibook_sphinx.seconds`.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator
from datetime import datetime
from importlib import metadata
from pathlib import Path

from myst_nb.core.config import NbParserConfig
from myst_nb.core.read import create_nb_reader
from myst_parser.config.main import MdParserConfig
from sphinx.errors import SphinxError

from aibook_sphinx.dependencies import (
    Dependencies,
    code_cells,
    digest_files,
    environment_digest,
    stamp,
)
from aibook_sphinx.execution import Cache, Page
from aibook_sphinx.seconds import FILE, Measurement, write_measurement

# Cells are the same in both languages.
LANGUAGE = "en"
# As in conf.py: a code cell inside of a colon fence is none.
EXTENSIONS = {"amsmath", "colon_fence", "deflist", "dollarmath"}


class UnmeasuredError(SphinxError):
    """Some pages are not in the execution cache."""

    category = "Seconds"


def processor(cpuinfo: Path = Path("/proc/cpuinfo")) -> str:
    """Return the processor's name as the system tells it."""
    if cpuinfo.is_file():
        for line in cpuinfo.read_text(encoding="utf-8").splitlines():
            key, _, value = line.partition(":")
            if key.strip() == "model name":
                return " ".join(value.split())
    return platform.processor() or platform.machine()


def pages(root: Path) -> Iterator[Page]:
    """Yield the pages with cells, stamped as a build stamps them."""
    source = root / "book" / LANGUAGE
    dependencies = Dependencies(root / "code")
    markdown = MdParserConfig(enable_extensions=EXTENSIONS)
    for path in sorted(source.rglob("*.md")):
        text = path.read_text(encoding="utf-8-sig")
        cells = code_cells(text)
        if not cells:
            continue
        files = dependencies.of(cells, str(path))
        digest = digest_files(files, dependencies.root)
        text = stamp(text, f"{digest}-{environment_digest()}", str(path))
        reader = create_nb_reader(str(path), markdown, NbParserConfig(), text)
        name = path.relative_to(source).with_suffix("").as_posix()
        if reader:
            yield Page(name, path, reader.read(text))


def measure(root: Path, folder: Path) -> Measurement:
    """Return what the execution cache knows of the pages as they are now.

    Parameters
    ----------
    root
        The book's folder.
    folder
        The execution cache.

    Raises
    ------
    UnmeasuredError
        Pages are not in the cache, or the book has none.
    """
    cache = Cache(folder)
    found: dict[str, tuple[float, datetime]] = {}
    missing = []
    for page in pages(root):
        measured = cache.measured(page.notebook)
        if measured is None:
            missing.append(page.docname)
        else:
            found[page.docname] = measured
    if missing or not found:
        raise UnmeasuredError(
            f"not in the execution cache {folder} as they are now: "
            f"{', '.join(missing) or 'any pages'}; "
            "build the book first (`python -m aibook_sphinx html`)"
        )
    days = sorted(day.date().isoformat() for _, day in found.values())
    facts = {
        "processor": processor(),
        "cores": str(os.cpu_count() or 1),
        "python": platform.python_version(),
        "torch": _version("torch"),
        "first": days[0],
        "last": days[-1],
    }
    return Measurement(
        facts, {name: seconds for name, (seconds, _) in found.items()}
    )


def _version(library: str) -> str:
    try:
        return metadata.version(library)
    except metadata.PackageNotFoundError:
        return "none"


def keep(root: Path, folder: Path) -> Path:
    """Measure, and write the file beside the languages' folders."""
    path = root / "book" / FILE
    write_measurement(path, measure(root, folder))
    return path
