"""Small interactive figures: a reader moves a control, and the drawing follows.

::

    ```{widget} coin
    :instead: fig-entropy-curve

    Try *p* = 0.1. Where is the curve highest?
    ```

What: the directive names one of the `WIDGETS` and a figure of the page that shows the
same idea without scripts; its content says what to try. Controls and their labels are
written into the page, in its language (catalogue ``widgets.po``); they are the
browser's own, so keys and fingers work as everywhere. ``_static/widgets.js`` draws.
A widget that shows data names the glued text that holds them, whole numbers with
spaces in between: ``:data: coins-counts``.
What not: on paper, in e-books, in notebooks and without scripts there is no widget;
the figure named by ``instead`` stands for it.

Source: W3C, *ARIA Authoring Practices Guide*; `output` is a polite live region.
Book page: networks/perceptron
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.locale import get_translation
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

_LOGGER = logging.getLogger(__name__)
_NUMBERS = re.compile(r"\d+(?: \d+)*")


def _(text: str) -> str:
    """Return a text in the build's language."""
    return str(get_translation("widgets")(text))


@dataclass(frozen=True)
class Range:
    """A slider."""

    key: str
    label: str
    low: str
    high: str
    step: str
    value: str

    def html(self, name: str) -> str:
        """Return the slider, its label before it and its value after it."""
        at = f"widget-{name}-{self.key}"
        return (
            f'<div class="widget-range"><label for="{at}">'
            f'{escape(_(self.label))}</label><input type="range" id="{at}" '
            f'data-key="{self.key}" min="{self.low}" max="{self.high}" '
            f'step="{self.step}" value="{self.value}" autocomplete="off" />'
            '<span class="widget-value" aria-hidden="true"></span></div>\n'
        )


@dataclass(frozen=True)
class Stepper:
    """A whole number between two buttons."""

    key: str
    label: str
    low: int
    high: int
    value: int

    def html(self, name: str) -> str:
        """Return the field and its buttons; keys need only the field."""
        at, label = f"widget-{name}-{self.key}", _(self.label)
        less = escape(_("Less: {label}").format(label=label))
        more = escape(_("More: {label}").format(label=label))
        return (
            f'<div class="widget-stepper"><label for="{at}">'
            f'{escape(label)}</label><button type="button" tabindex="-1" '
            f'data-step="-1" aria-label="{less}">−</button>'
            f'<input type="number" inputmode="numeric" id="{at}" '
            f'data-key="{self.key}" min="{self.low}" max="{self.high}" '
            f'step="1" value="{self.value}" autocomplete="off" />'
            '<button type="button" tabindex="-1" data-step="1" '
            f'aria-label="{more}">+</button></div>\n'
        )


@dataclass(frozen=True)
class Choice:
    """One of several names, which need no translation."""

    key: str
    label: str
    names: tuple[str, ...]

    def html(self, name: str) -> str:
        """Return the radio buttons; the first one is chosen."""
        at = f"widget-{name}-{self.key}"
        choices = "".join(
            f'<label><input type="radio" name="{at}" data-key="{self.key}" '
            f'value="{text.lower()}" autocomplete="off"'
            f"{'' if k else ' checked'} /> {escape(text)}</label>"
            for k, text in enumerate(self.names)
        )
        return (
            f'<fieldset class="widget-choice"><legend>{escape(_(self.label))}'
            f"</legend>{choices}</fieldset>\n"
        )


@dataclass(frozen=True)
class BestButton:
    """A button that sets the first control to its best value."""

    label: str

    def html(self, name: str) -> str:
        """Return the button."""
        return (
            '<div class="widget-button"><button type="button" data-best="1">'
            f"{escape(_(self.label))}</button></div>\n"
        )


@dataclass(frozen=True)
class Widget:
    """An interactive figure.

    Parameters
    ----------
    title
        Its name.
    drawing
        What the drawing shows, for those who do not see it; the numbers are said.
    controls
        The controls, from top to bottom.
    texts
        What the script says, with places to fill in.
    size
        Width and height of the drawing at first.
    num_data
        How many numbers it shows from the page's run; 0 if none.
    """

    title: str
    drawing: str
    controls: tuple[Range | Stepper | Choice | BestButton, ...]
    texts: Mapping[str, str] = field(default_factory=dict)
    size: tuple[int, int] = (400, 200)
    num_data: int = 0

    def messages(self) -> Iterator[str]:
        """Yield every text that a catalogue must translate."""
        yield from (self.title, self.drawing, *self.texts.values())
        for control in self.controls:
            yield control.label
            if isinstance(control, Stepper):
                yield from ("Less: {label}", "More: {label}")


WIDGETS = {
    "perceptron": Widget(
        title="Try it: a line for four points",
        drawing=(
            "Four points in the plane, round for 0 and square for 1. A line "
            "parts the plane; on its tinted side the perceptron says 1. Points "
            "with a wrong answer are crossed out."
        ),
        controls=(
            Choice("gate", "Gate", ("AND", "OR", "XOR")),
            Range("w1", "Weight w1", "-3", "3", "0.25", "1"),
            Range("w2", "Weight w2", "-3", "3", "0.25", "-1"),
            Range("b", "Bias b", "-3", "3", "0.25", "0.5"),
        ),
        texts={
            "right": "{right} of 4 points are right.",
            "all": "All 4 points are right.",
            "none": "Both weights are 0: there is no line.",
        },
        size=(300, 300),
    ),
    "coin": Widget(
        title="Try it: the entropy of a coin",
        drawing=(
            "The entropy H of a coin over its probability p of heads, an arch "
            "that is highest at one half; a point marks the chosen p."
        ),
        controls=(Range("p", "Heads p", "0", "1", "0.01", "0.5"),),
        texts={
            "mean": "H = {p} × {heads} + {q} × {tails} = {bits} bit.",
            "code": (
                "The results of 1,000 tosses take about {thousand} bits on "
                "average, and no code needs fewer."
            ),
            "sure": "0 bit: the outcome is certain, and tells nothing.",
        },
        size=(340, 222),
    ),
    "descent": Widget(
        title="Try it: rate and momentum in the ravine",
        drawing=(
            "Long, flat ellipses of equal loss, and the first 30 steps from "
            "the start at the upper left."
        ),
        controls=(
            Range("rate", "Learning rate", "0.005", "0.25", "0.005", "0.05"),
            Range("momentum", "Momentum", "0", "0.95", "0.05", "0"),
        ),
        texts={
            "converges": (
                "Converges: after {steps} steps it stays less than 0.01 away "
                "from the minimum."
            ),
            "diverges": (
                "Diverges: after {steps} steps it is more than 1,000 away "
                "from the minimum."
            ),
            "neither": (
                "Neither: after {steps} steps it still jumps to and fro."
            ),
        },
        size=(400, 180),
    ),
    "convolution": Widget(
        title="Try it: where the window stops",
        drawing=(
            "One axis of an image: tinted pixels, dotted padding. Each line "
            "below is a place of the window, with a dot for every pixel that "
            "it reads. Crossed cells are never read."
        ),
        controls=(
            Stepper("n", "Input n", 1, 16, 14),
            Stepper("k", "Kernel k", 1, 7, 3),
            Stepper("s", "Stride s", 1, 4, 2),
            Stepper("p", "Padding p", 0, 4, 1),
            Stepper("d", "Dilation d", 1, 4, 1),
        ),
        texts={
            "fits": "An input of {n} × {n} gives an output of {size} × {size}.",
            "rest": (
                "An input of {n} × {n} gives an output of {size} × {size}. "
                "Cells left over at the end of the axis: {rest}."
            ),
            "unfit": (
                "The sizes do not fit: the window covers {span} cells, the "
                "padded axis has only {padded}."
            ),
        },
    ),
    "otsu": Widget(
        title="Try it: a threshold for the coins",
        drawing=(
            "The histogram of the photograph, parted by the threshold, and "
            "over it the curve of the between-class variance with a point at "
            "the threshold."
        ),
        controls=(
            Range("t", "Threshold t", "0", "255", "1", "60"),
            BestButton("Best"),
        ),
        texts={
            "classes": (
                "Dark: {dark}, mean {low}. Bright: {bright}, mean {high}."
            ),
            "variance": (
                "Between-class variance: {variance}, {share} of the greatest."
            ),
            "empty": "All pixels are in one class: there is no variance between.",
        },
        size=(400, 190),
        num_data=256,
    ),
}


class widget(nodes.Invisible, nodes.Element):  # noqa: N801 (docutils' way)
    """A widget; only the site shows it."""


class WidgetDirective(SphinxDirective):
    """The directive: the widget's name, and what to try as its content."""

    required_arguments = 1
    has_content = True
    option_spec: ClassVar = {
        "instead": directives.unchanged_required,
        "data": directives.unchanged_required,
    }

    def run(self) -> list[nodes.Node]:
        """Return the widget, or a warning that says what is wrong."""
        name = self.arguments[0]
        try:
            self._check(name)
        except ValueError as error:
            message = f"widget {name!r}: {error}"
            return [
                self.state.document.reporter.warning(message, line=self.lineno)
            ]
        node = widget(name=name, instead=self.options["instead"])
        self.set_source_info(node)
        # The first child holds the numbers, the others say what to try.
        role = f"{{glue:text}}`{self.options.get('data')}`"
        numbers = self.parse_inline(role)[0] if "data" in self.options else []
        node += nodes.inline("", "", *numbers)
        node += self.parse_content_to_nodes()
        return [node]

    def _check(self, name: str) -> None:
        if name not in WIDGETS:
            raise ValueError(f"is none of {', '.join(WIDGETS)}")
        if not self.options.get("instead"):
            raise ValueError("needs a figure that stands for it (:instead:)")
        if ("data" in self.options) != bool(WIDGETS[name].num_data):
            needs = "needs" if WIDGETS[name].num_data else "takes no"
            raise ValueError(f"{needs} numbers of the page (:data:)")
        if not self.content:
            raise ValueError("does not say what to try")


class CheckWidgets(SphinxPostTransform):
    """Keep the widgets of the site whose figures and numbers are there."""

    # After the results of cells stand in the page.
    default_priority = 310

    def run(self, **kwargs: object) -> None:
        """Check the widgets of a page, or remove them from other books."""
        figures = {
            name
            for figure in self.document.findall(nodes.figure)
            for name in figure["ids"]
        }
        seen = set()
        for node in list(self.document.findall(widget)):
            assert node.parent is not None
            name, numbers = node["name"], node[0].astext()
            wanted = WIDGETS[name].num_data
            problem = ""
            if node["instead"] not in figures:
                problem = f"{node['instead']!r} is no figure of this page"
            elif wanted and not _NUMBERS.fullmatch(numbers):
                problem = f"the data are {numbers[:40]!r}, not whole numbers"
            elif wanted and len(numbers.split()) != wanted:
                problem = f"{len(numbers.split())} numbers, not {wanted}"
            elif name in seen:
                problem = "stands on this page already"
            seen.add(name)
            if self.app.builder.name != "html":
                node.parent.remove(node)
            elif problem:
                node.parent.remove(node)
                _LOGGER.warning(f"widget {name!r}: {problem}", location=node)
            else:
                node["numbers"] = numbers
                node.pop(0)


def _visit(writer: HTML5Translator, node: nodes.Element) -> None:
    name, numbers = node["name"], node["numbers"]
    spec = WIDGETS[name]
    texts = {key: _(text) for key, text in spec.texts.items()}
    data = f' data-numbers="{numbers}"' if numbers else ""
    at = f"widget-{name}"
    writer.body.append(
        f'<div class="book-widget" id="{at}" data-widget="{name}" '
        f'role="group" aria-labelledby="{at}-title" data-texts="'
        f'{escape(json.dumps(texts, ensure_ascii=False))}"{data}>\n'
        f'<p class="widget-title" id="{at}-title">{escape(_(spec.title))}'
        "</p>\n"
    )


def _depart(writer: HTML5Translator, node: nodes.Element) -> None:
    spec = WIDGETS[node["name"]]
    controls = "".join(c.html(node["name"]) for c in spec.controls)
    width, height = spec.size
    writer.body.append(
        f'<div class="widget-controls">\n{controls}</div>\n'
        '<output aria-live="polite"></output>\n'
        f'<svg class="widget-drawing" viewBox="0 0 {width} {height}" '
        f'role="img" aria-label="{escape(_(spec.drawing))}"></svg>\n'
        "</div>\n"
    )


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive, its node, the transform, the script and the sheet."""
    app.add_node(widget, html=(_visit, _depart))
    app.add_directive("widget", WidgetDirective)
    app.add_post_transform(CheckWidgets)
    app.add_js_file("widgets.js")
    app.add_css_file("widgets.css")
    return {"parallel_read_safe": True, "parallel_write_safe": True}
