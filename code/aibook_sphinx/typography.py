"""Keep a Korean particle on the line of the formula or code that it belongs to.

``word-break: keep-all`` keeps Korean words whole, but a browser may still break a
line between a formula and the particle after it. Here the two are wrapped in a
span that does not break.
"""

from __future__ import annotations

import re

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

# What follows directly: closing punctuation, then Hangul and more punctuation.
_TAIL = re.compile(r"^[)\]’”.,:;]*(?:[가-힣]+[)\]’”.,:;?]*)?")
# Longer code may break, or it would not fit a phone.
_MAX_CODE = 24


class JoinParticles(SphinxPostTransform):
    """Wrap formulas and short code with the particle that follows them."""

    default_priority = 900
    formats = ("html",)

    def run(self, **kwargs: object) -> None:
        """Wrap them in a Korean page."""
        if self.config.language != "ko":
            return
        for text in list(self.document.findall(nodes.Text)):
            parent = text.parent
            if not isinstance(
                parent, nodes.paragraph | nodes.caption | nodes.inline
            ):
                continue
            index = parent.index(text)
            before = parent[index - 1] if index else None
            tail = _TAIL.match(text.astext())
            if (
                before is None
                or not tail
                or not tail[0]
                or not _is_short(before)
            ):
                continue
            wrapped = nodes.inline("", "", classes=["nowrap"])
            wrapped += [before.deepcopy(), nodes.Text(tail[0])]
            rest = nodes.Text(text.astext()[tail.end() :])
            parent[index - 1 : index + 1] = [wrapped, rest]


def _is_short(node: nodes.Node) -> bool:
    if isinstance(node, nodes.literal):
        return len(node.astext()) <= _MAX_CODE
    return isinstance(node, nodes.math)


def setup(app: Sphinx) -> None:
    """Register the transform."""
    app.add_post_transform(JoinParticles)
