"""The two languages of the site: what differs between them, and the way across.

Each language is one Sphinx build of the same ``conf.py``, so what depends on the
language is set here, once Sphinx knows it. The templates get the address of the
same page in each language, relative, so that the site works from any folder and
from disk. Texts that the theme and the extensions leave in English come from
``book/locale``.
"""

from __future__ import annotations

import gettext
import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.locale import _
from sphinx.transforms import SphinxTransform

from sphinx import addnodes, locale

# What others write into a page's body, and what stands there instead:
_REPAIRS = {
    # an English label, which hides the visible one beneath it;
    '<summary aria-label="Toggle hidden content">': "<summary>",
    # the same id for every exercise of a page;
    '<section id="exercise-content">': "<section>",
    '<section id="solution-content">': "<section>",
    # a role that was withdrawn, and that a list may not hold.
    'role="doc-biblioentry"': 'role="listitem"',
}
# The index's headings are first consonants, which Sphinx cuts off a syllable; alone
# they are other letters.
_CONSONANTS = dict(
    zip(
        map(chr, range(0x1100, 0x1113)),
        "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ",
        strict=True,
    )
)
# Sphinx reads the catalogue "sphinx" by itself.
_CATALOGUES = ("booktheme", "exercise", "widgets")


@dataclass(frozen=True)
class Language:
    """A language of the book.

    Attributes
    ----------
    name
        What its speakers call it.
    title
        The book's title.
    locale
        The language and its region, as Open Graph names them.
    description
        What the book is, in a sentence or two.
    missing, missing_advice
        What a reader is told in place of a page that does not exist.
    home, search
        Where that reader can go.
    numbers
        How a numbered thing is named, by kind; ``%s`` is the number.
    settings
        Further settings of Sphinx and its extensions.
    """

    name: str
    title: str
    locale: str
    description: str
    missing: str
    missing_advice: str
    home: str
    search: str
    numbers: Mapping[str, str]
    settings: Mapping[str, Any] = field(default_factory=dict)


LANGUAGES: Mapping[str, Language] = {
    "ko": Language(
        name="한국어",
        title="실행하며 배우는 인공지능",
        locale="ko_KR",
        description=(
            "모든 코드가 실제로 실행되는 인공지능 교과서입니다. 뉴런 하나에서 "
            "생성 모델까지 설명하고, 구현하고, 학습시킵니다."
        ),
        missing="찾으시는 페이지가 없습니다",
        missing_advice="주소가 바뀌었거나 잘못 입력되었을 수 있습니다.",
        home="처음으로",
        search="검색",
        numbers={
            "code-block": "코드 %s",
            "exercise": "연습문제 %s",
            "figure": "그림 %s",
            "section": "%s절",
            "table": "표 %s",
        },
        settings={
            "nb_code_prompt_show": "접힌 코드 펼치기",
            "nb_code_prompt_hide": "코드 접기",
        },
    ),
    "en": Language(
        name="English",
        title="Artificial Intelligence You Can Run",
        locale="en_GB",
        description=(
            "A textbook of artificial intelligence in which all code runs: from "
            "one neuron to generative models, explained, built and trained."
        ),
        missing="This page does not exist",
        missing_advice="Its address may have changed, or have been mistyped.",
        home="To the beginning",
        search="Search",
        numbers={
            "code-block": "Listing %s",
            "exercise": "Exercise %s",
            "figure": "Figure %s",
            "section": "Section %s",
            "table": "Table %s",
        },
        settings={
            "nb_code_prompt_show": "Show code cell {type}",
            "nb_code_prompt_hide": "Hide code cell {type}",
        },
    ),
}


def _catalogue_files(config: Config) -> list[Path]:
    folders = [
        Path(d, config.language, "LC_MESSAGES") for d in config.locale_dirs
    ]
    return sorted(p for d in folders for p in d.glob("*.po"))


def _prefer_own_catalogues(config: Config) -> None:
    """Put the book's translations before those of the theme and extensions."""
    for path in _catalogue_files(config):
        if path.stem not in _CATALOGUES:
            continue
        compiled = io.BytesIO()
        with path.open("rb") as file:
            write_mo(compiled, read_po(file, locale=config.language))
        own = gettext.GNUTranslations(io.BytesIO(compiled.getvalue()))
        registered = locale.translators.get(("general", path.stem))
        if registered is not None:
            own.add_fallback(registered)
        locale.translators["general", path.stem] = own


def _configure(app: Sphinx, config: Config) -> None:
    """Set what depends on the language."""
    if config.language not in LANGUAGES:
        raise ValueError(
            f"language {config.language!r} is not one of the book's: "
            f"{', '.join(LANGUAGES)}"
        )
    language = LANGUAGES[config.language]
    config.project = config.html_title = config.html_short_title = (
        language.title
    )
    config.numfig_format = {**config.numfig_format, **language.numbers}
    for name, value in language.settings.items():
        setattr(config, name, value)
    # Before the theme's own templates, which some of these replace.
    own = str(Path(__file__).parent / "templates")
    config.templates_path = [own, *config.templates_path]
    _prefer_own_catalogues(config)
    # Pages carry translated text: read them anew when a catalogue has changed.
    texts = b"".join(p.read_bytes() for p in _catalogue_files(config))
    config.aibook_catalogues = hashlib.sha256(texts).hexdigest()


class TranslatedIndexEntries(SphinxTransform):
    """Translate the word "module", which Sphinx leaves in English in the index."""

    # Before Sphinx collects the entries.
    default_priority = 840

    def apply(self, **kwargs: object) -> None:
        """Change the entries of modules."""
        for node in self.document.findall(addnodes.index):
            node["entries"] = [
                (kind, text.replace("module; ", f"{_('module')}; ", 1), *rest)
                if kind == "pair" and text.startswith("module; ")
                else (kind, text, *rest)
                for kind, text, *rest in node["entries"]
            ]


def has_page(app: Sphinx, code: str, pagename: str) -> bool:
    """Return whether language `code` has the page, generated ones included."""
    if pagename not in app.env.found_docs:
        return True
    source = app.env.doc2path(pagename, base=False)
    return (Path(app.srcdir).parent / code / source).is_file()


def _complete_page(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: object,
) -> None:
    """Give the templates the page's address in every language; mend its body."""
    for old, new in _REPAIRS.items():
        if "body" in context:
            context["body"] = context["body"].replace(old, new)
    if "genindexentries" in context:
        context["genindexentries"] = [
            (_CONSONANTS.get(letter, letter), entries)
            for letter, entries in context["genindexentries"]
        ]
    # From the page up to the folder that holds all languages.
    up = "../" * (app.builder.get_target_uri(pagename).count("/") + 1)
    context["book_languages"] = []
    for code, language in LANGUAGES.items():
        page = (
            pagename if has_page(app, code, pagename) else app.config.root_doc
        )
        context["book_languages"].append(
            {
                "code": code,
                "name": language.name,
                "href": f"{up}{code}/{app.builder.get_target_uri(page)}",
                "current": code == app.config.language,
            }
        )


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the settings, the templates' data and the script."""
    app.add_config_value("aibook_catalogues", "", "env", str)
    # After copybutton's script, whose texts this one completes.
    app.add_js_file("language.js", loading_method="defer", priority=900)
    app.add_transform(TranslatedIndexEntries)
    app.connect("config-inited", _configure)
    app.connect("html-page-context", _complete_page)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
