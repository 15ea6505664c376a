"""A judge of digits: a classifier that looks at what generators have made.

It says which digit an image shows and how sure it is, and what goes into its last
layer serves as features, in which two sets of images can be compared
(`aibook.frechet`). It is trained on real digits that were turned, stretched, shifted,
bent and partly blurred, so that it bears images of 14x14 pixels, enlarged, as well as
those of 28x28. A margin of background makes the side 32: a multiple of 8, so that
three poolings lose no row at the edge.

Letters: N images, S their side, K = 10 classes, D features.

Not here: a judge of anything but digits; it has seen nothing else, and is often sure
of a digit where there is none.

Sources: T. Salimans et al., "Improved Techniques for Training GANs", NeurIPS 2016 (a
classifier as judge); M. Heusel et al., "GANs Trained by a Two Time-Scale Update Rule
Converge to a Local Nash Equilibrium", NeurIPS 2017 (its features); P. Simard et al.,
"Best Practices for Convolutional Neural Networks Applied to Visual Document
Analysis", ICDAR 2003 (bent digits).

Book pages: generative/gan, generative/evaluation.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from aibook.data.mnist import load_mnist
from aibook.models.cnn import CNN

__all__ = ["SIDE", "Judge", "distort", "train_judge"]

SIDE = 28
"""The side to which images are enlarged."""
MARGIN = 2
"""Pixels of background that are added on each side."""


class Judge(nn.Module):
    """A convolutional network for digits of any size, with its features.

    Parameters
    ----------
    widths
        Channels of the stages of `aibook.models.cnn.CNN`.
    num_features
        D, the units in front of the last layer.

    Examples
    --------
    >>> judge = Judge()
    >>> judge(torch.zeros(5, 1, 14, 14)).shape
    torch.Size([5, 10])
    >>> judge.features(torch.zeros(5, 1, 28, 28)).shape
    torch.Size([5, 64])
    """

    def __init__(
        self, *, widths: tuple[int, ...] = (16, 32, 64), num_features: int = 64
    ) -> None:
        super().__init__()
        self.cnn = CNN(
            10,
            widths=widths,
            hidden=num_features,
            dropout=0.2,
            size=SIDE + 2 * MARGIN,
        )

    def forward(self, X: Tensor) -> Tensor:
        """Return the logits of the ten digits, shape (N, 10).

        X has shape (N, 1, S, S), 0 (background) to 1 (ink); it is brought to
        28x28 pixels and gets a margin. Another shape or no image raises ValueError.
        """
        return self.cnn(_frame(X))  # type: ignore[no-any-return]

    @torch.no_grad()
    def features(self, X: Tensor) -> Tensor:
        """Return what goes into the last layer, shape (N, D), 0 or more.

        X is as for `forward`. Call ``eval()`` first, as `train_judge` does.
        """
        maps = self.cnn.body(_frame(X))
        return self.cnn.head[:-2](maps)  # type: ignore[no-any-return]

    @torch.no_grad()
    def verdicts(self, X: Tensor) -> tuple[Tensor, Tensor]:
        """Return the digit of each image and how sure the judge is, (N,) each.

        X is as for `forward`; what is returned are the classes, 0 to 9, and their
        probabilities, 0.1 to 1.
        """
        sure, digits = self(X).softmax(dim=1).max(dim=1)
        return digits, sure


def train_judge(
    *, num_epochs: int = 12, limit: int | None = None, seed: int = 0
) -> Judge:
    """Train a judge on the training digits, and return it in evaluation mode.

    PyTorch's own random numbers are the same after the call as before.

    Parameters
    ----------
    num_epochs
        Passes over the digits, 1 or more; 12 take about 10 s on one core.
    limit
        Only so many digits; all by default.
    seed
        Of the weights, the order and the distortions.

    Raises
    ------
    ValueError
        For fewer than one epoch.

    Examples
    --------
    >>> judge = train_judge(num_epochs=1, limit=100)
    >>> judge.training
    False
    """
    if num_epochs < 1:
        raise ValueError(f"num_epochs = {num_epochs}; it must be 1 or more")
    images, labels = load_mnist("train", limit=limit)
    X = torch.tensor(images[:, None] / 255, dtype=torch.float32)
    y = torch.tensor(labels)
    generator = torch.Generator().manual_seed(seed)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        judge = Judge().to(memory_format=torch.channels_last)
        steps = [
            part
            for _ in range(num_epochs)
            for part in torch.randperm(len(X), generator=generator).split(64)
        ]
        optimizer = torch.optim.Adam(judge.parameters(), fused=True)
        schedule = torch.optim.lr_scheduler.OneCycleLR(
            optimizer, 4e-3, total_steps=len(steps), pct_start=0.2
        )
        for part in steps:
            logits = judge(distort(X[part], generator=generator))
            optimizer.zero_grad()
            loss = F.cross_entropy(logits, y[part])
            loss.backward()
            optimizer.step()
            schedule.step()
    return judge.eval()


def distort(X: Tensor, *, generator: torch.Generator) -> Tensor:
    """Turn, stretch, slant, shift and bend each image, and blur every other one.

    By up to 12 degrees, 12 %, 15 % and 2 pixels; bending moves each pixel smoothly
    by about half a pixel more. Blurred ones are as if they had been shrunk to half
    their size and enlarged again.

    Parameters
    ----------
    X
        Shape (N, 1, S, S) with an even S.
    generator
        Draws by how much.

    Returns
    -------
    torch.Tensor
        New images of the same shape.

    Examples
    --------
    >>> X = torch.rand(4, 1, 28, 28)
    >>> distort(X, generator=torch.Generator().manual_seed(0)).shape
    torch.Size([4, 1, 28, 28])
    """
    side = X.shape[-1]
    draws = 2 * torch.rand(6, len(X), generator=generator) - 1  # -1 to 1
    angle = math.radians(12) * draws[0]
    wide, high = 1 + 0.12 * draws[1:3]
    slant = 0.15 * draws[3]
    across, down = 2 * draws[4:] / (side / 2)
    rows = [
        torch.stack([wide * angle.cos(), slant - high * angle.sin(), across]),
        torch.stack([wide * angle.sin(), high * angle.cos(), down]),
    ]
    maps = torch.stack(rows).permute(2, 0, 1)  # (N, 2, 3)
    places = F.affine_grid(maps, list(X.shape), align_corners=False)
    bends = torch.randn(len(X), 2, 5, 5, generator=generator) / side
    bends = F.interpolate(
        bends, size=(side, side), mode="bicubic", align_corners=True
    )
    places = places + bends.permute(0, 2, 3, 1)  # (N, S, S, 2)
    moved = F.grid_sample(X, places, align_corners=False)
    half = F.interpolate(moved[::2], size=side // 2, mode="area")
    moved[::2] = _enlarge(half, side)
    return moved


def _frame(X: Tensor) -> Tensor:
    """Return images (N, 1, S, S) with a margin, (N, 1, 32, 32), or refuse them."""
    return F.pad(_enlarge(X), (MARGIN,) * 4)


def _enlarge(X: Tensor, side: int = SIDE) -> Tensor:
    """Return images (N, 1, S, S) as (N, 1, side, side), or refuse them."""
    if X.ndim != 4 or X.shape[1] != 1 or X.numel() == 0:
        raise ValueError(
            f"X has shape {tuple(X.shape)}; expected (N, 1, S, S), each 1 or more"
        )
    if X.shape[2:] == (side, side):
        return X
    return F.interpolate(
        X, size=(side, side), mode="bilinear", align_corners=False
    )
