"""Searches against each other and against every text there is."""

from itertools import product

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from aibook.decoding import beam_search, greedy_search
from helpers import assert_same

PADDING, END = 0, 1


def random_model(seed, num_tokens, *, num_texts=1, sharpness=2.0):
    """Return a next-token function whose answers depend on the whole prefix.

    Padding is never proposed, as no trained model proposes it.
    """
    answers = {}
    draws = torch.Generator().manual_seed(seed)

    def next_token(prefixes, rows):
        assert prefixes.shape[0] == rows.shape[0]
        logits = []
        for row, prefix in zip(rows.tolist(), prefixes.tolist(), strict=True):
            key = (row, *prefix)
            if key not in answers:
                logit = sharpness * torch.randn(
                    num_tokens, generator=draws, dtype=torch.float64
                )
                logit[PADDING] = -torch.inf
                answers[key] = logit
            logits.append(answers[key])
        return torch.stack(logits).log_softmax(dim=-1)

    return next_token, torch.full((num_texts,), 2)


def every_text(num_tokens, max_length):
    """Yield all texts: with their end, or cut at the greatest length."""
    letters = range(2, num_tokens)
    for length in range(max_length):
        for text in product(letters, repeat=length):
            yield [*text, END]
    yield from map(list, product(letters, repeat=max_length))


def score(next_token, first, row, text):
    prefix, total = [first], 0.0
    for token in text:
        logs = next_token(torch.tensor([prefix]), torch.tensor([row]))
        total += logs[0, token].item()
        prefix.append(token)
    return total


def cut(text):
    return text[: text.index(END) + 1] if END in text else text


@settings(max_examples=20, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    num_texts=st.integers(1, 4),
    num_tokens=st.integers(3, 6),
    max_length=st.integers(1, 5),
)
def test_a_beam_of_one_is_the_greedy_search(
    seed, num_texts, num_tokens, max_length
):
    next_token, start = random_model(seed, num_tokens, num_texts=num_texts)
    options = {"end": END, "max_length": max_length, "padding": PADDING}
    greedy = greedy_search(next_token, start, **options)
    beams, scores = beam_search(next_token, start, beam_width=1, **options)
    assert torch.equal(beams[:, 0], greedy)
    for row, text in enumerate(greedy.tolist()):
        expected = score(next_token, 2, row, cut(text))
        assert scores[row, 0].item() == pytest.approx(expected)


@settings(max_examples=20, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    num_tokens=st.integers(3, 5),
    max_length=st.integers(1, 4),
)
def test_a_beam_that_holds_all_finds_the_best_texts(
    seed, num_tokens, max_length
):
    next_token, start = random_model(seed, num_tokens)
    texts = list(every_text(num_tokens, max_length))
    ranked = sorted(
        ((score(next_token, 2, 0, text), text) for text in texts), reverse=True
    )
    beams, scores = beam_search(
        next_token,
        start,
        end=END,
        max_length=max_length,
        padding=PADDING,
        beam_width=len(texts) + 2,
    )
    assert [cut(b) for b in beams[0, : len(texts)].tolist()] == [
        text for _, text in ranked
    ]
    best = torch.tensor([s for s, _ in ranked], dtype=torch.float64)
    assert_same(scores[0, : len(texts)].double(), best, rtol=1e-5, atol=1e-6)
    assert scores[0, len(texts) :].eq(-torch.inf).all()


@pytest.mark.parametrize("beam_width", [1, 2, 5])
def test_texts_side_by_side_are_searched_as_if_alone(beam_width):
    next_token, start = random_model(3, 6, num_texts=4)
    options = {"end": END, "max_length": 5, "beam_width": beam_width}
    together, scores = beam_search(next_token, start, **options)
    for k in range(4):

        def alone(prefixes, rows, k=k):
            return next_token(prefixes, rows + k)

        beams, score_alone = beam_search(alone, start[:1], **options)
        length = beams.shape[2]
        assert torch.equal(together[k, :, :length], beams[0])
        assert (together[k, :, length:] == PADDING).all()
        assert_same(scores[k], score_alone[0])


def test_the_first_step_need_not_be_on_the_best_way():
    table = torch.tensor([[0, 0, 0, 0.6, 0.4], [0, 1, 0, 0, 0.0]] * 2)
    table = torch.cat([table[:3], torch.tensor([[0, 0.4, 0.2, 0.2, 0.2]])])
    table = torch.cat([table, torch.tensor([[0, 0.9, 0.1, 0, 0]])])

    def next_token(prefixes, rows):
        return table.log()[prefixes[:, -1]]

    options = {"end": END, "max_length": 2}
    start = torch.tensor([2])
    greedy = greedy_search(next_token, start, **options)
    beams, scores = beam_search(next_token, start, beam_width=2, **options)
    assert greedy.tolist() == [[3, END]]
    assert beams[0].tolist() == [[4, END], [3, END]]
    assert_same(scores[0].exp(), torch.tensor([0.36, 0.24]))


def test_searches_leave_no_graph_and_do_not_change_the_start():
    weight = torch.zeros(3, requires_grad=True)
    start = torch.tensor([2])

    def next_token(prefixes, rows):
        return weight.log_softmax(0).expand(len(prefixes), 3)

    _, scores = beam_search(
        next_token, start, end=END, max_length=2, beam_width=2
    )
    assert not scores.requires_grad
    assert start.tolist() == [2]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"max_length": 0}, "max_length is 0"),
        ({"beam_width": 0}, "beam_width 0"),
        ({"start": torch.zeros(0).long()}, "start has shape"),
        ({"start": torch.zeros(2, 2).long()}, "start has shape"),
    ],
)
def test_refuses_what_is_out_of_range(options, message):
    model, start = random_model(0, 4)
    good = {"start": start, "end": END, "max_length": 2, "beam_width": 2}
    with pytest.raises(ValueError, match=message):
        beam_search(model, **{**good, **options})
    if "beam_width" not in options:
        del good["beam_width"]
        with pytest.raises(ValueError, match=message):
            greedy_search(model, **{**good, **options})
