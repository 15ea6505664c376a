"""How the text cites: author and year in round brackets, as each language writes it.

English: (Minsky and Papert, 1969), Gidon et al. (2020). Korean: (Minsky·Papert,
1969), Gidon 외 (2020).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from sphinx.application import Sphinx
from sphinxcontrib.bibtex.plugin import register_plugin
from sphinxcontrib.bibtex.style.referencing import BracketStyle, PersonStyle
from sphinxcontrib.bibtex.style.referencing.author_year import (
    AuthorYearReferenceStyle,
)


def _round() -> BracketStyle:
    return BracketStyle(left="(", right=")", sep="; ")


@dataclass
class EnglishCitations(AuthorYearReferenceStyle):
    """Author and year, joined by "and"."""

    bracket_textual: BracketStyle = field(default_factory=_round)
    bracket_parenthetical: BracketStyle = field(default_factory=_round)


@dataclass
class KoreanCitations(EnglishCitations):
    """Author and year, joined by a middle dot; further authors are 외."""

    person: PersonStyle = field(
        default_factory=lambda: PersonStyle(
            sep="·", sep2="·", last_sep="·", other=" 외"
        )
    )


def setup(app: Sphinx) -> None:
    """Register the styles under the names that `aibook_sphinx.languages` sets."""
    group = "sphinxcontrib.bibtex.style.referencing"
    register_plugin(group, "aibook_en", EnglishCitations)
    register_plugin(group, "aibook_ko", KoreanCitations)
