"""Reading texts off: the search beside every path there is."""

import numpy as np
import pytest

from aibook.scratch.ctc_decoding import decode_beam, decode_greedy
from ctc_paths import all_texts, draw, log_softmax


def test_certain_frames():
    log_probs = np.full((3, 2), -np.inf)
    log_probs[[0, 1, 2], [1, 0, 1]] = 0.0
    assert decode_beam(log_probs) == decode_greedy(log_probs) == [1, 1]


@pytest.mark.parametrize("seed", range(20))
def test_the_search_is_exact_if_nothing_is_dropped(seed):
    logits, _ = draw(seed, 5, 3, 0)
    log_probs = log_softmax(logits)
    texts = all_texts(log_probs)
    best = max(texts, key=lambda text: texts[text])
    assert decode_beam(log_probs, num_beams=1000) == list(best)


def test_refuses():
    with pytest.raises(ValueError, match="expected"):
        decode_beam([[0.0, 0.0]], num_beams=0)
    with pytest.raises(ValueError, match="expected"):
        decode_beam([[0.0, np.nan]])
