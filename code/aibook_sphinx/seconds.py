"""How long the pages took to execute, as it was measured once.

What: ``book/seconds.yml`` holds the seconds of every page with cells, the machine and
the days. Two roles show them:

.. code-block:: text

   {seconds}`images/cnn` seconds, on {measured}`processor`

What not: the measuring, see `aibook_sphinx.timing`. No clock of the present build
shows on a page, so that two builds give the same bytes.

Book page: reference/miniatures
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxRole

FILE = "seconds.yml"
# What is said of the measurement, beside the pages.
FACTS = ("processor", "cores", "python", "torch", "first", "last")

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Measurement:
    """What the file holds.

    Parameters
    ----------
    facts
        The machine, the versions and the days, by the names in `FACTS`.
    pages
        The seconds of each page, by its name: its path without suffix.
    """

    facts: Mapping[str, str]
    pages: Mapping[str, float]

    def fact(self, name: str) -> str:
        """Return what is said of the measurement.

        Raises
        ------
        LookupError
            There is no such fact.
        """
        if name not in self.facts:
            raise LookupError(
                f"measured {name!r}: allowed are {', '.join(FACTS)}"
            )
        return self.facts[name]

    def shown(self, page: str) -> str:
        """Return a page's seconds, rounded to whole ones.

        Raises
        ------
        LookupError
            The page was not measured.

        Examples
        --------
        >>> Measurement({}, {"images/cnn": 29.7}).shown("images/cnn")
        '30'
        """
        if page not in self.pages:
            raise LookupError(
                f"seconds {page!r}: not in {FILE}; name a page with cells, such "
                "as images/cnn, and after a build of all pages run "
                "`python -m aibook_sphinx seconds`"
            )
        return f"{self.pages[page]:.0f}"


def read_measurement(path: Path) -> Measurement:
    """Read the file.

    Raises
    ------
    ValueError
        It holds other facts than it should, or seconds that are no positive number.
    """
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    facts, pages = data["measured"], data["pages"]
    if tuple(facts) != FACTS:
        raise ValueError(
            f"{path.name}: measured must hold {', '.join(FACTS)}, "
            f"got {', '.join(facts)}"
        )
    for page, seconds in pages.items():
        if not isinstance(seconds, int | float) or seconds <= 0:
            raise ValueError(
                f"{path.name}: the seconds of {page} must be a positive "
                f"number, got {seconds!r}"
            )
    return Measurement({k: str(v) for k, v in facts.items()}, pages)


def write_measurement(path: Path, measurement: Measurement) -> None:
    """Write the file, the same bytes for the same measurement."""
    lines = [
        "# How long each page took to execute, in seconds of the clock.",
        "# Written by `python -m aibook_sphinx seconds`; not to be edited.",
        "measured:",
        *(f'  {name}: "{measurement.facts[name]}"' for name in FACTS),
        "pages:",
        *(
            f"  {page}: {seconds:.1f}"
            for page, seconds in sorted(measurement.pages.items())
        ),
    ]
    text = "\n".join(lines) + "\n"
    path.write_text(text, encoding="utf-8", newline="\n")


class _Measured(SphinxRole):
    """What both roles share: they show a text from the file."""

    def look_up(self, measurement: Measurement) -> str:
        """Return the text to show."""
        raise NotImplementedError

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the text, or warn of what is missing."""
        # Beside the folders of the languages.
        path = Path(self.env.srcdir).parent / FILE
        self.env.note_dependency(str(path))
        try:
            return [nodes.Text(self.look_up(read_measurement(path)))], []
        except (LookupError, OSError, ValueError) as error:
            said = error.args[0] if isinstance(error, LookupError) else error
            logger.warning("%s", said, location=self.get_location())
            return [nodes.problematic(self.rawtext, self.rawtext)], []


class Seconds(_Measured):
    """The role ``seconds``: a page's name."""

    def look_up(self, measurement: Measurement) -> str:
        """Return the seconds of a page."""
        return measurement.shown(self.text)


class Measured(_Measured):
    """The role ``measured``: one of `FACTS`."""

    def look_up(self, measurement: Measurement) -> str:
        """Return what is said of the measurement."""
        return measurement.fact(self.text)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the roles."""
    app.add_role("seconds", Seconds())
    app.add_role("measured", Measured())
    return {"parallel_read_safe": True, "parallel_write_safe": True}
