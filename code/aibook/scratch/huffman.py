"""Huffman's code: the shortest code that gives every symbol bits of its own.

No symbol's bits begin with another's, so nothing need mark where one ends. Not
here: codes for several symbols at once, arithmetic coding.

Source: D. Huffman, "A method for the construction of minimum-redundancy codes",
Proceedings of the IRE 40, 1952.

Book page: networks/entropy
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable, Mapping

__all__ = ["decode", "encode", "huffman_code"]


def huffman_code(weights: Mapping[str, float]) -> dict[str, str]:
    """Return the bits of each symbol, short ones for frequent symbols.

    Parameters
    ----------
    weights
        Symbols and how often, or with which probability, they come: positive.

    Returns
    -------
    A text of zeros and ones for each symbol, in the order given. Of equal
    weights the one that came first is taken first, so the code is always the
    same; a single symbol gets ``"0"``.

    Raises
    ------
    ValueError
        If there is no symbol, or a weight is not positive and finite.

    References
    ----------
    Huffman (1952).

    Examples
    --------
    >>> huffman_code({"a": 5, "b": 2, "c": 1, "d": 1})
    {'a': '1', 'b': '00', 'c': '010', 'd': '011'}
    """
    _check(weights)
    code = dict.fromkeys(weights, "")
    # Groups of symbols: weight, when it was made, members.
    groups = [(w, i, [s]) for i, (s, w) in enumerate(weights.items())]
    heapq.heapify(groups)
    for made in range(len(groups), 2 * len(groups) - 1):
        light, next_light = heapq.heappop(groups), heapq.heappop(groups)
        for symbol in light[2]:
            code[symbol] = "0" + code[symbol]
        for symbol in next_light[2]:
            code[symbol] = "1" + code[symbol]
        merged = light[2] + next_light[2]
        heapq.heappush(groups, (light[0] + next_light[0], made, merged))
    return code if len(code) > 1 else dict.fromkeys(code, "0")


def encode(text: Iterable[str], code: Mapping[str, str]) -> str:
    """Return the bits of all symbols, one after the other.

    Raises
    ------
    ValueError
        If a symbol has no code.

    Examples
    --------
    >>> encode("abba", {"a": "1", "b": "01"})
    '101011'
    """
    try:
        return "".join(code[symbol] for symbol in text)
    except KeyError as error:
        raise ValueError(f"{error.args[0]!r} has no code") from error


def decode(bits: str, code: Mapping[str, str]) -> list[str]:
    """Return the symbols that were encoded.

    Raises
    ------
    ValueError
        If the bits end inside a symbol, or are no bits of this code.

    Examples
    --------
    >>> decode("101011", {"a": "1", "b": "01"})
    ['a', 'b', 'b', 'a']
    """
    symbols = {word: symbol for symbol, word in code.items()}
    text, word = [], ""
    for bit in bits:
        word += bit
        if word in symbols:
            text.append(symbols[word])
            word = ""
    if word:
        raise ValueError(f"the bits end with {word!r}, which is no symbol")
    return text


def _check(weights: Mapping[str, float]) -> None:
    if not weights:
        raise ValueError("weights is empty; one symbol at least")
    for symbol, weight in weights.items():
        if not (weight > 0 and math.isfinite(weight)):
            message = f"weights[{symbol!r}] is {weight!r}; expected a positive"
            raise ValueError(f"{message}, finite number")
