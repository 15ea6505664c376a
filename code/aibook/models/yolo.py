"""YOLO in miniature: every cell of a grid answers for the thing centred in it.

Convolutions turn the image into a grid of cells, 8 pixels wide each. A cell says how
sure it is that a thing's centre lies in it, where in the cell that centre is, how wide
and how high the thing is, and which class it has. All cells answer in one pass.

Letters: N images of S x S pixels, G = S / 8 cells along a side, K classes.

Not here: anchors (boxes of several shapes for one cell), several grids of different
fineness, pre-training, colour.

Sources: J. Redmon, S. Divvala, R. Girshick and A. Farhadi, "You only look once:
unified, real-time object detection", CVPR 2016; H. Rezatofighi et al., "Generalized
intersection over union", CVPR 2019 (the boxes' loss).

Book page: scenes/detection.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from numpy.typing import ArrayLike
from torch import Tensor, nn
from torch.nn import functional as F

from aibook.models.checks import check_images
from aibook.vision.matching import Found
from aibook.vision.nms import batched_nms

__all__ = [
    "CELL",
    "Yolo",
    "decode_boxes",
    "detect",
    "encode_boxes",
    "giou",
    "yolo_loss",
]

CELL = 8
"""The side of a cell in pixels."""

PRIOR = 24.0
"""The side in pixels that a cell answers with before it has learned anything."""


class Yolo(nn.Module):
    """Grey images -> for each cell an objectness, a box and class logits.

    Parameters
    ----------
    num_classes
        K, 1 or more.
    width
        Channels of the last layers, a multiple of 4.
    size
        S, height and width of the images, a multiple of 8.

    Raises
    ------
    ValueError
        If a number is out of range.

    References
    ----------
    Redmon, Divvala, Girshick and Farhadi (2016).

    Examples
    --------
    >>> model = Yolo(5, width=16)
    >>> model(torch.zeros(2, 1, 64, 64)).shape
    torch.Size([2, 10, 8, 8])
    """

    def __init__(
        self, num_classes: int, *, width: int = 64, size: int = 64
    ) -> None:
        super().__init__()
        if num_classes < 1 or width < 4 or width % 4:
            raise ValueError(
                f"num_classes = {num_classes}, width = {width}; expected 1 or "
                "more, and a multiple of 4"
            )
        if size < CELL or size % CELL:
            raise ValueError(f"size = {size}; expected a multiple of {CELL}")
        self.num_classes = num_classes
        self.shape = (1, size, size)
        a, b, c = width // 4, width // 2, width
        self.net = nn.Sequential(
            _layer(1, a, stride=2),  # (a, S / 2, S / 2)
            _layer(a, b, stride=2),  # (b, S / 4, S / 4)
            _layer(b, b),
            _layer(b, c, stride=2),  # (c, G, G)
            _layer(c, c),
            _layer(c, c),
            _layer(c, c),
            nn.Conv2d(c, 5 + num_classes, 1),
        )

    def forward(self, X: Tensor) -> Tensor:
        """Return the answers (N, 5 + K, G, G) of images X (N, 1, S, S).

        Channel 0 is the objectness logit; 1 and 2 the logits of the centre's place
        in the cell; 3 and 4 the logarithms of width and height, in units of 24
        pixels; the rest are the class logits. Images of another shape raise
        ValueError.
        """
        X = check_images(X, self.shape)
        return self.net(X)  # type: ignore[no-any-return]


def _layer(inputs: int, outputs: int, *, stride: int = 1) -> nn.Module:
    """Return a convolution, batch normalisation and ReLU."""
    conv = nn.Conv2d(inputs, outputs, 3, stride, padding=1, bias=False)
    return nn.Sequential(conv, nn.BatchNorm2d(outputs), nn.ReLU())


def encode_boxes(
    boxes: Sequence[ArrayLike], labels: Sequence[ArrayLike], *, grid: int
) -> Tensor:
    """Turn boxes and labels into what each cell should answer.

    Parameters
    ----------
    boxes
        For each image (n, 4), xyxy in pixels.
    labels
        For each image (n,), classes from 0.
    grid
        G, the number of cells along a side.

    Returns
    -------
    Tensor of shape (N, 6, G, G): 1 where a centre lies and 0 elsewhere; the box,
    xyxy in pixels; the class. Of two centres in a cell the later one counts.

    Raises
    ------
    ValueError
        If boxes and labels differ in number, or a centre lies outside the grid.

    Examples
    --------
    >>> target = encode_boxes([[[8, 0, 16, 20]]], [[3]], grid=4)
    >>> target[0, :, 1, 1].tolist()
    [1.0, 8.0, 0.0, 16.0, 20.0, 3.0]
    """
    if len(boxes) != len(labels):
        raise ValueError(
            f"boxes of {len(boxes)} images, labels of {len(labels)}"
        )
    target = torch.zeros(len(boxes), 6, grid, grid)
    for i, (some, classes) in enumerate(zip(boxes, labels, strict=True)):
        b = torch.as_tensor(some, dtype=torch.float32).reshape(-1, 4)
        c = torch.as_tensor(classes, dtype=torch.float32)
        if c.shape != (len(b),):
            raise ValueError(
                f"image {i} has {len(b)} boxes and labels of shape "
                f"{tuple(c.shape)}"
            )
        centres = (b[:, :2] + b[:, 2:]) / 2
        column, row = (centres / CELL).floor().long().T
        if ((row < 0) | (row >= grid) | (column < 0) | (column >= grid)).any():
            raise ValueError(
                f"image {i} has a centre outside the {grid} x {grid} grid"
            )
        for k in range(len(b)):
            answer = torch.cat([torch.ones(1), b[k], c[k : k + 1]])
            target[i, :, row[k], column[k]] = answer
    return target


def decode_boxes(answers: Tensor) -> Tensor:
    """Return the boxes that the cells answer with, in pixels.

    Parameters
    ----------
    answers
        Of the model, shape (N, 5 + K, G, G).

    Returns
    -------
    Tensor of shape (N, 4, G, G), xyxy; it may reach beyond the image.

    Examples
    --------
    >>> decode_boxes(torch.zeros(1, 10, 2, 2))[0, :, 1, 0].tolist()
    [-8.0, 0.0, 16.0, 24.0]
    """
    rows, columns = answers.shape[2:]
    row = torch.arange(rows, device=answers.device)[:, None]
    column = torch.arange(columns, device=answers.device)[None]
    x = CELL * (column + answers[:, 1].sigmoid())  # (N, G, G)
    y = CELL * (row + answers[:, 2].sigmoid())
    half = PRIOR / 2 * answers[:, 3:5].clamp(-4, 2).exp()  # (N, 2, G, G)
    centres = torch.stack([x, y], dim=1)
    return torch.cat([centres - half, centres + half], dim=1)


def giou(a: Tensor, b: Tensor) -> Tensor:
    """Return the generalised IoU of pairs of boxes.

    It is the IoU, less the share of the smallest box around both that neither
    covers. So boxes apart get a number below 0, the lower the farther, where the
    IoU is 0 and has no gradient.

    Parameters
    ----------
    a
        Shape (N, 4), xyxy, with an area.
    b
        Shape (N, 4), xyxy, with an area.

    Returns
    -------
    Tensor of shape (N,), -1 to 1.

    References
    ----------
    Rezatofighi et al. (2019).

    Examples
    --------
    >>> a, b = torch.tensor([[[0.0, 0, 2, 2]], [[3.0, 0, 5, 2]]])
    >>> giou(a, b)
    tensor([-0.2000])
    """

    def area(first: Tensor, last: Tensor) -> Tensor:
        return (last - first).clamp(min=0).prod(dim=-1)

    first, last = a[:, :2], a[:, 2:]
    both = area(first.maximum(b[:, :2]), last.minimum(b[:, 2:]))
    around = area(first.minimum(b[:, :2]), last.maximum(b[:, 2:]))
    either = area(first, last) + area(b[:, :2], b[:, 2:]) - both
    return both / either - (around - either) / around


def yolo_loss(answers: Tensor, target: Tensor) -> Tensor:
    """Return the loss in its three terms: objectness, box, class.

    Parameters
    ----------
    answers
        Of the model, shape (N, 5 + K, G, G).
    target
        Of `encode_boxes`, shape (N, 6, G, G). Box and class count only in the cells
        that hold a centre.

    Returns
    -------
    Tensor of shape (3,): binary cross-entropy over all cells; 1 - GIoU and
    cross-entropy over the cells with a centre; all divided by the number of
    centres. Training makes a weighted sum of them small.
    """
    holds = target[:, 0] == 1  # (N, G, G)
    num = holds.sum().clamp(min=1)
    objectness = F.binary_cross_entropy_with_logits(
        answers[:, 0], target[:, 0], reduction="sum"
    )
    boxes = decode_boxes(answers).movedim(1, -1)[holds]  # (centres, 4)
    mine, theirs = answers.movedim(1, -1)[holds], target.movedim(1, -1)[holds]
    box = (1 - giou(boxes, theirs[:, 1:5])).sum()
    classes = F.cross_entropy(
        mine[:, 5:], theirs[:, 5].long(), reduction="sum"
    )
    return torch.stack([objectness, box, classes]) / num


@torch.no_grad()
def detect(
    model: nn.Module,
    X: Tensor,
    *,
    threshold: float = 0.01,
    iou_threshold: float = 0.5,
) -> list[Found]:
    """Return what the model finds in each image, the surest first.

    Parameters
    ----------
    model
        A `Yolo`; its mode is left as it is: call ``eval()`` first.
    X
        Images, shape (N, 1, S, S).
    threshold
        The least score, 0 to 1. A score is the objectness times the probability
        of the class.
    iou_threshold
        Of boxes of one class that overlap more, only the surest remains.

    Returns
    -------
    One `aibook.vision.matching.Found` an image, boxes xyxy in pixels, cut at the
    image's edges.

    Raises
    ------
    ValueError
        For images of another shape, or a threshold out of range.

    Examples
    --------
    >>> found = detect(Yolo(5, width=16).eval(), torch.zeros(2, 1, 64, 64))
    >>> len(found), found[0].regions.shape[1]
    (2, 4)
    """
    if not 0 <= threshold <= 1:
        raise ValueError(f"threshold = {threshold}; expected 0 to 1")
    answers = model(X)
    size = torch.tensor([X.shape[-1], X.shape[-2]] * 2)
    edges = decode_boxes(answers).flatten(2).movedim(1, -1)  # (N, G * G, 4)
    boxes = edges.cpu().clamp(min=0).minimum(size).double().numpy()
    sure = answers[:, 0].sigmoid()[:, None] * answers[:, 5:].softmax(dim=1)
    best, classes = sure.flatten(2).max(dim=1)  # (N, G * G)
    scores, labels = best.cpu().double().numpy(), classes.cpu().numpy()
    found = []
    for i in range(len(X)):
        (heard,) = (scores[i] >= threshold).nonzero()
        b, s, k = boxes[i, heard], scores[i, heard], labels[i, heard]
        kept = batched_nms(b, s, k, iou_threshold=iou_threshold)
        found.append(Found(b[kept], s[kept], k[kept]))
    return found
