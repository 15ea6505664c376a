"""Keep a formula or code on one line with what belongs to it.

A browser may break a line on either side of a formula, even between it and the
bracket before it or the full stop after it. In Korean, ``word-break: keep-all``
keeps words whole, but not a formula or code and the particle after it. Here each is
wrapped with its neighbours in a span that does not break.
"""

from __future__ import annotations

import re

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

_HEAD = re.compile(r"[(\[‘“]+$")
# What follows directly: closing punctuation, then the rest of the word and more
# punctuation. In Korean the rest is a particle, in English "-th" or the like.
_CLOSING = r"[)\]’”.,:;?!]*"
_TAILS = {
    "ko": re.compile(rf"^{_CLOSING}(?:[가-힣]+{_CLOSING})?"),
    "en": re.compile(rf"^{_CLOSING}(?:-?[a-z]{{1,12}}\b{_CLOSING})?"),
}
# Longer code may break, or it would not fit a phone.
_MAX_CODE = 24


class JoinParticles(SphinxPostTransform):
    """Wrap formulas and short code with the letters that touch them."""

    default_priority = 900
    formats = ("html",)

    def run(self, **kwargs: object) -> None:
        """Wrap them, in a language whose habits are known."""
        pattern = _TAILS.get(self.config.language)
        if pattern is None:
            return
        is_english = self.config.language == "en"
        for node in list(self.document.findall(nodes.TextElement)):
            if isinstance(node, nodes.literal):
                # Between Latin letters a browser breaks code rightly by itself.
                if is_english or len(node.astext()) > _MAX_CODE:
                    continue
            elif not isinstance(node, nodes.math):
                continue
            if isinstance(
                node.parent, nodes.paragraph | nodes.caption | nodes.inline
            ):
                _join(node, pattern)


def _join(node: nodes.Element, pattern: re.Pattern[str]) -> None:
    """Wrap a node with the end of the text before and the beginning of that after."""
    parent = node.parent
    assert parent is not None
    place = parent.index(node)
    before = parent[place - 1] if place else None
    after = parent[place + 1] if place + 1 < len(parent) else None
    head = tail = None
    if isinstance(before, nodes.Text):
        head = _HEAD.search(before.astext())
    if isinstance(after, nodes.Text):
        tail = pattern.match(after.astext())
    start, end = head[0] if head else "", tail[0] if tail else ""
    if not start and not end:
        return
    wrapped = nodes.inline("", "", classes=["nowrap"])
    parent[place] = wrapped
    if before is not None and start:
        parent[place - 1] = nodes.Text(before.astext()[: -len(start)])
        wrapped += nodes.Text(start)
    wrapped += node
    if after is not None and end:
        parent[place + 1] = nodes.Text(after.astext()[len(end) :])
        wrapped += nodes.Text(end)


def setup(app: Sphinx) -> None:
    """Register the transform."""
    app.add_post_transform(JoinParticles)
