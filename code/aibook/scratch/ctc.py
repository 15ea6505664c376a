"""Connectionist temporal classification: a text without knowing what sounds when.

A network says for every frame how probable each token is, and how probable the
blank: no new token here. A path names one of them for each frame; merging repeats
and then dropping blanks turns it into a text. The probability of a text is that of
all paths that turn into it, which dynamic programming adds up.

Letters: L frames, V tokens with the blank, which is number 0; U tokens in a target.

Not here: reading texts off (`aibook.scratch.ctc_decoding`), batches
(`torch.nn.CTCLoss`).

Source: A. Graves, S. Fernandez, F. Gomez and J. Schmidhuber, "Connectionist
Temporal Classification", ICML 2006.

Book page: sequences/speech.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "BLANK",
    "add_blanks",
    "check_log_probs",
    "collapse",
    "ctc_gradient",
    "ctc_loss",
    "forward_scores",
]

BLANK = 0
"""The number of the blank."""

Array = NDArray[np.float64]


def collapse(path: Sequence[int]) -> list[int]:
    """Return the text of a path: repeats merged, then blanks dropped.

    Examples
    --------
    >>> collapse([0, 2, 2, 0, 2, 1])
    [2, 2, 1]
    """
    merged = [
        token
        for at, token in enumerate(path)
        if at == 0 or token != path[at - 1]
    ]
    return [int(token) for token in merged if token != BLANK]


def add_blanks(target: Sequence[int]) -> list[int]:
    """Return the stations of a path: blank, token, blank, ..., token, blank.

    Examples
    --------
    >>> add_blanks([2, 2, 1])
    [0, 2, 0, 2, 0, 1, 0]
    """
    return [BLANK, *(x for token in target for x in (token, BLANK))]


def forward_scores(log_probs: ArrayLike, target: Sequence[int]) -> Array:
    """Return the log-probability of all beginnings of paths, for each end.

    Parameters
    ----------
    log_probs
        Shape (L, V), the logarithms of probabilities (``-inf`` for 0).
    target
        U tokens, 1 to V - 1; may be empty.

    Returns
    -------
    Array of shape (L, 2 U + 1): row t, column s has every beginning of t + 1
    frames that ends at station s of `add_blanks`.

    Raises
    ------
    ValueError
        For other shapes, NaN, or a token out of range.

    References
    ----------
    Graves et al. (2006), equation 6 and 7, here in logarithms.

    Examples
    --------
    >>> even = np.log(np.full((2, 2), 0.5))
    >>> np.exp(forward_scores(even, [1])).round(2)
    array([[0.5 , 0.5 , 0.  ],
           [0.25, 0.5 , 0.25]])
    """
    y, stations = _check(log_probs, target)
    # From two stations back, unless that would skip a blank between equals.
    may_skip = np.zeros(len(stations), dtype=bool)
    may_skip[2:] = (stations[2:] != BLANK) & (stations[2:] != stations[:-2])
    alpha = np.full((len(y), len(stations)), -np.inf)
    alpha[0, :2] = y[0, stations[:2]]
    for t in range(1, len(y)):
        stay = alpha[t - 1]
        step = np.concatenate([[-np.inf], stay[:-1]])
        skip = np.concatenate([[-np.inf, -np.inf], stay[:-2]])[: len(stay)]
        skip = np.where(may_skip, skip, -np.inf)
        before = np.logaddexp(np.logaddexp(stay, step), skip)
        alpha[t] = before + y[t, stations]
    return alpha


def ctc_loss(log_probs: ArrayLike, target: Sequence[int]) -> float:
    """Return minus the log-probability of all paths that turn into the target.

    Parameters and errors as for `forward_scores`.

    Returns
    -------
    float
        In nats; infinite if there are too few frames for the target.

    Examples
    --------
    Three of the four paths of two frames, 11, 10 and 01, read 1:

    >>> even = np.log(np.full((2, 2), 0.5))
    >>> float(np.exp(-ctc_loss(even, [1])).round(6))
    0.75
    """
    ends = forward_scores(log_probs, target)[-1, -2:]
    return float(-np.logaddexp.reduce(ends))


def ctc_gradient(log_probs: ArrayLike, target: Sequence[int]) -> Array:
    """Return the derivative of the loss by the logits before the softmax.

    It is the probability of a token in a frame, minus how probable it is there
    given the target. Parameters and errors as for `forward_scores`.

    Returns
    -------
    Array of shape (L, V).

    Raises
    ------
    ValueError
        Also if no path reads the target.

    References
    ----------
    Graves et al. (2006), equation 16.

    Examples
    --------
    >>> even = np.log(np.full((2, 2), 0.5))
    >>> ctc_gradient(even, [1]).round(3)
    array([[ 0.167, -0.167],
           [ 0.167, -0.167]])
    """
    y, stations = _check(log_probs, target)
    alpha = forward_scores(y, target)
    # Backwards in time the same sums, of the target read backwards.
    beta = forward_scores(y[::-1], list(target)[::-1])[::-1, ::-1]
    total = np.logaddexp.reduce(alpha[-1, -2:])
    if total == -np.inf:
        raise ValueError(f"no path of {len(y)} frames reads {list(target)}")
    emitted = y[:, stations]  # counted in alpha and in beta
    emitted = np.where(np.isneginf(emitted), 0.0, emitted)
    share = np.exp(alpha + beta - emitted - total)  # (L, 2 U + 1)
    given = np.zeros_like(y)
    np.add.at(given.T, stations, share.T)
    return np.exp(y) - given


def check_log_probs(log_probs: ArrayLike) -> Array:
    """Return the scores of all frames as an array, checked.

    Parameters
    ----------
    log_probs
        Shape (L, V), the logarithms of probabilities (``-inf`` for 0).

    Raises
    ------
    ValueError
        For another shape, NaN or infinity above.

    Examples
    --------
    >>> check_log_probs([[0, -np.inf]])
    array([[  0., -inf]])
    """
    y = np.asarray(log_probs, dtype=np.float64)
    if y.ndim != 2 or not y.size or np.isnan(y).any() or (y == np.inf).any():
        raise ValueError(
            f"log_probs has shape {y.shape}; expected (L, V), without NaN and "
            "infinity above"
        )
    return y


def _check(
    log_probs: ArrayLike, target: Sequence[int]
) -> tuple[Array, NDArray[np.int64]]:
    """Return the array, and the stations of the target."""
    y = check_log_probs(log_probs)
    wrong = [token for token in target if not 0 < token < y.shape[1]]
    if wrong:
        raise ValueError(
            f"target holds {wrong[0]}; expected tokens from 1 to {y.shape[1] - 1}"
        )
    return y, np.array(add_blanks(target))
