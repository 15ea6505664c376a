"""From the probabilities of the next token to a text: greedy and beam search.

Letters: N texts that are written at once, B beams of each, M rows of prefixes
(N, or N times B), t tokens so far, V the size of the vocabulary.

The model is a function: given M prefixes, shape (M, t), and for each the number of
the text that it belongs to, shape (M,), it returns the logarithms of the probabilities
of the next token, shape (M, V). Each search starts from one token a text and ends a
text at the token ``end``; what follows is ``padding``.

Not here: sampling, a cache of keys and values.

Sources: A. Graves, "Sequence Transduction with Recurrent Neural Networks", 2012;
I. Sutskever et al., "Sequence to Sequence Learning with Neural Networks",
NeurIPS 2014.

Book page: sequences/transformer.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

__all__ = ["beam_search", "greedy_search"]

NextToken = Callable[[Tensor, Tensor], Tensor]


def _check(start: Tensor, max_length: int, beam_width: int = 1) -> None:
    if start.ndim != 1 or not len(start):
        raise ValueError(
            f"start has shape {tuple(start.shape)}; expected (N,) with N of 1 or "
            "more"
        )
    if min(max_length, beam_width) < 1:
        raise ValueError(
            f"max_length is {max_length}, beam_width {beam_width}; expected 1 or "
            "more"
        )


@torch.no_grad()
def greedy_search(
    next_token: NextToken,
    start: Tensor,
    *,
    end: int,
    max_length: int,
    padding: int = 0,
) -> Tensor:
    """Write each text by taking the most probable token, again and again.

    Parameters
    ----------
    next_token
        The model, as the module describes it.
    start
        The first token of each text, shape (N,).
    end
        The token that ends a text.
    max_length
        The most tokens after the first.
    padding
        What fills the places behind ``end``.

    Returns
    -------
    torch.Tensor
        Shape (N, T), T at most ``max_length``: the tokens behind the first.

    Raises
    ------
    ValueError
        If there is no text or ``max_length`` is below 1.

    Examples
    --------
    >>> def count(prefixes, rows):  # token k follows token k - 1
    ...     return torch.eye(5).log()[(prefixes[:, -1] + 1) % 5]
    >>> greedy_search(count, torch.tensor([1, 3]), end=4, max_length=9)
    tensor([[2, 3, 4],
            [4, 0, 0]])
    """
    _check(start, max_length)
    tokens = start[:, None]  # (N, t)
    rows = torch.arange(len(start), device=start.device)
    ended = torch.zeros_like(start, dtype=torch.bool)
    for _ in range(max_length):
        best = next_token(tokens, rows).argmax(dim=-1)  # (N,)
        best = torch.where(ended, padding, best)
        tokens = torch.cat([tokens, best[:, None]], dim=1)
        ended = ended | (best == end)
        if ended.all():
            break
    return tokens[:, 1:]


@torch.no_grad()
def beam_search(
    next_token: NextToken,
    start: Tensor,
    *,
    end: int,
    max_length: int,
    beam_width: int,
    padding: int = 0,
) -> tuple[Tensor, Tensor]:
    """Write each text by keeping the B most probable beginnings at every step.

    A text that has ended stays in its beam while others can still overtake it.
    With a beam as wide as there are texts the search is exact; with B = 1 it is
    `greedy_search`.

    Parameters
    ----------
    next_token, start, end, max_length, padding
        As for `greedy_search`.
    beam_width
        Texts that are kept, B.

    Returns
    -------
    texts : torch.Tensor
        Shape (N, B, T), the most probable first: the tokens behind the first.
    scores : torch.Tensor
        Logarithms of their probabilities, shape (N, B); -inf for a beam that is
        left empty because there are fewer texts than B.

    Raises
    ------
    ValueError
        If there is no text or a number is below 1.

    References
    ----------
    Sutskever et al. (2014), section 3.2.

    Examples
    --------
    >>> table = torch.tensor(  # tokens: the start, 1, 2, the end
    ...     [[0, 0.6, 0.4, 0], [0, 0.3, 0.3, 0.4], [0, 0, 0.1, 0.9]]
    ... )
    >>> def chain(prefixes, rows):
    ...     return table.log()[prefixes[:, -1]]
    >>> texts, scores = beam_search(
    ...     chain, torch.tensor([0]), end=3, max_length=2, beam_width=2
    ... )
    >>> texts[0], scores[0].exp()
    (tensor([[2, 3],
            [1, 3]]), tensor([0.3600, 0.2400]))
    """
    _check(start, max_length, beam_width)
    num_texts, device = len(start), start.device
    rows = torch.arange(num_texts, device=device).repeat_interleave(beam_width)
    tokens = start[rows][:, None]  # (N * B, t)
    scores = torch.full((num_texts, beam_width), -torch.inf, device=device)
    scores[:, 0] = 0.0  # at first there is one beginning, not B copies of it
    ended = torch.zeros_like(rows, dtype=torch.bool)
    for _ in range(max_length):
        logs = next_token(tokens, rows)  # (N * B, V)
        logs = logs.masked_fill(ended[:, None], -torch.inf)
        logs[ended, padding] = 0.0  # an ended text goes on in one way only
        totals = scores.flatten()[:, None].to(logs) + logs
        scores, picks = totals.view(num_texts, -1).topk(beam_width)  # (N, B)
        beams, chosen = picks // logs.shape[1], picks % logs.shape[1]
        old = (
            beams
            + beam_width * torch.arange(num_texts, device=device)[:, None]
        )
        tokens = torch.cat([tokens[old.flatten()], chosen.view(-1, 1)], dim=1)
        ended = ended[old.flatten()] | (chosen.flatten() == end)
        if ended.all():
            break
    return tokens[:, 1:].unflatten(0, (num_texts, beam_width)), scores
