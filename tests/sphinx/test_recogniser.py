"""The recogniser: what stands in the page."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from docutils import nodes

from aibook_sphinx import recogniser
from aibook_sphinx.notebooks.blocks import Writer
from mini_sphinx import Built, build_page

PAGE = """\
# Page

```{recogniser} some-network
```
"""
DATA = json.dumps({"layers": [], "samples": "</script>&"})


@pytest.fixture
def build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    def retrieve(document: nodes.document, name: str) -> SimpleNamespace:
        assert name == "some-network"
        return SimpleNamespace(data={recogniser.KIND: DATA})

    monkeypatch.setattr(recogniser, "retrieve_glue_data", retrieve)

    def run(**options: Any) -> Built:
        return build_page(tmp_path, PAGE, modules=["recogniser"], **options)

    return run


@pytest.mark.parametrize("language", ["en", "ko"])
def test_data_and_texts_stand_in_the_page(build: Any, language: str) -> None:
    built = build(language=language)
    assert built.warnings == ""
    [script] = built.html.select(".book-recogniser > script")
    assert script["type"] == "application/json"
    found = json.loads(script.string)
    assert found["texts"] == recogniser.TEXTS[language]
    assert found["model"] == json.loads(DATA)
    assert script.string.count("<") == 0


def test_the_languages_have_the_same_texts() -> None:
    english, korean = (recogniser.TEXTS[name] for name in ("en", "ko"))
    assert list(english) == list(korean)
    for key, text in english.items():
        assert text.count("{") == korean[key].count("{")


def test_other_books_have_none(build: Any) -> None:
    built = build(builder="singlehtml")
    assert built.warnings == ""
    assert not built.html.select(".book-recogniser")


def test_a_notebook_has_none() -> None:
    node = recogniser.recogniser(name="a", data=DATA)
    nothing: Any = None  # a context that is not asked
    assert list(Writer(nothing).all([node])) == []


def test_data_that_no_cell_has_embedded_are_a_warning(tmp_path: Path) -> None:
    built = build_page(tmp_path, PAGE, modules=["recogniser"])
    assert "no cell has embedded 'some-network'" in built.warnings
    assert not built.html.select(".book-recogniser")
