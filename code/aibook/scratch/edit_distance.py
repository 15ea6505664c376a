"""How many edits turn one sequence into another: the measure of recognisers.

Not here: edits with different costs, alignments drawn.

Sources: V. Levenshtein, "Binary codes capable of correcting deletions, insertions,
and reversals", Soviet Physics Doklady 10, 1966; R. Wagner and M. Fischer, "The
string-to-string correction problem", Journal of the ACM 21, 1974 (the algorithm).

Book page: sequences/speech.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import NamedTuple

__all__ = ["Edits", "count_edits", "error_rate"]


class Edits(NamedTuple):
    """The fewest edits, by kind."""

    substitutions: int
    deletions: int
    insertions: int


def count_edits(
    target: Sequence[Hashable], heard: Sequence[Hashable]
) -> Edits:
    """Count the fewest edits that turn the target into what was heard.

    Parameters
    ----------
    target, heard
        Texts, or sequences of tokens.

    Returns
    -------
    Edits
        Tokens replaced, missing and added. Where several ways need equally few
        edits, one with many substitutions is taken.

    Examples
    --------
    >>> count_edits("badigu", "baigug")
    Edits(substitutions=0, deletions=1, insertions=1)
    >>> sum(count_edits("kitten", "sitting"))
    3
    """
    # row[j]: the best way from target[:i] to heard[:j], as (edits, S, D, I)
    row = [(j, 0, 0, j) for j in range(len(heard) + 1)]
    for i, wanted in enumerate(target, start=1):
        above, row = row, [(i, 0, i, 0)]
        for j, got in enumerate(heard, start=1):
            wrong = int(wanted != got)
            n, s, d, a = above[j - 1]
            ways = [(n + wrong, s + wrong, d, a)]
            n, s, d, a = above[j]
            ways.append((n + 1, s, d + 1, a))
            n, s, d, a = row[j - 1]
            ways.append((n + 1, s, d, a + 1))
            row.append(min(ways, key=lambda way: way[0]))
    return Edits(*row[-1][1:])


def error_rate(
    targets: Iterable[Sequence[Hashable]],
    heard: Iterable[Sequence[Hashable]],
) -> float:
    """Return all edits of all pairs, divided by the tokens of the targets.

    Parameters
    ----------
    targets, heard
        As many of one as of the other; one token in the targets at least.

    Returns
    -------
    float
        0 or more; above 1 if more is added than there is.

    Raises
    ------
    ValueError
        If the numbers differ or the targets are empty.

    Examples
    --------
    >>> error_rate(["bada", "gu"], ["baga", "gu"])
    0.16666666666666666
    """
    targets, heard = list(targets), list(heard)
    num_tokens = sum(len(target) for target in targets)
    if len(targets) != len(heard) or not num_tokens:
        raise ValueError(
            f"{len(targets)} targets with {num_tokens} tokens, {len(heard)} heard; "
            "expected as many, and one token at least"
        )
    pairs = zip(targets, heard, strict=True)
    return sum(sum(count_edits(t, h)) for t, h in pairs) / num_tokens
