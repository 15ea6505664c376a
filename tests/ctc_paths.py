"""Every path of a short recording, one by one: an oracle for the CTC modules."""

from itertools import product

import numpy as np

from aibook.scratch.ctc import collapse


def log_softmax(x):
    x = x - x.max(axis=-1, keepdims=True)
    return x - np.log(np.exp(x).sum(axis=-1, keepdims=True))


def draw(seed, num_frames, num_tokens, length):
    rng = np.random.default_rng(seed)
    logits = 2 * rng.normal(size=(num_frames, num_tokens))
    target = rng.integers(1, num_tokens, size=length).tolist()
    return logits, target


def all_texts(log_probs):
    """Return the probability of every text, path by path."""
    num_frames, num_tokens = log_probs.shape
    texts = {}
    for path in product(range(num_tokens), repeat=num_frames):
        p = np.exp(sum(log_probs[t, k] for t, k in enumerate(path)))
        text = tuple(collapse(path))
        texts[text] = texts.get(text, 0.0) + p
    return texts
