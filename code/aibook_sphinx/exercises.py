"""Solutions open and close without a script: ``<details>`` in HTML.

sphinx-exercise writes a solution as an admonition, which another extension would
fold by JavaScript. The browser's own element works from the keyboard, for screen
readers, and with scripts switched off.
"""

from __future__ import annotations

from docutils import nodes
from docutils.writers._html_base import HTMLTranslator
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx_exercise.nodes import solution_node


class details(nodes.General, nodes.Element):  # noqa: N801 (docutils names nodes so)
    """Content that the reader opens."""


class summary(nodes.General, nodes.TextElement):  # noqa: N801
    """What stands there while the content is closed."""


def _visit_details(writer: HTMLTranslator, node: nodes.Element) -> None:
    writer.body.append(writer.starttag(node, "details"))


def _depart_details(writer: HTMLTranslator, node: nodes.Element) -> None:
    writer.body.append("</details>\n")


def _visit_summary(writer: HTMLTranslator, node: nodes.Element) -> None:
    writer.body.append(writer.starttag(node, "summary", ""))


def _depart_summary(writer: HTMLTranslator, node: nodes.Element) -> None:
    writer.body.append("</summary>\n")


class FoldedSolutions(SphinxPostTransform):
    """Turn every solution into a `details` with its title as the `summary`."""

    # After sphinx-exercise has written the exercises' numbers into the titles.
    default_priority = 900
    formats = ("html",)

    def run(self, **kwargs: object) -> None:
        """Replace the solutions of a page."""
        for solution in list(self.document.findall(solution_node)):
            title, *content = solution.children
            folded = details(ids=solution["ids"], classes=["solution"])
            # Plain text: a link inside a summary could not be reached or opened.
            folded += summary("", " ".join(title.astext().split()))
            for node in content:
                # The section that wraps a gated solution has the same id each time.
                folded += (
                    node.children if isinstance(node, nodes.section) else node
                )
            solution.replace_self(folded)


def setup(app: Sphinx) -> None:
    """Register the nodes and the transform."""
    app.add_node(details, html=(_visit_details, _depart_details))
    app.add_node(summary, html=(_visit_summary, _depart_summary))
    app.add_post_transform(FoldedSolutions)
