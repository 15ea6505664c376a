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


def _angles(length: int, width: int, base: float, start: int = 0) -> Tensor:
    """Return position times frequency, shape (L, D / 2), in radians.

    In double precision: in single, a large angle loses its last digits.
    """
    if length < 1 or width < 2 or width % 2 or not base > 0:
        raise ValueError(
            f"length is {length}, width {width}, base {base}; expected 1 or more, "
            "an even width and a positive base"
        )
    positions = torch.arange(start, start + length)
    pairs = torch.arange(0, width, 2, dtype=torch.double)
    return positions[:, None] * base ** (-pairs / width)


def sinusoids(length: int, width: int, *, base: float = 10000.0) -> Tensor:
    """Return sines and cosines of the positions, from fast to slow.

    Parameters
    ----------
    length
        L, 1 or more.
    width
        D, even.
    base
        The slowest wave is nearly ``base`` times as long as the fastest.

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
    angles = _angles(length, width, base)  # (L, D / 2)
    waves = torch.stack([angles.sin(), angles.cos()], dim=-1)
    return waves.flatten(1).to(torch.get_default_dtype())


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
        As for `sinusoids`.

    Returns
    -------
    torch.Tensor
        The shape of x; pairs are the columns 2i and 2i + 1.

    Raises
    ------
    ValueError
        If x has no two axes, d is odd, or ``start`` is negative.

    References
    ----------
    Su et al. (2024), equation 34.

    Examples
    --------
    >>> rotate(torch.tensor([[1.0, 0.0], [1.0, 0.0]]))
    tensor([[1.0000, 0.0000],
            [0.5403, 0.8415]])
    """
    if start < 0 or x.ndim < 2:
        raise ValueError(
            f"start is {start}, x has shape {tuple(x.shape)}; expected 0 or more, "
            "and (..., L, d)"
        )
    angles = _angles(x.shape[-2], x.shape[-1], base, start)
    cos, sin = angles.cos().to(x), angles.sin().to(x)  # (L, d / 2)
    even, odd = x[..., 0::2], x[..., 1::2]
    turned = [even * cos - odd * sin, even * sin + odd * cos]
    return torch.stack(turned, dim=-1).flatten(-2)


class LearnedPositions(nn.Module):
    """A vector for each position, learned, that is added to the tokens.

    Parameters
    ----------
    max_length
        How many positions there are.
    width
        Of a vector, D.

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

        More tokens than positions, or another width, raise ValueError.
        """
        limit, width = self.table.shape
        if x.ndim < 2 or x.shape[-2] > limit or x.shape[-1] != width:
            raise ValueError(
                f"x has shape {tuple(x.shape)}; expected (N, L, {width}) with L up "
                f"to {limit}"
            )
        return x + self.table[: x.shape[-2]]
