"""BERT in miniature: a transformer that looks both ways, and fills in gaps.

Letters: N texts, L positions, D the width, V the size of the vocabulary.

Not here: the prediction whether one sentence follows another, which later work left
out without loss; the training loop (`aibook.language_training`).

Source: J. Devlin et al., "BERT: Pre-training of Deep Bidirectional Transformers for
Language Understanding", NAACL 2019.

Book page: sequences/language-models
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from aibook.layers.blocks import TransformerBlock
from aibook.layers.positions import LearnedPositions
from aibook.models.gpt import start_small

__all__ = ["BERT", "IGNORED", "BERTClassifier", "mask_tokens"]

IGNORED = -100
"""The target of positions that are not predicted; cross-entropy leaves it out."""


def mask_tokens(
    ids: Tensor,
    *,
    mask_id: int,
    num_ordinary: int,
    share: float = 0.15,
    masked: float = 0.8,
    generator: torch.Generator | None = None,
) -> tuple[Tensor, Tensor]:
    """Hide some tokens, and return what is left to see and what is to be found.

    Of the chosen tokens 80 % become the mask, 10 % another token at random, and 10 %
    stay as they are: the model must answer for all of them, and cannot tell which.

    Parameters
    ----------
    ids
        Shape (N, L).
    mask_id
        The number of the mask.
    num_ordinary
        Tokens below this number may be chosen and drawn; special ones lie above.
    share
        How many are chosen, 0 to 1.
    masked
        How many of these become the mask, 0 to 1; half of the rest is drawn at
        random, and half stays.
    generator
        Chooses and draws; PyTorch's own if missing.

    Returns
    -------
    inputs : torch.Tensor
        Shape (N, L).
    targets : torch.Tensor
        Shape (N, L): the token where one was chosen, `IGNORED` elsewhere.

    Raises
    ------
    ValueError
        If a share is out of range.

    References
    ----------
    Devlin et al. (2019), section 3.1.

    Examples
    --------
    >>> ids = torch.arange(8)[None]
    >>> inputs, targets = mask_tokens(ids, mask_id=9, num_ordinary=8, share=1.0)
    >>> targets.equal(ids)
    True
    """
    if not (0 <= share <= 1 and 0 <= masked <= 1):
        raise ValueError(
            f"share is {share} and masked {masked}; expected 0 to 1"
        )

    def dice() -> Tensor:
        return torch.rand(ids.shape, generator=generator)

    chosen = (dice() < share) & (ids < num_ordinary)
    kind = dice()
    drawn = torch.randint(num_ordinary, ids.shape, generator=generator)
    inputs = torch.where(chosen & (kind < masked), mask_id, ids)
    inputs = torch.where(chosen & (kind >= (1 + masked) / 2), drawn, inputs)
    return inputs, torch.where(chosen, ids, IGNORED)


class BERT(nn.Module):
    """Token and position, blocks of self-attention both ways, a score for each token.

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
    padding_id
        The token that fills up short texts and is not looked at; None for none.

    References
    ----------
    Devlin et al. (2019), section 3. There, normalisation comes after each part; here
    before, which trains more easily. There, positions start at random; here as faint
    sinusoids.

    Examples
    --------
    >>> model = BERT(50, max_length=8, width=16, num_heads=2, num_layers=1)
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
        padding_id: int | None = None,
    ) -> None:
        super().__init__()
        self.padding_id = padding_id
        self.tokens = nn.Embedding(vocab_size, width)
        self.positions = LearnedPositions(max_length, width=width)
        self.blocks = nn.ModuleList(
            TransformerBlock(width, num_heads=num_heads, dropout=dropout)
            for _ in range(num_layers)
        )
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, vocab_size)
        start_small(self, num_layers=num_layers)

    def encode(self, ids: Tensor) -> Tensor:
        """Return a vector for each token in its context, (N, L, D), of (N, L)."""
        x = self.positions(self.tokens(ids))
        mask = None
        if self.padding_id is not None:
            mask = (ids != self.padding_id)[:, None, None]  # (N, 1, 1, L)
        for block in self.blocks:
            x = block(x, mask=mask)
        return self.norm(x)  # type: ignore[no-any-return]

    def forward(self, ids: Tensor) -> Tensor:
        """Return the logits of the token that belongs at each place, (N, L, V)."""
        return self.head(self.encode(ids))  # type: ignore[no-any-return]


class BERTClassifier(nn.Module):
    """A BERT with a new head: the mean of its vectors, then a score for each class.

    Parameters
    ----------
    bert
        Pre-trained or fresh; it is trained further with the head.
    num_classes
        To choose from, K.

    References
    ----------
    Devlin et al. (2019), section 3.2. There the head reads the first token only,
    which the prediction of the next sentence had trained.

    Examples
    --------
    >>> bert = BERT(50, max_length=8, width=16, num_heads=2, num_layers=1)
    >>> BERTClassifier(bert, num_classes=4)(torch.tensor([[3, 1, 4]])).shape
    torch.Size([1, 4])
    """

    def __init__(self, bert: BERT, *, num_classes: int) -> None:
        super().__init__()
        self.bert = bert
        self.out = nn.Linear(bert.tokens.embedding_dim, num_classes)

    def forward(self, ids: Tensor) -> Tensor:
        """Return the logits of the classes, (N, K), of texts (N, L)."""
        h = self.bert.encode(ids)  # (N, L, D)
        read = (
            torch.ones_like(ids)
            if self.bert.padding_id is None
            else (ids != self.bert.padding_id)
        )
        read = read.to(h)[..., None]  # (N, L, 1)
        return self.out((h * read).sum(dim=1) / read.sum(dim=1))  # type: ignore[no-any-return]
