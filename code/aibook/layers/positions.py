"""Positions: what tells attention where a token stands.

Letters: N texts, L positions, D the width of the model, d that of a head.

Not here: relative biases that are added to the scores.

Sources: A. Vaswani et al., "Attention Is All You Need", NeurIPS 2017, section 3.5
(sinusoids); J. Su et al., "RoFormer: Enhanced Transformer with Rotary Position
Embedding", Neurocomputing 568, 2024 (rotation).

Book page: sequences/attention.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

__all__ = ["LearnedPositions", "rotate", "sinusoids"]


def _angles(length: int, width: int, base: float) -> Tensor:
    """Return position times frequency, shape (L, D / 2), in radians."""
    if length < 1 or width < 2 or width % 2:
        raise ValueError(
            f"length is {length}, width {width}; expected 1 or more, and an even "
            "width"
        )
    frequencies = base ** (-torch.arange(0, width, 2) / width)
    return torch.arange(length)[:, None] * frequencies


def sinusoids(length: int, width: int, *, base: float = 10000.0) -> Tensor:
    """Return sines and cosines of the positions, from fast to slow.

    Parameters
    ----------
    length
        L, 1 or more.
    width
        D, even.
    base
        The slowest wave is about ``base`` times as long as the fastest.

    Returns
    -------
    torch.Tensor
        Shape (L, D): column 2i is ``sin(p / base^(2i/D))``, column 2i + 1 its
        cosine.

    Raises
    ------
    ValueError
        If a number is out of range.

    References
    ----------
    Vaswani et al. (2017), section 3.5.

    Examples
    --------
    >>> sinusoids(2, 4)
    tensor([[0.0000, 1.0000, 0.0000, 1.0000],
            [0.8415, 0.5403, 0.0100, 0.9999]])
    """
    angles = _angles(length, width, base)
    return torch.stack([angles.sin(), angles.cos()], dim=-1).flatten(1)


def rotate(x: Tensor, *, start: int = 0, base: float = 10000.0) -> Tensor:
    """Turn each pair of features by an angle that grows with the position.

    The dot product of a rotated query and a rotated key depends on the distance
    of their positions only.

    Parameters
    ----------
    x
        Queries or keys, shape (..., L, d), d even.
    start
        The position of the first row.
    base
        As in `sinusoids`.

    Returns
    -------
    torch.Tensor
        The shape of x; pairs are the columns 2i and 2i + 1.

    Raises
    ------
    ValueError
        If d is odd or ``start`` is negative.

    References
    ----------
    Su et al. (2024), equation 34.

    Examples
    --------
    >>> rotate(torch.tensor([[1.0, 0.0], [1.0, 0.0]]))
    tensor([[1.0000, 0.0000],
            [0.5403, 0.8415]])
    """
    if start < 0:
        raise ValueError(f"start is {start}; it must be 0 or more")
    angles = _angles(start + x.shape[-2], x.shape[-1], base)[start:].to(x)
    even, odd = x[..., 0::2], x[..., 1::2]
    cos, sin = angles.cos(), angles.sin()
    turned = [even * cos - odd * sin, even * sin + odd * cos]
    return torch.stack(turned, dim=-1).flatten(-2)


class LearnedPositions(nn.Module):
    """A vector for each position, learned, that is added to the tokens.

    Parameters
    ----------
    max_length
        How many positions there are.
    width
        D.

    Raises
    ------
    ValueError
        If a number is below 1.

    References
    ----------
    Gehring et al. (2017), "Convolutional Sequence to Sequence Learning"; BERT, GPT
    and ViT use the same.

    Examples
    --------
    >>> LearnedPositions(10, width=4)(torch.zeros(2, 3, 4)).shape
    torch.Size([2, 3, 4])
    """

    def __init__(self, max_length: int, *, width: int) -> None:
        super().__init__()
        if min(max_length, width) < 1:
            raise ValueError(
                f"max_length is {max_length}, width {width}; expected 1 or more"
            )
        self.table = nn.Parameter(0.02 * torch.randn(max_length, width))

    def forward(self, x: Tensor) -> Tensor:
        """Return x, (N, L, D), with the position added to each token.

        More tokens than positions raise ValueError.
        """
        if x.shape[-2] > len(self.table):
            raise ValueError(
                f"x has {x.shape[-2]} tokens; there are {len(self.table)} positions"
            )
        return x + self.table[: x.shape[-2]]
