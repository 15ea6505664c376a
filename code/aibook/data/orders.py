"""The same four orders of a small shop, ready to be stored in many forms.

What: `ORDERS`, invented; a letter, as a customer might write one, and the same
order said by the tones of a telephone's keys (`dial`).

What not: no file and no database: the page writes them. `dial` has no noise, and
no two keys at once.

Source of the tones: ITU-T, "Technical features of push-button telephone sets",
Recommendation Q.23, 1988.

Book page: ai/data
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["COLUMNS", "LETTER", "ORDERS", "RATE", "TONES", "dial"]

#: The names of the columns.
COLUMNS = ("number", "item", "pieces", "price")

#: Number, item, pieces, price of one piece in thousand won.
ORDERS = (
    (101, "boot", 1, 89),
    (102, "bag", 2, 45),
    (103, "dress", 1, 62),
    (104, "sandal", 3, 28),
)

#: An order, as a customer wrote it.
LETTER = (
    "Hello! Last week I bought a bag from you, and my sister loves it. "
    "Could you send us another two? And thank you for the 10 % off. "
    "Yours, Seoyeon"
)

RATE = 8000
"""Samples of the sound in a second."""

#: The two frequencies of each key, in hertz.
TONES = {
    key: (low, high)
    for low, row in zip(
        (697, 770, 852, 941), ("123", "456", "789", "*0#"), strict=True
    )
    for key, high in zip(row, (1209, 1336, 1477), strict=True)
}


def dial(keys: str, *, seconds: float = 0.1) -> npt.NDArray[np.int16]:
    """Return the sound of some telephone keys, each followed by a silence.

    Parameters
    ----------
    keys
        The digits 0 to 9, ``*`` and ``#``.
    seconds
        How long a tone lasts, and the silence after it.

    Returns
    -------
    numpy.ndarray
        16-bit samples at `RATE`, two stretches of ``seconds`` for each key.

    Raises
    ------
    ValueError
        For no key, another key, or less than 0.02 s or more than 10 s.

    References
    ----------
    ITU-T Recommendation Q.23 (1988).

    Examples
    --------
    >>> dial("102").shape, TONES["1"]
    ((4800,), (697, 1209))
    """
    if not keys or not set(keys) <= set(TONES):
        raise ValueError(
            f"keys is {keys!r}; expected one or more of {''.join(TONES)}"
        )
    if not 0.02 <= seconds <= 10:
        raise ValueError(f"seconds is {seconds}; expected 0.02 to 10")
    num = round(seconds * RATE)
    t = np.arange(num) / RATE
    pieces = []
    for key in keys:
        low, high = TONES[key]
        tone = np.sin(2 * np.pi * low * t) + np.sin(2 * np.pi * high * t)
        pieces += [tone, np.zeros(num)]
    return (np.concatenate(pieces) * 12000).astype(np.int16)
