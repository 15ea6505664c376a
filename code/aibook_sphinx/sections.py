"""Give each section the id of its label, the same in both languages.

Docutils names a section after its heading: ``#the-bias`` in one language,
``#id3`` in the other. Every heading of the book carries a label, so the label's
id can stand first; links to a section then work in either language.
"""

from __future__ import annotations

import re

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform

# What docutils calls a section whose heading gives no id.
_NUMBERED = re.compile(r"(id|section-)\d+")


class LabelledSections(SphinxTransform):
    """Put the ids of explicit labels first, and drop those made from headings."""

    # After docutils has moved the labels' ids to the sections (260), before
    # Sphinx collects the labels and the table of contents.
    default_priority = 261

    def apply(self, **kwargs: object) -> None:
        """Reorder the ids of every labelled section."""
        explicit = {
            self.document.nameids.get(name)
            for name, is_explicit in self.document.nametypes.items()
            if is_explicit
        }
        for section in self.document.findall(nodes.section):
            labels = [i for i in section["ids"] if i in explicit]
            if labels:
                title = section.next_node(nodes.title)
                made = nodes.make_id(title.astext()) if title else ""
                others = [
                    i
                    for i in section["ids"]
                    if i not in labels
                    and i != made
                    and not _NUMBERED.fullmatch(i)
                ]
                section["ids"] = labels + others


def setup(app: Sphinx) -> None:
    """Register the transform."""
    app.add_transform(LabelledSections)
