"""The page's networks with three seeds: mean IoU on the test scenes, and seconds.

Run it with ``python tests/benchmarks/segmentation.py``; it takes some minutes on one
thread. It fails if the U-Net's mean over the seeds is below 0.80, or if it is not
ahead of the FCN with skips, and that of the FCN without, with every seed.
"""

import os
import sys
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

sys.path.insert(0, str(Path(__file__).parents[2] / "code"))

from aibook.data.scenes import CATEGORIES, load_scenes
from aibook.metrics import confusion_matrix
from aibook.models.fcn import FCN
from aibook.models.unet import UNet
from aibook.pixel_metrics import class_iou, mean_iou, pixel_accuracy
from aibook.pixel_training import predict_pixels, train_pixels
from aibook.training import seed_everything

SEEDS = (0, 1, 2)
WIDTHS = (16, 32, 64)
NUM_TRAIN, NUM_TEST = 1250, 300
LEAST = 0.80
NAMES = ("FCN", "FCN, skips", "U-Net", "U-Net, new")


def train_all(X: Tensor, y: Tensor, seed: int) -> dict[str, nn.Module]:
    """Return the networks of the page, trained as there."""
    num_classes = len(CATEGORIES)
    seed_everything(seed)
    fcn = FCN(1, num_classes, widths=WIDTHS)
    train_pixels(fcn, X, y, num_epochs=3, batch_size=8, seed=seed)
    skips = FCN(1, num_classes, widths=WIDTHS, num_skips=2)
    skips.stages.load_state_dict(fcn.stages.state_dict())
    train_pixels(skips, X, y, num_epochs=2, batch_size=8, lr=0.003, seed=seed)
    unet = UNet(1, num_classes, widths=WIDTHS)
    for level, stage in zip(unet.down, skips.stages, strict=True):
        level.load_state_dict(stage.get_submodule("0").state_dict())
    for frozen in (True, False):
        unet.down.requires_grad_(not frozen)
        train_pixels(
            unet, X, y, num_epochs=1, batch_size=8, lr=0.005, seed=seed
        )
    new = UNet(1, num_classes, widths=WIDTHS)  # takes over nothing
    train_pixels(new, X, y, num_epochs=3, batch_size=8, lr=0.005, seed=seed)
    return dict(zip(NAMES, (fcn, skips, unet, new), strict=True))


def main() -> None:
    """Print a row for each network and seed, and the means."""
    torch.set_num_threads(1)
    train = load_scenes("train", num=NUM_TRAIN)
    test = load_scenes("test", num=NUM_TEST)
    X, y = torch.tensor(train.X), torch.tensor(train.classes)
    X_test = torch.tensor(test.X)
    scores = {}
    print("network     seed  pixel accuracy  mean iou  iou of each class")
    for seed in SEEDS:
        start = os.times().user
        nets = train_all(X, y, seed)
        seconds = os.times().user - start
        for name, net in nets.items():
            maps = predict_pixels(net, X_test).argmax(dim=1)
            counts = confusion_matrix(
                maps, test.classes, num_classes=len(CATEGORIES)
            )
            scores[name, seed] = mean_iou(counts)
            print(
                f"{name:10} {seed:5} {pixel_accuracy(counts):15.4f}"
                f" {mean_iou(counts):9.4f}  {class_iou(counts).round(2)}",
                flush=True,
            )
        print(f"seed {seed}: trained all in {seconds:.1f} CPU s")
    for name in NAMES:
        row = [scores[name, seed] for seed in SEEDS]
        print(f"{name:10}  mean iou {np.mean(row):.4f} +- {np.std(row):.4f}")
    mean = np.mean([scores["U-Net", seed] for seed in SEEDS])
    ahead = all(
        scores["U-Net", seed]
        > scores["FCN, skips", seed]
        > scores["FCN", seed]
        for seed in SEEDS
    )
    if mean < LEAST or not ahead:
        sys.exit(f"U-Net: mean IoU {mean:.4f}, ahead with every seed: {ahead}")


if __name__ == "__main__":
    main()
