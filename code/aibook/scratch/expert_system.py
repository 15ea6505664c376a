"""A small expert system: rules, chained backwards, with degrees of certainty.

To find out how certain a conclusion is, take every rule that ends in it, find out
how certain its conditions are (by other rules, or from what is known), and
combine the answers. The chain of rules is kept: the system can say why.

What differs from MYCIN: facts are plain names, without objects or attributes, and
nothing is asked; what is not known counts as 0. Mixed evidence is combined by the
later formula of EMYCIN, which MYCIN adopted.

Source: B. G. Buchanan and E. H. Shortliffe (eds), "Rule-Based Expert Systems: The
MYCIN Experiments of the Stanford Heuristic Programming Project", Addison-Wesley,
1984, chapters 5, 10 and 11.

Book page: ai/data
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

__all__ = ["Finding", "Rule", "combine", "infer"]

THRESHOLD = 0.2
"""A rule whose conditions are not more certain than this is not used."""


class Rule(NamedTuple):
    """If all conditions hold, then the conclusion, with some certainty.

    Examples
    --------
    >>> Rule(("wet",), "rain", 0.6).conclusion
    'rain'
    """

    conditions: tuple[str, ...]
    conclusion: str
    certainty: float


class Finding(NamedTuple):
    """How certain a fact is, and the rules that say so, the last step first."""

    certainty: float
    why: tuple[Rule, ...] = ()


def combine(a: float, b: float) -> float:
    """Combine the certainty factors that two rules give one conclusion.

    Parameters
    ----------
    a, b
        From -1 (certainly not) through 0 (nothing known) to 1 (certainly).

    Returns
    -------
    float
        From -1 to 1.

    Raises
    ------
    ValueError
        For a value out of range, or if one is 1 and the other -1.

    References
    ----------
    Buchanan and Shortliffe (1984), chapters 10 and 11.

    Examples
    --------
    >>> combine(0.6, 0.5), combine(0.5, -0.5)
    (0.8, 0.0)
    """
    for value in (a, b):
        _check("a certainty factor", value)
    if {a, b} == {1, -1}:
        raise ValueError("1 and -1 contradict each other; nothing follows")
    if a >= 0 and b >= 0:
        return a + b * (1 - a)
    if a <= 0 and b <= 0:
        return a + b * (1 + a)
    return (a + b) / (1 - min(abs(a), abs(b)))


def infer(
    goal: str, rules: Sequence[Rule], facts: Mapping[str, float]
) -> Finding:
    """Return how certain the goal is, chaining the rules backwards.

    The conditions of a rule are as certain as the weakest of them; its conclusion
    gets that times the certainty of the rule.

    Parameters
    ----------
    goal
        What is to be found out.
    rules
        The knowledge, in any order.
    facts
        What is known, and how certainly, -1 to 1.

    Raises
    ------
    ValueError
        For a certainty out of range, a rule without condition, rules that go in a
        circle, or evidence that is certain both ways.

    References
    ----------
    Buchanan and Shortliffe (1984), chapter 5.

    Examples
    --------
    >>> rules = [
    ...     Rule(("wet",), "rain", 0.6),
    ...     Rule(("grey sky",), "rain", 0.5),
    ...     Rule(("rain",), "umbrella", 1.0),
    ... ]
    >>> infer("umbrella", rules, {"wet": 1.0, "grey sky": 1.0}).certainty
    0.8
    """
    for value in facts.values():
        _check("the certainty of a fact", value)
    for rule in rules:
        _check(f"the certainty of {rule}", rule.certainty)
        if not rule.conditions:
            raise ValueError(f"{rule} has no condition; give one or more")
    return _infer(goal, rules, facts, ())


def _infer(
    goal: str,
    rules: Sequence[Rule],
    facts: Mapping[str, float],
    path: tuple[str, ...],
) -> Finding:
    if goal in path:
        raise ValueError(
            f"the rules go in a circle: {' <- '.join((*path, goal))}"
        )
    certainty = float(facts.get(goal, 0.0))
    why: tuple[Rule, ...] = ()
    for rule in rules:
        if rule.conclusion != goal:
            continue
        parts = [
            _infer(name, rules, facts, (*path, goal))
            for name in rule.conditions
        ]
        weakest = min(part.certainty for part in parts)
        if weakest > THRESHOLD:
            certainty = combine(certainty, weakest * rule.certainty)
            steps = [step for part in parts for step in part.why]
            why = tuple(dict.fromkeys((*why, rule, *steps)))
    return Finding(certainty, why)


def _check(what: str, value: float) -> None:
    if not -1 <= value <= 1:  # true for NaN too
        raise ValueError(f"{what} is {value}; expected -1 to 1")
