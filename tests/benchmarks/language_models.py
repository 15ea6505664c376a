"""The chapter's models over several starts: the cache, BERT, GPT and LLaMA.

Run it with ``python tests/benchmarks/language_models.py``; it takes about ten minutes
on one quiet core. Everything runs on one thread, side by side: the same tokens, the
same sections for testing, as many steps, three random starts (another number can be
given, and names to run only some: ``cache``, ``bert``, ``text``). It fails if

- the cache writes other tokens, or is not three times as fast at length 256,
- a pre-trained BERT is not 10 points better than the same network from scratch, in
  the mean over five draws of labels, whichever its pre-training's start,
- the GPT's mean perplexity is not below the trigram's.
"""

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import mean, stdev
from time import process_time

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pad_sequence

sys.path.insert(0, str(Path(__file__).parents[2] / "code"))

from aibook.data.corpus import LANGUAGES, load_corpus
from aibook.data.remarks import draw_remarks
from aibook.information import perplexity
from aibook.language_training import draw_windows, predict_tokens, train_steps
from aibook.models.bert import BERT, BERTClassifier, mask_tokens
from aibook.models.gpt import GPT
from aibook.models.llama import LLaMA
from aibook.sampling import generate
from aibook.scratch.bpe import BPE
from aibook.scratch.ngram import NGram
from aibook.scratch.vocabulary import words
from aibook.training import seed_everything

LENGTH = 64
SEEDS = 3
STEPS = 600
DRAWS = 5


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


def train(model: nn.Module, tokens: Tensor) -> float:
    """Train as the page does; return the seconds."""

    def draw() -> tuple[Tensor, Tensor]:
        windows = draw_windows(tokens, length=LENGTH + 1, num_windows=16)
        return windows[:, :-1], windows[:, 1:]

    start = process_time()
    train_steps(model, draw, num_steps=STEPS)
    return process_time() - start


def measure_cache() -> bool:
    """Write 256 tokens with and without the cache; return whether it holds."""
    seed_everything(0)
    model = LLaMA(323, width=128, num_heads=4, num_groups=2, num_layers=2)
    model.eval()
    holds = True
    for num_texts in (1, 8):
        write = partial(
            generate,
            model,
            torch.zeros(num_texts, 1, dtype=torch.long),
            num_tokens=256,
            temperature=0,
        )
        same = torch.equal(write(cache=False), write(cache=True))
        runs: dict[bool, list[float]] = {False: [], True: []}
        for cache in (False, True) * 5:  # in turn, for other programs disturb
            start = process_time()
            write(cache=cache)
            runs[cache].append(process_time() - start)
        without, with_cache = min(runs[False]), min(runs[True])
        factor = without / with_cache
        print(
            f"cache  texts {num_texts}  without {without:.3f} s  "
            f"with {with_cache:.3f} s  factor {factor:.1f}  same tokens {same}",
            flush=True,
        )
        holds &= same and factor >= 3
    return holds


class Remarks:
    """The sentences of the page, as numbers, and the BERT that reads them."""

    def __init__(self) -> None:
        texts, _ = self.draw(4000, seed=0)
        found = sorted({w for text in texts for w in words(text)})
        self.index = {w: i for i, w in enumerate(found)}
        self.unlabelled = self.encode(texts)
        texts, self.y = self.draw(400, seed=2)
        self.X = self.encode(texts)
        texts, self.y_test = self.draw(400, seed=3, unseen=True)
        self.X_test = self.encode(texts)

    def draw(
        self, num_sentences: int, *, seed: int, unseen: bool = False
    ) -> tuple[list[str], Tensor]:
        """Return sentences of both languages and their labels."""
        parts = [
            draw_remarks(
                num_sentences,
                language=k,
                seed=seed,
                unseen=unseen,
            )
            for k in LANGUAGES
        ]
        texts = [text for part in parts for text in part.texts]
        return texts, torch.tensor(np.concatenate([p.y for p in parts]))

    def encode(self, texts: list[str]) -> Tensor:
        """Return numbers, (N, L)."""
        rows = [torch.tensor([self.index[w] for w in words(t)]) for t in texts]
        padding = len(self.index) + 1
        return pad_sequence(rows, batch_first=True, padding_value=padding)

    def make(self, seed: int) -> BERT:
        """Return a BERT from a random start."""
        seed_everything(seed)
        return BERT(
            len(self.index) + 2,
            max_length=self.unlabelled.shape[1],
            width=64,
            num_heads=4,
            num_layers=1,
            padding_id=len(self.index) + 1,
        )

    def pretrain(self, seed: int) -> tuple[BERT, float]:
        """Return a BERT that has filled gaps, and its last losses' mean."""
        bert, num = self.make(seed), len(self.index)

        def draw() -> tuple[Tensor, Tensor]:
            rows = torch.randint(len(self.unlabelled), (96,))
            return mask_tokens(
                self.unlabelled[rows],
                mask_id=num,
                num_ordinary=num,
                share=0.25,
                masked=1.0,
            )

        losses = train_steps(bert, draw, num_steps=900)
        return bert, mean(losses[-100:])

    def tune(self, bert: BERT | None, seed: int) -> float:
        """Return the accuracy after training with few labels."""
        network = self.make(seed + 1)
        if bert is not None:
            network.load_state_dict(bert.state_dict())
        model = BERTClassifier(network, num_classes=2)
        generator = torch.Generator().manual_seed(seed)
        chosen = torch.randperm(len(self.y), generator=generator)[:32]

        def draw() -> tuple[Tensor, Tensor]:
            i = chosen[torch.randint(len(chosen), (16,))]
            return self.X[i], self.y[i]

        train_steps(model, draw, num_steps=60, lr=3e-3, matrix_lr=1e-2)
        with torch.no_grad():
            right = model(self.X_test).argmax(dim=1) == self.y_test
        return right.float().mean().item()


def measure_bert(num_seeds: int) -> bool:
    """Pre-train from several starts; return whether it pays."""
    remarks = Remarks()
    scratch = [remarks.tune(None, seed) for seed in range(DRAWS)]
    print(f"BERT   scratch {mean(scratch):.3f}  sd {stdev(scratch):.3f}")
    gains = []
    for start in range(num_seeds):
        bert, loss = remarks.pretrain(start)
        tuned = [remarks.tune(bert, seed) for seed in range(DRAWS)]
        gains.append(mean(tuned) - mean(scratch))
        print(
            f"BERT   start {start}  loss {loss:.3f}  pre-trained "
            f"{mean(tuned):.3f}  sd {stdev(tuned):.3f}",
            flush=True,
        )
    return mean(gains) > 0.1 and min(gains) > 0


def measure_text(num_seeds: int) -> bool:
    """Train on the book's text; return whether the GPT beats the trigram."""
    V, tokens, tests = tokenise()
    print(f"vocabulary {V}  training tokens {len(tokens):,}")
    counted = {}
    for n in (2, 3, 5):
        model = NGram(n, vocab_size=V).fit(tokens)
        chances = [model.predict(test)[1:] for test in tests]
        counted[n] = perplexity(np.concatenate(chances))
        print(f"{n}-gram  perplexity {counted[n]:.2f}", flush=True)
    nets: dict[str, Callable[[], nn.Module]] = {
        "GPT": partial(GPT, V, max_length=LENGTH),
        "LLaMA": partial(LLaMA, V, num_groups=2),
    }
    learned = {}
    for name, make in nets.items():
        values = []
        for seed in range(num_seeds):
            seed_everything(seed)
            net = make(width=128, num_heads=4, num_layers=2)
            seconds = train(net, torch.tensor(tokens))
            parts = [
                predict_tokens(net, torch.tensor(test), length=LENGTH).numpy()
                for test in tests
            ]
            values.append(perplexity(np.concatenate(parts)))
            print(
                f"{name:5}  seed {seed}  perplexity {values[-1]:.2f}  "
                f"{seconds:.0f} s",
                flush=True,
            )
        learned[name] = mean(values)
        spread = stdev(values) if num_seeds > 1 else 0.0
        print(f"{name:5}  mean {learned[name]:.2f}  sd {spread:.2f}")
    return learned["GPT"] < counted[3]


def main(arguments: list[str]) -> int:
    """Print the tables; return 1 if a claim does not hold."""
    torch.set_num_threads(1)
    numbers = [int(a) for a in arguments if a.isdigit()]
    num_seeds = numbers[0] if numbers else SEEDS
    parts: dict[str, Callable[[], bool]] = {
        "cache": measure_cache,
        "bert": partial(measure_bert, num_seeds),
        "text": partial(measure_text, num_seeds),
    }
    names = [a for a in arguments if not a.isdigit()] or list(parts)
    return int(sum(not parts[name]() for name in names) > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
