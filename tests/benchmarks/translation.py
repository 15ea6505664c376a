"""The Transformer's chapter over several seeds, and its cost against the length.

Run it with ``python tests/benchmarks/translation.py``; it takes several minutes.
Everything runs on one thread. The first table trains the chapter's model from each
seed, with the chapter's split, and counts the translations of the test set that are
right to the last character, greedily and with a beam of 4. The second
trains deep and shallow models for 60 steps, normalised before and after, with warm-up
and without. The third times a block forwards and backwards at growing lengths, beside
what its formula counts.
"""

import os
import sys
from pathlib import Path
from time import perf_counter

import numpy as np
import torch
from torch import Tensor

sys.path.insert(0, str(Path(__file__).parents[2] / "code"))

from aibook.data.characters import Characters
from aibook.layers.blocks import TransformerBlock
from aibook.models.teacher_forcing import train
from aibook.models.transformer import Transformer
from aibook.models.translation import exact_match, translate
from aibook.scratch.dates import Pair, make_pairs
from aibook.training import seed_everything

SEEDS = range(5)
LEAST = 0.98
WIDTH, HEADS = 64, 4
Texts = list[tuple[Tensor, Tensor]]


def load() -> tuple[Texts, Texts, Characters]:
    """Return the training and the test texts, both ways, and their vocabulary."""
    order = np.random.default_rng(7).permutation(np.arange(1, 10_000))
    pairs = [
        make_pairs(part.tolist()) for part in (order[:7500], order[8000:])
    ]
    texts = [text for pair in pairs[0] for text in pair]
    characters = Characters(texts, special=["<ko>", "<digits>"])

    def both_ways(some: list[Pair]) -> Texts:
        korean, digits = zip(*some, strict=True)
        encode = characters.encode
        rows = [
            (encode(korean), encode(digits, first="<digits>")),
            (encode(digits), encode(korean, first="<ko>")),
        ]
        return [(torch.tensor(a), torch.tensor(b)) for a, b in rows]

    return both_ways(pairs[0]), both_ways(pairs[1]), characters


def share_right(
    model: Transformer, texts: Texts, beam_width: int | None
) -> float:
    """Return the exact match over both directions."""
    right = [
        exact_match(
            translate(model, source, int(target[0, 0]), beam_width=beam_width),
            target,
        )
        for source, target in texts
    ]
    return torch.cat(right).double().mean().item()


def accuracy() -> bool:
    """Print a row for each seed and kind of norm; return whether a demand failed."""
    learn, test, characters = load()
    print("norm  seed  greedy  beam 4  train CPU s  search CPU s")
    missed = False
    for name, pre_norm in (("pre", True), ("post", False)):
        rows = []
        for seed in SEEDS:
            seed_everything(seed)
            model = Transformer(len(characters), pre_norm=pre_norm)
            start = os.times().user
            train(model, learn, num_steps=450, seed=seed)
            trained = os.times().user
            shares = [share_right(model, test, width) for width in (None, 4)]
            rows.append(shares)
            print(
                f"{name:4}  {seed:4}  {shares[0]:.4f}  {shares[1]:.4f}"
                f"  {trained - start:11.1f}  {os.times().user - trained:12.1f}",
                flush=True,
            )
        greedy, beam = np.mean(rows, axis=0)
        print(f"{name:4}  mean  {greedy:.4f}  {beam:.4f}", flush=True)
        if pre_norm:
            missed = greedy < LEAST or beam < greedy
    return missed


def warmup() -> None:
    """Print the last losses of short trainings, mean and spread over seeds."""
    learn, _, characters = load()
    print("norm  blocks  warm-up  loss    spread")
    for name, pre_norm in (("pre", True), ("post", False)):
        for num_blocks in (2, 6):
            for share in (0.0, 0.3):
                ends = []
                for seed in SEEDS:
                    seed_everything(seed)
                    model = Transformer(
                        len(characters),
                        width=32,
                        num_heads=2,
                        num_blocks=num_blocks,
                        pre_norm=pre_norm,
                    )
                    losses = train(
                        model,
                        learn,
                        num_steps=60,
                        batch_size=32,
                        warmup=share,
                        seed=seed,
                    )
                    ends.append(np.mean(losses[-10:]))
                print(
                    f"{name:4}  {num_blocks:6}  {share:7.1f}"
                    f"  {np.mean(ends):.3f}  {np.ptp(ends):.3f}",
                    flush=True,
                )


def cost() -> None:
    """Print how long a block takes, forwards and backwards, and its operations."""
    print("length  ms  million operations, forwards  share of attention")
    block = TransformerBlock(WIDTH, num_heads=HEADS)
    for length in (64, 128, 256, 512, 1024, 2048):
        x = torch.randn(1, length, WIDTH)
        times = []
        for _ in range(5):
            start = perf_counter()
            block(x).sum().backward()
            times.append(perf_counter() - start)
        square = 4 * length**2 * WIDTH
        total = 24 * length * WIDTH**2 + square
        print(
            f"{length:6}  {1000 * min(times):7.2f}  {total / 1e6:8.1f}"
            f"  {square / total:.2f}"
        )


def main() -> None:
    """Print all tables, and fail if a demand is missed."""
    torch.set_num_threads(1)
    cost()
    warmup()
    sys.exit("a demand was missed" if accuracy() else None)


if __name__ == "__main__":
    main()
