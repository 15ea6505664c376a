"""The ablation of pix2pix on three seeds: error, sharpness, and agreement of lines.

Run it with ``python tests/benchmarks/pix2pix.py``; it takes about four minutes. The
networks, pairs and steps are those of the page, measured on the same garments, none
of which was seen in training. One thread; time is the processor's. It fails when the
error of pix2pix, or of the distance alone, is above half of the mean image's on any
seed, or when the discriminator does not make the images sharper on every seed.
"""

import sys
from pathlib import Path
from time import process_time
from typing import Any

import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).parents[2] / "code"))

from aibook.data.garment_pairs import GarmentPairs, load_garment_pairs
from aibook.models.patch_gan import PatchGAN
from aibook.models.pix2pix import Translator
from aibook.training import make_loader, seed_everything
from aibook.translation_training import train_translator, translate
from aibook.vision.edges import find_edges, sharpness

SEEDS = 3
LARGEST = 0.5  # of the error of the mean image
VARIANTS = {  # weight of the distance, channels that the discriminator sees
    "L1": (1.0, 0),
    "GAN": (0.0, 1),
    "cGAN": (0.0, 2),
    "L1 + cGAN": (10.0, 2),
}


def adam(net: torch.nn.Module, lr: float) -> torch.optim.Optimizer:
    """Return the optimiser of the page."""
    return torch.optim.Adam(net.parameters(), lr=lr, betas=(0.5, 0.999))


def train(
    pairs: GarmentPairs, weight: float, channels: int, seed: int
) -> Translator:
    """Train one variant as the page does."""
    seed_everything(seed)
    G = Translator(1, 1)
    game: dict[str, Any] = {}
    if channels:
        D = PatchGAN(channels, norm="batch")
        game = {
            "discriminator": D,
            "conditional": channels == 2,
            "d_optimizer": adam(D, 1e-3),
        }
    loader = make_loader(
        pairs.X, pairs.Y, batch_size=16, shuffle=True, seed=seed
    )
    train_translator(
        G, loader, adam(G, 2e-3), num_epochs=3, weight=weight, **game
    )
    return G


def error(made: np.ndarray, truth: np.ndarray) -> float:
    """Return the mean absolute difference, black 0 and white 1, without border."""
    return float(np.abs(made - truth)[:, 0, 2:-2, 2:-2].mean() / 2)


def main() -> int:
    """Train, measure, and return 1 if a demand is missed."""
    torch.set_num_threads(1)
    pairs = load_garment_pairs("train", num=4000)
    test = load_garment_pairs("test", num=1000)
    lines = test.X[:, 0] > 0
    crisp = sharpness((test.Y[:, 0] + 1) / 2)
    means = np.stack([pairs.Y[pairs.labels == k].mean(0) for k in range(10)])
    baseline = error(pairs.Y.mean(axis=0, keepdims=True), test.Y)
    print(f"mean image {baseline:.4f}")
    print(f"mean of class {error(means[test.labels], test.Y):.4f}")
    missed = False
    for seed in range(SEEDS):
        sharp = {}
        for name, options in VARIANTS.items():
            start = process_time()
            G = train(pairs, *options, seed)
            seconds = process_time() - start
            made = translate(G, torch.tensor(test.X)).numpy()
            photos = (made[:, 0] + 1) / 2
            drawn = find_edges(photos, threshold=0.1)
            f1 = 2 * (drawn & lines).sum() / (drawn.sum() + lines.sum())
            share = error(made, test.Y) / baseline
            sharp[name] = sharpness(photos) / crisp
            print(
                f"seed {seed}  {name:10}  error {share * baseline:.4f}"
                f"  of mean {share:.3f}  sharpness {sharp[name]:.3f}"
                f"  F1 {f1:.3f}  {seconds:.0f} s",
                flush=True,
            )
            missed |= name.startswith("L1") and share > LARGEST
        missed |= sharp["L1 + cGAN"] <= sharp["L1"]
    print("missed" if missed else "met")
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
