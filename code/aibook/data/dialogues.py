"""Scripts for ELIZA, and what a visitor says to it, in English and Korean.

All of it was written for this book: the rules follow the form of Weizenbaum's
(1966), not his wording.

Book page: ai/history
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

_FILES = {
    "en": "handmade/eliza.en.toml",
    "ko": "handmade/eliza.ko.toml",
}
LANGUAGES = tuple(_FILES)


def load_script(language: str) -> dict[str, Any]:
    """Return the script of a language, as `aibook.scratch.eliza.Eliza` takes it.

    Parameters
    ----------
    language
        One of `LANGUAGES`: ``"en"`` or ``"ko"``.

    Returns
    -------
    dict
        Besides the script itself, ``visitor`` holds the lines of a visitor and
        ``speakers`` the names of the two.

    Raises
    ------
    ValueError
        If there is no script in that language.

    Examples
    --------
    >>> load_script("en")["hello"]
    'How do you do. What is on your mind?'
    >>> load_script("ko")["speakers"]
    ['방문자', '엘리자']
    """
    if language not in _FILES:
        allowed = ", ".join(map(repr, LANGUAGES))
        raise ValueError(
            f"language must be one of {allowed}, got {language!r}"
        )
    path = Path(__file__).parent / _FILES[language]
    return tomllib.loads(path.read_text(encoding="utf-8"))
