"""A tiny book in both languages, made for a test and built by the real commands."""

import os
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[1]
LANGUAGES = ("ko", "en")

_CONF = """\
import aibook_sphinx

# The rest of the extension needs the book's theme.
aibook_sphinx.MODULES = ("pages",)
extensions = ["myst_nb", "aibook_sphinx"]
project = "mini"
html_theme = "basic"
nb_execution_mode = "cache"
nb_execution_raise_on_error = True
nb_execution_timeout = {timeout}
"""
HEAD = """\
---
file_format: mystnb
kernelspec:
  name: python3
  display_name: Python 3
---

"""
_SUMMARY = re.compile(
    r"(?P<language>\w+): (?P<pages>\d+) pages, (?P<executed>\d+) executed, "
    r"(?P<cached>\d+) from the cache, (?P<plain>\d+) without cells, \d+\.\d s"
)
_PROGRESS = re.compile(r"  \d+/\d+  (?P<name>\S+)  \d+\.\d s")


@dataclass(frozen=True)
class Result:
    """What a build said."""

    status: int
    out: str
    err: str

    @property
    def executed(self) -> dict[str, int]:
        """How many pages each language executed, by the last line of its build."""
        found = (_SUMMARY.fullmatch(line) for line in self.out.splitlines())
        return {m["language"]: int(m["executed"]) for m in found if m}

    @property
    def names(self) -> list[str]:
        """The pages that the progress lines name, in their order."""
        found = (_PROGRESS.fullmatch(line) for line in self.out.splitlines())
        return [m["name"] for m in found if m]

    @property
    def noise(self) -> list[str]:
        """Lines that are neither progress nor summary."""
        expected = (_SUMMARY, _PROGRESS)
        return [
            line
            for line in [*self.out.splitlines(), *self.err.splitlines()]
            if not any(pattern.fullmatch(line) for pattern in expected)
        ]

    def succeeded(self) -> "Result":
        """Assert that the build ended well and said nothing unexpected."""
        assert self.status == 0, (
            f"status {self.status}\n{self.out}\n{self.err}"
        )
        assert not self.noise, "\n".join(self.noise)
        return self


class MiniBook:
    """A book in `root`: pages, a package ``aibook``, a cache.

    The package takes the place of the real one for the pages' kernels.
    """

    def __init__(self, root: Path, *, timeout: int = 60) -> None:
        self.root = root
        self.output = root / "_build"
        self.cache = self.output / "cache"
        # Sockets live there, so the path must be short.
        self.temporary = root / "t"
        self.temporary.mkdir(parents=True)
        self.write("conf.py", _CONF.format(timeout=timeout))
        self.module("__init__", '"""The package."""\n')
        self._pages: list[str] = []

    def write(self, path: str, text: str) -> Path:
        """Write a file of the book."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file

    def module(self, name: str, text: str) -> Path:
        """Write a module of the package."""
        return self.write(f"code/aibook/{name}.py", text)

    def page(
        self, name: str, cells: Iterable[str], prose: str = "Text."
    ) -> None:
        """Write a page with the same cells in both languages, and list it."""
        code = "\n".join(f"```{{code-cell}}\n{cell}\n```\n" for cell in cells)
        head = HEAD if code else ""
        for language in LANGUAGES:
            text = f"{head}# {name} in {language}\n\n{prose}\n\n{code}"
            self.write(f"book/{language}/{name}.md", text)
        if name not in self._pages:
            self._pages.append(name)
        listed = "\n".join(self._pages)
        for language in LANGUAGES:
            text = (
                f"# Contents in {language}\n\n```{{toctree}}\n{listed}\n```\n"
            )
            self.write(f"book/{language}/index.md", text)

    def environment(
        self, extra: Mapping[str, str] | None = None
    ) -> dict[str, str]:
        """Return the environment in which the book is built."""
        inherited = {
            k: v for k, v in os.environ.items() if not k.startswith("AIBOOK")
        }
        return inherited | {
            "PYTHONPATH": f"{self.root / 'code'}{os.pathsep}{ROOT / 'code'}",
            "TMPDIR": str(self.temporary),
            "SOURCE_DATE_EPOCH": "1750000000",
            **(extra or {}),
        }

    def command(self, *arguments: str, jobs: int = 2) -> list[str]:
        """Return the command that builds the book."""
        start = [
            sys.executable,
            "-m",
            "aibook_sphinx",
            "html",
            "--jobs",
            str(jobs),
        ]
        return [*start, "--root", str(self.root), *arguments]

    def build(
        self,
        *arguments: str,
        jobs: int = 2,
        environment: Mapping[str, str] | None = None,
    ) -> Result:
        """Build the book and wait for the end."""
        done = subprocess.run(
            self.command(*arguments, jobs=jobs),
            cwd=self.root,
            env=self.environment(environment),
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        return Result(done.returncode, done.stdout, done.stderr)

    def processes(self) -> list[psutil.Process]:
        """Return the living processes that were started for this book."""
        found = []
        for process in psutil.process_iter():
            try:
                words = " ".join(process.cmdline())
                alive = process.status() != psutil.STATUS_ZOMBIE
            except psutil.Error:
                continue
            if alive and str(self.root) in words:
                found.append(process)
        return found
