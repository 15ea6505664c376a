"""Measure the built site with Lighthouse, as a phone on a slow network.

Serves `_build/html` compressed and prints, for each page and language, the
median of several runs: the four scores, what the performance is made of, and
how much was transferred. Lighthouse is no dependency of the book: install it
anywhere by `npm install lighthouse@12`, and name its program by LIGHTHOUSE if
it is not on the PATH. Without it nothing is measured, and the script says so.

Lighthouse makes a processor four times as slow, which turns a desktop with a
benchmark index of 1,500 to 2,000 into a phone of the middle class. On a slower
machine its documentation (docs/throttling.md) asks for a smaller factor: it is
taken here in proportion to the index, never above four. `--slowdown 4` measures
without this calibration.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from site_server import serve  # noqa: E402

SITE = ROOT / "_build" / "html"
PAGES = (
    "index",
    "networks/perceptron",
    "networks/mlp",
    "reference/api/scratch",
)
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
TIMES = (
    "first-contentful-paint",
    "largest-contentful-paint",
    "total-blocking-time",
    "speed-index",
)
# The index of the machine that the factor 4 is made for.
DESKTOP_INDEX = 1750
GOAL = 95
MAX_KB = 600


def find() -> tuple[str, str]:
    """Return Lighthouse's program and the browser's.

    Raises
    ------
    FileNotFoundError
        If one of them is missing.
    """
    program = os.environ.get("LIGHTHOUSE") or shutil.which("lighthouse")
    if not program or not shutil.which(program):
        raise FileNotFoundError(
            "Lighthouse is missing: `npm install lighthouse@12` in any folder, "
            "then LIGHTHOUSE=<folder>/node_modules/.bin/lighthouse"
        )
    names = ("chromium", "chromium-browser", "google-chrome")
    found = [os.environ.get("CHROME_PATH"), *map(shutil.which, names)]
    for browser in found:
        if browser:
            return program, browser
    raise FileNotFoundError(
        "Chromium is missing: install it, or name it by CHROME_PATH"
    )


def measure(
    program: str, browser: str, address: str, slowdown: float, *more: str
) -> dict[str, Any]:
    """Return Lighthouse's report on one page, loaded once."""
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder, "report.json")
        subprocess.run(
            [
                program,
                address,
                "--quiet",
                "--output=json",
                f"--throttling.cpuSlowdownMultiplier={slowdown:.2f}",
                *more,
                f"--output-path={output}",
                "--chrome-flags=--headless=new --no-sandbox",
            ],
            env=os.environ | {"CHROME_PATH": browser},
            check=True,
        )
        report: dict[str, Any] = json.loads(output.read_text("utf-8"))
    return report


def calibrate(program: str, browser: str, address: str) -> float:
    """Return how many times slower the processor must be made, at most 4."""
    reports = [
        measure(program, browser, address, 1, "--only-audits=viewport")
        for _ in range(3)
    ]
    index = statistics.median(
        report["environment"]["benchmarkIndex"] for report in reports
    )
    slowdown = min(max(4 * index / DESKTOP_INDEX, 1), 4)
    print(f"benchmark index {index:.0f}: slowed down {slowdown:.2f} times")
    return slowdown


def failures(report: dict[str, Any]) -> list[str]:
    """Return the audits that lower a score, with their category."""
    lines = []
    for name in CATEGORIES:
        for reference in report["categories"][name]["auditRefs"]:
            audit = report["audits"][reference["id"]]
            score = audit["score"]
            if reference["weight"] and score is not None and score < 0.9:
                shown = audit.get("displayValue", "")
                lines.append(f"{name}: {audit['id']} {score:.2f} {shown}")
    return lines


def summarise(label: str, reports: list[dict[str, Any]]) -> bool:
    """Print a page's line; return whether it reaches the goals."""
    scores = [
        round(
            100
            * statistics.median(r["categories"][c]["score"] for r in reports)
        )
        for c in CATEGORIES
    ]
    times = [
        statistics.median(r["audits"][t]["numericValue"] for r in reports)
        for t in TIMES
    ]
    shift = statistics.median(
        r["audits"]["cumulative-layout-shift"]["numericValue"] for r in reports
    )
    requests = reports[0]["audits"]["network-requests"]["details"]["items"]
    size = sum(item.get("transferSize") or 0 for item in requests) / 1000
    print(
        f"{label:28}"
        + "".join(f"{score:5}" for score in scores)
        + "".join(f"{time:7.0f}" for time in times)
        + f"{shift:7.3f}{size:7.0f}{len(requests):6}"
    )
    for line in sorted({f for r in reports for f in failures(r)}):
        print(f"    {line}")
    return min(scores) >= GOAL and size <= MAX_KB


def main() -> int:
    """Measure the pages; return the exit code."""
    parser = argparse.ArgumentParser(description="Run Lighthouse on the site.")
    parser.add_argument("pages", nargs="*", default=PAGES)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument(
        "--slowdown", type=float, help="default: by the benchmark index"
    )
    parser.add_argument("--languages", nargs="*", default=["ko", "en"])
    parser.add_argument(
        "--strict",
        action="store_true",
        help="fail without Lighthouse, or where a page misses a goal",
    )
    arguments = parser.parse_args()
    try:
        program, browser = find()
        if not (SITE / "index.html").is_file():
            raise FileNotFoundError(f"{SITE} is missing: run `make html`")
    except FileNotFoundError as error:
        print(f"skipped: {error}")
        return 2 if arguments.strict else 0
    version = subprocess.run(
        [program, "--version"], capture_output=True, text=True, check=True
    )
    print(
        f"Lighthouse {version.stdout.strip()}, median of {arguments.runs} runs; "
        "times in ms, kB as transferred"
    )
    good = True
    with serve(SITE) as address:
        slowdown = arguments.slowdown or calibrate(
            program, browser, f"{address}/index.html"
        )
        print(
            f"{'page':28} perf a11y best  seo    FCP    LCP    TBT     SI    CLS"
            "     kB files"
        )
        for language in arguments.languages:
            for page in arguments.pages:
                label = f"{language}/{page}"
                reports = [
                    measure(
                        program, browser, f"{address}/{label}.html", slowdown
                    )
                    for _ in range(arguments.runs)
                ]
                good &= summarise(label, reports)
    return 0 if good or not arguments.strict else 1


if __name__ == "__main__":
    sys.exit(main())
