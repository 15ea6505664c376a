"""The measures of the chapter on evaluation, with three judges and three short GANs.

Run it with ``python tests/benchmarks/generators.py``; it takes about a minute. It fails
if, with any judge, a measure does not show what the chapter says of it: real digits far
ahead in the Fréchet distance, no recall for copies, half of the precision for half
noise, precision without recall for blurred digits, a score that takes ten copies for
real digits, and an extrapolated distance of real digits near 0.
"""

import sys
from copy import deepcopy
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

sys.path.insert(0, str(Path(__file__).parents[2] / "code"))

from aibook.data.mnist import load_mnist
from aibook.frechet import fit_gaussian, frechet_distance
from aibook.gan_training import train_gan
from aibook.generative_metrics import (
    extrapolate,
    inception_score,
    kernel_distance,
)
from aibook.models.gan import Discriminator, Generator
from aibook.models.judge import train_judge
from aibook.neighbourhoods import precision_recall
from aibook.training import make_loader, seed_everything

SEEDS = (0, 1, 2)


def load_digits(split: str) -> tuple[torch.Tensor, torch.Tensor]:
    """Return digits of 14x14 pixels, from -1 to 1, and their classes."""
    images, labels = load_mnist(split)
    X = torch.tensor(images[:, None] / 255, dtype=torch.float32)
    return F.avg_pool2d(X, 2) * 2 - 1, torch.tensor(labels)


def short_gan(X: torch.Tensor, y: torch.Tensor, seed: int) -> torch.Tensor:
    """Return 4,000 images of the chapter's GAN."""
    seed_everything(seed)
    G, D = Generator((1, 14, 14)), Discriminator((1, 14, 14), dropout=0.3)
    average = deepcopy(G)
    optimizers = [
        torch.optim.Adam(net.parameters(), 2e-3, (0.5, 0.999), fused=True)
        for net in (G, D)
    ]
    train_gan(
        G,
        D,
        make_loader(X, y, batch_size=64, shuffle=True, seed=seed),
        optimizers=(optimizers[0], optimizers[1]),
        num_noise=100,
        num_epochs=30,
        average=average,
        decay=0.998,
    )
    generator = torch.Generator().manual_seed(1)
    with torch.no_grad():
        return average(torch.randn(4000, 100, generator=generator))  # type: ignore[no-any-return]


def main() -> int:
    """Print the table of each judge, and return how many demands were missed."""
    X, y = load_digits("train")
    X_test, _ = load_digits("test")
    generator = torch.Generator().manual_seed(0)
    static = 2 * torch.rand(1000, 1, 14, 14, generator=generator) - 1
    dust = 0.5 * torch.randn(1000, 1, 14, 14, generator=generator)
    missed = []
    for seed in SEEDS:
        judge = train_judge(seed=seed)
        made = short_gan(X, y, seed)
        sets = {
            "test digits": X_test,
            "by heart": X[:1000],
            "one copied": X[:1].expand(1000, -1, -1, -1),
            "ten copied": X[:10].repeat(100, 1, 1, 1),
            "0 to 4": X[y < 5][:1000],
            "grainy": X[:1000] + dust,
            "blurred": F.avg_pool2d(
                F.pad(X[:1000], (1,) * 4, value=-1.0), 3, 1
            ),
            "half noise": torch.cat([X[:500], static[:500]]),
            "noise": static,
            "short GAN": made[:1000],
        }
        print(f"judge {seed}      distance precision recall  score   sure")
        genuine = judge.features((X_test + 1) / 2).numpy()
        real = fit_gaussian(genuine)
        rows: dict[str, tuple[float, float, float, float]] = {}
        for name, images in sets.items():
            seen = judge.features((images + 1) / 2).numpy()
            with torch.no_grad():
                chances = judge((images + 1) / 2).softmax(dim=1)
            result = precision_recall(genuine, seen)
            rows[name] = (
                frechet_distance(fit_gaussian(seen), real),
                result.precision,
                result.recall,
                inception_score(chances),
            )
            sure = chances.amax(dim=1).mean().item()
            print(f"  {name:11}", *(f"{v:8.2f}" for v in (*rows[name], sure)))
        rng = np.random.default_rng(seed)
        pool = judge.features((X + 1) / 2).numpy()
        fake = judge.features((made + 1) / 2).numpy()
        sizes = np.repeat([400, 800, 1600], 8)
        limits = {}
        for name, other in {"real": pool, "made": fake}.items():
            values = []
            for N in sizes:
                order = rng.permutation(4000)
                values.append(
                    frechet_distance(
                        fit_gaussian(pool[order[:N]]),
                        fit_gaussian(other[order[N : 2 * N]]),
                    )
                )
            limits[name], slope = extrapolate(sizes, values)
            print(f"  limit {name} {limits[name]:7.2f}  slope {slope:7.0f}")
        drawn = rng.multivariate_normal(real.mean, real.cov, 1000)
        invented = (
            frechet_distance(fit_gaussian(drawn), real),
            kernel_distance(genuine, drawn),
            precision_recall(genuine, drawn).precision,
        )
        print("  invented", *(f"{value:7.2f}" for value in invented))
        skipped = torch.tensor(load_mnist("test")[0][:, None, ::2, ::2] / 255)
        resized = judge.features(skipped.float()).numpy()
        gap = frechet_distance(fit_gaussian(resized), real)
        print(f"  resized {gap:.2f}")
        heart = rows["by heart"][0]
        demands = {
            "only what is known by heart is near": heart
            < min(
                row[0]
                for name, row in rows.items()
                if name not in ("test digits", "by heart")
            )
            / 5,
            "resizing costs more than chance": gap > heart,
            "copies have no recall": rows["one copied"][2]
            == rows["ten copied"][2]
            == 0,
            "half of the digits, half of the recall": 0.35
            < rows["0 to 4"][2]
            < 0.65,
            "half noise, half of the precision": 0.4
            < rows["half noise"][1]
            < 0.75,
            "half noise keeps its recall": rows["half noise"][2] > 0.75,
            "blurred digits have precision without recall": rows["blurred"][1]
            > 0.8
            and rows["blurred"][2] < 0.1,
            "ten copies score like real digits": abs(
                rows["ten copied"][3] - rows["test digits"][3]
            )
            < 0.5,
            "noise has no score": rows["noise"][3] < 2,
            "the short GAN lacks recall": rows["short GAN"][2]
            < rows["short GAN"][1] - 0.1,
            "real digits end near 0": abs(limits["real"]) < 1.5,
            "the short GAN does not": limits["made"] > 40,
            "invented features deceive the Fréchet distance": invented[0]
            < 3 * heart
            and invented[2] < 0.3,
        }
        missed += [
            f"judge {seed}: {d}" for d, met in demands.items() if not met
        ]
    print("\n".join(missed) or "all demands met")
    return len(missed)


if __name__ == "__main__":
    torch.set_num_threads(1)
    sys.exit(main())
