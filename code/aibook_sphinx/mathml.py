r"""Mathematics as MathML, written when the book is built.

What: a math renderer, ``mathml``, for Sphinx's HTML builders. LaTeX becomes MathML
Core, which browsers draw themselves, so a page needs no script and no network. Each
formula carries its LaTeX source as an annotation. ``_static/math.css`` and the font
in ``_static/fonts`` give it its looks.
What not: other builders keep their own mathematics. A block has one number, as MyST
and Sphinx count: the lines of an ``align`` are not numbered one by one.

Source: W3C, MathML Core; the conversion is `aibook_sphinx.latex`'s.
Book page: start/notation
"""

import re
from html import escape
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.locale import _
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number
from sphinx.writers.html5 import HTML5Translator

from aibook_sphinx.latex import may_overflow, to_mathml

logger = logging.getLogger(__name__)

_LABEL = re.compile(r"\\label\{([^{}]+)\}")


def _warn(node: nodes.Element, reason: str) -> None:
    logger.warning(
        "formula cannot be shown: %s",
        reason,
        location=node,
        type="math",
        subtype="tex",
    )


def _render(
    self: HTML5Translator, node: nodes.Element
) -> tuple[str, dict[str, str]]:
    """Return a formula and its scrolling box's attributes; else its LaTeX source."""
    display = isinstance(node, nodes.math_block)
    try:
        mathml = to_mathml(
            node.astext(),
            display=display,
            macros=self.builder.config.mathml_macros,
        )
    except ValueError as error:
        if "math_error" not in node:
            _warn(node, str(error))
        source = escape(node.astext().strip())
        return f'<code class="math-source">{source}</code>', {}
    if may_overflow(mathml):
        return mathml, {"tabindex": "0", "role": "group"}
    return mathml, {}


def visit_math(self: HTML5Translator, node: nodes.math) -> None:
    """Write a formula in a line of text."""
    mathml, attributes = _render(self, node)
    box: dict[str, Any] = attributes
    classes = "math notranslate nohighlight" + (" math-wide" if box else "")
    start = self.starttag(node, "span", "", CLASS=classes, **box)
    self.body.append(f"{start}{mathml}</span>")
    raise nodes.SkipNode


def visit_math_block(self: HTML5Translator, node: nodes.math_block) -> None:
    """Write a formula on lines of its own, with its number and the link to it."""
    mathml, box = _render(self, node)
    self.body.append(
        self.starttag(node, "div", CLASS="math notranslate nohighlight")
    )
    if node.get("number"):
        number = get_node_equation_number(self, node)
        self.body.append(f'<span class="eqno">({number})')
        self.add_permalink_ref(node, _("Link to this equation"))
        self.body.append("</span>")
    attributes = "".join(f' {name}="{value}"' for name, value in box.items())
    self.body.append(
        f'<div class="math-scroll"{attributes}>{mathml}</div></div>\n'
    )
    raise nodes.SkipNode


def name_equations(app: Sphinx, doctree: nodes.document) -> None:
    r"""Name amsmath's equations by their ``\label``, else by page and position.

    MyST names them at random, so that no build would be like another.
    """
    domain = app.env.domains.math_domain
    docname = app.env.current_document.docname
    blocks = [n for n in doctree.findall(nodes.math_block) if n.get("label")]
    for position, node in enumerate(blocks):
        if "amsmath" not in node.get("classes", []):
            continue
        written = _LABEL.search(node.astext())
        label = written[1] if written else f"{docname}:amsmath:{position}"
        if label in domain.equations:
            other = domain.equations[label][0]
            logger.warning(
                "duplicate label of equation %s, other instance in %s",
                *(label, other),
                location=node,
            )
        old = nodes.make_id(f"equation-{node['label']}")
        new = nodes.make_id(f"equation-{label}")
        domain.equations[label] = domain.equations.pop(node["label"])
        node["label"] = label
        for element in doctree.findall(nodes.Element):
            element["ids"] = [new if i == old else i for i in element["ids"]]
            if element.get("refid") == old:
                element["refid"] = new
        doctree.ids[new] = doctree.ids.pop(old, node)


def check_formulas(app: Sphinx, doctree: nodes.document) -> None:
    """Report each formula that cannot be shown, at every build until it is mended.

    A page whose only fault is found in writing would be up to date the next time.
    """
    if app.builder.format != "html":
        return
    for node in [
        *doctree.findall(nodes.math),
        *doctree.findall(nodes.math_block),
    ]:
        try:
            to_mathml(node.astext(), macros=app.config.mathml_macros)
        except ValueError as error:
            _warn(node, str(error))
            node["math_error"] = str(error)
            app.env.note_reread()


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the renderer, its style sheet, and the setting ``mathml_macros``."""
    app.add_config_value("mathml_macros", {}, "env", types=frozenset({dict}))
    app.add_html_math_renderer(
        "mathml",
        inline_renderers=(visit_math, None),
        block_renderers=(visit_math_block, None),
    )
    app.add_css_file("math.css")
    app.connect("doctree-read", name_equations)
    app.connect("doctree-read", check_formulas)
    return {
        "version": "1",
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
