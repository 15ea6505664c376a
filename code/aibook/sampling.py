"""Choosing the next token: temperature, top-k, top-p, and the loop that repeats it.

Letters: N texts, L positions, V the size of the vocabulary.

Not here: beam search, penalties for repetition.

Sources: A. Fan, M. Lewis and Y. Dauphin, "Hierarchical Neural Story Generation",
ACL 2018 (top-k); A. Holtzman et al., "The Curious Case of Neural Text Degeneration",
ICLR 2020 (top-p).

Book page: sequences/language-models
"""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor

__all__ = ["generate", "keep_top_k", "keep_top_p", "next_probabilities"]


def keep_top_k(logits: Tensor, k: int) -> Tensor:
    """Rule out all but the k most likely tokens.

    Parameters
    ----------
    logits
        Shape (..., V).
    k
        1 or more; of equal logits at the limit, all stay.

    Returns
    -------
    torch.Tensor
        The logits, minus infinity for the others.

    Raises
    ------
    ValueError
        If k is below 1.

    References
    ----------
    Fan, Lewis and Dauphin (2018).

    Examples
    --------
    >>> keep_top_k(torch.tensor([1.0, 3.0, 2.0]), 2)
    tensor([-inf, 3., 2.])
    """
    if k < 1:
        raise ValueError(f"k is {k}; expected 1 or more")
    limit = logits.topk(min(k, logits.shape[-1])).values[..., -1:]
    return logits.masked_fill(logits < limit, -torch.inf)


def keep_top_p(logits: Tensor, p: float) -> Tensor:
    """Keep the fewest tokens whose probabilities add up to p, the likeliest first.

    Parameters
    ----------
    logits
        Shape (..., V).
    p
        Above 0, at most 1. One token always stays.

    Returns
    -------
    torch.Tensor
        The logits, minus infinity for the others.

    Raises
    ------
    ValueError
        If p is out of range.

    References
    ----------
    Holtzman et al. (2020), section 3.1.

    Examples
    --------
    >>> logits = torch.tensor([0.1, 0.6, 0.3]).log()
    >>> keep_top_p(logits, 0.7).exp()
    tensor([0.0000, 0.6000, 0.3000])
    """
    if not 0 < p <= 1:
        raise ValueError(f"p is {p}; expected above 0, at most 1")
    ordered, places = logits.sort(descending=True, stable=True)
    shares = ordered.softmax(dim=-1)
    before = shares.cumsum(dim=-1) - shares  # what likelier tokens add up to
    ordered = ordered.masked_fill(before >= p, -torch.inf)
    return torch.empty_like(logits).scatter(-1, places, ordered)


def next_probabilities(
    logits: Tensor,
    *,
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float | None = None,
) -> Tensor:
    """Return the probabilities from which the next token is drawn.

    Parameters
    ----------
    logits
        Shape (..., V).
    temperature
        The logits are divided by it: below 1 favours likely tokens, 0 allows only
        the likeliest, above 1 evens out.
    top_k, top_p
        As for `keep_top_k` and `keep_top_p`, applied in this order; None for all.

    Returns
    -------
    torch.Tensor
        The shape of the logits; rows add up to 1.

    Raises
    ------
    ValueError
        If a number is out of range.

    Examples
    --------
    >>> logits = torch.tensor([0.0, 2.0])
    >>> next_probabilities(logits)
    tensor([0.1192, 0.8808])
    >>> next_probabilities(logits, temperature=2.0)
    tensor([0.2689, 0.7311])
    >>> next_probabilities(logits, temperature=0)
    tensor([0., 1.])
    """
    if not 0 <= temperature < math.inf:
        raise ValueError(
            f"temperature is {temperature}; expected a finite number from 0"
        )
    if temperature == 0:
        best = torch.zeros_like(logits)
        return best.scatter(-1, logits.argmax(dim=-1, keepdim=True), 1.0)
    top = logits.amax(dim=-1, keepdim=True)  # no overflow at tiny temperatures
    logits = (logits - top) / temperature
    if top_k is not None:
        logits = keep_top_k(logits, top_k)
    if top_p is not None:
        logits = keep_top_p(logits, top_p)
    return logits.softmax(dim=-1)


@torch.no_grad()
def generate(
    model: Any,  # nn.Module, perhaps with new_cache()
    ids: Tensor,
    *,
    num_tokens: int,
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float | None = None,
    window: int | None = None,
    cache: bool = False,
    generator: torch.Generator | None = None,
) -> Tensor:
    """Continue texts, token by token.

    Parameters
    ----------
    model
        From numbers (N, L) to logits (N, L, V). For ``cache`` it has ``new_cache()``
        and takes the cache as a second argument.
    ids
        What the texts begin with, shape (N, L), L of 1 or more.
    num_tokens
        How many tokens are added.
    temperature, top_k, top_p
        As for `next_probabilities`.
    window
        How many of the last tokens the model sees; None for all.
    cache
        Whether keys and values are kept, so that each token is read once.
    generator
        Draws the tokens; PyTorch's own if missing.

    Returns
    -------
    torch.Tensor
        Shape (N, L + ``num_tokens``).

    Raises
    ------
    ValueError
        If a number is out of range, no token is given, or ``window`` and ``cache``
        come together.

    Examples
    --------
    >>> from torch import nn
    >>> count = nn.Embedding.from_pretrained(torch.eye(4).roll(1, dims=1))
    >>> generate(count, torch.tensor([[0]]), num_tokens=5, temperature=0)
    tensor([[0, 1, 2, 3, 0, 1]])
    """
    if ids.ndim != 2 or ids.shape[1] < 1:
        raise ValueError(
            f"ids have shape {tuple(ids.shape)}; expected (N, L), L of 1 or more"
        )
    if cache and window is not None:
        raise ValueError("window and cache are both given; choose one")
    was_training = model.training
    model.eval()
    kept = model.new_cache() if cache else None
    unread = ids
    for _ in range(num_tokens):
        if kept is None:
            seen = ids if window is None else ids[:, -window:]
            logits = model(seen)
        else:
            logits = model(unread, kept)  # the earlier ones are in the cache
        shares = next_probabilities(
            logits[:, -1], temperature=temperature, top_k=top_k, top_p=top_p
        )
        unread = torch.multinomial(shares, 1, generator=generator)
        ids = torch.cat([ids, unread], dim=1)
    model.train(was_training)
    return ids
