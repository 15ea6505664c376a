"""How the miniature Mask R-CNN is trained: six losses, the loop.

All parts learn at once. The second stage learns from the proposals that the first
stage makes at that moment; their boxes are taken as given.

Letters: N images of S x S pixels, C channels, A anchors, R boxes.

Not here: the network (`aibook.models.mask_rcnn`), what it should answer
(`aibook.models.mask_rcnn_targets`), using it (`aibook.models.mask_rcnn_results`).

Sources: S. Ren, K. He, R. Girshick and J. Sun, "Faster R-CNN", NeurIPS 2015;
K. He, G. Gkioxari, P. Dollár and R. Girshick, "Mask R-CNN", ICCV 2017.

Book page: scenes/instances.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional as F

from aibook.models.mask_rcnn import MASK, Maps, MaskRCNN, Proposals
from aibook.models.mask_rcnn_targets import (
    Things,
    anchor_targets,
    sample,
    things_of,
)
from aibook.training import make_loader
from aibook.vision.anchors import encode_steps
from aibook.vision.roi_align import roi_align

__all__ = [
    "LOSSES",
    "head_losses",
    "proposal_losses",
    "train_mask_rcnn",
]

LOSSES = ("object", "steps", "class", "box", "mask", "ground")
"""What the columns of the log are."""


def proposal_losses(
    maps: Maps, anchors: Tensor, truth: Sequence[Things]
) -> tuple[Tensor, Tensor]:
    """Return the losses of the first stage, for each anchor on a thing.

    Is an anchor on a thing (binary cross-entropy), and the steps from it to that
    thing's box (smooth L1).
    """
    says, goals = [], []
    for things in truth:
        mine, thing = anchor_targets(anchors, things.boxes)
        on = mine == 1
        says.append(mine)
        goals.append(encode_steps(things.boxes[thing[on]], anchors[on]))
    label, counts = torch.stack(says), torch.stack(says) >= 0  # (N, A)
    num_on = (label == 1).sum().clamp(min=1)
    object_loss = F.binary_cross_entropy_with_logits(
        maps.objectness[counts], label[counts], reduction="sum"
    )
    steps = maps.steps[label == 1]
    return object_loss / num_on, step_loss(steps, torch.cat(goals), num_on)


def step_loss(steps: Tensor, goals: Tensor, num: Tensor | int) -> Tensor:
    """Return the smooth L1 loss of steps (R, 4), divided by ``num``."""
    return F.smooth_l1_loss(steps, goals, reduction="sum", beta=0.1) / num


def head_losses(
    model: MaskRCNN,
    fine: Tensor,
    proposals: Proposals,
    truth: Sequence[Things],
    *,
    num: int,
    generator: torch.Generator | None = None,
) -> tuple[Tensor, Tensor, Tensor]:
    """Return the losses of the second stage: class, box, mask.

    The class counts for all chosen boxes, box and mask for those on a thing; of the
    masks only that of the true class.
    """
    boxes, images, labels, goals, masks = [], [], [], [], []
    for i, things in enumerate(truth):
        mine = proposals.boxes[proposals.images == i]
        chosen, thing = sample(
            mine, things.boxes, num=num, generator=generator
        )
        on = thing >= 0
        label = torch.full((len(chosen),), model.num_things)
        label[on] = things.labels[thing[on]]
        boxes.append(chosen)
        images.append(torch.full((len(chosen),), i))
        labels.append(label)
        goals.append(encode_steps(things.boxes[thing[on]], chosen[on]))
        masks.append(things.masks[thing[on]])
    box, image, label = torch.cat(boxes), torch.cat(images), torch.cat(labels)
    logits, steps = model.look(fine, box, image)
    class_loss = F.cross_entropy(logits, label)
    on = label < model.num_things
    num_on = int(on.sum())
    box_loss = step_loss(steps[on], torch.cat(goals), max(num_on, 1))
    every = torch.arange(num_on)
    true = roi_align(
        torch.cat(masks)[:, None].float(), box[on], every, bins=MASK
    )
    outlines = model.outline(fine, box[on], image[on])[every, label[on]]
    mask_loss = F.binary_cross_entropy_with_logits(
        outlines, (true[:, 0] >= 0.5).float(), reduction="sum"
    )
    return class_loss, box_loss, mask_loss / max(true.numel(), 1)


def train_mask_rcnn(
    model: MaskRCNN,
    X: Tensor,
    numbers: Tensor,
    classes: Tensor,
    *,
    num_stuff: int,
    num_epochs: int,
    batch_size: int = 16,
    lr: float = 5e-3,
    num: int = 16,
    seed: int = 0,
    log: bool = False,
) -> list[list[float]]:
    """Train all parts together, on images that are mirrored half of the time.

    Parameters
    ----------
    model
        A `MaskRCNN`; left in the mode for evaluation.
    X
        Images, shape (N, 1, S, S).
    numbers, classes
        Their maps, shape (N, S, S), as for `things_of`.
    num_stuff
        How many classes of stuff there are.
    num_epochs
        Passes over the images, 1 or more.
    batch_size
        Images a batch.
    lr
        The greatest learning rate of a schedule that rises and falls once.
    num
        How many boxes of each image the second stage learns from.
    seed
        Fixes order, mirroring and choice.
    log
        Whether a line with the six losses is printed after each epoch.

    Returns
    -------
    The mean losses of each epoch, six each, in the order of `LOSSES`.

    Raises
    ------
    ValueError
        For fewer than one epoch, maps of another shape, or data that
        `aibook.training.make_loader` refuses.
    FloatingPointError
        If a loss is not finite.
    """
    if num_epochs < 1:
        raise ValueError(f"num_epochs = {num_epochs}; it must be 1 or more")
    y = torch.stack([numbers, classes], dim=1)
    loader = make_loader(X, y, batch_size=batch_size, shuffle=True, seed=seed)
    chance = torch.Generator().manual_seed(seed)
    optimizer = torch.optim.AdamW(model.parameters(), fused=True)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, lr, total_steps=num_epochs * len(loader)
    )
    history = []
    model.train()
    for epoch in range(1, num_epochs + 1):
        total = torch.zeros(len(LOSSES))
        for images, maps in loader:
            flip = torch.rand(len(images), generator=chance) < 0.5
            images[flip], maps[flip] = (
                images[flip].flip(-1),
                maps[flip].flip(-1),
            )
            truth = [things_of(*both, num_stuff=num_stuff) for both in maps]
            ground = maps[:, 1].clamp(max=num_stuff)
            optimizer.zero_grad()
            found = model(images)
            proposals = model.propose(found)
            parts = torch.stack(
                [
                    *proposal_losses(found, model.anchors, truth),
                    *head_losses(
                        model,
                        found.fine,
                        proposals,
                        truth,
                        num=num,
                        generator=chance,
                    ),
                    F.cross_entropy(found.ground, ground),
                ]
            )
            parts.sum().backward()
            optimizer.step()
            schedule.step()
            total += parts.detach() * len(images)
        if not total.isfinite().all():
            raise FloatingPointError(
                f"epoch {epoch}: the losses are {total.tolist()}; try a smaller lr"
            )
        history.append((total / len(X)).tolist())
        if log:
            columns = zip(LOSSES, history[-1], strict=True)
            text = "  ".join(f"{name} {value:.3f}" for name, value in columns)
            print(f"epoch {epoch:2d}  {text}")
    model.eval()
    return history
