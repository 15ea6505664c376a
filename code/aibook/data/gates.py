"""Truth tables of the logic gates that a perceptron can and cannot learn.

What: AND, OR, NAND and XOR of two bits as a data set of four rows.

What not: no noise, no copies of the rows.

Source: the truth tables themselves; that no perceptron computes XOR is shown in
Minsky and Papert (1969), "Perceptrons", MIT Press.

Book page: networks/perceptron
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

_TABLES = {
    "and": (0, 0, 0, 1),
    "or": (0, 1, 1, 1),
    "nand": (1, 1, 1, 0),
    "xor": (0, 1, 1, 0),
}
GATES = tuple(_TABLES)


def load_gate(
    name: str,
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]:
    """Return the truth table of a gate.

    Parameters
    ----------
    name
        One of `GATES`: ``"and"``, ``"or"``, ``"nand"``, ``"xor"``.

    Returns
    -------
    X : numpy.ndarray
        Inputs (4, 2): the rows 00, 01, 10, 11 as 0.0 and 1.0.
    y : numpy.ndarray
        Outputs (4,), 0 or 1.

    Raises
    ------
    ValueError
        If no gate has that name.

    Examples
    --------
    >>> X, y = load_gate("xor")
    >>> X.tolist()
    [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]
    >>> y.tolist()
    [0, 1, 1, 0]
    """
    if name not in GATES:
        allowed = ", ".join(map(repr, GATES))
        raise ValueError(f"name must be one of {allowed}, got {name!r}")
    X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=np.float64)
    return X, np.array(_TABLES[name], dtype=np.int64)
