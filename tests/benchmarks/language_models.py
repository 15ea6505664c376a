"""The chapter's GPT and LLaMA against counting, and the cache against none.

Run it with ``python tests/benchmarks/language_models.py``; it takes about ten minutes
on one quiet core. Everything runs on one thread, side by side: the same tokens, the
same sections for testing, three random starts. It fails if the GPT's mean perplexity
is not below the trigram's, or the cache is not three times as fast at length 256.
"""

import sys
from functools import partial
from pathlib import Path
from statistics import mean, stdev
from time import process_time

import numpy as np
import torch
from torch import Tensor, nn

sys.path.insert(0, str(Path(__file__).parents[2] / "code"))

from aibook.data.corpus import LANGUAGES, load_corpus
from aibook.information import perplexity
from aibook.language_training import draw_windows, predict_tokens, train_steps
from aibook.models.gpt import GPT
from aibook.models.llama import LLaMA
from aibook.sampling import generate
from aibook.scratch.bpe import BPE
from aibook.scratch.ngram import NGram
from aibook.training import seed_everything

LENGTH = 64
SEEDS = 3
STEPS = {"GPT": 700, "LLaMA": 300}


def tokenise() -> tuple[int, list[int], list[list[int]]]:
    """Return the size of the vocabulary, the training text, and the test texts."""
    texts = {
        (language, split): [s.text for s in load_corpus(language, split)]
        for language in LANGUAGES
        for split in ("train", "test")
    }
    training = [texts[language, "train"] for language in LANGUAGES]
    tokenizer = BPE.train(
        [text for part in training for text in part],
        vocab_size=256 + 64 + 3,
        specials=["<end>", "<mask>", "<pad>"],
    )
    end = tokenizer.specials["<end>"]

    def join(sections: list[str]) -> list[int]:
        return [t for text in sections for t in [end, *tokenizer.encode(text)]]

    mixed = [text for pair in zip(*training, strict=True) for text in pair]
    tests = [join(texts[language, "test"]) for language in LANGUAGES]
    return len(tokenizer.vocabulary), join(mixed), tests


def train(model: nn.Module, tokens: Tensor, num_steps: int) -> float:
    """Train as the page does; return the seconds."""

    def draw() -> tuple[Tensor, Tensor]:
        windows = draw_windows(tokens, length=LENGTH + 1, num_windows=16)
        return windows[:, :-1], windows[:, 1:]

    start = process_time()
    train_steps(model, draw, num_steps=num_steps)
    return process_time() - start


def measure_cache(model: nn.Module) -> float:
    """Return how many times as fast 256 tokens are written with the cache."""
    seconds = []
    for cache in (False, True):
        write = partial(
            generate,
            model,
            torch.zeros(1, 1, dtype=torch.long),
            num_tokens=256,
            temperature=0,
            cache=cache,
        )
        write()
        runs = []
        for _ in range(5):
            start = process_time()
            write()
            runs.append(process_time() - start)
        seconds.append(min(runs))
    print(f"cache  without {seconds[0]:.3f} s  with {seconds[1]:.3f} s")
    return seconds[0] / seconds[1]


def main() -> int:
    """Print the table; return 1 if a claim does not hold."""
    torch.set_num_threads(1)
    V, tokens, tests = tokenise()
    print(f"vocabulary {V}  training tokens {len(tokens):,}")
    factor = measure_cache(
        LLaMA(V, width=128, num_heads=4, num_groups=2, num_layers=2)
    )
    print(f"cache  factor {factor:.1f}")
    counted = {}
    for n in (2, 3, 5):
        model = NGram(n, vocab_size=V).fit(tokens)
        chances = [model.predict(test)[1:] for test in tests]
        counted[n] = perplexity(np.concatenate(chances))
        print(f"{n}-gram  perplexity {counted[n]:.2f}")
    learned = {}
    for name, num_steps in STEPS.items():
        values = []
        for seed in range(SEEDS):
            seed_everything(seed)
            net: nn.Module = (
                GPT(V, max_length=LENGTH, width=128, num_heads=4, num_layers=2)
                if name == "GPT"
                else LLaMA(
                    V, width=128, num_heads=4, num_groups=2, num_layers=2
                )
            )
            seconds = train(net, torch.tensor(tokens), num_steps)
            chances = [
                predict_tokens(net, torch.tensor(test), length=LENGTH).numpy()
                for test in tests
            ]
            values.append(perplexity(np.concatenate(chances)))
            print(
                f"{name:5}  seed {seed}  perplexity {values[-1]:.2f}  "
                f"{seconds:.0f} s",
                flush=True,
            )
        learned[name] = mean(values)
        print(f"{name:5}  mean {learned[name]:.2f}  sd {stdev(values):.2f}")
    return int(learned["GPT"] >= counted[3] or factor < 3)


if __name__ == "__main__":
    sys.exit(main())
