"""The workflow that publishes the book: it fits the repository, and is safe."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from aibook_sphinx.dependencies import (
    LIBRARIES,
    PACKAGE,
    Dependencies,
    code_cells,
)

ROOT = Path(__file__).parents[1]
WORKFLOW = ROOT / ".github" / "workflows" / "book.yml"


@pytest.fixture(scope="module")
def workflow() -> dict[Any, Any]:
    return yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))


def steps(workflow: dict[Any, Any], job: str) -> list[dict[str, Any]]:
    return workflow["jobs"][job]["steps"]


def step(workflow: dict[Any, Any], job: str, action: str) -> dict[str, Any]:
    [found] = [s for s in steps(workflow, job) if action in s.get("uses", "")]
    return found


def test_it_runs_on_main_on_pull_requests_and_by_hand(
    workflow: dict[Any, Any],
) -> None:
    # YAML 1.1 reads the key "on" as a truth value.
    assert workflow[True] == {
        "push": {"branches": ["main"]},
        "pull_request": None,
        "workflow_dispatch": None,
    }


def test_every_job_may_do_only_what_it_must(
    workflow: dict[Any, Any],
) -> None:
    assert workflow["permissions"] == {}
    assert {
        name: job["permissions"] for name, job in workflow["jobs"].items()
    } == {
        "build": {"contents": "read", "pages": "read"},
        "publish": {"pages": "write", "id-token": "write"},
        "notebooks": {"contents": "write"},
    }
    main_only = "github.ref == 'refs/heads/main'"
    for name in ("publish", "notebooks"):
        assert workflow["jobs"][name]["if"] == main_only
        assert workflow["jobs"][name]["needs"] == "build"


def test_tests_run_before_the_site_gets_its_address(
    workflow: dict[Any, Any],
) -> None:
    """The tests expect a site without one, so it is built again for Pages."""
    build = steps(workflow, "build")
    runs = [s.get("run", "") for s in build]
    tested = runs.index(".ci/run")
    [again] = [n for n, run in enumerate(runs) if "make html" in run]
    [saved] = [
        n for n, s in enumerate(build) if "cache/save" in s.get("uses", "")
    ]
    assert tested < saved < again
    assert not any("AIBOOK" in str(s) for s in build[:again])
    read = re.findall(
        r'environ\.get\("(AIBOOK_\w+_URL)"', (ROOT / "conf.py").read_text()
    )
    assert set(build[again]["env"]) == set(read)
    address = build[again]["env"]["AIBOOK_SITE_URL"]
    assert address == "${{ steps.pages.outputs.base_url }}"
    pages = step(workflow, "build", "configure-pages")
    assert pages["id"] == "pages"


def key_patterns(workflow: dict[Any, Any]) -> list[str]:
    key = step(workflow, "build", "cache/restore")["with"]["key"]
    [arguments] = re.findall(r"hashFiles\(([^)]*)\)", key)
    return re.findall(r"'([^']+)'", arguments)


def test_the_cache_has_the_digest_of_all_that_outputs_depend_on(
    workflow: dict[Any, Any],
) -> None:
    covered: set[Path] = set()
    for pattern in key_patterns(workflow):
        # Python's ** matches folders, GitHub's files as well.
        found = {*ROOT.glob(re.sub(r"\*\*$", "**/*", pattern))}
        assert found, f"{pattern} names nothing"
        covered |= found
    dependencies = Dependencies(ROOT / "code")
    used = 0
    for page in sorted((ROOT / "book").rglob("*.md")):
        assert page in covered
        files = dependencies.of(code_cells(page.read_text(encoding="utf-8")))
        assert covered.issuperset(files), page
        used += len(files)
    assert used > 0, f"no page uses {PACKAGE}"
    # EXECUTION_VERSION, and the versions of the libraries and of Python.
    assert ROOT / "code" / "aibook_sphinx" / "dependencies.py" in covered
    constraints = ROOT / "constraints.txt"
    assert constraints in covered
    pinned = re.findall(r"^([\w.-]+)==", constraints.read_text(), re.MULTILINE)
    assert set(LIBRARIES) <= set(pinned)
    key = step(workflow, "build", "cache/restore")["with"]["key"]
    assert "steps.python.outputs.python-version" in key


def test_an_older_cache_is_used_and_the_new_one_kept(
    workflow: dict[Any, Any],
) -> None:
    restore = step(workflow, "build", "cache/restore")["with"]
    save = step(workflow, "build", "cache/save")["with"]
    assert restore["path"] == save["path"] == "_build/cache"
    # Keys whose beginning is the key's, the most alike first.
    start = restore["key"].partition("${{ hashFiles")[0]
    others = restore["restore-keys"].split("\n")
    assert others[0] == start
    assert all(start.startswith(other) for other in others)
    assert save["key"].startswith(
        "${{ steps.cache.outputs.cache-primary-key }}"
    )


def test_commands_exist(workflow: dict[Any, Any]) -> None:
    text = "\n".join(
        s.get("run", "")
        for job in workflow["jobs"]
        for s in steps(workflow, job)
    )
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o100
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"^make (\w+)", text, re.MULTILINE):
        assert re.search(rf"^{target}:.* ## ", makefile, re.MULTILINE)
    modules = re.findall(r"python -m ([\w.]+)", text)
    assert modules == ["aibook_sphinx.prune"]
    for module in modules:
        path = ROOT.joinpath("code", *module.split("."))
        assert path.with_suffix(".py").is_file()


def test_zizmor_finds_nothing() -> None:
    zizmor = shutil.which("zizmor", path=Path(sys.executable).parent)
    assert zizmor, "zizmor is not installed beside Python"
    done = subprocess.run(
        [
            *(zizmor, "--offline", "--no-progress", "--persona=pedantic"),
            str(ROOT / ".github"),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
