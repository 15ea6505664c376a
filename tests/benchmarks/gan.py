"""The chapter's GANs over three seeds: how many heaps, how good the digits.

Run it with ``python tests/benchmarks/gan.py [ring] [digits]``; both by default. The
ring is run four times a seed: with the page's collapse, with each half of its cure
alone, and with both. It fails if a collapsed generator covers more than 4 of the 8
heaps, or a cured one fewer than 8.
"""

import os
import sys
from copy import deepcopy
from pathlib import Path

import torch
from torch.nn import functional as F

sys.path.insert(0, str(Path(__file__).parents[2] / "code"))

from aibook.data.mnist import load_mnist
from aibook.data.ring import Coverage, count_modes, load_ring, ring_centres
from aibook.frechet import fit_gaussian, frechet_distance
from aibook.gan_training import train_gan
from aibook.models.gan import Discriminator, Generator
from aibook.models.judge import train_judge
from aibook.training import make_loader, seed_everything

SEEDS = (0, 1, 2)
RING = {
    "collapse": {"g_lr": 5e-4, "d_lr": 1e-2, "penalty": 0.0},
    "penalty only": {"g_lr": 5e-4, "d_lr": 1e-2, "penalty": 0.1},
    "pace only": {"g_lr": 2e-3, "d_lr": 2e-3, "penalty": 0.0},
    "cured": {"g_lr": 2e-3, "d_lr": 2e-3, "penalty": 0.1},
}


def adam(net: torch.nn.Module, lr: float) -> torch.optim.Optimizer:
    """Return the page's optimiser."""
    return torch.optim.Adam(
        net.parameters(), lr, betas=(0.5, 0.999), fused=True
    )


def run_ring(
    seed: int, *, g_lr: float, d_lr: float, penalty: float
) -> Coverage:
    """Train on the ring, and count the heaps of 2,000 points."""
    seed_everything(seed)
    G = Generator((2,), num_noise=16, hidden=(64, 64), bounded=False)
    D = Discriminator((2,), hidden=(64, 64))
    average = deepcopy(G)
    train_gan(
        G,
        D,
        make_loader(*load_ring(6400), batch_size=64, shuffle=True, seed=seed),
        optimizers=(adam(G, g_lr), adam(D, d_lr)),
        num_noise=16,
        num_epochs=30,
        penalty=penalty,
        average=average,
        seed=seed,
    )
    with torch.no_grad():
        Z = torch.randn(2000, 16, generator=torch.Generator().manual_seed(0))
        points = average(Z)
    return count_modes(points, ring_centres())


def ring() -> bool:
    """Print a row a seed and setting; return whether the demand is met."""
    met = True
    print("ring          seed  modes  near   CPU s")
    for seed in SEEDS:
        for name, options in RING.items():
            start = os.times().user
            seen = run_ring(seed, **options)
            seconds = os.times().user - start
            print(
                f"{name:13} {seed:4} {seen.covered:6} {seen.near:5.2f}"
                f" {seconds:7.1f}",
                flush=True,
            )
            met &= name != "collapse" or seen.covered <= 4
            met &= name != "cured" or seen.covered == 8
    return met


def load_digits(split: str) -> torch.Tensor:
    """Return digits of 14 x 14 pixels, -1 to 1."""
    images, _ = load_mnist(split)
    X = torch.tensor(images[:, None] / 255, dtype=torch.float32)
    return F.avg_pool2d(X, 2) * 2 - 1


def digits() -> None:
    """Print a row a seed: what the judge says of a thousand images."""
    judge = train_judge()
    X, X_test = load_digits("train"), load_digits("test")
    real = fit_gaussian(judge.features((X_test + 1) / 2))
    print("digits  seed  sure  distance  classes  CPU s")
    for seed in SEEDS:
        start = os.times().user
        seed_everything(seed)
        G = Generator((1, 14, 14))
        D = Discriminator((1, 14, 14), dropout=0.3)
        average = deepcopy(G)
        train_gan(
            G,
            D,
            make_loader(
                X, torch.zeros(len(X)), batch_size=64, shuffle=True, seed=seed
            ),
            optimizers=(adam(G, 2e-3), adam(D, 2e-3)),
            num_noise=100,
            num_epochs=150,
            average=average,
            decay=0.998,
            seed=seed,
        )
        seconds = os.times().user - start
        with torch.no_grad():
            images = (average(torch.randn(1000, 100)) + 1) / 2
        found, sure = judge.verdicts(images)
        counts = torch.bincount(found[sure >= 0.9], minlength=10)
        made = fit_gaussian(judge.features(images))
        print(
            f"digits {seed:5} {sure.mean():5.3f}"
            f" {frechet_distance(made, real):9.1f} {(counts >= 10).sum():8}"
            f" {seconds:6.1f}",
            flush=True,
        )


def main() -> None:
    """Run what was asked for; exit with 1 if a demand is missed."""
    torch.set_num_threads(1)
    words = sys.argv[1:] or ["ring", "digits"]
    met = "ring" not in words or ring()
    if "digits" in words:
        digits()
    sys.exit(not met)


if __name__ == "__main__":
    main()
