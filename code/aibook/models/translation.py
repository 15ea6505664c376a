"""Training a `Transformer` to translate, and translating with it.

Letters: N texts, S tokens of the source, T of the target.

A target begins with a token that names the language to be written, and ends with a
token of its own: the decoder is given all but the last, and is to say all but the
first.

Not here: the network (`aibook.models.transformer`), how the search works
(`aibook.decoding`).

Sources: A. Vaswani et al., "Attention Is All You Need", NeurIPS 2017, section 5;
R. J. Williams and D. Zipser, "A Learning Algorithm for Continually Running Fully
Recurrent Neural Networks", Neural Computation 1(2), 1989, for teacher forcing.

Book page: sequences/transformer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy, pad

from aibook.decoding import beam_search, greedy_search
from aibook.models.transformer import Transformer

__all__ = [
    "exact_match",
    "next_token",
    "train",
    "translate",
    "translation_loss",
]

Texts = tuple[Tensor, Tensor]


def translation_loss(
    model: Transformer, source: Tensor, target: Tensor
) -> Tensor:
    """Return the mean cross-entropy of the target's tokens under teacher forcing.

    Parameters
    ----------
    model
        Predicts each token from the source and the *right* tokens before it.
    source
        Shape (N, S).
    target
        Shape (N, T), T of 2 or more. Padding counts for nothing.

    Examples
    --------
    >>> model = Transformer(4, width=4, num_heads=1)
    >>> source = target = torch.tensor([[2, 3, 1], [3, 1, 0]])
    >>> bool(translation_loss(model, source, target) > 0)
    True
    """
    logits = model(source, target[:, :-1])  # (N, T - 1, V)
    return cross_entropy(
        logits.flatten(0, 1),
        target[:, 1:].flatten(),
        ignore_index=model.padding,
    )


def train(
    model: Transformer,
    texts: Sequence[Texts],
    *,
    num_steps: int,
    lr: float = 5e-3,
    batch_size: int = 64,
    warmup: float = 0.1,
    seed: int = 0,
    on_step: Callable[[int, float], None] | None = None,
) -> list[float]:
    """Train with Adam; the learning rate rises, then falls, both in a line.

    Parameters
    ----------
    model
        Is changed.
    texts
        One (source, target) for each direction; the batches take turns, so that
        texts of one kind are padded together.
    num_steps
        Updates, 1 or more.
    lr
        The highest learning rate.
    batch_size
        Pairs of each update, drawn with replacement.
    warmup
        Share of the steps in which the rate rises, 0 up to but not 1.
    seed
        Fixes which pairs are drawn.
    on_step
        Called after each update with its number, from 1, and the batch's loss.

    Returns
    -------
    list of float
        The loss of each batch, before its update.

    Raises
    ------
    ValueError
        If a number is out of range, or there are no texts.
    """
    if min(num_steps, batch_size) < 1 or not 0 <= warmup < 1 or not lr > 0:
        raise ValueError(
            f"num_steps {num_steps}, batch_size {batch_size}, warmup {warmup}, lr "
            f"{lr}; expected 1 or more, 1 or more, 0 up to but not 1, above 0"
        )
    if not texts:
        raise ValueError("texts is empty; give one direction at least")
    rise = max(1, round(warmup * num_steps))
    optimizer = torch.optim.Adam(
        model.parameters(), lr=lr, betas=(0.9, 0.98), fused=True
    )
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer,
        lambda k: min(
            (k + 1) / rise, (num_steps - k) / (num_steps - rise + 1)
        ),
    )
    draws = torch.Generator().manual_seed(seed)
    losses = []
    model.train()
    for step in range(num_steps):
        source, target = texts[step % len(texts)]
        rows = torch.randint(len(source), (batch_size,), generator=draws)
        batch = (_trim(part[rows], model.padding) for part in (source, target))
        loss = translation_loss(model, *batch)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        losses.append(loss.item())
        if on_step is not None:
            on_step(step + 1, losses[-1])
    return losses


def _trim(tokens: Tensor, padding: int) -> Tensor:
    """Return the tokens without the columns that only pad."""
    return tokens[:, : int((tokens != padding).sum(dim=1).max())]


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
    memory, mask = model.encode(_trim(source, model.padding))

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
