"""A tiny detector: one look at the image, one answer for each cell of a grid.

Three convolutions of stride 2 turn the image into a grid of cells, 8 pixels wide
each. Every cell answers three questions: does the centre of an object lie in me,
where are its edges, and which class is it? The answers are trained together.

Not here: boxes of different shapes for one cell (two centres in one cell cannot
both be found), non-maximum suppression, average precision.

Source: J. Redmon, S. Divvala, R. Girshick and A. Farhadi, "You only look once:
unified, real-time object detection", CVPR 2016, of which this is a miniature.

Book page: ai/tasks.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import torch
from numpy.typing import ArrayLike
from torch import Tensor, nn
from torch.nn import functional as F

__all__ = ["CELL", "Detection", "TinyDetector", "detection_loss", "encode"]

CELL = 8
"""The side of a cell in pixels."""


class Detection(NamedTuple):
    """What was found in one image: n boxes (n, 4) xyxy, labels (n,), scores (n,)."""

    boxes: Tensor
    labels: Tensor
    scores: Tensor


class TinyDetector(nn.Module):
    """Grey images -> for each cell an objectness, four edges and class logits.

    Parameters
    ----------
    num_classes
        K, 1 or more.
    width
        Channels of the last hidden layer, a multiple of 4.

    Raises
    ------
    ValueError
        If a number is out of range.

    References
    ----------
    Redmon, Divvala, Girshick and Farhadi (2016).

    Examples
    --------
    >>> model = TinyDetector(10)
    >>> model(torch.zeros(2, 64, 64)).shape
    torch.Size([2, 15, 8, 8])
    """

    def __init__(self, num_classes: int, *, width: int = 64) -> None:
        super().__init__()
        if num_classes < 1 or width < 4 or width % 4:
            raise ValueError(
                f"num_classes = {num_classes}, width = {width}; expected 1 or "
                "more, and a multiple of 4"
            )
        self.num_classes = num_classes
        self.net = nn.Sequential(
            _step(1, width // 4, 5, stride=2),
            _step(width // 4, width // 2, 3, stride=2),
            _step(width // 2, width, 3, stride=2),
            _step(width, width, 3, stride=1),  # a look at the neighbours
            nn.Conv2d(width, 5 + num_classes, 1),
        )

    def forward(self, X: Tensor) -> Tensor:
        """Return the answers (N, 5 + K, S / 8, S / 8) of images X (N, S, S).

        Channel 0 is the objectness logit; 1 to 4 are the distances, in cells, from
        the cell's centre to the left, top, right and bottom edge; the rest are the
        class logits. Images of another shape raise ValueError.
        """
        if X.ndim != 3 or not len(X) or any(s % CELL for s in X.shape[1:]):
            raise ValueError(
                f"X has shape {tuple(X.shape)}; expected (N, H, W) with N of 1 or "
                f"more and sides that are multiples of {CELL}"
            )
        return self.net(X[:, None])  # type: ignore[no-any-return]

    @torch.no_grad()
    def detect(self, X: Tensor, *, threshold: float = 0.5) -> list[Detection]:
        """Return for each image what the cells above the threshold found.

        A cell is heard only if no neighbour is surer of itself, as one object
        may make several cells answer. The surest comes first.
        """
        if not 0 < threshold < 1:
            raise ValueError(f"threshold = {threshold}; expected 0 to 1")
        answers = self(X)
        scores = answers[:, 0].sigmoid()  # (N, rows, columns)
        best = F.max_pool2d(scores[:, None], 3, stride=1, padding=1)[:, 0]
        heard = (scores >= threshold) & (scores == best)
        found = []
        for answer, score, here in zip(answers, scores, heard, strict=True):
            row, column = here.nonzero(as_tuple=True)
            order = score[row, column].argsort(descending=True)
            row, column = row[order], column[order]
            left, top, right, bottom = answer[1:5, row, column]
            x, y = column + 0.5, row + 0.5
            edges = torch.stack(
                [x - left, y - top, x + right, y + bottom], dim=1
            )
            labels = answer[5:, row, column].argmax(dim=0)
            found.append(Detection(CELL * edges, labels, score[row, column]))
        return found


def _step(inputs: int, outputs: int, size: int, *, stride: int) -> nn.Module:
    """Return a convolution, batch normalisation and ReLU."""
    conv = nn.Conv2d(inputs, outputs, size, stride=stride, padding=size // 2)
    return nn.Sequential(conv, nn.BatchNorm2d(outputs), nn.ReLU())


def encode(
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
    Tensor of shape (N, 6, G, G): 1 where an object's centre lies and 0 elsewhere;
    the four distances; the class. Of two centres in a cell the later one counts.

    Raises
    ------
    ValueError
        If boxes and labels differ in number, or a centre lies outside the grid.

    Examples
    --------
    >>> target = encode([[[8, 0, 16, 16]]], [[7]], grid=2)
    >>> target[0, :, 1, 1].tolist()
    [1.0, 0.5, 1.5, 0.5, 0.5, 7.0]
    """
    if len(boxes) != len(labels):
        raise ValueError(
            f"boxes of {len(boxes)} images, labels of {len(labels)}"
        )
    target = torch.zeros(len(boxes), 6, grid, grid)
    for i, (some, classes) in enumerate(zip(boxes, labels, strict=True)):
        b = torch.as_tensor(some, dtype=torch.float32).reshape(-1, 4) / CELL
        c = torch.as_tensor(classes, dtype=torch.float32)
        if len(b) != len(c):
            raise ValueError(
                f"image {i} has {len(b)} boxes and {len(c)} labels"
            )
        column, row = ((b[:, :2] + b[:, 2:]) / 2).floor().long().T
        if ((row < 0) | (row >= grid) | (column < 0) | (column >= grid)).any():
            raise ValueError(
                f"image {i} has a centre outside the {grid}x{grid} grid"
            )
        x, y = column + 0.5, row + 0.5
        edges = [x - b[:, 0], y - b[:, 1], b[:, 2] - x, b[:, 3] - y]
        target[i, :, row, column] = torch.stack(
            [torch.ones(len(b)), *edges, c]
        )
    return target


def detection_loss(answers: Tensor, target: Tensor) -> Tensor:
    """Return the sum of the three losses: objectness, edges, class.

    Parameters
    ----------
    answers
        Of the detector, shape (N, 5 + K, G, G).
    target
        Of `encode`, shape (N, 6, G, G). Edges and class count only in the cells
        that hold a centre.

    Returns
    -------
    Tensor, one number: binary cross-entropy over all cells, smooth L1 of the edges
    and cross-entropy of the classes over the cells with a centre, all per centre.
    """
    holds = target[:, 0] == 1  # (N, G, G)
    num = holds.sum().clamp(min=1)
    objectness = F.binary_cross_entropy_with_logits(
        answers[:, 0], target[:, 0], reduction="sum"
    )
    mine, theirs = answers.movedim(1, -1)[holds], target.movedim(1, -1)[holds]
    edges = F.smooth_l1_loss(mine[:, 1:5], theirs[:, 1:5], reduction="sum")
    classes = F.cross_entropy(
        mine[:, 5:], theirs[:, 5].long(), reduction="sum"
    )
    return (objectness + edges + classes) / num
