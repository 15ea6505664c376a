"""A slider below a figure that shows one of its frames at a time.

::

    ```{slider} fig-rates
    Learning rate
    ```

What: the directive names a figure of the page and says what the slider changes. The
figure's cell has marked its frames (`aibook.plotting.frames.mark_frames`); the texts of
a frame are what a screen reader says when the slider stops at it. The browser's own
control is used, so keys and fingers work as everywhere; ``_static/slider.js`` only
shows and hides. Without scripts, on paper, in e-books and in notebooks there is no
slider, and the figure shows the frame that its cell has chosen.
What not: drawing frames, moving them by themselves.

Source: W3C, *ARIA Authoring Practices Guide*, slider pattern: ``aria-valuetext``.
Book page: networks/gradient-descent
"""

from __future__ import annotations

import re
from html import escape
from typing import Any, ClassVar
from xml.etree import ElementTree as ET

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

from aibook_sphinx.figures import inline_figure
from aibook_sphinx.svg import SVG

_FRAME = re.compile(r"frame-(\d+)")
_LOGGER = logging.getLogger(__name__)


class slider(nodes.Invisible, nodes.Element):  # noqa: N801 (docutils' way)
    """A slider; only the site shows it."""


def frames(svg: str) -> tuple[list[str], int]:
    r"""Return what each frame of a figure says, and which one is seen.

    Parameters
    ----------
    svg
        A figure as it stands in the page.

    Raises
    ------
    ValueError
        It has no frames, their numbers have gaps, one says nothing, or not
        exactly one is seen.

    Examples
    --------
    >>> frames(
    ...     '<svg xmlns="http://www.w3.org/2000/svg"><g class="frame-0" '
    ...     'display="none"><text>a</text></g><g class="frame-1">'
    ...     "<text>b</text></g></svg>"
    ... )
    (['a', 'b'], 1)
    """
    said: dict[int, list[str]] = {}
    seen = set()
    for group in ET.fromstring(svg).iter(f"{{{SVG}}}g"):
        match = _FRAME.fullmatch(group.get("class", ""))
        if match:
            texts = said.setdefault(int(match[1]), [])
            for text in group.iter(f"{{{SVG}}}text"):
                texts.append(" ".join("".join(text.itertext()).split()))
            if group.get("display") != "none":
                seen.add(int(match[1]))
    if len(said) < 2 or sorted(said) != list(range(len(said))):
        raise ValueError(f"has the frames {sorted(said)}")
    silent = [k for k, texts in said.items() if not any(texts)]
    if silent:
        raise ValueError(f"has frames without a text: {silent}")
    if len(seen) != 1:
        raise ValueError(f"shows the frames {sorted(seen)} at first, not one")
    return [", ".join(said[k]) for k in range(len(said))], seen.pop()


class Slider(SphinxDirective):
    """The directive: the figure's name, and the slider's as its content."""

    required_arguments = 1
    has_content = True
    option_spec: ClassVar = {}

    def run(self) -> list[nodes.Node]:
        """Return the slider, or a warning if it has no name."""
        label = " ".join(" ".join(self.content).split())
        if not label:
            message = "a slider needs a name: what does it change?"
            return [
                self.state.document.reporter.warning(message, line=self.lineno)
            ]
        node = slider(figure=self.arguments[0], label=label)
        self.set_source_info(node)
        return [node]


class SlidersBelowFigures(SphinxPostTransform):
    """Move each slider to its figure, and tell it the frames.

    Only the site keeps them.
    """

    # After the figures stand in the page.
    default_priority = 310

    def run(self, **kwargs: object) -> None:
        """Move the sliders of a page."""
        named = {
            name: figure
            for figure in self.document.findall(nodes.figure)
            for name in figure["ids"]
        }
        for node in list(self.document.findall(slider)):
            assert node.parent is not None
            node.parent.remove(node)
            if self.app.builder.name != "html":
                continue
            figure = named.get(node["figure"])
            drawn = figure.next_node(inline_figure) if figure else None
            try:
                if drawn is None:
                    raise ValueError("is no figure of this page")
                node["frames"], node["shown"] = frames(drawn["svg"])
            except ValueError as error:
                message = f"slider: {node['figure']!r} {error}"
                _LOGGER.warning(message, location=node)
                continue
            assert drawn is not None
            assert drawn.parent is not None
            drawn.parent.insert(drawn.parent.index(drawn) + 1, node)


def _visit(writer: HTML5Translator, node: nodes.Element) -> None:
    name = escape(f"{node['figure']}-slider")
    said, shown = node["frames"], node["shown"]
    writer.body.append(
        f'<div class="book-slider"><label for="{name}">'
        f"{escape(node['label'])}</label>"
        f'<input type="range" id="{name}" min="0" max="{len(said) - 1}" '
        f'value="{shown}" aria-valuetext="{escape(said[shown])}" '
        'autocomplete="off" /></div>\n'
    )
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive, its node, the transform and the script."""
    app.add_node(slider, html=(_visit, None))
    app.add_directive("slider", Slider)
    app.add_post_transform(SlidersBelowFigures)
    app.add_js_file("slider.js")
    return {"parallel_read_safe": True, "parallel_write_safe": True}
