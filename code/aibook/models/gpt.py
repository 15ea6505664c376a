"""GPT in miniature: a transformer that only looks back, and predicts what is next.

Letters: N texts, L positions, D the width, V the size of the vocabulary.

Not here: choosing a token from the prediction (`aibook.sampling`), the training
loop (`aibook.language_training`).

Sources: A. Radford et al., "Improving Language Understanding by Generative
Pre-Training", 2018; A. Radford et al., "Language Models are Unsupervised Multitask
Learners", 2019 (GPT-2: normalisation before each part, scaled start).

Book page: sequences/language-models
"""

from __future__ import annotations

import math

from torch import Tensor, nn

from aibook.layers.attention import causal_mask
from aibook.layers.blocks import TransformerBlock
from aibook.layers.positions import LearnedPositions, sinusoids

__all__ = ["GPT", "start_small"]


def start_small(model: nn.Module, *, num_layers: int) -> None:
    """Draw the weights as GPT-2 does: normal, 0.02 wide, biases 0.

    What is added to the stream by each of the 2 ``num_layers`` parts starts smaller,
    by the root of their number, so that the sum starts at the same size. The scores
    of a ``head`` start at 0, so that at first all tokens are equally likely, and
    learned ``positions`` as faint sinusoids.

    Parameters
    ----------
    model
        Its linear layers and embeddings are changed in place. The last layers of the
        parts are those called ``out`` and, in a feed-forward network, the last.
    num_layers
        How many blocks there are.

    Examples
    --------
    >>> layer = nn.Linear(4, 4)
    >>> start_small(layer, num_layers=2)
    >>> layer.bias.tolist()
    [0.0, 0.0, 0.0, 0.0]
    """
    for name, module in model.named_modules():
        if isinstance(module, nn.Linear | nn.Embedding):
            last = name.endswith((".out", ".network.2"))
            scale = math.sqrt(2 * num_layers) if last else 1.0
            nn.init.normal_(module.weight, std=0.02 / scale)
        if isinstance(module, nn.Linear) and module.bias is not None:
            nn.init.zeros_(module.bias)
        if isinstance(module, LearnedPositions):
            table = sinusoids(*module.table.shape)
            module.table.data = 0.1 * table.to(module.table)
    head = getattr(model, "head", None)
    if isinstance(head, nn.Linear):
        nn.init.zeros_(head.weight)


class GPT(nn.Module):
    """Token and position, blocks of causal self-attention, a score for each token.

    Parameters
    ----------
    vocab_size
        Tokens, V.
    max_length
        The most tokens that it reads at once.
    width
        Of a vector, D.
    num_heads
        H; it divides D.
    num_layers
        How many blocks.
    dropout
        Share of values that training sets to zero.

    References
    ----------
    Radford et al. (2018), figure 1; Radford et al. (2019), section 2.3. There,
    reading and writing share one table, and positions start at random; here there
    are two tables, all scores start at 0, and positions as faint sinusoids, from
    which a small model learns faster.

    Examples
    --------
    >>> import torch
    >>> model = GPT(50, max_length=8, width=16, num_heads=2, num_layers=1)
    >>> model(torch.tensor([[3, 1, 4]])).shape
    torch.Size([1, 3, 50])
    """

    def __init__(
        self,
        vocab_size: int,
        *,
        max_length: int = 128,
        width: int = 128,
        num_heads: int = 4,
        num_layers: int = 3,
        dropout: float = 0.0,
    ) -> None:
        super().__init__()
        self.tokens = nn.Embedding(vocab_size, width)
        self.positions = LearnedPositions(max_length, width=width)
        self.blocks = nn.ModuleList(
            TransformerBlock(width, num_heads=num_heads, dropout=dropout)
            for _ in range(num_layers)
        )
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, vocab_size, bias=False)
        start_small(self, num_layers=num_layers)

    def forward(self, ids: Tensor) -> Tensor:
        """Return the logits of the token after each, shape (N, L, V), of (N, L)."""
        x = self.positions(self.tokens(ids))  # (N, L, D)
        mask = causal_mask(ids.shape[1], device=ids.device)
        for block in self.blocks:
            x = block(x, mask=mask)
        logits: Tensor = self.head(self.norm(x))
        return logits
