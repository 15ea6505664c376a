"""ELIZA in miniature: keywords, templates, and nothing that understands.

What: a script lists keywords by rank. The keyword of highest rank in what was said
picks rules: the first template that fits takes the sentence apart, and one of its
answers, in turn, is put together from the parts, with I and you exchanged. What
was said of certain subjects is remembered, for when no keyword is found.

What not: no learning, no chance (a script always answers the same way), no script
(see `aibook.data.dialogues`). Weizenbaum's ELIZA exchanged the pronouns before it
took a sentence apart, here it is done after; and it brought up what it remembered
at certain turns only.

Source: J. Weizenbaum (1966), "ELIZA: A Computer Program for the Study of Natural
Language Communication between Man and Machine".

Book page: ai/history
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from itertools import cycle
from typing import Any

from aibook.scratch.particles import attach, strip

Parts = list[str]
_SLOT = re.compile(r"\{(\d+)(?::([^}]*))?\}")


def split_clauses(text: str) -> list[list[str]]:
    """Split a text at its punctuation into clauses of lower-case words.

    Parameters
    ----------
    text
        What was said.

    Examples
    --------
    >>> split_clauses("Well, I'm tired. Good night!")
    [['well'], ["i'm", 'tired'], ['good', 'night']]
    """
    clauses = re.split(r"[.,;:!?…]+", text.lower().replace("’", "'"))
    return [clause.split() for clause in clauses if clause.split()]


def fits(
    element: str, word: str, groups: Mapping[str, Sequence[str]]
) -> str | None:
    """Compare one word with one element of a template.

    Parameters
    ----------
    element
        A word; ``word~`` for words that begin so; ``@group`` or ``@group~`` for
        any word of a group; ``+`` for any word, whose particle is taken off.
    word
        The word.
    groups
        The words of each group.

    Returns
    -------
    str or None
        What the template keeps of the word; None if it does not fit.

    Examples
    --------
    >>> fits("dream~", "dreamt", {}), fits("dream", "dreamt", {})
    ('dream', None)
    >>> fits("@family~", "엄마가", {"family": ["엄마", "아빠"]})
    '엄마'
    """
    if element == "+":
        return strip(word)
    name, is_open = element.removesuffix("~"), element.endswith("~")
    choices = groups[name[1:]] if name.startswith("@") else [name]
    for choice in choices:
        if word == choice or (is_open and word.startswith(choice)):
            return choice
    return None


def match(
    template: Sequence[str],
    words: Sequence[str],
    groups: Mapping[str, Sequence[str]],
) -> Parts | None:
    """Take a clause apart, if it fits a template.

    Parameters
    ----------
    template
        Elements as in `fits`, and ``*`` for any number of words, also none; an
        earlier ``*`` takes as few as it can.
    words
        The clause.
    groups
        The words of each group.

    Returns
    -------
    list of str or None
        One part an element; None if the clause does not fit.

    Examples
    --------
    >>> match(["*", "i", "am", "*"], "today i am very sad".split(), {})
    ['today', 'i', 'am', 'very sad']
    """
    if not template:
        return None if words else []
    if template[0] == "*":
        for size in range(len(words) + 1):
            rest = match(template[1:], words[size:], groups)
            if rest is not None:
                return [" ".join(words[:size]), *rest]
        return None
    if words and (kept := fits(template[0], words[0], groups)) is not None:
        rest = match(template[1:], words[1:], groups)
        if rest is not None:
            return [kept, *rest]
    return None


def reflect(text: str, exchange: Mapping[str, str]) -> str:
    """Exchange the speaker and the one spoken to, longest phrases first.

    Parameters
    ----------
    text
        A part of what was said.
    exchange
        What becomes of a phrase, as of ``"i am"``: ``"you are"``.

    Examples
    --------
    >>> reflect("i told you", {"i": "you", "you": "me"})
    'you told me'
    """
    phrases = sorted(exchange, key=lambda phrase: -len(phrase.split()))
    words, done = text.split(), []
    while words:
        for phrase in phrases:
            size = len(phrase.split())
            if " ".join(words[:size]) == phrase:
                break
        else:
            phrase, size = words[0], 1
        done.append(exchange.get(phrase, phrase))
        words = words[size:]
    return " ".join(done)


class Eliza:
    """A partner for a conversation, who follows a script.

    Parameters
    ----------
    script
        ``hello``: the first words. ``none``: answers for when nothing is found.
        ``exchange``: see `reflect`. ``replace``: words to replace beforehand.
        ``groups``: lists of words. ``keywords``: each with ``words`` (a word, or
        ``word~`` for a beginning), ``rank`` and ``rules``; a rule has a ``match``
        (see `match`) and a list ``say`` of answers, in which ``{2}`` is the second
        part and ``{2:은/는}`` the second part with the particle that fits.
        ``memory``: rules for what to keep in mind.

    Raises
    ------
    ValueError
        If a part of the script is missing, or an answer names a part that its
        template lacks.

    Examples
    --------
    >>> from aibook.data.dialogues import load_script
    >>> doctor = Eliza(load_script("en"))
    >>> doctor.answer("I am unhappy.")
    'How long have you been unhappy?'
    """

    def __init__(self, script: Mapping[str, Any]) -> None:
        parts = {"hello", "none", "exchange", "replace", "groups", "keywords"}
        if missing := sorted({*parts, "memory"} - set(script)):
            raise ValueError(f"the script lacks {', '.join(missing)}")
        self.script = script
        self.memories: deque[str] = deque()
        self._none = cycle(script["none"])
        self._turns: dict[str, Iterator[str]] = {}
        rules = [rule for key in script["keywords"] for rule in key["rules"]]
        for rule in [*rules, *script["memory"]]:
            size = len(rule["match"].split())
            for say in rule["say"]:
                for slot in _SLOT.finditer(say):
                    if not 1 <= int(slot[1]) <= size:
                        raise ValueError(
                            f"{say!r} names part {slot[1]}, but "
                            f"{rule['match']!r} has {size}"
                        )

    def answer(self, said: str) -> str:
        """Return the answer to what was said.

        Parameters
        ----------
        said
            A sentence or several; of their clauses, the first with a keyword counts.
        """
        for words in split_clauses(said):
            text = " ".join(words)
            words = reflect(text, self.script["replace"]).split()
            keywords = self.keywords_in(words)
            if keywords:
                self.remember(words)
            for keyword in keywords:
                for rule in keyword["rules"]:
                    if (reply := self._apply(rule, words)) is not None:
                        return reply
        return self.memories.popleft() if self.memories else next(self._none)

    def keywords_in(self, words: Sequence[str]) -> list[Mapping[str, Any]]:
        """Return the keywords of a clause, highest rank first, then as they stand."""
        found = [
            keyword
            for word in words
            for keyword in self.script["keywords"]
            if any(fits(k, word, {}) is not None for k in keyword["words"])
        ]
        return sorted(found, key=lambda keyword: -keyword["rank"])

    def remember(self, words: Sequence[str]) -> None:
        """Keep in mind what may be brought up later."""
        for rule in self.script["memory"]:
            if (thought := self._apply(rule, words)) is not None:
                self.memories.append(thought)
                return

    def _apply(
        self, rule: Mapping[str, Any], words: Sequence[str]
    ) -> str | None:
        """Return the rule's next answer, or None if the words do not fit."""
        parts = match(rule["match"].split(), words, self.script["groups"])
        if parts is None:
            return None
        turn = self._turns.setdefault(f"{rule}", cycle(rule["say"]))

        def fill(slot: re.Match[str]) -> str:
            part = reflect(parts[int(slot[1]) - 1], self.script["exchange"])
            return attach(part, slot[2]) if slot[2] else part

        reply = _SLOT.sub(fill, next(turn))
        return reply[:1].upper() + reply[1:]
