"""Attention: each query asks every key, and takes a mixture of the values.

Letters: N texts (or images) in a batch, H heads, L queries, S keys and values,
D the width of the model, d the width of a head.

Not here: positions (`aibook.layers.positions`), the blocks around attention
(`aibook.layers.blocks`), dropout of the weights, a cache of keys and values.

Source: A. Vaswani et al., "Attention Is All You Need", NeurIPS 2017, section 3.2.
PyTorch's twins are `F.scaled_dot_product_attention`, whose masks mean the same,
and `nn.MultiheadAttention`, in whose masks True hides a key.

Book page: sequences/attention.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

__all__ = ["MultiHeadAttention", "attention", "causal_mask"]

Shape = tuple[int, ...]


def causal_mask(length: int, *, device: torch.device | None = None) -> Tensor:
    """Return which position may look at which: at itself and those before.

    Parameters
    ----------
    length
        L, 1 or more.
    device
        Where the mask is made.

    Returns
    -------
    torch.Tensor
        Shape (L, L), bool; row i is True up to column i.

    Raises
    ------
    ValueError
        If ``length`` is below 1.

    Examples
    --------
    >>> causal_mask(3).int()
    tensor([[1, 0, 0],
            [1, 1, 0],
            [1, 1, 1]], dtype=torch.int32)
    """
    if length < 1:
        raise ValueError(f"length is {length}; it must be 1 or more")
    square = torch.ones(length, length, dtype=torch.bool, device=device)
    return square.tril()


def attention(
    Q: Tensor, K: Tensor, V: Tensor, *, mask: Tensor | None = None
) -> tuple[Tensor, Tensor]:
    """Mix the values by how well each query fits each key.

    Parameters
    ----------
    Q
        Queries, shape (..., L, d).
    K
        Keys, shape (..., S, d).
    V
        Values, shape (..., S, e).
    mask
        Shape that broadcasts to (..., L, S), bool: True where a query may look.
        A query that may look nowhere gets zeros.

    Returns
    -------
    mixture : torch.Tensor
        ``weights @ V``, shape (..., L, e).
    weights : torch.Tensor
        ``softmax(Q K^T / sqrt(d))`` over the keys, shape (..., L, S).

    Raises
    ------
    ValueError
        If the shapes do not fit, an axis but the first ones is empty, or the mask
        is not bool.

    References
    ----------
    Vaswani et al. (2017), equation 1.

    Examples
    --------
    >>> one = torch.eye(2)
    >>> attention(one, one, one)[0]
    tensor([[0.6698, 0.3302],
            [0.3302, 0.6698]])
    """
    _check(Q, K, V, mask)
    scores = Q @ K.transpose(-2, -1) / math.sqrt(Q.shape[-1])  # (..., L, S)
    if mask is None:
        weights = scores.softmax(dim=-1)
    else:
        weights = scores.masked_fill(~mask, -torch.inf).softmax(dim=-1)
        weights = weights.masked_fill(~mask, 0.0)  # rows of -inf only give NaN
    return weights @ V, weights


def _check(Q: Tensor, K: Tensor, V: Tensor, mask: Tensor | None) -> None:
    """Refuse queries, keys, values and a mask that do not fit together."""
    shapes = q, k, v = tuple(Q.shape), tuple(K.shape), tuple(V.shape)
    fit = all(len(shape) >= 2 and 0 not in shape for shape in shapes)
    fit = fit and q[-1] == k[-1] and k[-2] == v[-2]
    if not (fit and _broadcasts(q[:-2], k[:-2], v[:-2])):
        raise ValueError(
            f"Q, K and V have shapes {q}, {k} and {v}; expected (..., L, d), "
            "(..., S, d) and (..., S, e), no axis empty"
        )
    if mask is None:
        return
    if mask.dtype is not torch.bool:
        raise ValueError(f"mask is of {mask.dtype}; expected torch.bool")
    scores = (*torch.broadcast_shapes(q[:-2], k[:-2]), q[-2], k[-2])
    if not _broadcasts(mask.shape, scores, to=scores):
        raise ValueError(
            f"mask has shape {tuple(mask.shape)}, which does not broadcast to "
            f"that of the scores, {scores}"
        )


def _broadcasts(*shapes: Shape, to: Shape | None = None) -> bool:
    """Return whether shapes broadcast together, and to a shape if one is given."""
    try:
        common = torch.broadcast_shapes(*shapes)
    except RuntimeError:
        return False
    return to is None or common == to


class MultiHeadAttention(nn.Module):
    """Attention in H subspaces at once, each with its own projections.

    Parameters
    ----------
    width
        D, the width of queries, keys, values and output.
    num_heads
        H; it divides D.
    bias
        Whether the projections have biases.

    Attributes
    ----------
    weights : torch.Tensor or None
        The attention weights of the last call, shape (N, H, L, S), detached.

    Raises
    ------
    ValueError
        If a number is below 1 or H does not divide D.

    References
    ----------
    Vaswani et al. (2017), section 3.2.2.

    Examples
    --------
    >>> layer = MultiHeadAttention(8, num_heads=2)
    >>> layer(torch.zeros(5, 3, 8)).shape
    torch.Size([5, 3, 8])
    """

    def __init__(
        self, width: int, *, num_heads: int, bias: bool = True
    ) -> None:
        super().__init__()
        if min(width, num_heads) < 1 or width % num_heads:
            raise ValueError(
                f"width is {width}, num_heads {num_heads}; expected 1 or more, "
                "and a width that num_heads divides"
            )
        self.num_heads = num_heads
        self.queries = nn.Linear(width, width, bias=bias)
        self.keys = nn.Linear(width, width, bias=bias)
        self.values = nn.Linear(width, width, bias=bias)
        self.out = nn.Linear(width, width, bias=bias)
        self.weights: Tensor | None = None

    def forward(
        self,
        x: Tensor,
        context: Tensor | None = None,
        *,
        mask: Tensor | None = None,
    ) -> Tensor:
        """Return what the positions of x take from ``context``, shape (N, L, D).

        x has shape (N, L, D); ``context`` (N, S, D), x itself if missing (that is
        self-attention). ``mask`` is bool and broadcasts to (N, H, L, S): (L, S) for
        one that all share, (N, 1, 1, S) for padding. Other shapes or a mask of
        another type raise ValueError.
        """
        context = x if context is None else context
        q = self._heads(self.queries, x)  # (N, H, L, d)
        k = self._heads(self.keys, context)  # (N, H, S, d)
        v = self._heads(self.values, context)
        mixture, weights = attention(q, k, v, mask=mask)
        self.weights = weights.detach()
        return self.out(mixture.transpose(1, 2).flatten(2))  # type: ignore[no-any-return]

    def _heads(self, project: nn.Linear, x: Tensor) -> Tensor:
        """Return x, (N, L, D), projected and cut into heads, (N, H, L, d)."""
        if x.ndim != 3 or x.shape[-1] != project.in_features:
            raise ValueError(
                f"x or context has shape {tuple(x.shape)}; expected (N, length, "
                f"{project.in_features})"
            )
        heads: Tensor = project(x).unflatten(-1, (self.num_heads, -1))
        return heads.transpose(1, 2)
