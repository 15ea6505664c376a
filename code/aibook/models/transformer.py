"""The Transformer: an encoder that reads, a decoder that writes a token at a time.

Letters: N texts, S tokens of the source, T of the target, D the width, V the size
of the vocabulary. Source and target share one vocabulary and one table of embeddings,
which is also the last layer: the logit of a token is the dot product with its
embedding.

Not here: training (`aibook.models.teacher_forcing`), translating
(`aibook.models.translation`), the choice of the output (`aibook.decoding`), a cache
of keys and values.

Source: A. Vaswani et al., "Attention Is All You Need", NeurIPS 2017.

Book page: sequences/transformer.
"""

from __future__ import annotations

import math

from torch import Tensor, nn

from aibook.layers.attention import causal_mask
from aibook.layers.blocks import TransformerBlock
from aibook.layers.positions import sinusoids

__all__ = ["Transformer"]


class Transformer(nn.Module):
    """Encoder and decoder, from token numbers to the logits of the next token.

    Parameters
    ----------
    vocabulary_size
        Tokens, V.
    width
        D, even.
    num_heads
        H; it divides D.
    num_blocks
        Blocks of the encoder, and as many of the decoder.
    hidden
        Width inside the feed-forward networks; four times D if missing.
    pre_norm
        Whether normalisation comes before each part of a block; else after it, as
        in 2017.
    dropout
        Share of the values that training sets to zero, after each part and after
        the positions are added.
    max_length
        The most tokens of a source or target.
    padding
        The token that fills up shorter texts; nothing attends to it in a source.

    Raises
    ------
    ValueError
        If a number is out of range.

    References
    ----------
    Vaswani et al. (2017), figure 1 and section 3.4.

    Examples
    --------
    >>> import torch
    >>> model = Transformer(20, width=8, num_heads=2)
    >>> source, target = torch.ones(5, 7).long(), torch.ones(5, 3).long()
    >>> model(source, target).shape
    torch.Size([5, 3, 20])
    """

    def __init__(
        self,
        vocabulary_size: int,
        *,
        width: int = 48,
        num_heads: int = 4,
        num_blocks: int = 2,
        hidden: int | None = None,
        pre_norm: bool = True,
        dropout: float = 0.0,
        max_length: int = 64,
        padding: int = 0,
    ) -> None:
        super().__init__()
        if min(vocabulary_size, num_blocks) < 1:
            raise ValueError(
                f"vocabulary_size is {vocabulary_size}, num_blocks {num_blocks}; "
                "expected 1 or more"
            )
        if not 0 <= padding < vocabulary_size:
            raise ValueError(
                f"padding is {padding}; expected a token, 0 to "
                f"{vocabulary_size - 1}"
            )
        self.padding = padding
        self.embedding = nn.Embedding(vocabulary_size, width)
        nn.init.normal_(self.embedding.weight, std=width**-0.5)
        self.register_buffer("positions", sinusoids(max_length, width))
        self.dropout = nn.Dropout(dropout)

        def blocks(*, cross: bool) -> nn.ModuleList:
            return nn.ModuleList(
                TransformerBlock(
                    width,
                    num_heads=num_heads,
                    hidden=hidden,
                    cross=cross,
                    pre_norm=pre_norm,
                    dropout=dropout,
                    activation=nn.ReLU(),
                )
                for _ in range(num_blocks)
            )

        def last_norm() -> nn.Module:
            return nn.LayerNorm(width) if pre_norm else nn.Identity()

        self.encoder, self.encoder_norm = blocks(cross=False), last_norm()
        self.decoder, self.decoder_norm = blocks(cross=True), last_norm()

    def embed(self, tokens: Tensor) -> Tensor:
        """Return the vectors of tokens at their places: (N, L) to (N, L, D)."""
        positions: Tensor = self.positions  # type: ignore[assignment]
        if tokens.ndim != 2 or not 1 <= tokens.shape[1] <= len(positions):
            raise ValueError(
                f"tokens have shape {tuple(tokens.shape)}; expected (N, L) with L "
                f"from 1 to {len(positions)}"
            )
        x = self.embedding(tokens) * math.sqrt(positions.shape[1])
        return self.dropout(x + positions[: tokens.shape[1]])  # type: ignore[no-any-return]

    def encode(self, source: Tensor) -> tuple[Tensor, Tensor]:
        """Return what the encoder makes of a source, and the mask of its padding.

        ``source`` has shape (N, S); the result has shapes (N, S, D) and
        (N, 1, 1, S), True where there is a token.
        """
        mask = (source != self.padding)[:, None, None]  # (N, 1, 1, S)
        x = self.embed(source)
        for block in self.encoder:
            x = block(x, mask=mask)
        return self.encoder_norm(x), mask

    def decode(
        self, target: Tensor, memory: Tensor, memory_mask: Tensor
    ) -> Tensor:
        """Return, at each place of a target, the logits of the token after it.

        ``target`` has shape (N, T); ``memory`` and ``memory_mask`` come from
        `encode`. Shape (N, T, V). No place sees the tokens after its own.
        """
        x = self.embed(target)
        mask = causal_mask(target.shape[1], device=target.device)
        for block in self.decoder:
            x = block(x, memory, mask=mask, context_mask=memory_mask)
        return self.decoder_norm(x) @ self.embedding.weight.T  # type: ignore[no-any-return]

    def forward(self, source: Tensor, target: Tensor) -> Tensor:
        """Return the logits, shape (N, T, V), of the tokens after each place.

        ``source`` has shape (N, S), ``target`` (N, T), both of token numbers. A
        length of 0 or beyond ``max_length`` raises ValueError.
        """
        return self.decode(target, *self.encode(source))
