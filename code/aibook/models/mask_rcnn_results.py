"""What the miniature Mask R-CNN finds in images: boxes, classes, masks, the ground.

Not here: the network (`aibook.models.mask_rcnn`), putting masks and ground together
(`aibook.vision.panoptic`), measuring.

Source: K. He, G. Gkioxari, P. Dollár and R. Girshick, "Mask R-CNN", ICCV 2017,
section 3.1.

Book page: scenes/instances.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from aibook.models.mask_rcnn import SMALLEST, MaskRCNN
from aibook.vision.anchors import decode_steps
from aibook.vision.nms import batched_nms
from aibook.vision.panoptic import VOID
from aibook.vision.pasting import paste_masks

__all__ = ["Segmented", "segment"]


class Segmented(NamedTuple):
    """What was found in one image, the surest thing first.

    Parameters
    ----------
    boxes
        Shape (n, 4), xyxy in pixels.
    masks
        Shape (n, S, S), booleans; they may overlap.
    scores
        Shape (n,): the probability of the class.
    labels
        Shape (n,): classes of things from 0.
    ground
        Shape (S, S): the class of stuff, `aibook.vision.panoptic.VOID` where the
        network sees a thing.
    """

    boxes: NDArray[np.float64]
    masks: NDArray[np.bool_]
    scores: NDArray[np.float64]
    labels: NDArray[np.int64]
    ground: NDArray[np.int64]


@torch.no_grad()
def segment(
    model: MaskRCNN,
    X: Tensor,
    *,
    threshold: float = 0.05,
    overlap: float = 0.5,
    most: int = 16,
) -> list[Segmented]:
    """Return what the model finds in each image.

    Parameters
    ----------
    model
        Its mode is left as it is: call ``eval()`` first.
    X
        Images, shape (N, 1, S, S).
    threshold
        The least score, 0 to 1.
    overlap
        Of boxes of one class that overlap more, only the surest remains.
    most
        Proposals an image.

    Returns
    -------
    One `Segmented` an image.

    Raises
    ------
    ValueError
        For images of another shape, or a number out of range.

    Examples
    --------
    >>> _ = torch.manual_seed(0)
    >>> found = segment(MaskRCNN(5, num_stuff=2).eval(), torch.zeros(2, 1, 64, 64))
    >>> len(found), found[0].masks.shape[1:], found[0].ground.shape
    (2, (64, 64), (64, 64))
    """
    if not 0 <= threshold <= 1:
        raise ValueError(f"threshold = {threshold}; expected 0 to 1")
    maps = model(X)
    proposals = model.propose(maps, most=most)
    logits, steps = model.look(maps.fine, *proposals)
    scores, labels = logits.softmax(dim=1)[:, :-1].max(dim=1)
    boxes = decode_steps(steps, proposals.boxes).clamp(0, model.size)
    large = (boxes[:, 2:] - boxes[:, :2]).amin(dim=1) >= SMALLEST
    kept = []
    for i in range(len(X)):
        mine = (proposals.images == i) & large & (scores >= threshold)
        place = mine.nonzero()[:, 0]
        best = batched_nms(
            boxes[place].cpu(),
            scores[place].cpu(),
            labels[place].cpu(),
            iou_threshold=overlap,
        )
        kept.append(place[best])
    every = torch.cat(kept)
    boxes, labels, scores = boxes[every], labels[every], scores[every]
    outlines = model.outline(maps.fine, boxes, proposals.images[every])
    chosen = outlines[torch.arange(len(every)), labels].sigmoid()
    masks = paste_masks(chosen, boxes, size=model.size) >= 0.5
    stuff = maps.ground.argmax(dim=1)  # the last class: a thing
    stuff[stuff == maps.ground.shape[1] - 1] = VOID
    parts = [
        part.cpu().split([len(some) for some in kept])
        for part in (boxes.double(), masks, scores.double(), labels)
    ]
    return [
        Segmented(*(part.numpy() for part in (*found, ground.cpu())))
        for *found, ground in zip(*parts, stuff, strict=True)
    ]
