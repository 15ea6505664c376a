"""What the parts of the miniature Mask R-CNN should answer.

The truth of an image is a map of numbers and a map of classes. From them come the
things with their boxes and masks, what each anchor should say, and the boxes from
which the second stage learns.

Letters: S x S pixels, A anchors, n things, K classes of things.

Not here: losses and training (`aibook.models.mask_rcnn_training`).

Source: S. Ren, K. He, R. Girshick and J. Sun, "Faster R-CNN: towards real-time object
detection with region proposal networks", NeurIPS 2015, section 3.1.

Book page: scenes/instances.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from aibook.vision.boxes import box_iou
from aibook.vision.masks import masks_to_boxes

__all__ = ["FAR", "NEAR", "Things", "anchor_targets", "sample", "things_of"]

NEAR, FAR = 0.5, 0.3
"""From this overlap on an anchor is on a thing; below that one it is on none."""


class Things(NamedTuple):
    """The things of one image, in the order of their numbers.

    Parameters
    ----------
    boxes
        Shape (n, 4), xyxy in pixels.
    labels
        Shape (n,): classes from 0.
    masks
        Shape (n, S, S), booleans.
    """

    boxes: Tensor
    labels: Tensor
    masks: Tensor


def things_of(numbers: Tensor, classes: Tensor, *, num_stuff: int) -> Things:
    """Return the things of an image from its maps.

    Parameters
    ----------
    numbers
        Shape (S, S): 0 for the ground, i for the i-th thing.
    classes
        Shape (S, S): the class of each pixel; those of stuff come first.
    num_stuff
        How many classes of stuff there are.

    Returns
    -------
    Things
        A number without a pixel is left out.

    Examples
    --------
    >>> numbers = torch.tensor([[0, 1], [0, 1]])
    >>> things = things_of(numbers, numbers * 4, num_stuff=2)
    >>> things.boxes.tolist(), things.labels.tolist()
    ([[1.0, 0.0, 2.0, 2.0]], [2])
    """
    present = numbers.unique()
    masks = numbers == present[present > 0][:, None, None]  # (n, S, S)
    first = masks.flatten(1).int().argmax(dim=1)  # a pixel of each
    labels = classes.flatten()[first] - num_stuff
    boxes = torch.as_tensor(masks_to_boxes(masks), dtype=torch.float32)
    return Things(boxes, labels, masks)


def anchor_targets(anchors: Tensor, boxes: Tensor) -> tuple[Tensor, Tensor]:
    """Return what each anchor should say, and which thing it belongs to.

    Parameters
    ----------
    anchors
        Shape (A, 4), xyxy.
    boxes
        Of the things, shape (n, 4), xyxy; n may be 0.

    Returns
    -------
    Two tensors of shape (A,): 1 on a thing, 0 on none, -1 for neither, which does not
    count; and the place of the thing that the anchor overlaps most. The anchors that
    overlap a thing more than all others are on it in any case.

    Examples
    --------
    >>> anchors = torch.tensor([[0.0, 0, 4, 4], [3.0, 0, 7, 4], [8.0, 0, 12, 4]])
    >>> says, thing = anchor_targets(anchors, torch.tensor([[1.0, 0, 4, 4]]))
    >>> says.tolist()
    [1.0, 0.0, 0.0]
    """
    says = torch.zeros(len(anchors))
    if len(boxes) == 0:
        return says, torch.zeros(len(anchors), dtype=torch.int64)
    iou = torch.from_numpy(box_iou(anchors, boxes))  # (A, n)
    best, thing = iou.max(dim=1)
    says[best >= FAR] = -1
    says[best >= NEAR] = 1
    says[((iou == iou.amax(dim=0)) & (iou > 0)).any(dim=1)] = 1
    return says, thing


def sample(
    proposals: Tensor,
    boxes: Tensor,
    *,
    num: int,
    generator: torch.Generator | None = None,
) -> tuple[Tensor, Tensor]:
    """Choose the boxes of an image that the second stage learns from.

    The true boxes are among the candidates, so that it sees good ones from the
    first step on. At most half of the chosen ones overlap a thing by `NEAR`.

    Parameters
    ----------
    proposals, boxes
        What was proposed and what is true, (P, 4) and (n, 4), xyxy; both may be empty.
    num
        At most so many are chosen, by chance.
    generator
        Of that chance.

    Returns
    -------
    The chosen boxes (R, 4), those on things first, and for each the place of its
    thing, or -1.

    Examples
    --------
    >>> true = torch.tensor([[0.0, 0, 4, 4]])
    >>> chosen, thing = sample(torch.tensor([[9.0, 9, 12, 12]]), true, num=4)
    >>> chosen.tolist(), thing.tolist()
    ([[0.0, 0.0, 4.0, 4.0], [9.0, 9.0, 12.0, 12.0]], [0, -1])
    """
    every = torch.cat([proposals, boxes])
    if len(boxes) == 0:
        best, thing = torch.zeros(len(every)), torch.zeros(len(every)).long()
    else:
        best, thing = torch.from_numpy(box_iou(every, boxes)).max(dim=1)
    on, off = (best >= NEAR).nonzero()[:, 0], (best < NEAR).nonzero()[:, 0]
    on = on[torch.randperm(len(on), generator=generator)[: num // 2]]
    rest = torch.randperm(len(off), generator=generator)[: num - len(on)]
    chosen = torch.cat([on, off[rest]])
    return every[chosen], thing[chosen].where(best[chosen] >= NEAR, -1)
