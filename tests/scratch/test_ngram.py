"""The n-gram model against the definition, spelled out with lists."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aibook.scratch.ngram import NGram
from helpers import assert_same

V = 4
streams = st.lists(st.integers(0, V - 1), min_size=4, max_size=60)


def slow_probability(
    tokens: list[int], order: int, context: list[int], token: int
) -> float:
    """Return the smoothed probability, straight from the definition."""

    def grams(k: int) -> list[tuple[int, ...]]:
        """Return the k-grams that are counted, with repetitions."""
        every = [tuple(tokens[i : i + k]) for i in range(len(tokens) - k + 1)]
        if k == order:
            return every
        return [gram[1:] for gram in sorted(set(grams(k + 1)))]

    def p(history: tuple[int, ...] | None) -> float:
        if history is None:
            return 1 / V
        counted = grams(len(history) + 1)
        shorter = p(history[1:] if history else None)
        matching = [g[-1] for g in counted if g[:-1] == history]
        if not matching:
            return shorter
        times = [counted.count(gram) for gram in set(counted)]
        once, twice = times.count(1), times.count(2)
        discount = once / (once + 2 * twice) if once else 0.5
        kept = max(matching.count(token) - discount, 0) / len(matching)
        return kept + discount * len(set(matching)) / len(matching) * shorter

    return p(tuple(context[-(order - 1) :] if order > 1 else ()))


@given(
    streams,
    st.integers(1, 4),
    st.lists(st.integers(0, V - 1), min_size=3, max_size=5),
)
def test_probabilities_are_those_of_the_definition(
    tokens: list[int], order: int, context: list[int]
) -> None:
    model = NGram(order, vocab_size=V).fit(tokens)
    expected = np.array(
        [slow_probability(tokens, order, context, t) for t in range(V)]
    )
    assert_same(model.probabilities(context), expected)
    single = [model.probability(t, context) for t in range(V)]
    assert_same(np.array(single), expected)


@given(streams, st.integers(1, 4), st.lists(st.integers(0, V - 1)))
def test_probabilities_add_up_to_one(
    tokens: list[int], order: int, context: list[int]
) -> None:
    p = NGram(order, vocab_size=V).fit(tokens).probabilities(context)
    assert p.min() >= 0
    assert p.sum() == pytest.approx(1)


def test_prediction_uses_what_came_before() -> None:
    tokens = [0, 1, 0, 1, 0, 2, 1, 1]
    model = NGram(3, vocab_size=3).fit(tokens)
    expected = [
        model.probability(t, tokens[max(0, i - 2) : i])
        for i, t in enumerate(tokens)
    ]
    assert_same(model.predict(tokens), np.array(expected))


def test_san_francisco() -> None:
    """A word that only ever follows one other is unlikely after a new one."""
    san, francisco, the, cat, dog, a = range(6)
    tokens = [san, francisco] * 5 + [the, cat, a, cat, the, dog, a, dog]
    lower = NGram(2, vocab_size=6).fit(tokens).probabilities([])
    often = NGram(1, vocab_size=6).fit(tokens).probabilities([])
    assert often[francisco] > often[cat]
    assert lower[francisco] < lower[cat]


@pytest.mark.parametrize(
    "tokens", [[], [0, 3], [-1, 0], [0.5, 1.0], [[0, 1], [1, 0]]]
)
def test_bad_tokens_are_refused(tokens: list[int]) -> None:
    with pytest.raises(ValueError, match="whole numbers from 0 to 2"):
        NGram(2, vocab_size=3).fit(tokens)


def test_other_bad_input() -> None:
    with pytest.raises(ValueError, match="order is 0"):
        NGram(0, vocab_size=3)
    with pytest.raises(ValueError, match="expected 3 or more"):
        NGram(3, vocab_size=3).fit([0, 1])
    with pytest.raises(ValueError, match="call fit first"):
        NGram(3, vocab_size=3).probability(0, [])
