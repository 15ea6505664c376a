"""Connect dependencies and execution to Sphinx's build.

- ``source-read`` stamps each page and tells Sphinx which files it depends on, with
  those of the pages whose numbers it places;
- ``env-before-read-docs`` executes the pages about to be read that the cache
  does not hold;
- ``build-finished`` sums up.
"""

from __future__ import annotations

import os
import re
import sys
import time
from functools import partial
from pathlib import Path
from typing import Any

from myst_nb.core.read import create_nb_reader
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.errors import SphinxError

from aibook_sphinx.dependencies import (
    Dependencies,
    StampError,
    code_cells,
    digest_files,
    environment_digest,
    stamp,
)
from aibook_sphinx.execution import Cache, Page, execute_all, longest_first
from aibook_sphinx.progress import PageProgress, console
from aibook_sphinx.uptodate import Counts, write_counts

# A number of another page: {glue:text}`/part/page.md::key:.1f`.
_BORROWED = re.compile(r"\{glue:\w+\}`/(?P<path>[^`:]+)::")


class Pages:
    """What one build knows of the pages that execute."""

    def __init__(self, app: Sphinx) -> None:
        self.app = app
        self.started = time.monotonic()
        self.dependencies = Dependencies(Path(app.config.aibook_code))
        self.executed = 0

    def stamp(self, source: str, where: str) -> tuple[str, list[Path]]:
        """Return the stamped source and the files that its cells depend on."""
        cells = code_cells(source)
        if not cells:
            return source, []
        try:
            files = self.dependencies.of(cells, where)
            digest = digest_files(files, self.dependencies.root)
            return stamp(
                source, f"{digest}-{environment_digest()}", where
            ), files
        except StampError as error:
            raise SphinxError(str(error)) from error

    def lenders(self, source: str) -> list[Path]:
        """Return the pages whose numbers `source` places, and what they depend on."""
        found: list[Path] = []
        for name in sorted(set(_BORROWED.findall(source))):
            path = Path(self.app.srcdir) / name
            if path.is_file():
                text = path.read_text(encoding="utf-8-sig")
                found += [path, *self.stamp(text, str(path))[1]]
        return found

    def _page(self, env: BuildEnvironment, docname: str) -> Page | None:
        path = Path(env.doc2path(docname))
        source, _ = self.stamp(path.read_text(encoding="utf-8-sig"), str(path))
        settings: Any = env
        reader = create_nb_reader(
            str(path), settings.myst_config, settings.mystnb_config, source
        )
        return Page(docname, path, reader.read(source)) if reader else None

    def execute(self, env: BuildEnvironment, docnames: list[str]) -> None:
        """Execute the pages among `docnames` that the cache does not hold."""
        settings: Any = env
        cache = Cache(Path(settings.mystnb_config.execution_cache_path))
        pages = [page for name in docnames if (page := self._page(env, name))]
        missing = [page for page in pages if not cache.holds(page.notebook)]
        if not missing:
            return
        with PageProgress(len(missing)) as progress:
            execute_all(
                longest_first(missing, cache.last_seconds()),
                cache,
                jobs=self.app.config.aibook_jobs,
                timeout=self.app.config.nb_execution_timeout,
                on_start=lambda page: progress.start(page.docname),
                on_end=lambda page, seconds: progress.end(
                    page.docname, seconds
                ),
            )
        self.executed = len(missing)

    def summary(self) -> str:
        """Return the build's last line; keep the counts for a build without work."""
        env: Any = self.app.env
        total = len(env.found_docs)
        with_cells = sum(
            "exec_data" in data for data in env.nb_metadata.values()
        )
        counts = Counts(total, with_cells)
        if self.app.builder.name == "html":
            write_counts(Path(self.app.doctreedir), counts)
        seconds = time.monotonic() - self.started
        return counts.line(self.app.config.language, self.executed, seconds)


def _read(pages: Pages, app: Sphinx, docname: str, source: list[str]) -> None:
    lenders = pages.lenders(source[0])
    source[0], files = pages.stamp(source[0], str(app.env.doc2path(docname)))
    for path in [*files, *lenders]:
        app.env.note_dependency(str(path))


def _before_read(
    pages: Pages, app: Sphinx, env: BuildEnvironment, docnames: list[str]
) -> None:
    try:
        pages.execute(env, docnames)
    except SphinxError as error:
        # Sphinx would wrap it in a report of a crash; the reader needs the error.
        print(f"\n{error.category}: {error}", file=sys.stderr)
        raise SystemExit(1) from None
    if app.config.aibook_executed:
        Path(app.config.aibook_executed).touch()


def _finished(pages: Pages, app: Sphinx, error: Exception | None) -> None:
    if error is None:
        console.print(pages.summary(), markup=False)


def _start(app: Sphinx) -> None:
    """Choose the folders, then listen: MyST-NB has set its own by now."""
    config = app.config
    output = Path(app.doctreedir).parent / "jupyter_execute" / config.language
    settings: Any = app.env
    settings.mystnb_config = settings.mystnb_config.copy(
        output_folder=str(output), execution_cache_path=config.aibook_cache
    )
    pages = Pages(app)
    app.connect("source-read", partial(_read, pages))
    app.connect("env-before-read-docs", partial(_before_read, pages))
    app.connect("build-finished", partial(_finished, pages))


def _machinery(app: Sphinx, config: Config) -> None:
    """Make Sphinx read all pages anew when what builds them has changed."""
    root = Path(config.aibook_code).resolve()
    own = sorted(p for p in (root / "aibook_sphinx").rglob("*") if p.is_file())
    files = [
        p for p in own if p.suffix in {".py", ".html", ".css", ".js", ".po"}
    ]
    config.aibook_machinery = digest_files(files, root) + environment_digest()
    statics = [Path(app.confdir, folder) for folder in config.html_static_path]
    found = sorted(
        p for folder in statics for p in folder.rglob("*") if p.is_file()
    )
    config.aibook_statics = digest_files(found, Path(app.confdir))


def setup(app: Sphinx) -> None:
    """Register the configuration values and the events."""
    build = Path(app.outdir)
    app.add_config_value(
        "aibook_code", str(Path(app.confdir) / "code"), "", str
    )
    app.add_config_value("aibook_cache", str(build / "cache"), "", str)
    app.add_config_value("aibook_jobs", os.cpu_count() or 1, "", int)
    # A file that is made when nothing is left to execute, for who waits for it.
    app.add_config_value("aibook_executed", "", "", str)
    app.add_config_value("aibook_machinery", "", "env", str)
    app.add_config_value("aibook_statics", "", "html", str)
    app.connect("config-inited", _machinery)
    app.connect("builder-inited", _start, priority=900)
