"""Korean particles after numbers that a link ends with: 그림 3.1.2와, 2017)은."""

import re

import pytest
from bs4 import PageElement, Tag

from site_pages import SitePage

pytestmark = pytest.mark.site

Pages = tuple[SitePage, ...]
# How the numerals end when read aloud: 영 일 이 삼 사 오 육 칠 팔 구.
CONSONANT = frozenset("013678")
LIQUID = frozenset("178")  # these take 로, as after a vowel
#: After a consonant, after a vowel.
PAIRS = (("은", "는"), ("이", "가"), ("을", "를"), ("과", "와"))
PARTICLE = re.compile(r"(으로|[은는이가을를과와로])(?=[\s,.)])")
# A figure, an equation, a year: what a citation in brackets follows is a noun.
NUMBER = re.compile(r"[^,\d]*\(?[\d.]*(\d)[a-z]?\)?")


def fits(digit: str, particle: str) -> bool:
    """Return whether a particle may follow a number that ends with the digit."""
    if particle in ("으로", "로"):
        wants = digit in CONSONANT - LIQUID
        return (particle == "으로") == wants
    for closed, open_ in PAIRS:
        if particle in (closed, open_):
            return (particle == closed) == (digit in CONSONANT)
    raise ValueError(f"no particle: {particle!r}")


@pytest.mark.parametrize(
    ("digit", "particle", "right"),
    [
        ("7", "은", True),
        ("7", "는", False),
        ("2", "를", True),
        ("2", "을", False),
        ("1", "로", True),
        ("1", "으로", False),
        ("3", "으로", True),
        ("5", "로", True),
    ],
)
def test_which_particle_fits(digit: str, particle: str, right: bool) -> None:
    assert fits(digit, particle) == right


def following(link: Tag) -> str:
    """Return the text after a link, without the bracket that closes a citation."""
    after: PageElement | None = link.next_sibling
    if str(after) == ")" and link.parent:
        after = link.parent.next_sibling
    return str(after) if isinstance(after, str) else ""


def test_particles_after_links_that_end_with_a_number(pages: Pages) -> None:
    problems = []
    seen = 0
    for page in pages:
        if page.language != "ko":
            continue
        for link in page.article.select("a.reference.internal"):
            number = NUMBER.fullmatch(link.get_text().strip())
            text = following(link)
            particle = PARTICLE.match(text)
            if number and particle:
                seen += 1
                if not fits(number[1], particle[1]):
                    problems.append(
                        f"{page}: {link.get_text()!r} and {text[:20]!r}"
                    )
    assert seen > 20
    assert not problems, "\n".join(problems)
