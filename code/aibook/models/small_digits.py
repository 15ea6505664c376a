"""A network for digits that is small enough for a web page.

Two convolutions with stride 2 and two linear layers, with ReLU between them; no
pooling and no normalisation, so that its arithmetic can be redone in any language.
It learns from a bank of distorted digits, drawn once; a teacher may say what it
thinks of each image of the bank.

Letters: N images; D units of the hidden layer.

Not here: its 8-bit form (`aibook.models.int8_digits`), the teacher
(`aibook.models.judge`).

Source: Y. LeCun et al., "Backpropagation Applied to Handwritten Zip Code
Recognition", Neural Computation 1, 1989 (strided convolutions for digits).

Book page: labs/on-device
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from aibook.distillation import distillation_loss
from aibook.models.judge import distort

__all__ = ["SmallDigits", "draw_bank", "train_small"]


class SmallDigits(nn.Module):
    """A small network for digits of 28x28 pixels.

    Parameters
    ----------
    widths
        Channels of the two convolutions.
    hidden
        D, units between the two linear layers.

    Examples
    --------
    >>> net = SmallDigits()
    >>> net(torch.zeros(5, 1, 28, 28)).shape
    torch.Size([5, 10])
    >>> sum(p.numel() for p in net.parameters())
    28874
    """

    def __init__(
        self, *, widths: tuple[int, int] = (8, 16), hidden: int = 32
    ) -> None:
        super().__init__()
        first, second = widths
        self.layers = nn.Sequential(
            nn.Conv2d(1, first, 5, stride=2, padding=2),  # (N, 8, 14, 14)
            nn.ReLU(),
            nn.Conv2d(first, second, 5, stride=2, padding=2),  # (N, 16, 7, 7)
            nn.ReLU(),
            nn.Flatten(),
            nn.Linear(second * 7 * 7, hidden),
            nn.ReLU(),
            nn.Linear(hidden, 10),
        )

    def forward(self, X: Tensor) -> Tensor:
        """Return the logits, shape (N, 10), of images (N, 1, 28, 28), 0 to 1."""
        return self.layers(X)  # type: ignore[no-any-return]


def draw_bank(
    X: Tensor, y: Tensor, *, copies: int, seed: int = 0
) -> tuple[Tensor, Tensor]:
    """Return the digits themselves, then distorted copies of them.

    Each copy is turned, stretched, shifted and bent; in one of four the strokes
    become thicker too, as with a broad pen. Pixels are rounded to bytes / 255.

    Parameters
    ----------
    X, y
        Images (N, 1, 28, 28), 0 to 1, and labels (N,).
    copies
        How many of each, 0 or more.
    seed
        Draws the distortions.

    Returns
    -------
    tuple of torch.Tensor
        Images ((1 + copies) N, 1, 28, 28) and labels ((1 + copies) N,).

    Raises
    ------
    ValueError
        For fewer than 0 copies.

    Examples
    --------
    >>> X, y = draw_bank(torch.rand(3, 1, 28, 28), torch.arange(3), copies=2)
    >>> X.shape, y.tolist()
    (torch.Size([9, 1, 28, 28]), [0, 1, 2, 0, 1, 2, 0, 1, 2])
    """
    if copies < 0:
        raise ValueError(f"copies = {copies}; it must be 0 or more")
    generator = torch.Generator().manual_seed(seed)
    parts = [X]
    for _ in range(copies):
        part = distort(X, generator=generator)
        broad = torch.rand(len(X), generator=generator) < 0.25
        thick = F.max_pool2d(part[broad], 3, stride=1, padding=1)
        share = torch.rand(len(thick), 1, 1, 1, generator=generator)
        part[broad] += share * (thick - part[broad])
        parts.append(part)
    bank = (torch.cat(parts).clamp(0, 1) * 255).round() / 255
    return bank, y.repeat(1 + copies)


def train_small(
    X: Tensor,
    y: Tensor,
    *,
    teacher_logits: Tensor | None = None,
    num_epochs: int = 5,
    batch_size: int = 128,
    lr: float = 5e-3,
    seed: int = 0,
) -> SmallDigits:
    """Train a small network, and return it in evaluation mode.

    PyTorch's own random numbers are the same after the call as before.

    Parameters
    ----------
    X, y
        Images (N, 1, 28, 28), 0 to 1, and labels (N,).
    teacher_logits
        Shape (N, 10): the student learns from them by `distillation_loss`;
        from the labels alone if None.
    num_epochs
        Passes over the images, 1 or more.
    batch_size
        Images of one step.
    lr
        Adam's highest learning rate; it rises and falls once.
    seed
        Of the weights and the order.

    Raises
    ------
    ValueError
        For fewer than one epoch.

    Examples
    --------
    >>> X, y = torch.rand(20, 1, 28, 28), torch.arange(20) % 10
    >>> train_small(X, y, num_epochs=1, batch_size=10).training
    False
    """
    if num_epochs < 1:
        raise ValueError(f"num_epochs = {num_epochs}; it must be 1 or more")
    generator = torch.Generator().manual_seed(seed)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        net = SmallDigits().to(memory_format=torch.channels_last)
    steps = [
        part
        for _ in range(num_epochs)
        for part in torch.randperm(len(X), generator=generator).split(
            batch_size
        )
    ]
    optimizer = torch.optim.Adam(net.parameters(), fused=True)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, lr, total_steps=len(steps), pct_start=0.2
    )
    for part in steps:
        logits = net(X[part])
        if teacher_logits is None:
            loss = F.cross_entropy(logits, y[part])
        else:
            loss = distillation_loss(logits, teacher_logits[part], y[part])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
    return net.eval()
