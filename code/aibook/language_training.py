"""Train a model of tokens, and measure it: the six steps, on windows of a text.

Letters: T tokens of the whole text, N windows in a batch, L positions of a window, V
the size of the vocabulary.

Not here: models, tokenisers, what is hidden from a BERT (`aibook.models.bert`).

Sources: K. Jordan et al., "Muon: An optimizer for hidden layers in neural networks",
2024; J. Liu et al., "Muon is Scalable for LLM Training", 2025; R. Pascanu, T. Mikolov
and Y. Bengio, "On the difficulty of training recurrent neural networks", ICML 2013
(clipping).

Book page: sequences/language-models
"""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.optim.lr_scheduler import LambdaLR

__all__ = ["draw_windows", "predict_tokens", "train_steps"]


def draw_windows(
    tokens: Tensor,
    *,
    length: int,
    num_windows: int,
    generator: torch.Generator | None = None,
) -> Tensor:
    """Cut windows out of a text, at places drawn at random.

    Parameters
    ----------
    tokens
        The text, shape (T,).
    length
        L, at most T.
    num_windows
        To draw, N.
    generator
        Draws the places; PyTorch's own if missing.

    Returns
    -------
    torch.Tensor
        Shape (N, L).

    Raises
    ------
    ValueError
        If the text is shorter than a window.

    Examples
    --------
    >>> draw_windows(torch.arange(4), length=4, num_windows=2)
    tensor([[0, 1, 2, 3],
            [0, 1, 2, 3]])
    """
    if tokens.ndim != 1 or not 1 <= length <= len(tokens):
        raise ValueError(
            f"tokens have shape {tuple(tokens.shape)}, length is {length}; "
            "expected (T,) and a length from 1 to T"
        )
    places = torch.randint(
        len(tokens) - length + 1, (num_windows, 1), generator=generator
    )
    windows: Tensor = tokens[places + torch.arange(length)]
    return windows


def train_steps(
    model: nn.Module,
    draw: Callable[[], tuple[Tensor, Tensor]],
    *,
    num_steps: int,
    lr: float = 0.01,
    matrix_lr: float = 0.02,
    warm_up: int = 20,
    log_every: int = 0,
) -> list[float]:
    """Train with Muon and Adam, rates that rise and later fall, clipped gradients.

    Muon changes the matrices of the blocks: it makes all directions of a step about
    equally long, so that rare ones are learned too. Adam changes the rest.

    Parameters
    ----------
    model
        From inputs to logits (..., V); its blocks are called ``blocks``.
    draw
        Returns a batch: inputs, and targets of the shape of the logits without V;
        targets of -100 are left out.
    num_steps
        How many batches.
    lr
        Adam's greatest learning rate.
    matrix_lr
        Muon's.
    warm_up
        In how many steps the rates rise; in the last 60 % of the steps they fall.
    log_every
        Print the mean loss every so many steps; 0 for never.

    Returns
    -------
    list of float
        The loss of each batch before its step, in nats.

    Raises
    ------
    ValueError
        If ``num_steps`` is below 1.
    FloatingPointError
        If a loss is not finite.

    References
    ----------
    Jordan et al. (2024); Liu et al. (2025), section 2.

    Examples
    --------
    >>> _ = torch.manual_seed(0)
    >>> model = nn.Embedding(3, 3)
    >>> batch = torch.tensor([0, 1]), torch.tensor([1, 2])
    >>> losses = train_steps(model, lambda: batch, num_steps=60, lr=0.3)
    >>> losses[-1] < 0.1 < losses[0]
    True
    """
    if num_steps < 1:
        raise ValueError(f"num_steps is {num_steps}; expected 1 or more")
    optimizers = _make_optimizers(model, lr, matrix_lr)
    schedules = [
        LambdaLR(
            optimizer,
            lambda step: min(
                1.0, (step + 1) / warm_up, (1 - step / num_steps) / 0.6
            ),
        )
        for optimizer in optimizers
    ]
    losses: list[float] = []
    model.train()
    for step in range(1, num_steps + 1):
        inputs, targets = draw()  # 1. data as tensors
        model.zero_grad()  # 2. clear the old gradients
        logits = model(inputs)  # 3. forward pass
        loss = F.cross_entropy(logits.flatten(0, -2), targets.flatten())  # 4.
        loss.backward()  # 5. backward pass
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        for optimizer in optimizers:
            optimizer.step()  # 6. update the weights
        for schedule in schedules:
            schedule.step()
        losses.append(loss.item())
        if not math.isfinite(losses[-1]):
            raise FloatingPointError(f"step {step}: the loss is {losses[-1]}")
        if log_every and step % log_every == 0:
            mean = sum(losses[-log_every:]) / log_every
            print(f"step {step:5d}  loss {mean:.3f}")
    model.eval()
    return losses


def _make_optimizers(
    model: nn.Module, lr: float, matrix_lr: float
) -> list[torch.optim.Optimizer]:
    """Return Adam and, if the model has blocks, Muon for their matrices."""
    matrices: list[nn.Parameter] = []
    others: list[nn.Parameter] = []
    for name, p in model.named_parameters():
        inside = "blocks." in name and p.ndim == 2
        (matrices if inside else others).append(p)
    adam = torch.optim.Adam(others, lr=lr, betas=(0.9, 0.95))
    if not matrices:
        return [adam]
    return [adam, torch.optim.Muon(matrices, lr=matrix_lr, weight_decay=0.0)]


@torch.no_grad()
def predict_tokens(
    model: nn.Module, tokens: Tensor, *, length: int, batch_size: int = 64
) -> Tensor:
    """Return the probability that a model gave to each token of a text.

    The text is read in windows of ``length`` that overlap by half, so that, but for
    the first window, each token is predicted from at least half a window before it.

    Parameters
    ----------
    model
        From numbers (N, L) to the logits (N, L, V) of what follows each; causal.
    tokens
        The text, shape (T,), T of 2 or more.
    length
        L, even.
    batch_size
        Windows at once.

    Returns
    -------
    torch.Tensor
        Shape (T - 1,): of the tokens from the second on.

    Raises
    ------
    ValueError
        If the text is too short or the length odd.

    Examples
    --------
    >>> model = nn.Embedding.from_pretrained(torch.zeros(5, 5))
    >>> predict_tokens(model, torch.tensor([3, 1, 4, 1]), length=2)
    tensor([0.2000, 0.2000, 0.2000])
    """
    if tokens.ndim != 1 or len(tokens) < 2 or length < 2 or length % 2:
        raise ValueError(
            f"tokens have shape {tuple(tokens.shape)}, length is {length}; "
            "expected (T,) with T of 2 or more, and an even length"
        )
    half, wanted = length // 2, len(tokens) - 1
    num_windows = max(1, math.ceil(wanted / half) - 1)
    tail = (num_windows + 1) * half + 1 - len(tokens)  # read, but not counted
    windows = F.pad(tokens, (0, tail)).unfold(0, length + 1, half)
    parts = []
    was_training = model.training
    model.eval()
    for batch in windows.split(batch_size):
        logits = model(batch[:, :-1])
        shares = logits.log_softmax(dim=-1).gather(-1, batch[:, 1:, None])
        parts.append(shares[..., 0].exp())
    model.train(was_training)
    p = torch.cat(parts)  # (windows, L)
    return torch.cat([p[0, :half], p[:, half:].flatten()])[:wanted]
