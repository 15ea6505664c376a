"""Time the build: cold, warm, after an edit of prose, after an edit of a module.

Works on a copy of the book in a temporary folder. Prints what Sphinx executed
beside the seconds, all measured in one run; nothing is asserted.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PARTS = ["_static", "book", "code"]
SUMMARY = re.compile(
    r"^(\w+): (\d+) pages, (\d+) executed, (\d+) from the cache", re.M
)
PAGE = re.compile(r"^  \d+/\d+  (\S+)  ([\d.]+) s$", re.M)


def build(root: Path, label: str) -> dict[str, float]:
    """Build both languages of the copy, print a line each; return page times."""
    pages: dict[str, float] = {}
    for language in ("ko", "en"):
        command = [
            sys.executable,
            "-m",
            "aibook_sphinx",
            "html",
            "--root",
            str(root),
        ]
        start = time.monotonic()
        result = subprocess.run(
            [*command, "--language", language],
            env=os.environ | {"PYTHONPATH": str(root / "code")},
            capture_output=True,
            text=True,
            check=True,
        )
        seconds = time.monotonic() - start
        match = SUMMARY.search(result.stdout)
        assert match, result.stdout
        executed, cached = match[3], match[4]
        print(
            f"{label:24}  {language}  {seconds:7.1f}  {executed:>8}  {cached:>6}"
        )
        pages |= {
            name: float(took) for name, took in PAGE.findall(result.stdout)
        }
    return pages


def edit(path: Path, old: str, new: str) -> None:
    """Replace a text in a file, or fail if it is not there."""
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{path} does not hold {old!r}"
    path.write_text(text.replace(old, new), encoding="utf-8")


def main() -> None:
    """Run the builds one after the other."""
    cores = os.cpu_count() or 1
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for part in PARTS:
            shutil.copytree(ROOT / part, root / part)
        shutil.copy(ROOT / "conf.py", root)
        print(
            f"{'build':24}  {'':2}  {'seconds':>7}  {'executed':>8}  {'cached':>6}"
        )
        start = time.monotonic()
        pages = build(root, "cold")
        cold = time.monotonic() - start
        build(root, "nothing to do")
        perceptron = root / "book/en/networks/perceptron.md"
        edit(
            perceptron,
            "A perceptron adds up evidence",
            "A perceptron weighs evidence",
        )
        build(root, "prose of one page")
        module = root / "code/aibook/scratch/perceptron.py"
        edit(
            module,
            "class Perceptron:",
            "CHANGED = True\n\n\nclass Perceptron:",
        )
        again = build(root, "scratch/perceptron.py")
    print(
        f"\nexecuted after the edit of the module: {', '.join(sorted(again))}"
    )
    print(f"cold build of both languages: {cold:.1f} s on {cores} cores")
    work = sum(pages.values())
    print(f"sum of the pages' times over cores: {work / cores:.1f} s")
    for name, seconds in sorted(pages.items(), key=lambda item: -item[1]):
        print(f"  {seconds:6.1f} s  {name}")


if __name__ == "__main__":
    main()
