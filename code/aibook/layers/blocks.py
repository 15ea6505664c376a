"""Blocks of the transformer: attention, then the same small network everywhere.

Letters: N texts, L positions, S positions of the context, D the width.

Not here: embeddings, positions, heads: they differ between models.

Sources: A. Vaswani et al., "Attention Is All You Need", NeurIPS 2017, sections 3.1
and 3.3; R. Xiong et al., "On Layer Normalization in the Transformer Architecture",
ICML 2020 (normalisation before each part).

Book page: sequences/transformer.
"""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor, nn

from aibook.layers.attention import MultiHeadAttention

__all__ = ["FeedForward", "TransformerBlock"]


class FeedForward(nn.Sequential):
    """Two linear layers with an activation between, at each position alone.

    Parameters
    ----------
    width
        Of a vector, D.
    hidden
        Width between the two layers; four times D if missing.
    activation
        Between the layers; GELU if missing.

    Raises
    ------
    ValueError
        If a width is below 1.

    References
    ----------
    Vaswani et al. (2017), equation 2, where the activation is ReLU.

    Examples
    --------
    >>> import torch
    >>> FeedForward(8)(torch.zeros(2, 3, 8)).shape
    torch.Size([2, 3, 8])
    """

    def __init__(
        self,
        width: int,
        *,
        hidden: int | None = None,
        activation: nn.Module | None = None,
    ) -> None:
        hidden = 4 * width if hidden is None else hidden
        if min(width, hidden) < 1:
            raise ValueError(
                f"width is {width}, hidden {hidden}; expected 1 or more"
            )
        super().__init__(
            nn.Linear(width, hidden),
            nn.GELU() if activation is None else activation,
            nn.Linear(hidden, width),
        )


class TransformerBlock(nn.Module):
    """Self-attention, cross-attention if asked for, and a feed-forward network.

    Each part is added to what it is given. With ``pre_norm`` a part sees its input
    normalised; without, the sum is normalised, as in the paper of 2017.

    Parameters
    ----------
    width
        Of a vector, D.
    num_heads
        H; it divides D.
    hidden
        Width inside the feed-forward network; four times D if missing.
    cross
        Whether there is a cross-attention, as in a decoder.
    pre_norm
        Whether normalisation comes before each part.
    dropout
        Share of each part's outputs that training sets to zero.
    activation
        Of the feed-forward network; GELU if missing.

    Raises
    ------
    ValueError
        If a number is below 1, H does not divide D, or ``dropout`` lies outside
        0 up to but not 1.

    References
    ----------
    Vaswani et al. (2017), figure 1; Xiong et al. (2020), figure 1.

    Examples
    --------
    >>> import torch
    >>> block = TransformerBlock(8, num_heads=2)
    >>> block(torch.zeros(2, 3, 8)).shape
    torch.Size([2, 3, 8])
    """

    def __init__(
        self,
        width: int,
        *,
        num_heads: int,
        hidden: int | None = None,
        cross: bool = False,
        pre_norm: bool = True,
        dropout: float = 0.0,
        activation: nn.Module | None = None,
    ) -> None:
        super().__init__()
        if not 0 <= dropout < 1:
            raise ValueError(
                f"dropout is {dropout}; expected 0 up to but not 1"
            )
        self.width = width
        self.pre_norm = pre_norm
        self.attention = MultiHeadAttention(width, num_heads=num_heads)
        self.attention_norm = nn.LayerNorm(width)
        self.cross = (
            MultiHeadAttention(width, num_heads=num_heads) if cross else None
        )
        self.cross_norm = nn.LayerNorm(width) if cross else None
        self.network = FeedForward(width, hidden=hidden, activation=activation)
        self.network_norm = nn.LayerNorm(width)
        self.dropout = nn.Dropout(dropout)

    def forward(
        self,
        x: Tensor,
        context: Tensor | None = None,
        *,
        mask: Tensor | None = None,
        context_mask: Tensor | None = None,
    ) -> Tensor:
        """Return x after the block, shape (N, L, D).

        x has shape (N, L, D), ``context`` (N, S, D) with cross-attention. The masks
        are those of `MultiHeadAttention`: ``mask`` of the self-attention,
        ``context_mask`` of the cross-attention.
        """
        self._check("x", x)
        if (context is None) != (self.cross is None):
            raise ValueError(
                f"context is {'missing' if context is None else 'given'}, but the "
                f"block has {'no' if self.cross is None else 'a'} cross-attention"
            )
        x = self._add(
            x, self.attention_norm, lambda h: self.attention(h, mask=mask)
        )
        cross, norm = self.cross, self.cross_norm
        if context is not None and cross is not None and norm is not None:
            self._check("context", context)
            x = self._add(
                x, norm, lambda h: cross(h, context, mask=context_mask)
            )
        return self._add(x, self.network_norm, self.network)

    def _add(
        self, x: Tensor, norm: nn.Module, part: Callable[[Tensor], Tensor]
    ) -> Tensor:
        """Return x plus the part's output, normalised before or after."""
        if self.pre_norm:
            return x + self.dropout(part(norm(x)))  # type: ignore[no-any-return]
        return norm(x + self.dropout(part(x)))  # type: ignore[no-any-return]

    def _check(self, name: str, x: Tensor) -> None:
        if x.ndim != 3 or x.shape[-1] != self.width:
            raise ValueError(
                f"{name} has shape {tuple(x.shape)}; expected (N, positions, "
                f"{self.width})"
            )
