import json

import pytest

from aibook import embedding
from aibook.embedding import embed


def test_outside_the_book_the_size_is_printed(monkeypatch, capsys):
    monkeypatch.delenv("AIBOOK_BUILD", raising=False)
    embed("a-network", {"a": [1.5, None], "b": "x"})
    text = '{"a":[1.5,null],"b":"x"}'
    assert capsys.readouterr().out == f"a-network = {len(text)} characters\n"


def test_in_the_book_the_data_are_stored(monkeypatch):
    monkeypatch.setenv("AIBOOK_BUILD", "1")
    shown = []
    monkeypatch.setattr(
        embedding, "display", lambda *a, **k: shown.append((a, k))
    )
    embed("a-network", {"a": [0.1, 2]})
    [((bundle,), options)] = shown
    prefix = "application/papermill.record/"
    assert json.loads(bundle[f"{prefix}text/json"]) == {"a": [0.1, 2]}
    assert bundle[f"{prefix}text/plain"] == "'13 characters'"
    assert options["raw"]
    assert options["metadata"]["scrapbook"]["name"] == "a-network"


@pytest.mark.parametrize(
    ("data", "error"), [(float("nan"), ValueError), ({1j}, TypeError)]
)
def test_what_json_cannot_hold(data, error):
    with pytest.raises(error):
        embed("a-network", data)
