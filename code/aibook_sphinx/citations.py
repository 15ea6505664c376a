"""How the text cites: author and year in round brackets, as each language writes it.

English: (Minsky and Papert, 1969), Gidon et al. (2020). Korean: (Minsky·Papert,
1969), Gidon 외 (2020).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

import pybtex.plugin
from sphinx.application import Sphinx
from sphinx.config import Config
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


STYLES = {"en": EnglishCitations, "ko": KoreanCitations}


def _choose(app: Sphinx, config: Config) -> None:
    if config.language in STYLES:
        config.bibtex_reference_style = f"aibook_{config.language}"


def setup(app: Sphinx) -> None:
    """Register the styles, and choose that of the language."""
    # For each of a thousand citations all installed packages would be searched.
    pybtex.plugin.find_plugin = cache(pybtex.plugin.find_plugin)
    for language, style in STYLES.items():
        register_plugin(
            "sphinxcontrib.bibtex.style.referencing",
            f"aibook_{language}",
            style,
        )
    app.connect("config-inited", _choose)
