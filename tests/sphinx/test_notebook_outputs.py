"""Outputs that the book stores, as readers of a notebook see them."""

import hashlib

import pytest

from aibook_sphinx.notebooks.outputs import as_outside

RECORD = "application/papermill.record/"


def stored(name, **bundle):
    return {
        "output_type": "display_data",
        "data": {RECORD + kind: data for kind, data in bundle.items()},
        "metadata": {"scrapbook": {"name": name, "mime_prefix": RECORD}},
    }


def printed(text, name="stdout"):
    return {"output_type": "stream", "name": name, "text": text}


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("0.5", "x = 0.5"),
        ("3", "x = 3"),
        ("nan", "x = nan"),
        ("'cpu'", "x = cpu"),
        ('"it\'s"', "x = it's"),
    ],
)
def test_numbers_are_printed(value, shown):
    outputs = as_outside([stored("x", **{"text/plain": value})], {})
    assert outputs == [printed(f"{shown}\n")]


def test_what_is_printed_is_joined_by_stream():
    found = as_outside(
        [
            stored("a", **{"text/plain": "1"}),
            printed("two\n"),
            printed("oh\n", "stderr"),
            printed("three\n"),
        ],
        {},
    )
    assert found == [
        printed("a = 1\ntwo\n"),
        printed("oh\n", "stderr"),
        printed("three\n"),
    ]


def test_figures_are_displayed_with_their_description():
    svg = "<?xml version='1.0'?>\n<svg>\n</svg>\n"
    name = hashlib.sha256(svg.strip().encode()).hexdigest()
    record = stored("fig", **{"image/svg+xml": svg, "text/plain": "<fig>"})
    (found,) = as_outside([record], {name: 'A "line".'})
    assert found["output_type"] == "display_data"
    assert found["metadata"] == {}
    assert found["data"]["image/svg+xml"] == "<svg>\n</svg>"
    assert found["data"]["text/plain"] == 'A "line".'
    assert 'alt="A &quot;line&quot;."' in found["data"]["text/html"]


def test_other_outputs_stay():
    other = {
        "output_type": "execute_result",
        "data": {"text/plain": "2"},
        "metadata": {},
        "execution_count": 1,
    }
    assert as_outside([other], {}) == [other]
