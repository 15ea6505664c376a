"""Training a `Transformer` to translate: with the right tokens before each.

Letters: N texts, S tokens of the source, T of the target.

A target begins with a token that names the language to be written, and ends with a
token of its own: the decoder is given all but the last, and is to say all but the
first.

Not here: the network (`aibook.models.transformer`), translating with it
(`aibook.models.translation`).

Sources: A. Vaswani et al., "Attention Is All You Need", NeurIPS 2017, section 5;
R. J. Williams and D. Zipser, "A Learning Algorithm for Continually Running Fully
Recurrent Neural Networks", Neural Computation 1(2), 1989, for teacher forcing.

Book page: sequences/transformer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from aibook.models.transformer import Transformer

__all__ = ["train", "translation_loss", "trim"]

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
        batch = (trim(part[rows], model.padding) for part in (source, target))
        loss = translation_loss(model, *batch)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        losses.append(loss.item())
        if on_step is not None:
            on_step(step + 1, losses[-1])
    return losses


def trim(tokens: Tensor, padding: int) -> Tensor:
    """Return the tokens without the columns that only pad.

    Parameters
    ----------
    tokens
        Shape (N, T), padded at the ends.
    padding
        The token that pads.

    Examples
    --------
    >>> trim(torch.tensor([[3, 1, 0], [1, 0, 0]]), padding=0)
    tensor([[3, 1],
            [1, 0]])
    """
    return tokens[:, : int((tokens != padding).sum(dim=1).max())]
