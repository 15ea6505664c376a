"""Translating with a trained `Transformer`, and counting what is right.

Letters: N texts, S tokens of the source, T of the target, V tokens in all.

A target begins with a token that names the language to be written, and ends with a
token of its own.

Not here: the network (`aibook.models.transformer`), its training
(`aibook.models.teacher_forcing`), how the search works (`aibook.decoding`).

Source: A. Vaswani et al., "Attention Is All You Need", NeurIPS 2017, section 6.1.

Book page: sequences/transformer.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn.functional import pad

from aibook.decoding import beam_search, greedy_search
from aibook.models.teacher_forcing import trim
from aibook.models.transformer import Transformer

__all__ = ["exact_match", "next_token", "translate"]


@torch.no_grad()
def next_token(
    model: Transformer, source: Tensor
) -> Callable[[Tensor, Tensor], Tensor]:
    """Return the model as `aibook.decoding` asks for it.

    Parameters
    ----------
    model
        Evaluation mode, if it has dropout, is the caller's concern.
    source
        Shape (N, S); it is encoded once, here.

    Returns
    -------
    function
        From prefixes, (M, t), and the number of each one's source, (M,), to the
        log-probabilities of the next token, (M, V).
    """
    memory, mask = model.encode(trim(source, model.padding))

    def log_probabilities(prefixes: Tensor, rows: Tensor) -> Tensor:
        logits = model.decode(prefixes, memory[rows], mask[rows])
        return logits[:, -1].log_softmax(dim=-1)

    return log_probabilities


@torch.no_grad()
def translate(
    model: Transformer,
    source: Tensor,
    language: int,
    *,
    end: int = 1,
    max_length: int = 16,
    beam_width: int | None = None,
    batch_size: int = 250,
) -> Tensor:
    """Return the translations of a source, each behind the language's token.

    Parameters
    ----------
    model
        Put into evaluation mode for the while.
    source
        Shape (N, S).
    language
        The token that a target of that language begins with.
    end
        The token that ends a text.
    max_length
        The most tokens of a translation, its end included.
    beam_width
        Of the beam search; without it the search is greedy.
    batch_size
        Sources that are translated at once.

    Returns
    -------
    torch.Tensor
        Shape (N, 1 + max_length), padded.

    Raises
    ------
    ValueError
        If a number is below 1.
    """
    if batch_size < 1:
        raise ValueError(f"batch_size is {batch_size}; expected 1 or more")
    was_training = model.training
    model.eval()
    options = {"end": end, "max_length": max_length, "padding": model.padding}
    parts = []
    lengths = (source != model.padding).sum(dim=1)
    order = lengths.argsort(stable=True)  # short ones together end sooner
    for part in source[order].split(batch_size):
        first = torch.full((len(part),), language, device=part.device)
        step = next_token(model, part)
        if beam_width is None:
            texts = greedy_search(step, first, **options)
        else:
            beams, _ = beam_search(
                step, first, beam_width=beam_width, **options
            )
            texts = beams[:, 0]
        texts = torch.cat([first[:, None], texts], dim=1)
        room = 1 + max_length - texts.shape[1]
        parts.append(pad(texts, (0, room), value=model.padding))
    model.train(was_training)
    return torch.cat(parts)[order.argsort()]


def exact_match(y_hat: Tensor, y: Tensor, *, padding: int = 0) -> Tensor:
    """Return which translations are right in every token.

    Parameters
    ----------
    y_hat, y
        Shapes (N, T) and (N, T'), padded at their ends.
    padding
        The token that pads.

    Returns
    -------
    torch.Tensor
        Shape (N,), bool.

    Raises
    ------
    ValueError
        If the numbers of texts differ.

    Examples
    --------
    >>> y = torch.tensor([[3, 1, 0], [3, 4, 1]])
    >>> exact_match(torch.tensor([[3, 1], [3, 1]]), y)
    tensor([ True, False])
    """
    if y_hat.ndim != 2 or y.ndim != 2 or len(y_hat) != len(y):
        raise ValueError(
            f"y_hat has shape {tuple(y_hat.shape)}, y {tuple(y.shape)}; expected "
            "(N, T) and (N, T')"
        )
    length = max(y_hat.shape[1], y.shape[1])
    same = [
        pad(t, (0, length - t.shape[1]), value=padding) for t in (y_hat, y)
    ]
    return (same[0] == same[1]).all(dim=1)
