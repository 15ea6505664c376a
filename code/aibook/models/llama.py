"""LLaMA in miniature: a GPT with five parts exchanged.

RMSNorm for LayerNorm, rotation for learned positions, SwiGLU for GELU, groups of
queries that share keys and values, no biases; and a cache for generating.

Letters: N texts, L positions, S positions with those in the cache, D the width,
H heads, G groups, d the width of a head, V the size of the vocabulary.

Not here: choosing tokens (`aibook.sampling`), the training loop
(`aibook.language_training`).

Sources: H. Touvron et al., "LLaMA: Open and Efficient Foundation Language Models",
2023; B. Zhang and R. Sennrich, "Root Mean Square Layer Normalization", NeurIPS 2019;
N. Shazeer, "GLU Variants Improve Transformer", 2020; J. Ainslie et al., "GQA:
Training Generalized Multi-Query Transformer Models from Multi-Head Checkpoints",
EMNLP 2023 (groups came with the larger models of Llama 2).

Book page: sequences/language-models
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import silu

from aibook.layers.attention import attention, causal_mask
from aibook.layers.positions import rotate
from aibook.models.gpt import start_small

__all__ = ["GroupedAttention", "KVCache", "LLaMA", "RMSNorm", "SwiGLU"]


class RMSNorm(nn.Module):
    """Divide by the root of the mean square; no mean is taken off.

    Parameters
    ----------
    width
        Of a vector, D.
    eps
        Added to the mean square.

    References
    ----------
    Zhang and Sennrich (2019), equation 4.

    Examples
    --------
    >>> RMSNorm(2)(torch.tensor([1.0, 7.0])).detach()
    tensor([0.2000, 1.4000])
    """

    def __init__(self, width: int, *, eps: float = 1e-6) -> None:
        super().__init__()
        self.eps = eps
        self.weight = nn.Parameter(torch.ones(width))

    def forward(self, x: Tensor) -> Tensor:
        """Return x, shape (..., D), normalised along its last axis."""
        mean_square = x.square().mean(dim=-1, keepdim=True)
        return self.weight * x * torch.rsqrt(mean_square + self.eps)


class SwiGLU(nn.Module):
    """A feed-forward network in which one half decides how much of the other passes.

    Parameters
    ----------
    width
        Of a vector, D.
    hidden
        Width inside; two thirds of 4 D if missing, as there are three matrices.

    References
    ----------
    Shazeer (2020), equation 6.

    Examples
    --------
    >>> SwiGLU(6)(torch.zeros(2, 3, 6)).shape
    torch.Size([2, 3, 6])
    """

    def __init__(self, width: int, *, hidden: int | None = None) -> None:
        super().__init__()
        hidden = 8 * width // 3 if hidden is None else hidden
        self.gate = nn.Linear(width, hidden, bias=False)
        self.up = nn.Linear(width, hidden, bias=False)
        self.out = nn.Linear(hidden, width, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """Return the output for x, shape (..., D)."""
        return self.out(silu(self.gate(x)) * self.up(x))  # type: ignore[no-any-return]


class KVCache:
    """The keys and values of what one layer has read.

    Examples
    --------
    >>> cache = KVCache()
    >>> first = cache.add(torch.zeros(1, 2, 3, 4), torch.zeros(1, 2, 3, 4))
    >>> cache.length
    3
    """

    def __init__(self) -> None:
        self.kept: tuple[Tensor, Tensor] | None = None

    @property
    def length(self) -> int:
        """How many positions are kept."""
        return 0 if self.kept is None else self.kept[0].shape[2]

    def add(self, k: Tensor, v: Tensor) -> tuple[Tensor, Tensor]:
        """Append keys and values (N, G, L, d); return all, (N, G, S, d)."""
        if self.kept is not None:
            k = torch.cat([self.kept[0], k], dim=2)
            v = torch.cat([self.kept[1], v], dim=2)
        self.kept = k, v
        return k, v


class GroupedAttention(nn.Module):
    """Causal self-attention with rotated queries and keys, shared in groups.

    Parameters
    ----------
    width
        Of a vector, D.
    num_heads
        H; it divides D, into an even width of a head.
    num_groups
        G, how many heads of keys and values there are; it divides H. G = H is
        multi-head attention, G = 1 multi-query attention.

    Raises
    ------
    ValueError
        If the numbers do not fit.

    References
    ----------
    Ainslie et al. (2023), section 2.2.

    Examples
    --------
    >>> layer = GroupedAttention(8, num_heads=4, num_groups=2)
    >>> layer(torch.zeros(1, 3, 8)).shape, layer.keys.weight.shape
    (torch.Size([1, 3, 8]), torch.Size([4, 8]))
    """

    def __init__(self, width: int, *, num_heads: int, num_groups: int) -> None:
        super().__init__()
        if (
            min(width, num_heads, num_groups) < 1
            or width % (2 * num_heads)
            or num_heads % num_groups
        ):
            raise ValueError(
                f"width {width}, num_heads {num_heads}, num_groups {num_groups}; "
                "expected groups that divide the heads, twice which divide the width"
            )
        d = width // num_heads
        self.num_heads, self.num_groups = num_heads, num_groups
        self.queries = nn.Linear(width, width, bias=False)
        self.keys = nn.Linear(width, num_groups * d, bias=False)
        self.values = nn.Linear(width, num_groups * d, bias=False)
        self.out = nn.Linear(width, width, bias=False)

    def forward(self, x: Tensor, cache: KVCache | None = None) -> Tensor:
        """Return what each position takes from itself and those before, (N, L, D).

        x has shape (N, L, D); with a cache it continues what that holds.
        """
        start = 0 if cache is None else cache.length
        q = self._split(self.queries(x), self.num_heads)  # (N, H, L, d)
        k = self._split(self.keys(x), self.num_groups)  # (N, G, L, d)
        v = self._split(self.values(x), self.num_groups)
        turned = rotate(torch.cat([q, k], dim=1), start=start)
        q, k = turned.split([self.num_heads, self.num_groups], dim=1)
        if cache is not None:
            k, v = cache.add(k, v)  # (N, G, S, d)
        share = self.num_heads // self.num_groups
        k, v = (t.repeat_interleave(share, dim=1) for t in (k, v))
        mask = None  # a single new position may look at all
        if x.shape[1] > 1:
            mask = causal_mask(k.shape[2], device=x.device)[start:]  # (L, S)
        mixture, _ = attention(q, k, v, mask=mask)
        return self.out(mixture.transpose(1, 2).flatten(2))  # type: ignore[no-any-return]

    def _split(self, x: Tensor, num: int) -> Tensor:
        """Return x, (N, L, num d), as heads, (N, num, L, d)."""
        heads: Tensor = x.unflatten(-1, (num, -1))
        return heads.transpose(1, 2)


class LLaMABlock(nn.Module):
    """Grouped attention, then SwiGLU, each added to what it is given normalised."""

    def __init__(self, width: int, *, num_heads: int, num_groups: int) -> None:
        super().__init__()
        self.attention_norm = RMSNorm(width)
        self.attention = GroupedAttention(
            width, num_heads=num_heads, num_groups=num_groups
        )
        self.network_norm = RMSNorm(width)
        self.network = SwiGLU(width)

    def forward(self, x: Tensor, cache: KVCache | None = None) -> Tensor:
        """Return x, (N, L, D), after the block."""
        x = x + self.attention(self.attention_norm(x), cache)
        x = x + self.network(self.network_norm(x))
        return x


class LLaMA(nn.Module):
    """Tokens, blocks, and a score for each token; positions are in the attention.

    Parameters
    ----------
    vocab_size
        Tokens, V.
    width
        Of a vector, D.
    num_heads
        Of the queries, H.
    num_groups
        Of the keys and values, G.
    num_layers
        How many blocks.

    References
    ----------
    Touvron et al. (2023), section 2.2.

    Examples
    --------
    >>> model = LLaMA(50, width=16, num_heads=4, num_groups=2, num_layers=1)
    >>> model(torch.tensor([[3, 1, 4]])).shape
    torch.Size([1, 3, 50])
    """

    def __init__(
        self,
        vocab_size: int,
        *,
        width: int = 128,
        num_heads: int = 4,
        num_groups: int = 2,
        num_layers: int = 3,
    ) -> None:
        super().__init__()
        self.tokens = nn.Embedding(vocab_size, width)
        self.blocks = nn.ModuleList(
            LLaMABlock(width, num_heads=num_heads, num_groups=num_groups)
            for _ in range(num_layers)
        )
        self.norm = RMSNorm(width)
        self.head = nn.Linear(width, vocab_size, bias=False)
        start_small(self, num_layers=num_layers)

    def new_cache(self) -> list[KVCache]:
        """Return an empty cache for each block."""
        return [KVCache() for _ in self.blocks]

    def forward(
        self, ids: Tensor, caches: list[KVCache] | None = None
    ) -> Tensor:
        """Return the logits of the token after each, shape (N, L, V), of (N, L).

        With caches, ``ids`` continue what the caches hold.
        """
        x = self.tokens(ids)  # (N, L, D)
        for i, block in enumerate(self.blocks):
            x = block(x, None if caches is None else caches[i])
        logits: Tensor = self.head(self.norm(x))
        return logits
