"""Outputs that no build uses are forgotten, those in use are kept."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import nbformat
import pytest

from aibook_sphinx.execution import Cache, Page
from aibook_sphinx.prune import main, prune


def page(name: str) -> Page:
    """Return an executed page, whose code is its name."""
    notebook = nbformat.v4.new_notebook()
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "P"}
    notebook.cells = [nbformat.v4.new_code_cell(name, execution_count=1)]
    return Page(name, Path(f"{name}.md"), notebook)


def in_cache(folder: Path, *names: str) -> list[bool]:
    cache = Cache(folder)
    return [cache.holds(page(name).notebook) for name in names]


def test_what_was_used_since_is_kept(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    for name in ("used", "stored", "unused"):
        cache.store(page(name), 1.0)
    start = datetime.now(UTC)
    cache.store(page("stored"), 1.0)
    assert cache.holds(page("used").notebook)
    assert prune(tmp_path, start) == (1, 2)
    assert len(list((tmp_path / "executed").iterdir())) == 2
    assert in_cache(tmp_path, "used", "stored", "unused") == [
        *(True, True, False)
    ]
    assert Cache(tmp_path).last_seconds() == {"used": 1.0, "stored": 1.0}


def test_outputs_without_a_record_are_removed(tmp_path: Path) -> None:
    Cache(tmp_path).store(page("a"), 1.0)
    stray = tmp_path / "executed" / "0123"
    stray.mkdir()
    (stray / "base.ipynb").write_text("{}")
    before = datetime.now(UTC) - timedelta(days=1)
    assert prune(tmp_path, before) == (1, 1)
    assert not stray.exists()


def test_the_time_zone_counts(tmp_path: Path) -> None:
    from datetime import timezone

    Cache(tmp_path).store(page("a"), 1.0)
    seoul = timezone(timedelta(hours=9))
    hour_ago = datetime.now(seoul) - timedelta(hours=1)
    assert prune(tmp_path, hour_ago) == (0, 1)
    assert prune(tmp_path, datetime.now(seoul)) == (1, 0)


def test_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Cache(tmp_path).store(page("a"), 1.0)
    main(["--cache", str(tmp_path)])
    assert capsys.readouterr().out == "0 entries removed, 1 kept\n"
    main(["--cache", str(tmp_path), "--days", "0"])
    assert capsys.readouterr().out == "1 entries removed, 0 kept\n"
    with pytest.raises(SystemExit):
        main(["--cache", str(tmp_path), "--days", "-1"])


def test_the_cache_is_the_one_that_builds_use(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folders = tmp_path / "named", tmp_path / "_build" / "cache"
    for folder, number in zip(folders, (1, 2), strict=True):
        for name in "ab"[:number]:
            Cache(folder).store(page(name), 1.0)
    monkeypatch.setattr("aibook_sphinx.prune.ROOT", tmp_path)
    monkeypatch.setenv("AIBOOK_CACHE", str(folders[0]))
    main([])
    assert capsys.readouterr().out == "0 entries removed, 1 kept\n"
    monkeypatch.delenv("AIBOOK_CACHE")
    main([])
    assert capsys.readouterr().out == "0 entries removed, 2 kept\n"


def test_a_folder_without_a_cache_is_left_alone(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no execution cache"):
        prune(tmp_path, datetime.now(UTC))
    assert list(tmp_path.iterdir()) == []
