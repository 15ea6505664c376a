"""Augmentation while training: each batch is changed at random before it is learned.

The stored images stay as they are; every epoch shows other versions of them. Only
changes that keep the label are worth having: a mirrored shoe is still a shoe, a
mirrored 3 is no digit.

Not here: rotation, scaling, changes of colour; single images as NumPy arrays.

Source: A. Krizhevsky, I. Sutskever and G. E. Hinton, "ImageNet Classification with
Deep Convolutional Neural Networks", NeurIPS 2012, section 4.1.

Book page: images/cnn.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import torch
import torch.nn.functional as F
from torch import Tensor

__all__ = ["AugmentedBatches", "flip_some", "shift_some"]


def flip_some(X: Tensor, *, generator: torch.Generator) -> Tensor:
    """Mirror about half of the images, left for right.

    Parameters
    ----------
    X
        Images, shape (N, ..., H, W) with any number of axes between.
    generator
        Draws which images.

    Returns
    -------
    torch.Tensor
        New images of the same shape.

    Raises
    ------
    ValueError
        For fewer than three axes.

    Examples
    --------
    >>> X = torch.tensor([[[1, 2]], [[3, 4]]])
    >>> flip_some(X, generator=torch.Generator().manual_seed(1)).tolist()
    [[[1, 2]], [[4, 3]]]
    """
    _check_images(X)
    chosen = torch.rand(len(X), generator=generator) < 0.5
    return torch.where(_per_image(chosen, X), X.flip(-1), X)


def shift_some(
    X: Tensor, *, max_shift: int, generator: torch.Generator
) -> Tensor:
    """Shift each image by some pixels, and fill with zeros what comes into view.

    Parameters
    ----------
    X
        Images, shape (N, ..., H, W) with any number of axes between.
    max_shift
        By how many pixels at most, up, down, left or right; each number of
        pixels is as likely as any other.
    generator
        Draws how far.

    Returns
    -------
    torch.Tensor
        New images of the same shape.

    Raises
    ------
    ValueError
        For fewer than three axes or a negative ``max_shift``.

    Examples
    --------
    >>> X = torch.ones(1, 3, 3)
    >>> shift_some(X, max_shift=1, generator=torch.Generator().manual_seed(0))
    tensor([[[0., 1., 1.],
             [0., 1., 1.],
             [0., 0., 0.]]])
    """
    _check_images(X)
    if max_shift < 0:
        raise ValueError(f"max_shift = {max_shift}; it must be 0 or more")
    height, width = X.shape[-2:]
    padded = F.pad(X, (max_shift,) * 4)
    starts = (len(X), 2)
    start = torch.randint(2 * max_shift + 1, starts, generator=generator)
    images = torch.arange(len(X))[:, None, None]
    rows = start[:, :1, None] + torch.arange(height)[:, None]  # (N, H, 1)
    columns = start[:, 1:, None] + torch.arange(width)  # (N, 1, W)
    last = padded.movedim((-2, -1), (1, 2))  # (N, H', W', ...)
    return last[images, rows, columns].movedim((1, 2), (-2, -1))


class AugmentedBatches:
    """Batches whose images are flipped and shifted anew in every pass.

    Parameters
    ----------
    batches
        Yields ``(X, y)`` with images X of shape (N, ..., H, W).
    max_shift
        By how many pixels at most images are shifted, 0 for not at all.
    flip
        Whether about half of the images are mirrored.
    seed
        Fixes the draws of all passes together.

    Raises
    ------
    ValueError
        For a negative ``max_shift``.

    References
    ----------
    Krizhevsky, Sutskever and Hinton (2012), section 4.1.

    Examples
    --------
    >>> batch = (torch.rand(4, 8, 8), torch.arange(4))
    >>> twice = AugmentedBatches([batch], max_shift=1)
    >>> (first, y), (second, _) = next(iter(twice)), next(iter(twice))
    >>> y.tolist(), torch.equal(first, second)
    ([0, 1, 2, 3], False)
    """

    def __init__(
        self,
        batches: Iterable[tuple[Tensor, Tensor]],
        *,
        max_shift: int = 0,
        flip: bool = True,
        seed: int = 0,
    ) -> None:
        if max_shift < 0:
            raise ValueError(f"max_shift = {max_shift}; it must be 0 or more")
        self.batches = batches
        self.max_shift = max_shift
        self.flip = flip
        self.generator = torch.Generator().manual_seed(seed)

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor]]:
        """Yield every batch once, changed; the labels stay."""
        for X, y in self.batches:
            images = X
            if self.flip:
                images = flip_some(images, generator=self.generator)
            if self.max_shift:
                images = shift_some(
                    images, max_shift=self.max_shift, generator=self.generator
                )
            yield images, y


def _per_image(values: Tensor, X: Tensor) -> Tensor:
    """Return one value an image, ready to broadcast over the image."""
    return values.reshape(-1, *(1,) * (X.ndim - 1))


def _check_images(X: Tensor) -> None:
    if X.ndim < 3:
        raise ValueError(
            f"X has shape {tuple(X.shape)}; expected images (N, ..., H, W)"
        )
