"""Forget outputs that no build has used for long: ``python -m aibook_sphinx.prune``.

Every edit of a page or a module leaves its old outputs in the execution cache. They
are of use to whoever goes back to an older version, but not for ever; where the
cache is kept from build to build, it would only grow.
"""

from __future__ import annotations

import argparse
import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

from jupyter_cache import get_cache
from jupyter_cache.cache.db import NbCacheRecord

from aibook_sphinx.__main__ import ROOT


def prune(folder: Path, before: datetime) -> tuple[int, int]:
    """Remove the entries that were last used before a time.

    Parameters
    ----------
    folder
        The execution cache.
    before
        A time with its zone.

    Returns
    -------
    tuple of int
        How many entries were removed, and how many are left.

    Raises
    ------
    FileNotFoundError
        There is no cache in the folder.
    """
    if not (folder / "executed").is_dir():
        raise FileNotFoundError(f"no execution cache in {folder}")
    cache = get_cache(folder)
    # The database keeps times of Greenwich without saying so.
    limit = before.astimezone(UTC).replace(tzinfo=None)
    for record in cache.list_cache_records():
        if record.accessed < limit:
            NbCacheRecord.remove_record(record.pk, cache.db)
    kept = {record.hashkey for record in cache.list_cache_records()}
    removed = [
        path
        for path in (folder / "executed").iterdir()
        if path.name not in kept
    ]
    for path in removed:
        shutil.rmtree(path)
    return len(removed), len(kept)


def main(arguments: list[str] | None = None) -> None:
    """Prune the book's cache and say what was done."""
    parser = argparse.ArgumentParser(
        prog="python -m aibook_sphinx.prune",
        description="Forget outputs that no build has used for long.",
    )
    parser.add_argument(
        "--days", type=float, default=14, help="default: %(default)s"
    )
    parser.add_argument(
        "--cache",
        type=Path,
        default=os.environ.get("AIBOOK_CACHE") or ROOT / "_build" / "cache",
        help="default: AIBOOK_CACHE, else _build/cache",
    )
    options = parser.parse_args(arguments)
    if options.days < 0:
        parser.error(f"--days must not be negative, got {options.days}")
    before = datetime.now(UTC) - timedelta(days=options.days)
    removed, kept = prune(options.cache, before)
    print(f"{removed} entries removed, {kept} kept")


if __name__ == "__main__":
    main()
