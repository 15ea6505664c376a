"""A network for the Adult income data, and what turns its table into inputs.

What: the encoder (scikit-learn parts, to be fitted on training rows only) and one
training run of a small multilayer perceptron with big batches, few epochs and the
one-cycle schedule.

What not: the data (`aibook.data.adult`), the network itself (`aibook.models.mlp`),
the training loop (`aibook.training`).

Sources: L. N. Smith and N. Topin, "Super-Convergence: Very Fast Training of Neural
Networks Using Large Learning Rates", 2018 (the schedule); R. Kohavi, "Scaling Up
the Accuracy of Naive-Bayes Classifiers", KDD 1996 (the task).

Book page: labs/income.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from torch import nn, optim, tensor

from aibook.models.mlp import MLP
from aibook.scratch.checks import check_count, check_examples, check_positive
from aibook.training import History, fit, make_loader, seed_everything

__all__ = ["NAMES", "NUMBERS", "SPIKY", "encoder", "train_network"]

NAMES = (
    "workclass",
    "marital-status",
    "occupation",
    "relationship",
    "race",
    "sex",
    "native-country",
)
"""The categories; ``education`` is left out, ``education-num`` says the same."""

NUMBERS = (
    "age",
    "education-num",
    "capital-gain",
    "capital-loss",
    "hours-per-week",
)
"""The numbers; ``fnlwgt`` is left out, it is no property of the person."""

SPIKY = ("age", "capital-gain", "capital-loss", "hours-per-week")
"""Numbers of which single values mean something, such as a gain of exactly 7,688."""


def encoder(*, values: bool = True) -> ColumnTransformer:
    """Return what turns rows of Adult into inputs, not fitted yet.

    Missing categories become the category ``missing``. Categories with fewer
    than 20 training rows share a column, and so do categories that were not
    there when fitting.

    Parameters
    ----------
    values
        Whether the frequent values of `SPIKY` get columns of their own too,
        besides the standardised number.

    Returns
    -------
    sklearn.compose.ColumnTransformer
        Fit it on training rows: ``encoder().fit_transform(train)``.

    Examples
    --------
    >>> from aibook.data.adult import load_adult
    >>> adult = load_adult()
    >>> encoder(values=False).fit_transform(adult).shape
    (32561, 81)
    """
    one_hot = OneHotEncoder(
        min_frequency=20,
        handle_unknown="infrequent_if_exist",
        sparse_output=False,
    )
    names = make_pipeline(
        SimpleImputer(strategy="constant", fill_value="missing"), one_hot
    )
    parts = [
        ("names", names, list(NAMES)),
        ("numbers", StandardScaler(), list(NUMBERS)),
    ]
    if values:
        parts.append(("values", one_hot, list(SPIKY)))
    return ColumnTransformer(parts)


def train_network(
    X: ArrayLike,
    y: ArrayLike,
    *,
    seed: int = 0,
    hidden: tuple[int, ...] = (64, 32),
    num_epochs: int = 6,
    batch_size: int = 1024,
    lr: float = 0.01,
    weight: float = 1.0,
    log_every: int = 0,
) -> tuple[MLP, History]:
    """Train a network on encoded rows.

    Parameters
    ----------
    X
        Inputs, shape (N, D), finite.
    y
        Classes 0 and 1, shape (N,).
    seed
        Of the start and of the order of the batches.
    hidden
        Units in each hidden layer.
    num_epochs, batch_size
        As for `aibook.training.fit` and `aibook.training.make_loader`.
    lr
        The highest learning rate of the cycle.
    weight
        How many times an example of class 1 counts in the loss.
    log_every
        As for `aibook.training.fit`.

    Returns
    -------
    model : MLP
        In evaluation mode: gives logits (N,).
    history : History
        Loss and accuracy on the training rows.

    Raises
    ------
    ValueError
        For bad shapes, classes or hyperparameters.

    References
    ----------
    Smith and Topin (2018).

    Examples
    --------
    >>> model, history = train_network(
    ...     [[-1.0], [1.0]] * 50, [0, 1] * 50, num_epochs=20, batch_size=20
    ... )
    >>> history.accuracy[-1]
    1.0
    """
    X = np.asarray(X, dtype=np.float64)
    X, y = check_examples(X, y, X.shape[-1] if X.ndim else 0)
    num_epochs = check_count("num_epochs", num_epochs)
    seed_everything(seed)
    model = MLP((X.shape[1], *hidden, 1), activation="relu")
    loader = make_loader(
        X, y.astype(float), batch_size=batch_size, shuffle=True, seed=seed
    )
    optimizer = optim.AdamW(model.parameters(), lr=check_positive("lr", lr))
    schedule = optim.lr_scheduler.OneCycleLR(
        optimizer, max_lr=lr, total_steps=num_epochs * len(loader)
    )
    # The schedule moves on after every update, not after every epoch.
    optimizer.register_step_post_hook(lambda *_: schedule.step())
    loss_fn = nn.BCEWithLogitsLoss(
        pos_weight=tensor(check_positive("weight", weight))
    )
    history = fit(
        model,
        loader,
        loss_fn=loss_fn,
        optimizer=optimizer,
        num_epochs=num_epochs,
        log_every=log_every,
    )
    return model.eval(), history
