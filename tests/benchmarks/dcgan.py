"""The page's 28x28 DCGAN and that of the notes: seconds, and quality at equal time.

Run it with ``python tests/benchmarks/dcgan.py``; it takes about four minutes on one
thread. The page's network is trained with three seeds, the notes' with the first of
them, for as many seconds. It fails if, with one seed, the page's samples are
recognised with a mean certainty below 0.85 or a digit is missing among 1,000, or if
the notes' network is ahead.
"""

import os
import sys
from copy import deepcopy
from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.optim.lr_scheduler import LambdaLR

sys.path.insert(0, str(Path(__file__).parents[2] / "code"))

from aibook.data.mnist import load_mnist
from aibook.frechet import fit_gaussian, frechet_distance
from aibook.gan_training import train_gan
from aibook.models.dcgan import (
    ConvDiscriminator,
    ConvGenerator,
    draw_weights,
)
from aibook.models.dcgan_notes import (
    NUM_NOISE,
    notes_discriminator,
    notes_generator,
)
from aibook.models.judge import Judge, train_judge
from aibook.training import make_loader, seed_everything

SEEDS = (0, 1, 2)
NUM_EPOCHS = 24  # of the page
LEAST = 0.85
FULL, BATCH = 60_000, 128  # digits of the notes' epoch and batches


class Quality(NamedTuple):
    """What the judge says of 1,000 samples."""

    sure: float
    distance: float
    fewest: int


def load_digits(split: str) -> Tensor:
    """Return the digits, from -1 to 1."""
    images, _ = load_mnist(split)
    return torch.tensor(images[:, None] / 127.5 - 1, dtype=torch.float32)


def rate(judge: Judge, images: Tensor, real: Tensor) -> Quality:
    """Return how sure the judge is, the distance, and the rarest digit's count."""
    found, sure = judge.verdicts((images + 1) / 2)
    features = [judge.features((X + 1) / 2) for X in (images, real)]
    distance = frechet_distance(*(fit_gaussian(part) for part in features))
    fewest = torch.bincount(found, minlength=10).min()
    return Quality(sure.mean().item(), distance, int(fewest))


def sample(net: nn.Module, num_noise: int) -> Tensor:
    """Return 1,000 images, made in evaluation mode."""
    Z = torch.randn(
        1000, num_noise, generator=torch.Generator().manual_seed(1)
    )
    with torch.no_grad():
        return deepcopy(net).eval()(Z)  # type: ignore[no-any-return]


def run_page(X: Tensor, seed: int) -> tuple[Tensor, float]:
    """Train as the page does; return samples and seconds."""
    seed_everything(seed)
    G = ConvGenerator(widths=(48, 24), num_noise=64)
    D = ConvDiscriminator(widths=(16, 32), more=(64,))
    draw_weights(G)
    draw_weights(D)
    average = deepcopy(G)
    loader = make_loader(
        X, torch.zeros(len(X)), batch_size=50, shuffle=True, seed=seed
    )
    optimizers = adam(G, 2e-3, 0.9), adam(D, 2e-3, 0.9)
    schedules = [
        LambdaLR(part, lambda epoch: min(1.0, 2 - 2 * epoch / NUM_EPOCHS))
        for part in optimizers
    ]

    def cool(*_: object) -> None:
        for schedule in schedules:
            schedule.step()

    start = os.times().user
    train_gan(
        G,
        D,
        loader,
        optimizers=optimizers,
        num_noise=64,
        num_epochs=NUM_EPOCHS,
        average=average,
        seed=seed,
        on_epoch=cool,
    )
    return sample(average, 64), os.times().user - start


def run_notes(
    X: Tensor, seed: int, seconds: float
) -> tuple[Tensor, float, int]:
    """Train as the notes do for some seconds; return samples, seconds, steps."""
    seed_everything(seed)
    G, D = notes_generator(28), notes_discriminator(28)
    optimizers = adam(G, 2e-4, 0.999), adam(D, 2e-4, 0.999)
    loader = make_loader(
        X, torch.zeros(len(X)), batch_size=BATCH, shuffle=True, seed=seed
    )
    start, steps = os.times().user, 0
    while (spent := os.times().user - start) < seconds:
        for part, none in loader:
            train_gan(
                G,
                D,
                [(part, none)],
                optimizers=optimizers,
                num_noise=NUM_NOISE,
                num_epochs=1,
                seed=seed + steps,
            )
            steps += 1
            spent = os.times().user - start
            if spent >= seconds:
                break
    return sample(G, NUM_NOISE), spent, steps


def adam(net: nn.Module, lr: float, second: float) -> torch.optim.Optimizer:
    """Return the optimiser."""
    return torch.optim.Adam(
        net.parameters(), lr, betas=(0.5, second), fused=True
    )


def main() -> None:
    """Print a row for each network and seed."""
    torch.set_num_threads(1)
    X, real = load_digits("train"), load_digits("test")
    judge = train_judge()
    row = "{:6} {:4} {:7.1f} {:7.3f} {:9.1f} {:7}"
    print("net    seed   CPU s    sure  distance  fewest")
    found = rate(judge, X[:1000], real)
    print(row.format("real", "-", 0.0, *found))
    failed = False
    for seed in SEEDS:
        images, seconds = run_page(X, seed)
        ours = rate(judge, images, real)
        print(row.format("page", seed, seconds, *ours), flush=True)
        failed |= ours.sure < LEAST or ours.fewest < 1
        if seed != SEEDS[0]:
            continue
        images, spent, steps = run_notes(X, seed, seconds)
        theirs = rate(judge, images, real)
        print(row.format("notes", seed, spent, *theirs), flush=True)
        epoch = spent / steps * FULL / BATCH
        print(f"  notes: {steps} steps; an epoch would take {epoch:.0f} s")
        failed |= ours.sure < theirs.sure or ours.distance > theirs.distance
    if failed:
        sys.exit("the page's DCGAN misses a demand")


if __name__ == "__main__":
    main()
