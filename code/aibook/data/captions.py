"""Garments with patterns, and captions that say so, in Korean and English.

What: `add_pattern` lays a pattern (stripes, checks) on photographs of garments;
`caption` says in a sentence of a small grammar which garment it is and which
pattern it has; `unseen_pairs` chooses the pairs that training is not to see.

What not: no model, and no photographs (`aibook.data.fashion_mnist`). The patterns
are drawn by a formula, and so are the sentences: a photograph in a shop and what
people write about it are far more varied.

Book page: ai/data
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from aibook.data.checks import integer

__all__ = [
    "GARMENTS",
    "LANGUAGES",
    "PATTERNS",
    "TEMPLATES",
    "add_pattern",
    "caption",
    "unseen_pairs",
]

LANGUAGES = ("ko", "en")

#: Class of Fashion-MNIST, and its names in Korean and English.
GARMENTS = {
    0: {"ko": "티셔츠", "en": "T-shirt"},
    1: {"ko": "바지", "en": "trousers"},
    2: {"ko": "스웨터", "en": "pullover"},
    3: {"ko": "원피스", "en": "dress"},
    4: {"ko": "코트", "en": "coat"},
    5: {"ko": "샌들", "en": "sandal"},
    6: {"ko": "셔츠", "en": "shirt"},
    7: {"ko": "운동화", "en": "sneaker"},
    8: {"ko": "가방", "en": "bag"},
    9: {"ko": "부츠", "en": "boot"},
}

#: The patterns, and how a caption calls them.
PATTERNS = {
    "plain": {"ko": "무늬 없는", "en": "plain"},
    "horizontal": {"ko": "가로줄", "en": "cross-striped"},
    "vertical": {"ko": "세로줄", "en": "pin-striped"},
    "diagonal": {"ko": "빗금", "en": "diagonal"},
    "checks": {"ko": "체크", "en": "chequered"},
}

#: The sentences: {0} is the pattern, {1} the garment.
TEMPLATES = {
    "ko": (
        "{0} {1}",
        "{0} {1} 사진",
        "이것은 {0} {1}입니다",
        "{0} 옷감의 {1}",
    ),
    "en": (
        "{0} {1}",
        "a photo of a {0} {1}",
        "this is a {0} {1}",
        "one {0} {1}",
    ),
}

PERIOD = 6
SHADE = 0.25

Images = npt.NDArray[np.float32]


def add_pattern(
    images: npt.ArrayLike, pattern: str, *, rng: np.random.Generator
) -> Images:
    """Lay a pattern on photographs, at a place that differs from one to the next.

    Where the pattern is dark, a quarter of the brightness is left.

    Parameters
    ----------
    images
        Shape (N, H, W), 0 (background) to 1.
    pattern
        One of `PATTERNS`.
    rng
        Draws where the pattern begins.

    Returns
    -------
    numpy.ndarray
        Shape (N, H, W), 0 to 1, single precision.

    Raises
    ------
    ValueError
        For another number of axes, no image, or another pattern.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> add_pattern(np.ones((1, 6, 1)), "horizontal", rng=rng)[0, :, 0]
    array([0.25, 1.  , 1.  , 1.  , 0.25, 0.25], dtype=float32)
    """
    X = np.asarray(images, dtype=np.float32)
    if X.ndim != 3 or not X.size:
        raise ValueError(f"images has shape {X.shape}; expected (N, H, W)")
    if pattern not in PATTERNS:
        raise ValueError(
            f"pattern is {pattern!r}; expected one of {', '.join(PATTERNS)}"
        )
    shift = rng.integers(PERIOD, size=(2, len(X), 1, 1))
    row = np.arange(X.shape[1])[:, None] + shift[0]  # (N, H, 1)
    column = np.arange(X.shape[2]) + shift[1]  # (N, 1, W)
    across, down = row // 3 % 2 == 1, column // 3 % 2 == 1
    dark = {
        "plain": np.zeros((1, 1, 1), dtype=bool),
        "horizontal": across,
        "vertical": down,
        "diagonal": (row + column) // 3 % 2 == 1,
        "checks": across ^ down,
    }[pattern]
    return X * np.where(dark, SHADE, 1.0).astype(np.float32)


def caption(
    garment: int, pattern: str, *, language: str, template: int = 0
) -> str:
    """Say which garment it is and which pattern it has.

    Parameters
    ----------
    garment
        A key of `GARMENTS`, a label of Fashion-MNIST.
    pattern
        A key of `PATTERNS`.
    language
        ``"ko"`` or ``"en"``.
    template
        Which of the language's `TEMPLATES`, from 0.

    Raises
    ------
    ValueError
        If one of them does not exist.

    Examples
    --------
    >>> caption(3, "checks", language="en", template=1)
    'a photo of a chequered dress'
    >>> caption(3, "checks", language="ko", template=1)
    '체크 원피스 사진'
    """
    if language not in LANGUAGES:
        raise ValueError(f"language is {language!r}; expected 'ko' or 'en'")
    if garment not in GARMENTS or pattern not in PATTERNS:
        raise ValueError(
            f"garment {garment!r} and pattern {pattern!r}; expected a label 0 to 9 "
            f"and one of {', '.join(PATTERNS)}"
        )
    sentences = TEMPLATES[language]
    sentence = sentences[integer("template", template, 0, len(sentences) - 1)]
    return sentence.format(
        PATTERNS[pattern][language], GARMENTS[garment][language]
    )


def unseen_pairs(
    garments: Sequence[int], *, per_garment: int = 2
) -> list[tuple[int, str]]:
    """Choose pairs of garment and pattern to keep from training.

    Each garment lacks ``per_garment`` patterns, shifted by one from garment to
    garment, so that every pattern is still seen on others.

    Parameters
    ----------
    garments
        Labels of Fashion-MNIST.
    per_garment
        How many patterns each of them lacks, 1 to 4.

    Raises
    ------
    ValueError
        For no garment, or a number out of range.

    Examples
    --------
    >>> unseen_pairs([0, 1], per_garment=1)
    [(0, 'plain'), (1, 'horizontal')]
    """
    names = list(PATTERNS)
    integer("per_garment", per_garment, 1, len(names) - 1)
    integer("the number of garments", len(garments), 1)
    return [
        (garment, names[(i + 2 * k) % len(names)])
        for i, garment in enumerate(garments)
        for k in range(per_garment)
    ]
