"""The mAP of the chapter's YOLO on scenes that it has not seen, from three starts.

Run it with ``python tests/benchmarks/detection.py``; it takes two to three minutes.
Everything runs on one thread. The settings are the chapter's.
"""

import sys
from pathlib import Path
from time import process_time

import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).parents[2] / "code"))

from aibook.data.scenes import THINGS, Scenes, load_scenes
from aibook.models.yolo import Yolo, detect, encode_boxes, yolo_loss
from aibook.training import make_loader, seed_everything
from aibook.vision.average_precision import Truth, mean_average_precision

SEEDS = (0, 1, 2)
EPOCHS, LR = 5, 4e-3
WEIGHTS = torch.tensor([1.0, 4.0, 1.0])
LEAST = 0.85
SECONDS = 60.0


def train(scenes: Scenes, seed: int) -> Yolo:
    """Train the network of the page with its settings."""
    mirrored = [
        np.stack([64 - b[:, 2], b[:, 1], 64 - b[:, 0], b[:, 3]], axis=1)
        for b in scenes.boxes
    ]
    X = np.concatenate([scenes.X, scenes.X[..., ::-1]])
    target = encode_boxes(scenes.boxes + mirrored, 2 * scenes.labels, grid=8)
    seed_everything(seed)
    model = Yolo(len(THINGS))
    batches = make_loader(X, target, batch_size=32, shuffle=True, seed=seed)
    optimizer = torch.optim.AdamW(model.parameters(), lr=LR)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, LR, total_steps=EPOCHS * len(batches)
    )
    for _ in range(EPOCHS):
        for inputs, targets in batches:
            optimizer.zero_grad()
            (yolo_loss(model(inputs), targets) @ WEIGHTS).backward()
            optimizer.step()
            schedule.step()
    return model.eval()


def main() -> None:
    """Print a row for each start and the mean, and fail if a demand is missed."""
    torch.set_num_threads(1)
    scenes = load_scenes("train", num=3000, seed=0)
    test = load_scenes("test", num=500, seed=1)
    truth = [Truth(b, k) for b, k in zip(test.boxes, test.labels, strict=True)]
    print(
        f"{'seed':4} {'mAP@0.5':>8} {'101 points':>11} {'mAP@0.75':>9} {'CPU s':>6}"
    )
    rows = []
    for seed in SEEDS:
        start = process_time()
        found = detect(train(scenes, seed), torch.tensor(test.X))
        seconds = process_time() - start
        scores = [
            mean_average_precision(
                found,
                truth,
                num_classes=len(THINGS),
                iou_threshold=limit,
                points=points,
            )
            for limit, points in ((0.5, None), (0.5, 101), (0.75, 101))
        ]
        rows.append([*scores, seconds])
        print(
            f"{seed:4} {scores[0]:8.3f} {scores[1]:11.3f} {scores[2]:9.3f}"
            f" {seconds:6.1f}",
            flush=True,
        )
    mean = np.mean(rows, axis=0)
    print(f"mean {mean[0]:8.3f} {mean[1]:11.3f} {mean[2]:9.3f} {mean[3]:6.1f}")
    missed = min(row[0] for row in rows) < LEAST or mean[3] > SECONDS
    sys.exit("a demand was missed" if missed else None)


if __name__ == "__main__":
    main()
