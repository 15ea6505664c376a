"""Denoisers: networks that are shown a noisy sample and say what it is made of.

`Denoiser` is a U-Net for images: down to a coarse view, up again, and across at every
level. In each of its blocks it is told how noisy the image is, and, if asked for, what
it shows. `PointDenoiser` does the same for points in the plane.

Letters: N samples, C channels, H rows, W columns, E the width of an embedding, T steps
of the schedule.

Different from the paper's network: no attention, one block a level, fewer channels.

Not here: the schedule and the loss (`aibook.diffusion`, `aibook.diffusion_training`);
the U-Net for segmentation (`aibook.models.unet`).

Sources: J. Ho, A. Jain and P. Abbeel, "Denoising Diffusion Probabilistic Models",
NeurIPS 2020, appendix B; P. Dhariwal and A. Nichol, "Diffusion Models Beat GANs on
Image Synthesis", NeurIPS 2021 (the embedding as scale and shift).

Book page: generative/diffusion.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from aibook.layers.positions import sinusoids

__all__ = ["Denoiser", "PointDenoiser", "ResidualBlock", "TimeEmbedding"]


class TimeEmbedding(nn.Module):
    """A step as a vector: waves of many lengths, then two layers.

    Parameters
    ----------
    num_steps
        T; steps 0 to T can be embedded.
    width
        E, even.

    Examples
    --------
    >>> TimeEmbedding(1000, width=8)(torch.tensor([1, 500, 1000])).shape
    torch.Size([3, 8])
    """

    waves: Tensor

    def __init__(self, num_steps: int, *, width: int) -> None:
        super().__init__()
        self.register_buffer(
            "waves", sinusoids(num_steps + 1, width), persistent=False
        )
        self.layers = nn.Sequential(
            nn.Linear(width, width), nn.SiLU(), nn.Linear(width, width)
        )

    def forward(self, t: Tensor) -> Tensor:
        """Return the vectors of steps t, (N,) integers -> (N, E)."""
        return self.layers(self.waves[t])  # type: ignore[no-any-return]


class ResidualBlock(nn.Module):
    """Two 3x3 convolutions that are told something between them, and a bypass.

    What is told scales and shifts each channel. The second convolution starts at
    zero, so that a new block passes its input on.

    Parameters
    ----------
    before, after
        Channels that go in and that come out; ``after`` a multiple of ``groups``,
        ``before`` too.
    width
        E, of what is told.
    groups
        Of the normalisation.

    Examples
    --------
    >>> block = ResidualBlock(8, 16, width=4)
    >>> block(torch.zeros(2, 8, 7, 7), torch.zeros(2, 4)).shape
    torch.Size([2, 16, 7, 7])
    """

    def __init__(
        self, before: int, after: int, *, width: int, groups: int = 8
    ) -> None:
        super().__init__()
        self.first = nn.Sequential(
            nn.GroupNorm(groups, before),
            nn.SiLU(),
            nn.Conv2d(before, after, 3, padding=1),
        )
        self.tell = nn.Sequential(nn.SiLU(), nn.Linear(width, 2 * after))
        self.norm = nn.GroupNorm(groups, after)
        self.second = nn.Conv2d(after, after, 3, padding=1)
        nn.init.zeros_(self.second.weight)
        self.bypass = (
            nn.Identity() if before == after else nn.Conv2d(before, after, 1)
        )

    def forward(self, x: Tensor, told: Tensor) -> Tensor:
        """Return maps (N, after, H, W) of x (N, before, H, W), told (N, E)."""
        h = self.first(x)
        scale, shift = self.tell(told)[:, :, None, None].chunk(2, dim=1)
        h = self.norm(h) * (1 + scale) + shift
        return self.bypass(x) + self.second(F.silu(h))  # type: ignore[no-any-return]


class Denoiser(nn.Module):
    """A U-Net that knows the step, and the class if there are classes.

    Parameters
    ----------
    in_channels
        C of the images.
    num_steps
        T of the schedule.
    widths
        Channels of the levels from the top, multiples of 8; each level has half
        the size of the one above, rounded up.
    width
        E, of the embeddings, even.
    num_classes
        How many classes there are, 0 for a network that is not told. Class
        ``num_classes`` stands for "not told".
    patch
        Squares of so many pixels a side are laid into the channels at the entrance,
        and taken out again at the exit. With 2 the top level has half the size of
        the image, and a convolution there costs a quarter.

    Raises
    ------
    ValueError
        For no level, or a number outside its range.

    References
    ----------
    Ho, Jain and Abbeel (2020), appendix B.

    Examples
    --------
    >>> model = Denoiser(1, num_steps=100, widths=(8, 16), num_classes=10)
    >>> t, told = torch.tensor([1, 100]), torch.tensor([7, 10])
    >>> model(torch.zeros(2, 1, 14, 14), t, told).shape
    torch.Size([2, 1, 14, 14])
    """

    def __init__(
        self,
        in_channels: int,
        *,
        num_steps: int,
        widths: Sequence[int] = (32, 64),
        width: int = 64,
        num_classes: int = 0,
        patch: int = 1,
    ) -> None:
        super().__init__()
        numbers = in_channels, num_steps, patch, len(widths)
        if min(numbers) < 1 or num_classes < 0:
            raise ValueError(
                f"in_channels {in_channels}, num_steps {num_steps}, patch {patch}, "
                f"widths {tuple(widths)}, num_classes {num_classes}; expected one "
                "level or more, and numbers of 1 or more (classes: 0)"
            )
        if any(channels < 1 or channels % 8 for channels in widths):
            raise ValueError(
                f"widths are {tuple(widths)}; expected multiples of 8"
            )
        self.in_channels = in_channels
        self.patch = patch
        self.time = TimeEmbedding(num_steps, width=width)
        self.classes = (
            nn.Embedding(num_classes + 1, width) if num_classes else None
        )
        levels = list(pairwise(widths))
        channels = in_channels * patch**2
        self.stem = nn.Conv2d(channels, widths[0], 3, padding=1)
        self.down = nn.ModuleList(
            ResidualBlock(c, c, width=width) for c in widths
        )
        self.shrink = nn.ModuleList(
            nn.Conv2d(here, below, 3, stride=2, padding=1)
            for here, below in levels
        )
        self.middle = ResidualBlock(widths[-1], widths[-1], width=width)
        self.up = nn.ModuleList(
            ResidualBlock(2 * c, c, width=width) for c in reversed(widths)
        )
        self.grow = nn.ModuleList(
            nn.Conv2d(below, here, 1) for here, below in reversed(levels)
        )
        last = nn.Conv2d(widths[0], channels, 3, padding=1)
        nn.init.zeros_(last.weight)
        self.head = nn.Sequential(nn.GroupNorm(8, widths[0]), nn.SiLU(), last)

    def forward(
        self, x: Tensor, t: Tensor, condition: Tensor | None = None
    ) -> Tensor:
        """Return what x is made of, as the training asks, shape (N, C, H, W).

        x has shape (N, C, H, W), H and W multiples of ``patch``; t holds the steps,
        (N,) integers 0 to T; ``condition`` the classes, (N,) integers 0 to K with K
        for "not told", which None stands for too. Another shape, or a class where
        there are none, raises ValueError.
        """
        told = self._told(t, condition)
        h = self.stem(self._patches(x))
        seen = []
        for level, block in enumerate(self.down):
            if level:
                h = self.shrink[level - 1](h)
            h = block(h, told)
            seen.append(h)
        h = self.middle(h, told)
        for level, block in enumerate(self.up):
            across = seen.pop()
            if level:
                small = self.grow[level - 1](h)
                h = F.interpolate(small, size=across.shape[2:])
            h = block(torch.cat([across, h], dim=1), told)
        return F.pixel_shuffle(self.head(h), self.patch)

    def _patches(self, x: Tensor) -> Tensor:
        """Return the image with its squares in the channels, or refuse it."""
        fits = x.ndim == 4 and x.shape[1] == self.in_channels and len(x) > 0
        if not fits or any(side % self.patch for side in x.shape[2:]):
            raise ValueError(
                f"x has shape {tuple(x.shape)}; expected (N, {self.in_channels}, "
                f"H, W) with N of 1 or more, H and W multiples of {self.patch}"
            )
        return F.pixel_unshuffle(x, self.patch)

    def _told(self, t: Tensor, condition: Tensor | None) -> Tensor:
        """Return the sum of the embeddings of step and class, (N, E)."""
        told: Tensor = self.time(t)
        if self.classes is None:
            if condition is not None:
                raise ValueError(
                    "a condition is given, but there are no classes"
                )
            return told
        if condition is None:
            condition = torch.full_like(t, self.classes.num_embeddings - 1)
        return told + self.classes(condition)  # type: ignore[no-any-return]


class PointDenoiser(nn.Module):
    """Fully connected layers for points, each told the step.

    What is told scales and shifts each unit, as in `ResidualBlock`.

    Parameters
    ----------
    num_features
        D, the coordinates of a point.
    num_steps
        T of the schedule.
    hidden
        Units of each of the three hidden layers.
    width
        E, of the embedding, even.

    Examples
    --------
    >>> model = PointDenoiser(2, num_steps=100)
    >>> model(torch.zeros(5, 2), torch.full((5,), 100)).shape
    torch.Size([5, 2])
    """

    def __init__(
        self,
        num_features: int,
        *,
        num_steps: int,
        hidden: int = 128,
        width: int = 32,
    ) -> None:
        super().__init__()
        self.time = TimeEmbedding(num_steps, width=width)
        sizes = (num_features, hidden, hidden, hidden)
        self.layers = nn.ModuleList(
            nn.Linear(*pair) for pair in pairwise(sizes)
        )
        self.tell = nn.ModuleList(
            nn.Linear(width, 2 * hidden) for _ in self.layers
        )
        self.last = nn.Linear(hidden, num_features)

    def forward(
        self, x: Tensor, t: Tensor, condition: Tensor | None = None
    ) -> Tensor:
        """Return what points x (N, D) at steps t (N,) are made of, (N, D).

        There is no condition to give; one that is not None raises ValueError.
        """
        if condition is not None:
            raise ValueError("a condition is given, but there are no classes")
        told = F.silu(self.time(t))
        for layer, tell in zip(self.layers, self.tell, strict=True):
            scale, shift = tell(told).chunk(2, dim=1)
            x = F.silu(layer(x) * (1 + scale) + shift)
        return self.last(x)  # type: ignore[no-any-return]
