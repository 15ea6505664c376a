"""The chapter's network beside the lecture notes': accuracy and seconds.

Run it with ``python tests/benchmarks/cnn.py``; it takes ten minutes or more, nearly
all of them for the notes' settings on the full training set. Everything runs on one
thread. The full set needs Debian's package ``dataset-fashion-mnist``, or what
``AIBOOK_DATA_DIR`` names, or a network to download it. The test images are
always all that the data set has: 2,000 of the bundled part, 10,000 of the full one.
"""

import os
import sys
from pathlib import Path
from time import perf_counter
from unittest.mock import patch

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy
from torchvision.transforms.v2.functional import resize

sys.path.insert(0, str(Path(__file__).parents[2] / "code"))

from aibook.data.fashion_mnist import load_fashion_mnist
from aibook.models.cnn import CNN
from aibook.training import evaluate, fit, make_loader, seed_everything

Split = tuple[Tensor, Tensor]
# data, network, epochs, least accuracy, most seconds
DEMANDS = (
    ("bundled", "ours", 4, 0.88, 60.0),
    ("full", "ours", 3, 0.90, None),
    ("full", "notes", 2, None, None),
)


def load(mode: str) -> list[Split]:
    """Return the training and the test images with their labels."""
    splits = []
    with patch.dict(os.environ, AIBOOK_DATA=mode):
        for split in ("train", "test"):
            images, labels = load_fashion_mnist(split)
            X = torch.tensor(images[:, None] / 255, dtype=torch.float32)
            splits.append((X, torch.tensor(labels).long()))
    return splits


def ours(train: Split, epochs: int) -> nn.Module:
    """Train the network of the page with its settings."""
    net = CNN(10, widths=(16, 32, 64), dropout=0.2)
    optimizer = torch.optim.Adam(net.parameters(), lr=3e-3)
    slower = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, epochs)
    fit(
        net,
        make_loader(*train, batch_size=64, shuffle=True),
        loss_fn=cross_entropy,
        optimizer=optimizer,
        num_epochs=epochs,
        on_epoch=lambda *_: slower.step(),
    )
    return net


def notes(train: Split, epochs: int) -> nn.Module:
    """Train the notes' network with its settings, on images made small before."""
    net = nn.Sequential(
        nn.Conv2d(1, 6, 5),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(6, 16, 5),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(16, 120),
        nn.ReLU(),
        nn.Linear(120, 84),
        nn.ReLU(),
        nn.Linear(84, 10),
    )
    fit(
        net,
        make_loader(*train, batch_size=4, shuffle=True),
        loss_fn=cross_entropy,
        optimizer=torch.optim.SGD(net.parameters(), lr=0.001, momentum=0.9),
        num_epochs=epochs,
    )
    return net


def small(split: Split) -> Split:
    """Return images of 16x16 with pixels from -1 to 1, as the notes have them."""
    X, y = split
    return 2 * resize(X, [16, 16], antialias=True) - 1, y


def main() -> None:
    """Print a row for each, and fail if a demand is missed."""
    torch.set_num_threads(1)
    data = {mode: load(mode) for mode in ("bundled", "full")}
    print(
        f"{'data':8} {'network':8} {'images':>7} {'epochs':>6}"
        f" {'accuracy':>9} {'wall s':>8} {'CPU s':>8}"
    )
    missed = False
    for mode, name, epochs, least, most in DEMANDS:
        train, test = data[mode]
        if name == "notes":
            train, test = small(train), small(test)
        seed_everything(0)
        start, busy = perf_counter(), os.times().user
        net = (ours if name == "ours" else notes)(train, epochs)
        seconds, cpu = perf_counter() - start, os.times().user - busy
        loader = make_loader(*test, batch_size=500)
        accuracy = evaluate(net, loader, cross_entropy).accuracy
        print(
            f"{mode:8} {name:8} {len(train[1]):7,} {epochs:6}"
            f" {accuracy:9.4f} {seconds:8.1f} {cpu:8.1f}",
            flush=True,
        )
        missed |= least is not None and accuracy < least
        missed |= most is not None and seconds > most
    sys.exit("a demand was missed" if missed else None)


if __name__ == "__main__":
    main()
