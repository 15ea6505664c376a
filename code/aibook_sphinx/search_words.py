"""The words under which a text can be found: English stems, Korean morphemes.

Korean words carry particles and endings and are written together, so a text is
cut by kiwi (``kiwipiepy``), a morphological analyser that brings its own model.
Of a compound all parts are kept, and the compound: 기계학습 is found by 기계, by
학습 and by 기계학습. The book's own terms are given to kiwi, which would cut some
of them in the wrong places. Nothing here knows of pages; the browser, which has no
kiwi, cuts a query by the words of the index (``_static/search.js``).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING

from sphinx.search.en import SearchEnglish

if TYPE_CHECKING:
    from kiwipiepy import Kiwi, Token

_HANGUL = re.compile("[가-힣]+")
# Hangul and the rest part company: XOR를 holds XOR.
_RUN = re.compile("[가-힣]+|[^\\W가-힣]+")
# Nouns and roots; and what finds nothing alone, but may be part of a compound.
_NOUNS = ("NNG", "NNP", "XR")
_JOINED = (*_NOUNS, "MM", "NNB", "NP", "NR", "XPN", "XSN")
_VERBS = ("VV", "VA")
# The longest compound, counted in morphemes.
_LONGEST = 4
_BOLD_TERM = re.compile(r"\*\*([가-힣 ]+)\*\*\(")
_GLOSSARY = re.compile(r"^```\{glossary\}.*?^```", re.MULTILINE | re.DOTALL)
_ENTRY = re.compile("^[가-힣].*", re.MULTILINE)

_english = SearchEnglish({})


@cache
def _stem(word: str) -> str:
    return _english.stem(word)


def _english_word(run: str) -> str | None:
    """Return the stem of a word, or nothing if it is not worth looking up."""
    if len(run) == 1 or (run[0].isdigit() and len(run) > 2) or run.isdigit():
        return None
    if run.lower() in _english.stopwords and not run.isupper():
        return None
    return _stem(run)


def english_words(text: str) -> list[str]:
    """Return the stems of the words that are not Korean, in their order.

    Numbers and single letters are left out, and so are the words that every
    text has, unless they are in capitals.

    Examples
    --------
    >>> english_words("The networks of XOR를, OR와 x_1 in 2 layers, 3D, 14181e")
    ['network', 'xor', 'or', 'x_1', 'layer', '3d']
    """
    runs = (run for run in _RUN.findall(text) if not _HANGUL.match(run))
    return [word for run in runs if (word := _english_word(run))]


def key(text: str) -> str:
    """Return what is the same in all ways of writing a term.

    Examples
    --------
    >>> key("경사 하강법") == key("경사하강법")
    True
    >>> key("The hidden layers") == key("hidden layer")
    True
    """
    runs = _RUN.findall(unicodedata.normalize("NFC", text))
    words = (w if _HANGUL.match(w) else _english_word(w) for w in runs)
    return "".join(word for word in words if word)


def terms_in(source: str) -> set[str]:
    """Return the Korean words of the terms that a page's source introduces.

    Those are ``**경사 하강법**(gradient descent)`` and the glossary's entries.

    Examples
    --------
    >>> sorted(terms_in("**경사 하강법**(gradient descent)은 **아주** 중요합니다."))
    ['경사', '하강법']
    """
    found = _BOLD_TERM.findall(source)
    for glossary in _GLOSSARY.findall(source):
        found += _ENTRY.findall(glossary)
    words = {word for term in found for word in _HANGUL.findall(term)}
    return {word for word in words if len(word) > 1}


class KoreanWords:
    """Cut Korean texts into words, with the book's terms known.

    Parameters
    ----------
    terms
        Words that are not to be cut in the wrong places.

    Examples
    --------
    >>> words = KoreanWords(["학습률"])  # doctest: +SKIP
    >>> words("학습률은 0.1입니다.")  # doctest: +SKIP
    ['학습률', '학습']
    """

    def __init__(self, terms: Iterable[str] = ()) -> None:
        # It takes seconds: only when there is something to cut.
        from kiwipiepy import Kiwi

        self._kiwi: Kiwi = Kiwi(
            num_workers=1, load_default_dict=False, load_typo_dict=False
        )
        known = sorted(set(terms))
        # The nouns in a term, which kiwi no longer shows once it knows the term.
        self._parts = {term: self._nouns_in(term) for term in known}
        for term in known:
            self._kiwi.add_user_word(term, "NNP")

    def _nouns_in(self, term: str) -> list[str]:
        tokens = self._kiwi.tokenize(term)
        if len(tokens) < 2 or any(t.tag not in _JOINED for t in tokens):
            return []
        return [t.form for t in tokens if t.tag in _NOUNS and len(t.form) > 1]

    def __call__(self, text: str) -> list[str]:
        """Return the words of a text: morphemes, compounds, English stems."""
        text = unicodedata.normalize("NFC", text)
        words = english_words(text)
        if _HANGUL.search(text):
            run: list[Token] = []
            for token in self._kiwi.tokenize(text):
                if token.tag.split("-")[0] in _VERBS and len(token.form) > 1:
                    words.append(token.form)
                if token.tag not in _JOINED or not _HANGUL.fullmatch(
                    _form(token)
                ):
                    continue
                if run and run[-1].end != token.start:
                    words += self._compounds(run, text)
                    run = []
                run.append(token)
            words += self._compounds(run, text)
        return words

    def _compounds(self, run: list[Token], text: str) -> list[str]:
        """Return the morphemes written together, alone and joined."""
        words = []
        for first, token in enumerate(run):
            if token.tag in _NOUNS:
                form = _form(token)
                words += [form, *self._parts.get(form, [])]
            for last in run[first + 1 : first + _LONGEST]:
                words.append(text[token.start : last.end])
        return words


def _form(token: Token) -> str:
    """Return a morpheme as it is written; kiwi spells some nouns with a space."""
    return str(token.form).replace(" ", "")
