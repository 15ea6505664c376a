"""The page's CycleGAN with three seeds: stripes, content, and seconds.

Run it with ``python tests/benchmarks/cyclegan.py``; it takes some minutes on one
thread. Each seed is trained as on the page, and once more without cycle and identity
losses. It fails if the classifier knows fewer than 95 % of the real test garments, or
if with any seed it accepts fewer than 90 % of the translations, fewer than 80 % of
them are closest to their own original, or the training takes more than 120 CPU s.
"""

import sys
import time
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).parents[2] / "code"))

from aibook.data.stripes import load_unpaired
from aibook.models.cyclegan_training import CycleGAN, train_cyclegan
from aibook.models.translation_judge import (
    kept_content,
    stripe_share,
    train_stripe_judge,
)
from aibook.training import seed_everything

SEEDS = (0, 1, 2)
NUM, NUM_EPOCHS = 600, 12
WEIGHTS = {"full": (10.0, 5.0), "game only": (0.0, 0.0)}


def main() -> None:
    """Print a row a seed and kind; exit with a message if a demand is missed."""
    torch.set_num_threads(1)
    A, B = map(torch.tensor, load_unpaired("train", num=NUM))
    A_test, B_test = map(torch.tensor, load_unpaired("test", num=200))
    judge = train_stripe_judge()
    known = (stripe_share(judge, B_test) + 1 - stripe_share(judge, A_test)) / 2
    print(f"classifier on real test garments: {known:.4f}")
    met = known >= 0.95
    print("kind       seed  striped  content  plain again  cycle error  CPU s")
    for seed in SEEDS:
        for kind, (cycle, identity) in WEIGHTS.items():
            seed_everything(seed)
            net = CycleGAN()
            start = time.process_time()
            train_cyclegan(
                net,
                A,
                B,
                num_epochs=NUM_EPOCHS,
                cycle=cycle,
                identity=identity,
                seed=seed,
            )
            seconds = time.process_time() - start
            with torch.no_grad():
                made, unmade = net.G(A_test), net.F(B_test)
                error = (net.F(made) - A_test).abs().mean().item()
            striped = stripe_share(judge, made)
            content = kept_content(made, A_test)
            print(
                f"{kind:10} {seed:4} {striped:8.3f} {content:8.3f}"
                f" {1 - stripe_share(judge, unmade):12.3f} {error:12.4f}"
                f" {seconds:6.1f}",
                flush=True,
            )
            if kind == "full":
                met &= striped >= 0.9 and content >= 0.8 and seconds <= 120
    if not met:
        sys.exit("a demand is missed")


if __name__ == "__main__":
    main()
