"""Ways to part the examples: one split, a stratified split, k folds.

Every function returns the *places* of examples, never the examples: index with
them, ``X[train], y[train]``. Here are independent examples only; several rows of
one person or a series in time need splits that keep them together.

Source: R. Kohavi, "A Study of Cross-Validation and Bootstrap for Accuracy
Estimation and Model Selection", IJCAI 1995.

Book page: ai/evaluation.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from aibook.scratch.checks import check_count

__all__ = ["k_fold", "split", "stratified_k_fold", "stratified_split"]

Places = NDArray[np.int64]


def split(
    num_samples: int, *, test_share: float = 0.2, seed: int = 0
) -> tuple[Places, Places]:
    """Shuffle the examples and set a share of them apart.

    Parameters
    ----------
    num_samples
        N, 2 or more.
    test_share
        Above 0 and below 1. Its product with N is rounded to a whole number,
        and neither part may be empty.
    seed
        Of the shuffle.

    Returns
    -------
    train, test : ndarray of int64
        The places from 0 to N - 1, each in one of the two, in ascending order.

    Raises
    ------
    ValueError
        For another share, or so few examples that a part would be empty.

    Examples
    --------
    >>> train, test = split(10, test_share=0.3, seed=0)
    >>> train, test
    (array([0, 1, 3, 5, 7, 8, 9]), array([2, 4, 6]))
    """
    num_samples = check_count("num_samples", num_samples)
    num_test = _num_test(num_samples, test_share)
    order = np.random.default_rng(seed).permutation(num_samples)
    return np.sort(order[num_test:]), np.sort(order[:num_test])


def stratified_split(
    y: ArrayLike, *, test_share: float = 0.2, seed: int = 0
) -> tuple[Places, Places]:
    """Shuffle and set a share of each class apart.

    Parameters
    ----------
    y
        The class of each example, shape (N,): numbers or text.
    test_share
        Above 0 and below 1. Both parts together have as many examples as with
        `split`; the number of a class in the test part differs from
        ``test_share`` times its size by less than 1.
    seed
        Of the shuffle.

    Returns
    -------
    train, test : ndarray of int64
        As from `split`.

    Raises
    ------
    ValueError
        As `split`, and for labels of another shape.

    Examples
    --------
    >>> y = np.array([0, 0, 0, 0, 0, 0, 1, 1, 1])
    >>> train, test = stratified_split(y, test_share=1 / 3)
    >>> y[train], y[test]
    (array([0, 0, 0, 0, 1, 1]), array([0, 0, 1]))
    """
    codes = _codes(y)
    num_test = _num_test(len(codes), test_share)
    # What each class is due, rounded down; the largest remainders get the rest.
    due = np.bincount(codes) * (num_test / len(codes))  # (K,)
    take = np.floor(due + 1e-9).astype(np.int64)
    remainders = np.argsort(take - due, kind="stable")
    take[remainders[: num_test - take.sum()]] += 1
    order = np.random.default_rng(seed).permutation(len(codes))
    test = np.concatenate(
        [order[codes[order] == k][:num] for k, num in enumerate(take)]
    )
    return np.setdiff1d(order, test), np.sort(test)


def k_fold(
    num_samples: int, *, num_folds: int = 5, seed: int | None = None
) -> list[tuple[Places, Places]]:
    """Part the examples into k folds and let each be the validation part once.

    Parameters
    ----------
    num_samples
        Number of examples, N.
    num_folds
        k, from 2 to N. The sizes of the folds differ by one at most.
    seed
        Of the shuffle beforehand; without one the folds are consecutive places,
        which is right only if the order of the examples means nothing.

    Returns
    -------
    list of (train, validation)
        k pairs of places, each in ascending order.

    Raises
    ------
    ValueError
        For fewer than 2 folds, or more folds than examples.

    Examples
    --------
    >>> for train, val in k_fold(5, num_folds=3):
    ...     print(train, val)
    [2 3 4] [0 1]
    [0 1 4] [2 3]
    [0 1 2 3] [4]
    """
    num_samples = check_count("num_samples", num_samples)
    _check_folds(num_folds, num_samples)
    order = np.arange(num_samples)
    if seed is not None:
        np.random.default_rng(seed).shuffle(order)
    folds = np.array_split(order, num_folds)
    return [(np.setdiff1d(order, val), np.sort(val)) for val in folds]


def stratified_k_fold(
    y: ArrayLike, *, num_folds: int = 5, seed: int | None = None
) -> list[tuple[Places, Places]]:
    """Part the examples into k folds with each class spread evenly over them.

    The examples are sorted by class and dealt out like cards. So neither the
    sizes of two folds nor their numbers of a class differ by more than one.

    Parameters
    ----------
    y
        The class of each example, shape (N,): numbers or text.
    num_folds
        k, from 2 to N. A class of fewer than k examples is missing in some folds.
    seed
        Of the shuffle beforehand; none without one.

    Returns
    -------
    list of (train, validation)
        As from `k_fold`.

    Raises
    ------
    ValueError
        As `k_fold`, and for labels of another shape.

    Examples
    --------
    >>> y = np.array(["cat", "cat", "cat", "cat", "dog", "dog"])
    >>> for _, val in stratified_k_fold(y, num_folds=2):
    ...     print(val, y[val])
    [0 2 4] ['cat' 'cat' 'dog']
    [1 3 5] ['cat' 'cat' 'dog']
    """
    codes = _codes(y)
    _check_folds(num_folds, len(codes))
    order = np.arange(len(codes))
    if seed is not None:
        np.random.default_rng(seed).shuffle(order)
    cards = order[np.argsort(codes[order], kind="stable")]
    hands = [cards[j::num_folds] for j in range(num_folds)]
    return [(np.setdiff1d(order, val), np.sort(val)) for val in hands]


def _num_test(num_samples: int, test_share: float) -> int:
    if not 0 < test_share < 1:  # true for NaN too
        raise ValueError(
            f"test_share is {test_share!r}; expected a number between 0 and 1"
        )
    num_test = round(num_samples * test_share)
    if not 0 < num_test < num_samples:
        raise ValueError(
            f"test_share {test_share!r} of {num_samples} examples gives parts of "
            f"{num_samples - num_test} and {num_test}; neither may be empty"
        )
    return num_test


def _check_folds(num_folds: int, num_samples: int) -> None:
    check_count("num_folds", num_folds, num_samples)
    if num_folds < 2:
        raise ValueError(
            f"num_folds is {num_folds}; expected 2 to {num_samples}"
        )


def _codes(y: ArrayLike) -> Places:
    """Return 0 for the class that comes first, 1 for the next new one, ..."""
    labels = np.asarray(y)
    if labels.ndim != 1 or labels.size == 0:
        raise ValueError(
            f"y has shape {labels.shape}; expected (N,), N at least 1"
        )
    if labels.dtype.kind == "f" and np.isnan(labels).any():
        raise ValueError("y holds NaN; every example needs a class")
    _, first, codes = np.unique(labels, return_index=True, return_inverse=True)
    return np.argsort(np.argsort(first))[codes].astype(np.int64)
