"""Is a text good or bad? The mean of its tokens' features, blind to their order.

What: embedding, mean over the text without its padding, a small network, one logit.

What not: the LSTM and the training (`aibook.models.sentiment`).

Source: M. Iyyer, V. Manjunatha, J. Boyd-Graber and H. Daumé III, "Deep Unordered
Composition Rivals Syntactic Methods for Text Classification", ACL 2015.

Book page: labs/sentiment
"""

from __future__ import annotations

from torch import Tensor, nn

from aibook.models.checks import check_tokens
from aibook.scratch.checks import check_count
from aibook.scratch.vocabulary import PAD

__all__ = ["MeanEmbedding"]


class MeanEmbedding(nn.Module):
    """Judge by the mean of the tokens' features, whatever their order.

    Parameters
    ----------
    num_tokens, num_features
        As for `aibook.models.sentiment.SentimentLSTM`.
    hidden
        H, the units of the hidden layer after the mean.

    Raises
    ------
    ValueError
        For a number below 1.

    References
    ----------
    Iyyer et al. (2015).

    Examples
    --------
    >>> import torch
    >>> model = MeanEmbedding(6)
    >>> a, b = model(torch.tensor([[2, 3, 4], [4, 3, 2]]))
    >>> bool(torch.isclose(a, b))
    True
    """

    def __init__(
        self, num_tokens: int, *, num_features: int = 16, hidden: int = 32
    ) -> None:
        super().__init__()
        check_count("num_tokens", num_tokens)
        check_count("num_features", num_features)
        check_count("hidden", hidden)
        self.embedding = nn.Embedding(
            num_tokens, num_features, padding_idx=PAD
        )
        self.head = nn.Sequential(
            nn.Linear(num_features, hidden), nn.ReLU(), nn.Linear(hidden, 1)
        )

    def forward(self, tokens: Tensor) -> Tensor:
        """Return logits (N,) of tokens (N, L), padded at the end."""
        tokens, lengths = check_tokens(tokens)
        total = self.embedding(tokens).sum(dim=1)  # padding adds zeros
        logits: Tensor = self.head(total / lengths[:, None])
        return logits.squeeze(1)
