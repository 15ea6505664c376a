"""Reading a text off what a CTC network says: greedily, or by a search of prefixes.

Letters: L frames, V tokens with the blank, which is number 0.

Not here: the loss that trains the network (`aibook.scratch.ctc`), language models.

Sources: A. Graves, S. Fernandez, F. Gomez and J. Schmidhuber, "Connectionist
Temporal Classification", ICML 2006 (the best path); A. Hannun, A. Maas, D. Jurafsky
and A. Ng, "First-Pass Large Vocabulary Continuous Speech Recognition using
Bi-Directional Recurrent DNNs", 2014 (the prefix search).

Book page: sequences/speech.
"""

from __future__ import annotations

from collections import defaultdict

import numpy as np
from numpy.typing import ArrayLike

from aibook.scratch.checks import check_count
from aibook.scratch.ctc import BLANK, check_log_probs, collapse

__all__ = ["decode_beam", "decode_greedy"]

Prefix = tuple[int, ...]


def decode_greedy(log_probs: ArrayLike) -> list[int]:
    """Return the text of the most probable path.

    Parameters
    ----------
    log_probs
        Shape (L, V); any scores will do.

    Examples
    --------
    >>> decode_greedy([[0.6, 0.4], [0.6, 0.4]])
    []
    """
    return collapse(np.asarray(log_probs).argmax(axis=1).tolist())


def decode_beam(log_probs: ArrayLike, *, num_beams: int = 8) -> list[int]:
    """Return the most probable text that a search of prefixes finds.

    Parameters
    ----------
    log_probs
        Shape (L, V), the logarithms of probabilities.
    num_beams
        How many prefixes are kept after each frame.

    Returns
    -------
    list of int
        Exact if no prefix had to be dropped.

    Raises
    ------
    ValueError
        For another shape, NaN, or ``num_beams`` below 1.

    References
    ----------
    Hannun et al. (2014), algorithm 1, without a language model.

    Examples
    --------
    No path is as probable as two blanks, but three paths read 1:

    >>> decode_beam(np.log([[0.6, 0.4], [0.6, 0.4]]))
    [1]
    """
    y = check_log_probs(log_probs)
    check_count("num_beams", num_beams)
    # of each prefix: log-probability to end in its last token, and in a blank
    beams: dict[Prefix, list[float]] = {(): [-np.inf, 0.0]}
    for frame in y:
        grown: dict[Prefix, list[float]] = defaultdict(
            lambda: [-np.inf, -np.inf]
        )
        for prefix, (token_end, blank_end) in beams.items():
            whole = _either(token_end, blank_end)
            _add(grown[prefix], 1, whole + frame[BLANK])
            for token in range(1, len(frame)):
                longer = (*prefix, token)
                if prefix and prefix[-1] == token:
                    _add(grown[prefix], 0, token_end + frame[token])
                    _add(grown[longer], 0, blank_end + frame[token])
                else:
                    _add(grown[longer], 0, whole + frame[token])
        best = sorted(grown, key=lambda prefix: -_either(*grown[prefix]))
        beams = {prefix: grown[prefix] for prefix in best[:num_beams]}
    return list(next(iter(beams)))


def _either(a: float, b: float) -> float:
    """Return the log-probability of one or the other, both given so."""
    return float(np.logaddexp(a, b))


def _add(ends: list[float], which: int, score: float) -> None:
    ends[which] = _either(ends[which], score)
