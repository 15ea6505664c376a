"""Is a text good or bad? An LSTM over its words, and how such models are trained.

What: embedding, LSTM and one logit; the training, for other models of tokens too.
What the LSTM makes of the padding after a short text is never looked at.

What not: the vocabulary (`aibook.scratch.vocabulary`), the LSTM from scratch
(`aibook.layers.lstm`), a model blind to order (`aibook.models.mean_embedding`), an
encoder trained beforehand.

Letters: N texts in a batch, L tokens, D features, H units.

Source: S. Hochreiter and J. Schmidhuber, "Long Short-Term Memory", Neural
Computation 9(8), 1997.

Book page: labs/sentiment
"""

from __future__ import annotations

from math import inf

import torch
from numpy.typing import ArrayLike
from torch import Tensor, nn

from aibook.models.checks import check_tokens
from aibook.scratch.checks import check_count, check_positive
from aibook.scratch.vocabulary import PAD
from aibook.training import History, fit, make_loader

__all__ = ["SentimentLSTM", "answer", "train_sentiment"]


class SentimentLSTM(nn.Module):
    """Read a text from its first token to its last, and judge.

    Parameters
    ----------
    num_tokens
        V, the length of the vocabulary.
    num_features
        D, of each token.
    hidden
        H, the units of the LSTM.
    pool
        ``"last"`` judges by the hidden state after the last token, ``"max"`` by
        the largest value that each unit has on the way.
    dropout
        Share of features and of units that a training step leaves out.

    Raises
    ------
    ValueError
        For a number below 1, another ``pool``, or a dropout outside 0 to 1.

    References
    ----------
    Hochreiter and Schmidhuber (1997).

    Examples
    --------
    >>> model = SentimentLSTM(6)
    >>> model(torch.tensor([[2, 3, 4], [5, 0, 0]])).shape
    torch.Size([2])
    """

    def __init__(
        self,
        num_tokens: int,
        *,
        num_features: int = 16,
        hidden: int = 32,
        pool: str = "last",
        dropout: float = 0.0,
    ) -> None:
        super().__init__()
        check_count("num_tokens", num_tokens)
        check_count("num_features", num_features)
        check_count("hidden", hidden)
        if pool not in ("last", "max"):
            raise ValueError(f"pool is {pool!r}; expected 'last' or 'max'")
        self.pool = pool
        self.embedding = nn.Embedding(
            num_tokens, num_features, padding_idx=PAD
        )
        self.lstm = nn.LSTM(num_features, hidden, batch_first=True)
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(hidden, 1)

    def forward(self, tokens: Tensor) -> Tensor:
        """Return logits (N,) of tokens (N, L), padded at the end."""
        tokens, lengths = check_tokens(tokens)
        x = self.dropout(self.embedding(tokens))  # (N, L, D)
        states, _ = self.lstm(x)  # (N, L, H): padding comes after the text
        if self.pool == "max":
            padding = (tokens == PAD)[..., None]  # (N, L, 1)
            summary = states.masked_fill(padding, -inf).amax(dim=1)  # (N, H)
        else:
            rows = torch.arange(len(tokens), device=tokens.device)
            summary = states[rows, lengths - 1]  # (N, H): own last token
        logits: Tensor = self.head(self.dropout(summary))
        return logits.squeeze(1)


def train_sentiment(
    model: nn.Module,
    tokens: ArrayLike,
    y: ArrayLike,
    *,
    num_epochs: int,
    lr: float = 0.01,
    batch_size: int = 64,
    seed: int = 0,
    log_every: int = 0,
) -> History:
    """Train a model with Adam, the gradient's norm held at 1.

    Parameters
    ----------
    model
        From tokens (N, L) to logits (N,); left in evaluation mode.
    tokens
        Shape (N, L), from `aibook.scratch.vocabulary.Vocabulary.encode`.
    y
        Labels 0 and 1, shape (N,).
    num_epochs, log_every
        As for `aibook.training.fit`.
    lr
        Adam's learning rate.
    batch_size, seed
        Of the batches and their order.

    Returns
    -------
    History
        Loss and accuracy on the training texts.

    Raises
    ------
    ValueError
        For shapes or labels that do not fit, or bad hyperparameters.

    Examples
    --------
    >>> _ = torch.manual_seed(0)
    >>> model = SentimentLSTM(4)
    >>> history = train_sentiment(model, [[2, 0], [2, 3]], [1, 0], num_epochs=50)
    >>> answer(model, [[2, 0], [2, 3]]).tolist()
    [True, False]
    """
    labels = torch.as_tensor(y, dtype=torch.float32)
    loader = make_loader(
        tokens, labels, batch_size=batch_size, shuffle=True, seed=seed
    )
    optimizer = torch.optim.Adam(
        model.parameters(), lr=check_positive("lr", lr)
    )

    def clip(*_: object) -> None:
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)

    optimizer.register_step_pre_hook(clip)
    history = fit(
        model,
        loader,
        loss_fn=nn.BCEWithLogitsLoss(),
        optimizer=optimizer,
        num_epochs=num_epochs,
        log_every=log_every,
    )
    model.eval()
    return history


@torch.no_grad()
def answer(model: nn.Module, tokens: ArrayLike) -> Tensor:
    """Return for each text whether the model calls it good, shape (N,).

    Parameters
    ----------
    model
        From tokens (N, L) to logits (N,).
    tokens
        Shape (N, L).
    """
    logits: Tensor = model(torch.as_tensor(tokens))
    return logits > 0
