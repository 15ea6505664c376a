"""One stage against two: precision and speed of both miniatures, three seeds.

Run it with ``python tests/benchmarks/instances.py``; it takes about four minutes.
Everything runs on one thread, and time is the processor's, so that other
programs disturb little. Both networks see the same scenes as often. It fails
when a mean over the seeds misses what is asked, or when YOLO is not at least three
times as fast.
"""

import sys
from pathlib import Path
from time import process_time

import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).parents[2] / "code"))

from aibook.data.scenes import (
    CATEGORIES,
    STUFF,
    THINGS,
    Scenes,
    load_scenes,
)
from aibook.models.mask_rcnn import MaskRCNN
from aibook.models.mask_rcnn_results import Segmented, segment
from aibook.models.mask_rcnn_training import train_mask_rcnn
from aibook.models.yolo import Yolo, detect, encode_boxes, yolo_loss
from aibook.training import make_loader, seed_everything
from aibook.vision.average_precision import (
    Found,
    Truth,
    mean_average_precision,
)
from aibook.vision.masks import mask_iou
from aibook.vision.panoptic import Panoptic, merge_panoptic
from aibook.vision.panoptic_quality import panoptic_quality

SEEDS = 3
LEAST = {"mask AP": 0.6, "PQ": 0.6}
FASTER = 3.0


def train_yolo(scenes: Scenes, seed: int) -> Yolo:
    """Train the one-stage network of the page, on the same scenes."""
    seed_everything(seed)
    mirrored = [
        np.stack([64 - b[:, 2], b[:, 1], 64 - b[:, 0], b[:, 3]], axis=1)
        for b in scenes.boxes
    ]
    target = encode_boxes(scenes.boxes + mirrored, 2 * scenes.labels, grid=8)
    X = torch.tensor(scenes.X)
    batches = make_loader(
        torch.cat([X, X.flip(-1)]),
        target,
        batch_size=16,
        shuffle=True,
        seed=seed,
    )
    net = Yolo(len(THINGS))
    optimizer = torch.optim.AdamW(net.parameters())
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, 4e-3, total_steps=3 * len(batches)
    )
    for _ in range(3):
        for inputs, targets in batches:
            optimizer.zero_grad()
            yolo_loss(net(inputs), targets).sum().backward()
            optimizer.step()
            schedule.step()
    return net.eval()


def train_two(scenes: Scenes, seed: int) -> MaskRCNN:
    """Train the two-stage network of the page."""
    seed_everything(seed)
    net = MaskRCNN(len(THINGS), num_stuff=len(STUFF))
    X, numbers, classes = (
        torch.tensor(part) for part in (scenes.X, scenes.masks, scenes.classes)
    )
    train_mask_rcnn(
        net,
        X,
        numbers,
        classes,
        num_stuff=len(STUFF),
        num_epochs=6,
        seed=seed,
    )
    return net


def timed(function, net, X, repeats: int = 3):  # type: ignore[no-untyped-def]
    """Return what is found in all images, and the best images a second."""
    best = np.inf
    for _ in range(repeats):
        start = process_time()
        found = [one for part in X.split(50) for one in function(net, part)]
        best = min(best, process_time() - start)
    return found, len(X) / best


def scores(results: list[Segmented], test: Scenes) -> dict[str, float]:
    """Return box AP, mask AP and PQ of the two-stage network."""
    masks = [
        Truth(ids == np.arange(1, len(labels) + 1)[:, None, None], labels)
        for ids, labels in zip(test.masks, test.labels, strict=True)
    ]
    merged = [
        merge_panoptic(r.masks, r.labels + len(STUFF), r.scores, r.ground)
        for r in results
    ]
    truth = [
        Panoptic(*both) for both in zip(test.classes, test.masks, strict=True)
    ]
    quality = panoptic_quality(merged, truth, num_classes=len(CATEGORIES))
    return {
        "box AP": box_ap(
            [Found(r.boxes, r.scores, r.labels) for r in results], test
        ),
        "mask AP": mean_average_precision(
            [Found(r.masks, r.scores, r.labels) for r in results],
            masks,
            num_classes=len(THINGS),
            overlap=mask_iou,
        ),
        "PQ": float(np.nanmean(quality.pq)),
    }


def box_ap(found: list[Found], test: Scenes) -> float:
    """Return the mean average precision of boxes at an IoU of one half."""
    truth = [
        Truth(*both) for both in zip(test.boxes, test.labels, strict=True)
    ]
    return mean_average_precision(found, truth, num_classes=len(THINGS))


def main() -> None:
    """Print a row for each network and seed, and fail if a demand is missed."""
    torch.set_num_threads(1)
    scenes = load_scenes("train", num=1200)
    test = load_scenes("test", num=500, seed=1)
    X = torch.tensor(test.X)
    rows: dict[str, list[dict[str, float]]] = {"yolo": [], "two": []}
    print("network  seed  box AP  mask AP      PQ  images/s  training s")
    for seed in range(SEEDS):
        start = process_time()
        one = train_yolo(scenes, seed)
        spent = process_time() - start
        found, speed = timed(detect, one, X)
        row = {"box AP": box_ap(found, test), "images/s": speed}
        rows["yolo"].append(row)
        print(
            f"yolo     {seed:4}  {row['box AP']:6.3f}        -       -"
            f"  {speed:8.0f}  {spent:10.0f}"
        )
        start = process_time()
        two = train_two(scenes, seed)
        spent = process_time() - start
        results, speed = timed(segment, two, X)
        row = {**scores(results, test), "images/s": speed}
        rows["two"].append(row)
        print(
            f"two      {seed:4}  {row['box AP']:6.3f}  {row['mask AP']:7.3f}"
            f"  {row['PQ']:6.3f}  {speed:8.0f}  {spent:10.0f}"
        )
    means = {
        name: {key: np.mean([row[key] for row in some]) for key in some[0]}
        for name, some in rows.items()
    }
    for name, row in means.items():
        print(name, "  ".join(f"{k} {v:.3f}" for k, v in row.items()))
    faster = means["yolo"]["images/s"] / means["two"]["images/s"]
    print(f"yolo is {faster:.1f} times as fast")
    missed = [
        f"{key} {means['two'][key]:.3f}, asked {least}"
        for key, least in LEAST.items()
        if means["two"][key] < least
    ]
    if faster < FASTER:
        missed.append(f"yolo {faster:.1f} times as fast, asked {FASTER}")
    if missed:
        sys.exit("missed: " + "; ".join(missed))


if __name__ == "__main__":
    main()
