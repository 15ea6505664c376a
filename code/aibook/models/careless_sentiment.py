"""How not to test a classifier of sentences: a test that leaks, in full.

What: the recipe of the lecture notes, written anew. The vocabulary is made of all
sentences in a chance order, padding is a word, the first ten sentences train and
the last eight, half of them copies, test; Adam's learning rate is 0.5.

What not: the honest way (`aibook.models.sentiment`).

Source: S. Kaufman, S. Rosset, C. Perlich and O. Stitelman, "Leakage in Data
Mining", ACM TKDD 6(4), 2012 (why such a test says nothing).

Book page: labs/sentiment
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

from aibook.data.sentences import NUM_TRAIN, SENTENCES
from aibook.training import seed_everything

__all__ = ["careless_accuracy"]


class _CarelessLSTM(nn.Module):
    """Embedding, LSTM, one logit; what is read last is mostly padding."""

    def __init__(self, num_words: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(num_words, 8)
        self.lstm = nn.LSTM(8, 4, batch_first=True)
        self.head = nn.Linear(4, 1)

    def forward(self, tokens: Tensor) -> Tensor:
        _, (h, _) = self.lstm(self.embedding(tokens))
        logits: Tensor = self.head(h[-1])
        return logits.squeeze(1)


def careless_accuracy(
    seed: int, *, num_epochs: int = 3000, lr: float = 0.5
) -> tuple[float, float]:
    """Train on the first ten sentences, and test on the last eight.

    Parameters
    ----------
    seed
        Of the weights, and of the order of the words, which in the notes is that
        of a set and differs from run to run.
    num_epochs
        At least 1.
    lr
        Adam's learning rate.

    Returns
    -------
    accuracy : float
        On the eight sentences, 0 to 1.
    loss : float
        The last one of the training.

    Examples
    --------
    >>> accuracy, loss = careless_accuracy(0, num_epochs=5)
    >>> accuracy * 8 in range(9)
    True
    """
    seed_everything(seed)
    rows = [text.split() for text, _ in SENTENCES]
    length = max(map(len, rows))  # of all sentences, the test's too
    rows = [row + ["<PAD>"] * (length - len(row)) for row in rows]
    found = sorted({word for row in rows for word in row})
    order = np.random.default_rng(seed).permutation(len(found)).tolist()
    number = dict(zip(found, order, strict=True))
    X = torch.tensor([[number[word] for word in row] for row in rows])
    y = torch.tensor([float(label) for _, label in SENTENCES])

    model = _CarelessLSTM(len(found))
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    loss_fn = nn.BCEWithLogitsLoss()
    for _ in range(num_epochs):
        optimizer.zero_grad()
        loss = loss_fn(model(X[:NUM_TRAIN]), y[:NUM_TRAIN])
        loss.backward()
        optimizer.step()
    with torch.no_grad():
        right = (model(X[NUM_TRAIN:]) > 0) == (y[NUM_TRAIN:] == 1)
    return right.float().mean().item(), loss.item()
