"""What a page's text has otherwise in an EPUB: above all, nothing in it folds.

Many e-readers cannot open ``<details>``. Solutions go to the end of their page, out
of sight of a reader who still thinks, with links there and back; cells that the site
folds are shown.
"""

from __future__ import annotations

from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx_exercise.nodes import (
    exercise_enumerable_node,
    exercise_node,
    solution_node,
)

from aibook_sphinx.ebook.texts import TEXTS


class UnfoldedCells(SphinxPostTransform):
    """Show the code and outputs that the site folds."""

    # After MyST-NB has folded them (199).
    default_priority = 200
    builders = ("epub",)

    def run(self, **kwargs: object) -> None:
        """Unwrap them."""
        for node in list(self.document.findall(HideCodeCellNode)):
            node.replace_self(node.children)


class BlocksInParagraphs(SphinxPostTransform):
    """Take out the paragraph that Sphinx puts around lists of returned values.

    Browsers close it before the list; in XHTML it is an error.
    """

    default_priority = 200
    builders = ("epub",)

    def run(self, **kwargs: object) -> None:
        """Unwrap the lists."""
        for node in list(self.document.findall(nodes.bullet_list)):
            if isinstance(node.parent, nodes.paragraph) and (
                len(node.parent) == 1
            ):
                node.parent.replace_self(node)


class SolutionsAtTheEnd(SphinxPostTransform):
    """Move a page's solutions to a section at its end."""

    # After sphinx-exercise has numbered them (21), before the site's folding (900).
    default_priority = 850
    builders = ("epub",)

    def run(self, **kwargs: object) -> None:
        """Move them, and link each exercise to its solution."""
        solutions = list(self.document.findall(solution_node))
        if not solutions:
            return
        texts = TEXTS[self.config.language]
        exercises = {
            node.get("label"): node
            for kind in (exercise_node, exercise_enumerable_node)
            for node in self.document.findall(kind)
        }
        # No titles but rubrics: Sphinx would number a title as it does the page.
        end = nodes.section(ids=["solutions"], classes=["solutions"])
        heading = {"heading-level": 2}
        end += nodes.rubric("", texts.solutions, **heading)
        for solution in solutions:
            end += _opened(solution)
            exercise = exercises.get(solution.get("target_label"))
            if exercise is not None:
                link = nodes.reference(
                    *("", texts.to_solution),
                    internal=True,
                    refid=solution["ids"][0],
                )
                exercise += nodes.paragraph(
                    "", "", link, classes=["to-solution"]
                )
            solution.parent.remove(solution)
        page = self.document.next_node(nodes.section)
        (self.document if page is None else page).append(end)


def _opened(solution: nodes.Element) -> nodes.section:
    """Return a solution as a section with its title, a link to the exercise."""
    title, *content = solution.children
    assert isinstance(title, nodes.Element)
    # A space at the beginning of a link would be underlined.
    for link in list(title.findall(nodes.reference)):
        first = link.next_node(nodes.Text)
        if first is not None and first.startswith(" "):
            first.parent.replace(first, nodes.Text(first.lstrip()))
            link.parent.insert(link.parent.index(link), nodes.Text(" "))
    opened = nodes.section(ids=solution["ids"], classes=["solution"])
    heading = {"heading-level": 3}
    opened += nodes.rubric("", "", *title.children, **heading)
    for node in content:
        # The section that wraps a gated solution has the same id each time.
        opened += node.children if isinstance(node, nodes.section) else node
    return opened
