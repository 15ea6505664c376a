"""Terms in the built site: the glossary, the links to it, the definitions."""

import re
from collections import Counter
from urllib.parse import unquote, urlsplit

import pytest
from bs4 import Tag

from site_pages import LANGUAGES, OTHER, SitePage
from source_pages import glossary, names

pytestmark = pytest.mark.site

Pages = tuple[SitePage, ...]
HANGUL = re.compile("[\uac00-\ud7a3]")
USING_TERMS = {
    "ai/data",
    "ai/definition",
    "ai/evaluation",
    "ai/history",
    "ai/learning",
    "ai/tasks",
    "images/pixels",
    "images/convolution",
    "images/cnn",
    "scenes/thresholding",
    "networks/backpropagation",
    "generative/gan",
    "generative/diffusion",
    "generative/dcgan",
    "generative/pix2pix",
    "generative/cyclegan",
    "generative/evaluation",
    "generative/text-to-image",
    "labs/income",
    "labs/numpy",
    "labs/on-device",
    "labs/pytorch",
    "labs/scaling",
    "labs/sentiment",
    "networks/entropy",
    "networks/gradient-descent",
    "networks/loss",
    "networks/mlp",
    "networks/perceptron",
    "networks/training",
    "reference/glossary",
    "reference/miniatures",
    "scenes/morphology",
    "scenes/instances",
    "scenes/promptable",
    "scenes/segmentation",
    "scenes/detection",
    "sequences/rnn",
    "sequences/lstm",
    "sequences/attention",
    "sequences/transformer",
    "sequences/vision-transformer",
    "sequences/language-models",
    "sequences/speech",
    "start/notation",
    "start/using-this-book",
}


def term_links(page: SitePage) -> list[Tag]:
    """Return the links to terms, without those inside of definitions."""
    links = [term.parent for term in page.article.select("a > .std-term")]
    return [a for a in links if a and not a.find_parent("template")]


def test_links_to_terms_lead_to_the_glossary_and_have_a_definition(
    pages: Pages,
) -> None:
    problems = []
    using = set()
    for page in pages:
        templates = [t["id"] for t in page.html.select("template[id]")]
        used = []
        for link in term_links(page):
            using.add(page.name)
            url = urlsplit(str(link["href"]))
            target = (page.path.parent / unquote(url.path)).resolve()
            own = url.path == "" and page.name == "reference/glossary"
            if not own and target.name != "glossary.html":
                problems.append(f"{page}: {link['href']}")
            if url.fragment not in glossary(page.language):
                problems.append(f"{page}: no entry {url.fragment!r}")
            used.append(f"definition-of-{url.fragment}")
        if list(dict.fromkeys(used)) != templates:
            problems.append(f"{page}: {set(used) ^ set(templates)}")
    assert using == USING_TERMS
    assert problems == []


def test_definitions_stay_out_of_the_text(pages: Pages) -> None:
    for page in pages:
        for template in page.html.select("template[id^=definition-of-]"):
            assert "no-search" in template["class"]
            assert template.find_parent(["p", "section"]) is None
            assert len(template.select(".definition-more a")) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_entries_show_the_term_of_the_other_language(
    pages: Pages, language: str
) -> None:
    [page] = [
        p
        for p in pages
        if (p.language, p.name) == (language, "reference/glossary")
    ]
    entries = page.article.select("dl.glossary > dt")
    assert Counter(dt["id"] for dt in entries) == Counter(
        list(glossary(language))
    )
    for dt in entries:
        others = dt.select("[lang]")
        if not others:  # a name that both languages write alike
            assert not HANGUL.search(dt.get_text()), dt
            continue
        [other] = others
        assert other["lang"] == OTHER[language]
        text = other.get_text()
        assert text, dt
        # Except where Koreans write Latin letters, too.
        if language == "en":
            assert HANGUL.search(text) or text in {"ReLU"}, dt
        else:
            assert not HANGUL.search(text), dt


def test_a_particle_follows_its_term_at_once(pages: Pages) -> None:
    """In Korean the word goes on after a link, in one line of the source."""
    following = []
    for name in names("ko"):
        [page] = [p for p in pages if (p.language, p.name) == ("ko", name)]
        for link in term_links(page):
            following.append(str(link.next_sibling or "")[:1])
            assert link.get_text() == link.get_text().strip()
    assert sum(bool(HANGUL.match(text)) for text in following) > 20
