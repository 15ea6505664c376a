"""The roles that show how long pages took, and the file that holds it."""

from pathlib import Path

import pytest

from aibook_sphinx.seconds import (
    FACTS,
    FILE,
    Measurement,
    read_measurement,
    write_measurement,
)
from mini_sphinx import Built, build_page

MEASURED = Measurement(
    dict(
        zip(
            FACTS,
            ["A CPU: 2 GHz", "2", "3.11.2", "2.9", "a", "b"],
            strict=True,
        )
    ),
    {"part/page": 29.71, "index": 0.6},
)


def build(folder: Path, text: str) -> Built:
    write_measurement(folder / FILE, MEASURED)
    return build_page(folder, f"# A page\n\n{text}\n", modules=["seconds"])


def test_what_is_written_is_read(tmp_path: Path) -> None:
    path = tmp_path / FILE
    write_measurement(path, MEASURED)
    found = read_measurement(path)
    assert found.facts == MEASURED.facts
    assert found.pages == {"index": 0.6, "part/page": 29.7}
    first = path.read_bytes()
    write_measurement(path, found)
    assert path.read_bytes() == first


def test_the_roles_show_the_file(tmp_path: Path) -> None:
    text = "It took {seconds}`part/page` s on {measured}`processor`."
    built = build(tmp_path, text)
    assert built.warnings == ""
    [paragraph] = built.html.select("p")[:1]
    assert paragraph.get_text() == "It took 30 s on A CPU: 2 GHz."
    assert FILE in built.dependencies


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{seconds}`part/lost`", "seconds 'part/lost': not in seconds.yml"),
        ("{measured}`colour`", "measured 'colour': allowed are processor"),
    ],
)
def test_what_is_not_there_is_named(
    tmp_path: Path, text: str, said: str
) -> None:
    built = build(tmp_path, text)
    assert said in built.warnings
    # The line of the page, for who mends it.
    assert "index.md:3: WARNING" in built.warnings
    assert built.html.select(".problematic")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    page = "# A page\n\n{seconds}`part/page`\n"
    built = build_page(tmp_path, page, modules=["seconds"])
    assert f"No such file or directory: '{tmp_path / FILE}'" in built.warnings


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("  torch:", "  tensor:", "measured must hold processor, cores"),
        (": 29.7", ": -1", "part/page must be a positive number, got -1"),
        (": 29.7", ": soon", "positive number, got 'soon'"),
    ],
)
def test_a_spoiled_file_is_refused(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    path = tmp_path / FILE
    write_measurement(path, MEASURED)
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(ValueError, match=message):
        read_measurement(path)
