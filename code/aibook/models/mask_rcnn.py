"""Mask R-CNN in miniature: propose boxes, then look into each; and a map of stuff.

Stage one: a backbone turns the image into feature maps, and a region proposal network
lays anchors over them and keeps the boxes that seem to hold a thing. Stage two cuts
each proposal out of the maps by RoIAlign and asks two heads side by side: which class
and which box, and which pixels. A third head gives the class of the ground for every
pixel, so that one network gives a panoptic result, as in Panoptic FPN.

Not here: a pyramid of several proposal levels (all things are of about one size),
training (`aibook.models.mask_rcnn_training`), reading the result
(`aibook.models.mask_rcnn_results`).

Sources: S. Ren, K. He, R. Girshick and J. Sun, "Faster R-CNN", NeurIPS 2015;
K. He, G. Gkioxari, P. Dollár and R. Girshick, "Mask R-CNN", ICCV 2017;
A. Kirillov, R. Girshick, K. He and P. Dollár, "Panoptic feature pyramid networks",
CVPR 2019.

Book page: scenes/instances.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from aibook.models.checks import check_images
from aibook.vision.anchors import anchor_grid, decode_steps
from aibook.vision.nms import nms
from aibook.vision.roi_align import roi_align

__all__ = ["ANCHORS", "MASK", "STRIDE", "Maps", "MaskRCNN", "Proposals"]

ANCHORS = ((12.0, 24.0), (22.0, 16.0), (23.0, 26.0))
"""Widths and heights of the anchors in pixels: the means of three clusters."""

STRIDE = 4
"""Pixels for a cell of the fine maps; the anchors stand twice as far apart."""

SMALLEST = 2.0
"""The least width and height of a proposal in pixels."""

MASK = 16
"""Rows and columns of a predicted mask, whatever the size of its box."""


class Maps(NamedTuple):
    """What the backbone and the heads on whole maps give for N images.

    Parameters
    ----------
    fine
        Feature maps, shape (N, C, S / 4, S / 4).
    objectness
        Logits of the anchors, shape (N, A).
    steps
        From anchors to boxes, shape (N, A, 4).
    ground
        Logits of the stuff and of "a thing", shape (N, 1 + stuff, S, S).
    """

    fine: Tensor
    objectness: Tensor
    steps: Tensor
    ground: Tensor


class Proposals(NamedTuple):
    """Boxes (R, 4), xyxy, and the image that each belongs to (R,)."""

    boxes: Tensor
    images: Tensor


class MaskRCNN(nn.Module):
    """Grey images -> maps; proposals -> classes and boxes, and masks.

    Parameters
    ----------
    num_things
        K, the classes of things, 1 or more.
    num_stuff
        The classes of the ground, 1 or more.
    size
        Side of the images, a multiple of 8.
    width
        Channels of the fine maps, 8 or more.

    Raises
    ------
    ValueError
        If a number is out of range.

    References
    ----------
    He, Gkioxari, Dollár and Girshick (2017), section 3.

    Examples
    --------
    >>> _ = torch.manual_seed(0)
    >>> model = MaskRCNN(5, num_stuff=2)
    >>> maps = model(torch.zeros(2, 1, 64, 64))
    >>> maps.fine.shape, maps.objectness.shape, maps.ground.shape
    (torch.Size([2, 48, 16, 16]), torch.Size([2, 192]), torch.Size([2, 3, 64, 64]))
    >>> boxes, images = torch.tensor([[8.0, 8, 30, 40]]), torch.tensor([1])
    >>> classes, steps = model.look(maps.fine, boxes, images)
    >>> classes.shape, steps.shape, model.outline(maps.fine, boxes, images).shape
    (torch.Size([1, 6]), torch.Size([1, 4]), torch.Size([1, 5, 16, 16]))
    """

    anchors: Tensor

    def __init__(
        self,
        num_things: int,
        *,
        num_stuff: int,
        size: int = 64,
        width: int = 48,
    ) -> None:
        super().__init__()
        if min(num_things, num_stuff) < 1 or width < 8 or size < 8 or size % 8:
            raise ValueError(
                f"num_things = {num_things}, num_stuff = {num_stuff}, size = {size}, "
                f"width = {width}; expected 1 or more, a multiple of 8, 8 or more"
            )
        self.num_things, self.size = num_things, size
        deep = 2 * width
        self.stem = _step(1, width // 2, stride=2)  # S / 2
        self.quarter = nn.Sequential(  # S / 4
            _step(width // 2, width, stride=2), _step(width, width)
        )
        self.eighth = nn.Sequential(  # S / 8
            _step(width, deep, stride=2), _step(deep, deep)
        )
        self.lateral = nn.Conv2d(width, width, 1)
        self.from_above = nn.Conv2d(deep, width, 1)
        self.smooth = _step(width, width)
        self.propose_head = nn.Sequential(
            _step(deep, width), nn.Conv2d(width, 5 * len(ANCHORS), 1)
        )
        self.ground_head = nn.Sequential(
            _step(width, width // 2), nn.Conv2d(width // 2, num_stuff + 1, 1)
        )
        self.box_head = nn.Sequential(
            nn.Flatten(), nn.Linear(49 * width, 128), nn.ReLU()
        )
        self.classes = nn.Linear(128, num_things + 1)
        self.steps = nn.Linear(128, 4)
        self.mask_head = nn.Sequential(
            _step(width, width),
            _step(width, width),
            nn.ConvTranspose2d(width, width // 2, 2, stride=2),
            nn.ReLU(),
            nn.Conv2d(width // 2, num_things, 1),
        )
        anchors = anchor_grid(size // 8, 8, ANCHORS)
        self.register_buffer("anchors", anchors, persistent=False)

    def forward(self, X: Tensor) -> Maps:
        """Return the maps of images X (N, 1, S, S) or (N, S, S), 0 to 1.

        Another shape or no image raises ValueError.
        """
        X = check_images(X, (1, self.size, self.size))
        quarter = self.quarter(self.stem(X))  # (N, C, S / 4, S / 4)
        eighth = self.eighth(quarter)
        above = F.interpolate(self.from_above(eighth), scale_factor=2)
        fine = self.smooth(self.lateral(quarter) + above)
        answers = self.propose_head(eighth)  # (N, 5 A, G, G)
        answers = answers.movedim(1, -1).reshape(len(X), -1, 5)
        ground = F.interpolate(
            self.ground_head(fine), scale_factor=STRIDE, mode="bilinear"
        )
        return Maps(fine, answers[..., 0], answers[..., 1:], ground)

    @torch.no_grad()
    def propose(
        self, maps: Maps, *, most: int = 16, overlap: float = 0.7
    ) -> Proposals:
        """Return the boxes of each image in which a thing seems to be.

        Anchors are moved by their steps and cut off at the image's edge. Of those
        that overlap by more than ``overlap`` the surest stays; of these, at most
        ``most`` an image, the surest first. ValueError if ``most`` is below 1.
        """
        if most < 1:
            raise ValueError(f"most = {most}; expected 1 or more")
        kept, images = [], []
        for i, (steps, scores) in enumerate(
            zip(maps.steps, maps.objectness, strict=True)
        ):
            boxes = decode_steps(steps, self.anchors).clamp(0, self.size)
            large = (boxes[:, 2:] - boxes[:, :2]).amin(dim=1) >= SMALLEST
            boxes, scores = boxes[large], scores[large]
            first = scores.argsort(descending=True, stable=True)[: 3 * most]
            boxes, scores = boxes[first], scores[first]
            best = nms(boxes.cpu(), scores.cpu(), iou_threshold=overlap)
            kept.append(boxes[best[:most]])
            images += [i] * len(kept[-1])
        where = torch.tensor(images, dtype=torch.int64, device=boxes.device)
        return Proposals(torch.cat(kept), where)

    def look(
        self, fine: Tensor, boxes: Tensor, images: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Return class logits (R, K + 1), nothing last, and steps (R, 4)."""
        cut = roi_align(fine, boxes, images, bins=7, scale=1 / STRIDE)
        seen = self.box_head(cut)
        return self.classes(seen), self.steps(seen)

    def outline(self, fine: Tensor, boxes: Tensor, images: Tensor) -> Tensor:
        """Return the logits of a mask for every class, (R, K, MASK, MASK)."""
        cut = roi_align(fine, boxes, images, bins=MASK // 2, scale=1 / STRIDE)
        return self.mask_head(cut)  # type: ignore[no-any-return]


def _step(inputs: int, outputs: int, *, stride: int = 1) -> nn.Module:
    """Return a convolution, batch normalisation and ReLU."""
    conv = nn.Conv2d(inputs, outputs, 3, stride=stride, padding=1, bias=False)
    return nn.Sequential(conv, nn.BatchNorm2d(outputs), nn.ReLU())
