"""The chapter's ViT beside its CNN, trained for long: accuracy and seconds.

Run it with ``python tests/benchmarks/vit.py [EPOCHS] [full]``; ``full`` takes all
60,000 training images. The page trains with 8,000 images for two epochs; here, with
30 epochs of 12,000 unless told otherwise, both networks have time to converge, each
with three seeds, without augmentation and with it. One epoch of 12,000 images takes
a few seconds on one thread. Both peak learning rates are those of the page.
"""

import os
import sys
from pathlib import Path

import torch
from torch import nn
from torch.nn.functional import cross_entropy

sys.path.insert(0, str(Path(__file__).parents[2] / "code"))

from aibook.augmentation import AugmentedBatches
from aibook.data.fashion_mnist import load_fashion_mnist
from aibook.models.cnn import CNN
from aibook.models.vit import ViT
from aibook.training import evaluate, fit, make_loader, seed_everything

LR = {"cnn": 5e-3, "vit": 3e-3}
SEEDS = (0, 1, 2)


def new(kind: str) -> nn.Module:
    """Return a network of the page."""
    if kind == "cnn":
        net = CNN(10, widths=(8, 16, 32), hidden=74, dropout=0.2)
        return net.to(memory_format=torch.channels_last)
    return ViT(10, patch=7, width=32, depth=2, num_heads=2)


def load(split: str) -> tuple[torch.Tensor, torch.Tensor]:
    """Return images with their channel, and labels."""
    images, labels = load_fashion_mnist(split)
    X = torch.tensor(images[:, None] / 255, dtype=torch.float32)
    return X, torch.tensor(labels).long()


def main() -> None:
    """Print a row for each network, size of training set, seed and recipe."""
    torch.set_num_threads(1)
    numbers = [int(word) for word in sys.argv[1:] if word.isdigit()]
    epochs = numbers[0] if numbers else 30
    if "full" in sys.argv:
        os.environ["AIBOOK_DATA"] = "full"
    X, y = load("train")
    test = make_loader(*load("test"), batch_size=500)
    print("network  images  seed  augmented  train  test   CPU s")
    for augment in (False, True):
        for seed in SEEDS:
            for kind in ("cnn", "vit"):
                seed_everything(seed)
                net, start = new(kind), os.times().user
                batches = make_loader(
                    X, y, batch_size=50, shuffle=True, seed=seed
                )
                optimizer = torch.optim.Adam(net.parameters(), fused=True)
                schedule = torch.optim.lr_scheduler.OneCycleLR(
                    optimizer,
                    LR[kind],
                    total_steps=epochs * len(batches),
                    pct_start=0.15,
                )
                optimizer.register_step_post_hook(
                    lambda *_, s=schedule: s.step()
                )
                history = fit(
                    net,
                    AugmentedBatches(batches, max_shift=2, seed=seed)
                    if augment
                    else batches,
                    loss_fn=cross_entropy,
                    optimizer=optimizer,
                    num_epochs=epochs,
                )
                accuracy = evaluate(net, test, cross_entropy).accuracy
                print(
                    f"{kind:7} {len(y):7,} {seed:5} {augment!s:>10}"
                    f" {history.accuracy[-1]:6.3f} {accuracy:6.4f}"
                    f" {os.times().user - start:7.1f}",
                    flush=True,
                )


if __name__ == "__main__":
    main()
