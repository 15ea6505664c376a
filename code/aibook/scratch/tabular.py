"""A table turned into numbers: one-hot codes for names, standard scores for numbers.

Both encoders part what is *learned* (``fit``: which categories there are, where
the middle of a column lies) from what is *applied* (``transform``). Fit on the
training part only; apply to every part.

Not here: missing values (give them a category of their own beforehand), rare
categories put together, sparse matrices; scikit-learn's `ColumnTransformer` has
these.

Source: S. Kaufman, S. Rosset, C. Perlich and O. Stitelman, "Leakage in Data
Mining: Formulation, Detection, and Avoidance", ACM TKDD 6(4), 2012 (why the two
are kept apart).

Book page: labs/income.
"""

from __future__ import annotations

from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from aibook.scratch.checks import check_finite

__all__ = ["OneHot", "Standardiser"]

Floats = NDArray[np.float64]


class OneHot:
    """Give each category of each column a column of its own, 1 or 0.

    A category that was not there when fitting gets zeros everywhere: the model
    is told "none of those I know".

    Attributes
    ----------
    categories : list of ndarray
        The categories of each column in alphabetical order, once fitted.

    Examples
    --------
    >>> encoder = OneHot().fit([["cat", "red"], ["dog", "red"]])
    >>> [column.tolist() for column in encoder.categories]
    [['cat', 'dog'], ['red']]
    >>> encoder.transform([["dog", "red"], ["cow", "red"]])
    array([[0., 1., 1.],
           [0., 0., 1.]])
    """

    def __init__(self) -> None:
        self.categories: list[NDArray[np.str_]] = []

    def fit(self, X: ArrayLike) -> Self:
        """Note which categories there are.

        Parameters
        ----------
        X
            Text, shape (N, C): a row an example, a column an attribute.

        Returns
        -------
        OneHot
            Itself.

        Raises
        ------
        ValueError
            For another shape, no row or column, or a value that is no text (a
            missing value, for instance).
        """
        self.categories = [np.unique(column) for column in _check_text(X).T]
        return self

    def transform(self, X: ArrayLike) -> Floats:
        """Return the codes, shape (N, D), D the number of all categories.

        Raises
        ------
        ValueError
            As `fit`, before `fit`, and for another number of columns.
        """
        text = _check_text(X)
        _check_width(text.shape[1], len(self.categories))
        codes = [
            column[:, None] == known  # (N, 1) against (K,): (N, K)
            for column, known in zip(text.T, self.categories, strict=True)
        ]
        return np.hstack(codes).astype(np.float64)


class Standardiser:
    """Shift and stretch each column to mean 0 and standard deviation 1.

    A column that never changed while fitting is only shifted.

    Attributes
    ----------
    mean, scale : ndarray
        Shape (D,), once fitted.

    Examples
    --------
    >>> scaler = Standardiser().fit([[1.0, 5.0], [3.0, 5.0]])
    >>> scaler.mean.tolist(), scaler.scale.tolist()
    ([2.0, 5.0], [1.0, 1.0])
    >>> scaler.transform([[4.0, 5.0]])
    array([[2., 0.]])
    """

    def __init__(self) -> None:
        self.mean: Floats = np.empty(0)
        self.scale: Floats = np.empty(0)

    def fit(self, X: ArrayLike) -> Self:
        """Note mean and standard deviation of each column.

        Parameters
        ----------
        X
            Finite numbers, shape (N, D).

        Returns
        -------
        Standardiser
            Itself.

        Raises
        ------
        ValueError
            For another shape, an empty array, NaN or infinity.
        """
        numbers = _check_numbers(X)
        self.mean = numbers.mean(axis=0)
        spread = numbers.std(axis=0)  # divided by N, as scikit-learn does
        constant = np.ptp(numbers, axis=0) == 0
        self.scale = np.where(constant | (spread == 0), 1.0, spread)
        return self

    def transform(self, X: ArrayLike) -> Floats:
        """Return the standard scores, shape (N, D).

        Raises
        ------
        ValueError
            As `fit`, before `fit`, and for another number of columns.
        """
        numbers = _check_numbers(X)
        _check_width(numbers.shape[1], len(self.mean))
        return (numbers - self.mean) / self.scale


def _check_text(X: ArrayLike) -> NDArray[np.str_]:
    table = np.asarray(X, dtype=object)
    _check_shape(table.shape)
    for value in table.flat:
        if not isinstance(value, str):
            raise ValueError(
                f"X holds {value!r}; only text is allowed "
                "(give missing values a category of their own)"
            )
    return table.astype(np.str_)


def _check_numbers(X: ArrayLike) -> Floats:
    numbers = check_finite("X", X)
    _check_shape(numbers.shape)
    return numbers


def _check_shape(shape: tuple[int, ...]) -> None:
    if len(shape) != 2 or 0 in shape:
        raise ValueError(
            f"X has shape {shape}; expected (N, C), each 1 or more"
        )


def _check_width(width: int, fitted: int) -> None:
    if fitted == 0:
        raise ValueError("nothing is fitted yet; call fit before transform")
    if width != fitted:
        raise ValueError(
            f"X has {width} columns; expected {fitted}, as when fitting"
        )
