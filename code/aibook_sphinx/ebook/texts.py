"""What an EPUB says in each language, beside the pages."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Texts:
    """What an EPUB says in one language, beside the pages.

    Attributes
    ----------
    author
        Who wrote the book.
    description
        The book in one or two sentences.
    contents, cover, start, landmarks
        Names in the table of contents.
    solutions
        The heading over a page's solutions.
    to_solution
        The link that leads to one of them.
    sound
        What stands for a sound.
    """

    author: str
    description: str
    contents: str
    cover: str
    start: str
    landmarks: str
    solutions: str
    to_solution: str
    sound: str


TEXTS: Mapping[str, Texts] = {
    "ko": Texts(
        author="aibook 기여자들",
        description=(
            "모든 코드가 실제로 실행되는 인공지능 교과서입니다. 그림과 실험 결과, "
            "학습 기록은 모두 책을 만들 때 그 위의 코드가 계산한 것입니다."
        ),
        contents="차례",
        cover="표지",
        start="본문",
        landmarks="바로 가기",
        solutions="풀이",
        to_solution="풀이 보기",
        sound="소리는 웹 판에서 들을 수 있습니다.",
    ),
    "en": Texts(
        author="The aibook contributors",
        description=(
            "A textbook of artificial intelligence in which everything runs: "
            "every figure, number and training log was computed by the code "
            "above it when the book was made."
        ),
        contents="Contents",
        cover="Cover",
        start="Start of the text",
        landmarks="Landmarks",
        solutions="Solutions",
        to_solution="See the solution",
        sound="The sound can be heard in the web edition.",
    ),
}


def identifier(language: str) -> str:
    """Return the number by which e-readers recognise the book in all editions.

    Examples
    --------
    >>> identifier("ko") == identifier("en")
    False
    """
    return uuid.uuid5(uuid.NAMESPACE_OID, f"aibook-{language}").urn
