"""Anchors: boxes laid out in advance, and the small steps from them to the true ones.

A network of one size cannot give as many boxes as there happen to be things. So boxes
of a few shapes are laid over every cell of a grid, and the network says of each
whether it holds a thing, and how it should be moved and stretched to fit.

Not here: which anchors are right (that is training), anchors of several grids.

Source: S. Ren, K. He, R. Girshick and J. Sun, "Faster R-CNN: towards real-time object
detection with region proposal networks", NeurIPS 2015.

Book page: scenes/instances.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

__all__ = ["LARGEST_STRETCH", "anchor_grid", "decode_steps", "encode_steps"]

LARGEST_STRETCH = 16.0
"""`decode_steps` makes no side longer than this many times the anchor's."""


def anchor_grid(
    grid: int, stride: int, shapes: Sequence[tuple[float, float]]
) -> Tensor:
    """Return boxes of each shape around the middle of every cell.

    Parameters
    ----------
    grid
        G, cells along a side.
    stride
        Pixels along the side of a cell.
    shapes
        A pairs (width, height) in pixels, positive.

    Returns
    -------
    Tensor of shape (G G A, 4), xyxy: cell after cell, row by row, and in each cell
    shape after shape. Boxes of the cells at the edge reach outside of the image.

    Raises
    ------
    ValueError
        If a number is out of range, or no shape is given.

    Examples
    --------
    >>> anchor_grid(2, 8, [(4, 8)])[:2]
    tensor([[ 2.,  0.,  6.,  8.],
            [10.,  0., 14.,  8.]])
    """
    sizes = torch.tensor(list(shapes), dtype=torch.float32)
    if (
        min(grid, stride) < 1
        or sizes.shape != (len(shapes), 2)
        or not (len(shapes) and (sizes > 0).all())
    ):
        raise ValueError(
            f"grid = {grid}, stride = {stride}, shapes = {list(shapes)}; expected 1 "
            "or more, and pairs of positive numbers"
        )
    middle = (torch.arange(grid) + 0.5) * stride
    y, x = torch.meshgrid(middle, middle, indexing="ij")
    centres = torch.stack([x, y], dim=-1)[:, :, None]  # (G, G, 1, 2)
    corners = [centres - sizes / 2, centres + sizes / 2]  # (G, G, A, 2)
    return torch.cat(corners, dim=-1).reshape(-1, 4)


def encode_steps(boxes: Tensor, anchors: Tensor) -> Tensor:
    """Return the steps from anchors to boxes.

    Parameters
    ----------
    boxes, anchors
        Shape (R, 4), xyxy, all with an area.

    Returns
    -------
    Tensor of shape (R, 4): how far the middle moves to the right and down, in widths
    and heights of the anchor, and the logarithms of how much width and height grow.

    Raises
    ------
    ValueError
        For another shape, or a box without an area.

    Examples
    --------
    >>> anchor, box = torch.tensor([[0.0, 0, 8, 8]]), torch.tensor([[4.0, 0, 12, 8]])
    >>> encode_steps(box, anchor)
    tensor([[0.5000, 0.0000, 0.0000, 0.0000]])
    """
    _check("boxes", boxes, "anchors", anchors)
    for name, given in (("boxes", boxes), ("anchors", anchors)):
        if not (given[:, 2:] > given[:, :2]).all():
            raise ValueError(
                f"{name} holds a box without an area; it has no logarithm"
            )
    size, anchor_size = _size(boxes), _size(anchors)
    middle = (boxes[:, :2] + boxes[:, 2:]) / 2
    shift = (middle - (anchors[:, :2] + anchors[:, 2:]) / 2) / anchor_size
    return torch.cat([shift, (size / anchor_size).log()], dim=1)


def decode_steps(steps: Tensor, anchors: Tensor) -> Tensor:
    """Return the boxes to which steps lead: the inverse of `encode_steps`.

    Parameters
    ----------
    steps
        Shape (R, 4), as `encode_steps` gives them; the growth is cut off at
        `LARGEST_STRETCH`, so that a wild network does not give infinite boxes.
    anchors
        Shape (R, 4), xyxy.

    Returns
    -------
    Tensor of shape (R, 4), xyxy; boxes may reach outside of the image.

    Raises
    ------
    ValueError
        For another shape.

    Examples
    --------
    >>> decode_steps(torch.tensor([[0.5, 0, 0, 0]]), torch.tensor([[0.0, 0, 8, 8]]))
    tensor([[ 4.,  0., 12.,  8.]])
    """
    _check("steps", steps, "anchors", anchors)
    anchor_size = _size(anchors)
    middle = (anchors[:, :2] + anchors[:, 2:]) / 2 + steps[:, :2] * anchor_size
    growth = steps[:, 2:].clamp(max=math.log(LARGEST_STRETCH)).exp()
    half = anchor_size * growth / 2
    return torch.cat([middle - half, middle + half], dim=1)


def _size(boxes: Tensor) -> Tensor:
    """Return widths and heights, shape (R, 2)."""
    return boxes[:, 2:] - boxes[:, :2]


def _check(name: str, given: Tensor, other: str, anchors: Tensor) -> None:
    """Refuse shapes that do not fit together."""
    if (
        given.ndim != 2
        or given.shape[1:] != (4,)
        or given.shape != anchors.shape
    ):
        raise ValueError(
            f"{name} has shape {tuple(given.shape)}, {other} {tuple(anchors.shape)}; "
            "expected (R, 4) twice"
        )
