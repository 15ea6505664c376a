"""Put the figures that cells drew into the page itself, as inline SVG.

An image in a file of its own would know neither the page's theme nor its fonts.
Labels are translated by ``figures.po`` (`aibook_sphinx.labels`); the conversion is
`aibook_sphinx.svg`'s. Pictures that do not come from cells stay images.

Book page: start/using-this-book
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.writers.html5 import HTML5Translator

from aibook_sphinx.labels import Labels
from aibook_sphinx.svg import inline

# Where MyST-NB writes what cells displayed.
_OUTPUTS = "jupyter_execute"
# A frame of the figure's size lets the browser lay out figures that come near only.
_SIZE = re.compile(r'width="(?P<width>[\d.]+)" height="(?P<height>[\d.]+)"')


class inline_figure(nodes.General, nodes.Element):  # noqa: N801 (docutils' way)
    """A figure whose SVG stands in the page."""


def catalogue(config: Config) -> Path:
    """Return the path of the catalogue of labels in the build's language."""
    folder = Path(config.locale_dirs[0], config.language, "LC_MESSAGES")
    return folder / "figures.po"


class InlineFigures(SphinxPostTransform):
    """Replace each SVG that a cell displayed by the SVG itself."""

    # After MyST-NB has chosen an output's format, before images are collected.
    default_priority = 300
    formats = ("html",)

    def run(self, **kwargs: object) -> None:
        """Replace the images of a page."""
        labels = None
        for position, image in enumerate(
            list(self.document.findall(nodes.image))
        ):
            path = Path(self.app.srcdir, image["uri"])
            if path.suffix != ".svg" or _OUTPUTS not in path.parts:
                continue
            if labels is None:
                labels = Labels.read(catalogue(self.config))
            figure: Any = image
            while figure is not None and not isinstance(figure, nodes.figure):
                figure = figure.parent
            ids = figure["ids"] if figure is not None else []
            try:
                svg = inline(
                    path.read_text(encoding="utf-8"),
                    prefix=ids[0] if ids else f"figure-{position}",
                    alt=image.get("alt", ""),
                    translate=labels,
                )
            except ValueError as error:
                raise ValueError(
                    f"{self.env.docname}: figure {ids or position}: {error}"
                ) from error
            image.replace_self(inline_figure("", svg=svg))


def _visit(writer: HTML5Translator, node: nodes.Element) -> None:
    match = _SIZE.search(node["svg"])
    assert match
    writer.body.append(
        f'<div class="book-frame" style="--width: {match["width"]}; '
        f'--height: {match["height"]}">{node["svg"]}</div>\n'
    )
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the node and the transform."""
    app.add_node(inline_figure, html=(_visit, None))
    app.add_post_transform(InlineFigures)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
