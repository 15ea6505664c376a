"""Whether a site stands as its last build left it, made of what has not changed since.

What: a record that a finished build leaves, and its comparison with the files as they
are. To start Sphinx, load what it knows of all pages and find that nothing is to do
takes seconds, and more with every page; this takes a fraction of one.

What not: which pages are out of date when something did change; that is Sphinx's
part and `aibook_sphinx.dependencies`'.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path

from aibook_sphinx.dependencies import digest_files

# What a book is made of, below its root.
SOURCES = ("book", "code", "_static", "conf.py", "pyproject.toml")
# Variables with these beginnings choose data, addresses and dates.
VARIABLES = ("AIBOOK_", "SOURCE_DATE_EPOCH", "PYTHONHASHSEED")


@dataclass(frozen=True)
class Counts:
    """How many pages a language has, and how many of them hold cells."""

    pages: int
    with_cells: int

    def line(self, language: str, executed: int, seconds: float) -> str:
        """Return the last line of a build.

        Examples
        --------
        >>> Counts(5, 3).line("ko", 1, 2.04)
        'ko: 5 pages, 1 executed, 2 from the cache, 2 without cells, 2.0 s'
        """
        return (
            f"{language}: {self.pages} pages, {executed} executed, "
            f"{self.with_cells - executed} from the cache, "
            f"{self.pages - self.with_cells} without cells, {seconds:.1f} s"
        )


def _files(places: Iterable[Path]) -> Iterator[Path]:
    """Yield the files at and below the places, in a fixed order."""
    for place in places:
        if place.is_file():
            yield place
        for folder, folders, names in os.walk(place):
            folders[:] = sorted(set(folders) - {"__pycache__"})
            yield from (Path(folder, name) for name in sorted(names))


def inputs(
    root: Path, environment: Mapping[str, str], *, others: Iterable[str] = ()
) -> str:
    """Return a digest of what a site is made of.

    Parameters
    ----------
    root
        The book's folder.
    environment
        The variables under which Sphinx runs.
    others
        Languages other than the site's. Of their pages only the names count: a
        page links to the same page in another language, if there is one.

    Returns
    -------
    str
        It covers the sources, Python, every installed package with its version,
        and the variables that matter.
    """
    parts = [sys.version, str(root)]
    parts += sorted(
        f"{found.metadata['Name']} {found.version}"
        for found in metadata.distributions()
    )
    parts += sorted(
        f"{name}={value}"
        for name, value in environment.items()
        if name.startswith(VARIABLES)
    )
    elsewhere = tuple(root / "book" / language for language in others)
    own = []
    for path in _files(root / name for name in SOURCES):
        if any(path.is_relative_to(folder) for folder in elsewhere):
            parts.append(path.relative_to(root).as_posix())
        else:
            own.append(path)
    parts.append(digest_files(own, root))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def outputs(site: Path, language: str) -> str:
    """Return a digest of the files of a built site in one language.

    The files beside the languages' folders, which belong to all, are covered too.
    """
    beside = sorted(path for path in site.iterdir() if path.is_file())
    return digest_files([*beside, *_files([site / language])], site)


def write_counts(doctrees: Path, counts: Counts) -> None:
    """Leave the counts of a build that is about to end."""
    text = json.dumps(asdict(counts))
    (doctrees / "counts.json").write_text(text, encoding="utf-8")


def _record(doctrees: Path) -> Path:
    return doctrees / "finished.json"


def finish(doctrees: Path, site: Path, language: str, made_of: str) -> None:
    """Record that a build ended well.

    Parameters
    ----------
    doctrees
        Where Sphinx keeps what it knows of the language's pages.
    site
        The folder of all languages.
    language
        The language that was built.
    made_of
        What `inputs` gave before the build began: an edit during it counts.
    """
    record = {"inputs": made_of, "outputs": outputs(site, language)}
    _record(doctrees).write_text(json.dumps(record), encoding="utf-8")


def unchanged(
    doctrees: Path, site: Path, language: str, made_of: str
) -> Counts | None:
    """Return the counts of the last build if it need not be repeated, else None.

    The parameters are those of `finish`.
    """
    try:
        text = (doctrees / "counts.json").read_text(encoding="utf-8")
        counts = Counts(**json.loads(text))
        record = json.loads(_record(doctrees).read_text(encoding="utf-8"))
        now = {"inputs": made_of, "outputs": outputs(site, language)}
    except (OSError, ValueError, TypeError):
        return None
    return counts if record == now else None
