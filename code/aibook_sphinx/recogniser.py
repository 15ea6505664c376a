"""A recogniser of digits that runs in the reader's browser.

::

    ```{recogniser} recogniser-network
    ```

What: the directive names what a cell has handed over (`aibook.embedding.embed`): the
layers of an 8-bit network (`aibook.models.int8_digits`) and some images. Both are
written into the page, so that it works from disk and offline;
``_static/recogniser.js`` draws the canvas, the bars and the buttons, and computes.
What not: without scripts, on paper, in e-books and in notebooks there is nothing, and
the figure beside it shows what the network answers.

Source: W3C, *Pointer Events*; W3C, *ARIA Authoring Practices Guide*.
Book page: labs/on-device
"""

from __future__ import annotations

import json
from typing import Any, ClassVar

from docutils import nodes
from myst_nb.core.variables import RetrievalError
from myst_nb.ext.glue.utils import retrieve_glue_data
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

KIND = "text/json"
#: What the program says, in the book's languages.
TEXTS = {
    "en": {
        "area": "Drawing area",
        "hint": "Draw a digit with the mouse or a finger. With the keyboard: "
        "arrow keys draw, with Shift they only move the pen.",
        "clear": "Clear",
        "samples": "Digits from the test",
        "sample": "Test digit {0}",
        "seen": "What the network sees",
        "chances": "Probability of each digit",
        "empty": "Nothing drawn yet.",
        "answer": "Looks like {0}, {1}%.",
    },
    "ko": {
        "area": "그리는 곳",
        "hint": "마우스나 손가락으로 숫자를 그리세요. 키보드에서는 화살표 키로 "
        "그리고, Shift를 함께 누르면 펜만 움직입니다.",
        "clear": "지우기",
        "samples": "테스트 숫자",
        "sample": "테스트 숫자 {0}",
        "seen": "신경망이 보는 이미지",
        "chances": "숫자별 확률",
        "empty": "아직 그린 것이 없습니다.",
        "answer": "{0}처럼 보입니다, {1}%.",
    },
}


class recogniser(nodes.Invisible, nodes.Element):  # noqa: N801 (docutils' way)
    """A recogniser; only the site shows it."""


class Recogniser(SphinxDirective):
    """The directive: the name of what a cell has handed over."""

    required_arguments = 1
    option_spec: ClassVar = {}

    def run(self) -> list[nodes.Node]:
        """Return the recogniser, or a warning if there are no such data."""
        name = self.arguments[0]
        try:
            data = retrieve_glue_data(self.state.document, name).data[KIND]
        except (RetrievalError, KeyError):
            message = f"recogniser: no cell has embedded {name!r}"
            return [
                self.state.document.reporter.warning(message, line=self.lineno)
            ]
        node = recogniser(name=name, data=data)
        self.set_source_info(node)
        return [node]


class OnTheSiteOnly(SphinxPostTransform):
    """Take recognisers out of books that run no scripts."""

    default_priority = 310

    def run(self, **kwargs: object) -> None:
        """Take out those of a page."""
        if self.app.builder.name == "html":
            return
        for node in list(self.document.findall(recogniser)):
            assert node.parent is not None
            node.parent.remove(node)


def _visit(writer: HTML5Translator, node: nodes.Element) -> None:
    texts = TEXTS.get(writer.builder.config.language, TEXTS["en"])
    said = json.dumps(texts, ensure_ascii=False, separators=(",", ":"))
    # Nothing in a script may look like its end.
    content = f'{{"texts":{said},"model":{node["data"]}}}'
    writer.body.append(
        '<div class="book-recogniser"><script type="application/json">'
        + content.replace("<", "\\u003c")
        + "</script></div>\n"
    )
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive, its node, the transform and the script."""
    app.add_node(recogniser, html=(_visit, None))
    app.add_directive("recogniser", Recogniser)
    app.add_post_transform(OnTheSiteOnly)
    app.add_js_file("recogniser.js")
    return {"parallel_read_safe": True, "parallel_write_safe": True}
