"""What a page says of itself in one or two sentences, for search engines and previews.

What: the first paragraph of a page as plain text, cut to the length that result
pages show. What not: the tags that carry it, see `aibook_sphinx.metadata`.
"""

from __future__ import annotations

import re
import unicodedata

from docutils import nodes

# Columns of a fixed-width screen: 80 Korean or 160 Latin letters.
MAX_WIDTH = 160
# Less says too little, and what comes next is added.
MIN_WIDTH = 60

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
# A formula that reads the same without its markup: "x = 1", "N", "-3".
_PLAIN_FORMULA = re.compile(r"[\w\s.,=<>()+−-]*")
_FORMULA = "\0"
_SILENT = (nodes.footnote_reference, nodes.image, nodes.raw)


def width(text: str) -> int:
    """Return how many columns a text takes; a Korean letter takes two.

    Examples
    --------
    >>> width("AI"), width("가중치")
    (2, 6)
    """
    return sum(
        2 if unicodedata.east_asian_width(letter) in "FW" else 1
        for letter in text
    )


def plain(node: nodes.Node) -> str:
    """Return the text of a node without what only the eye can read.

    Formulas that are more than a name or a number leave a mark, so that
    `description` can leave their sentence out.
    """
    if isinstance(node, nodes.math):
        text = node.astext()
        # "\w" takes the underscore, which is markup here.
        is_plain = _PLAIN_FORMULA.fullmatch(text) and "_" not in text
        return text.replace("-", "−") if is_plain else _FORMULA
    if isinstance(node, _SILENT):
        return ""
    if isinstance(node, nodes.Text):
        return node.astext()
    return "".join(plain(child) for child in node.children)


def shorten(text: str, limit: int = MAX_WIDTH) -> str:
    """Cut a text to whole sentences, or else to whole words and an ellipsis.

    Parameters
    ----------
    text
        Plain text; white space between words counts as one space.
    limit
        The most columns, see `width`; at least 2.

    Returns
    -------
    str
        The text itself if it is short enough.

    Examples
    --------
    >>> shorten("A neuron adds up. It decides. It learns.", 30)
    'A neuron adds up. It decides.'
    >>> shorten("A neuron adds up evidence", 20)
    'A neuron adds up …'
    """
    if limit < 2:
        raise ValueError(f"limit must be at least 2, got {limit}")
    text = " ".join(text.split())
    if width(text) <= limit:
        return text
    kept = ""
    for sentence in _SENTENCE_END.split(text):
        if width(f"{kept} {sentence}") > limit:
            break
        kept = f"{kept} {sentence}".strip()
    # A short first sentence alone would waste the place.
    if width(kept) * 5 >= limit * 2:
        return kept
    while text and width(text) > limit - 2:
        cut, _, _ = text.rpartition(" ")
        # No space: one word, which is cut anywhere.
        text = cut or text[:-1]
    return text.rstrip(" ,;:–(") + " …"


def description(page: nodes.document, *, otherwise: str) -> str:
    """Return what a page says first, shortened.

    Parameters
    ----------
    page
        The page as Sphinx is about to write it.
    otherwise
        What to say of a page that has no text of its own; it also completes a text
        that says too little.

    Examples
    --------
    >>> from docutils.core import publish_doctree
    >>> page = publish_doctree("A *unit* adds up evidence.")
    >>> description(page, otherwise="A book that runs its own code.")
    'A unit adds up evidence. A book that runs its own code.'
    """
    said = ""
    for paragraph in page.findall(nodes.paragraph):
        # Not what stands in a box, a list or a table.
        if not isinstance(paragraph.parent, nodes.section | nodes.document):
            continue
        sentences = _SENTENCE_END.split(" ".join(plain(paragraph).split()))
        clear = " ".join(s for s in sentences if _FORMULA not in s)
        said = f"{said} {clear}".strip()
        if width(said) >= MIN_WIDTH:
            return shorten(said)
        # One paragraph more, but not one of the next section.
        following = paragraph.next_node(siblings=True, descend=False)
        if said and not isinstance(following, nodes.paragraph):
            break
    return shorten(f"{said} {otherwise}".strip())
