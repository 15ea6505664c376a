"""Sentiment: the book's LSTM beside counting words and the recipe of the notes.

Run it with ``python tests/benchmarks/sentiment.py``; it takes a few minutes, most
of them for the reviews (``--without-reviews`` leaves them out). One thread; seconds
are those of the processor, so that other programs do not count.
"""

import argparse
import sys
from pathlib import Path
from time import process_time

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from threadpoolctl import threadpool_limits

sys.path.insert(0, str(Path(__file__).parents[2] / "code"))

from aibook.data.opinions import draw_opinions, korean_forms
from aibook.data.reviews import load_reviews
from aibook.models.careless_sentiment import careless_accuracy
from aibook.models.sentiment import SentimentLSTM, answer, train_sentiment
from aibook.scratch.bpe import BPE
from aibook.scratch.vocabulary import (
    Tokenize,
    Vocabulary,
    jamo,
    syllables,
    words,
)
from aibook.training import seed_everything

Labels = NDArray[np.int64]
LEAST = 0.95


def by_counts(
    texts: list[str], y: Labels, new: list[str], **options: int
) -> Labels:
    """Answer for new texts by logistic regression on counts of words."""
    model = make_pipeline(
        CountVectorizer(analyzer=words, **options),
        LogisticRegression(solver="liblinear"),
    )
    answers: Labels = model.fit(texts, y).predict(new)
    return answers


def by_lstm(
    texts: list[str],
    y: Labels,
    new: list[str],
    *,
    seed: int,
    num_epochs: int,
    min_count: int = 1,
    batch_size: int = 64,
    tokenize: Tokenize = words,
    pool: str = "last",
    dropout: float = 0.0,
) -> Labels:
    """Answer by an LSTM, with the settings of the page."""
    vocabulary = Vocabulary(texts, tokenize=tokenize, min_count=min_count)
    X, X_new = (
        vocabulary.encode(part, max_length=60) for part in (texts, new)
    )
    seed_everything(seed)
    model = SentimentLSTM(len(vocabulary), pool=pool, dropout=dropout)
    train_sentiment(
        model,
        X,
        y,
        num_epochs=num_epochs,
        batch_size=batch_size,
        seed=seed,
    )
    return answer(model, X_new).numpy().astype(np.int64)


def row(name: str, scores: list[float], start: float) -> None:
    """Print mean, least and most of some accuracies, and seconds a run."""
    seconds = (process_time() - start) / len(scores)
    print(
        f"{name:28}{len(scores):6}{np.mean(scores):8.3f}"
        f"{min(scores):8.3f}{max(scores):8.3f}{seconds:9.1f}",
        flush=True,
    )


def main() -> None:
    """Print a row for each, and fail if the LSTM is too poor on the grammar."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--without-reviews", action="store_true")
    without_reviews = parser.parse_args().without_reviews
    torch.set_num_threads(1)
    threadpool_limits(1)
    print(
        f"{'':28}{'seeds':>6}{'mean':>8}{'least':>8}{'most':>8}{'seconds':>9}"
    )
    start = process_time()
    row(
        "recipe of the notes",
        [careless_accuracy(s)[0] for s in range(6)],
        start,
    )
    failed = False
    for language in ("ko", "en"):
        parts = []
        for seed in range(5):
            texts, y, _ = draw_opinions(1200, language=language, seed=seed)
            new, t, _ = draw_opinions(
                400, language=language, unseen=True, seed=seed
            )
            parts.append((seed, texts, y, new, t))
        start = process_time()
        counts = [
            float(np.mean(by_counts(texts, y, new) == t))
            for _, texts, y, new, t in parts
        ]
        row(f"grammar, {language}, counts", counts, start)
        start = process_time()
        lstm = [
            float(
                np.mean(by_lstm(texts, y, new, seed=seed, num_epochs=12) == t)
            )
            for seed, texts, y, new, t in parts
        ]
        row(f"grammar, {language}, LSTM", lstm, start)
        failed |= np.mean(lstm) < LEAST or np.mean(counts) > 0.75
    texts, y, _ = korean_forms(unseen=False)
    new, t, _ = korean_forms(unseen=True)
    cuts: dict[str, Tokenize] = {
        "words": words,
        "syllables": syllables,
        "jamo": jamo,
        "subwords": BPE.train(texts, vocab_size=400).encode,
    }
    for name, cut in cuts.items():
        start = process_time()
        scores = [
            float(
                np.mean(
                    by_lstm(
                        texts, y, new, seed=seed, num_epochs=20, tokenize=cut
                    )
                    == t
                )
            )
            for seed in range(3)
        ]
        row(f"forms, {name}", scores, start)
    if not without_reviews:
        texts, y = load_reviews("train")
        new, t = load_reviews("test")
        for n in (100, 300, 1000, 3600):
            start = process_time()
            score = np.mean(by_counts(texts[:n], y[:n], new, min_df=2) == t)
            row(f"{n:,} reviews, counts", [float(score)], start)
            start = process_time()
            lstm = []
            for seed in range(3):
                guess = by_lstm(
                    texts[:n],
                    y[:n],
                    new,
                    seed=seed,
                    num_epochs=max(4, 9600 // n),
                    batch_size=32,
                    min_count=2,
                    pool="max",
                    dropout=0.3,
                )
                lstm.append(float(np.mean(guess == t)))
            row(f"{n:,} reviews, LSTM", lstm, start)
    sys.exit("below 95 % on the grammar" if failed else None)


if __name__ == "__main__":
    main()
