"""Digits drawn anew with another pen: thin or bold, leaning, small or large, moving.

A real digit of MNIST is reduced to the path of its pen (`trace`): it is set upright,
brought to one height and thinned to a line, and each place is given its distance from
that line. From the distances the same digit can be drawn with any pen, slant, height
and place (`draw`). `measure` goes the other way: it looks at an image, real, drawn or
generated, and measures stroke, slant, height and centre.

Letters: N images, S = 28 their side, F = 56 the side of a field.

What not: other writing than digits (any line drawing would do), and pressure: the pen
of a drawn digit has one width.

Source: MNIST (`aibook.data.mnist`); slant by moments as in Y. LeCun et al.,
"Gradient-Based Learning Applied to Document Recognition", Proceedings of the IEEE
86(11), 1998, where digits are set upright the same way.

Book page: generative/text-to-image
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from scipy.ndimage import distance_transform_edt
from skimage.morphology import skeletonize
from torch import Tensor
from torch.nn import functional as F

__all__ = [
    "HEIGHT",
    "SIDE",
    "Measures",
    "draw",
    "measure",
    "recentre",
    "trace",
]

SIDE = 28
"""The side of an image, in pixels."""
HEIGHT = 20.0
"""The height at which paths and pens are given, in pixels."""
FINE = 2
"""Numbers of a field for each pixel, along a side."""


class Measures(NamedTuple):
    """What was measured on images, one number each.

    Parameters
    ----------
    stroke
        Width of the pen in pixels, as if the digit were 20 pixels high, (N,).
    slant
        By how many pixels the ink moves to the right for each pixel upwards, (N,);
        above 0 it leans to the right.
    height
        From the top of the ink to its bottom, in pixels, (N,).
    centre
        Column and row of the ink's centre, (N, 2).
    """

    stroke: Tensor
    slant: Tensor
    height: Tensor
    centre: Tensor


def measure(images: Tensor) -> Measures:
    """Measure stroke, slant, height and centre of the ink.

    Area and outline give the stroke: a long line of width w has an area of w, and an
    outline of 2, for each pixel of its length. The outline is the sum of all
    differences between neighbours. Slant and centre are moments of the ink.

    Parameters
    ----------
    images
        Shape (N, 1, H, W), 0 (background) to 1 (ink); values beyond are cut off.

    Returns
    -------
    Measures
        All finite; of an empty image stroke, slant and height are 0.

    Raises
    ------
    ValueError
        For another shape, or no image.

    Examples
    --------
    >>> bar = torch.zeros(1, 1, 28, 28)
    >>> bar[..., 4:24, 12:16] = 1
    >>> found = measure(bar)
    >>> found.height.item(), found.slant.item(), found.centre.tolist()
    (20.0, 0.0, [[13.5, 13.5]])
    """
    if images.ndim != 4 or images.shape[1] != 1 or images.numel() == 0:
        raise ValueError(
            f"images have shape {tuple(images.shape)}; expected (N, 1, H, W), each "
            "1 or more"
        )
    ink = images[:, 0].clamp(0, 1).double()
    rows = torch.arange(ink.shape[1], dtype=torch.double)[:, None]
    columns = torch.arange(ink.shape[2], dtype=torch.double)

    def mean(values: Tensor) -> Tensor:
        return (ink * values).sum((1, 2)) / area

    area = ink.sum((1, 2)).clamp(min=1e-6)
    x, y = mean(columns), mean(rows)
    down, across = rows - y[:, None, None], columns - x[:, None, None]
    slant = mean(-down * across) / mean(down**2).clamp(min=1e-6)
    height = _extent(ink)
    edge = F.pad(ink, (1, 1, 1, 1))
    steps = edge.diff(dim=1)[:, :, 1:] ** 2 + edge.diff(dim=2)[:, 1:] ** 2
    outline = steps.sqrt().sum((1, 2)).clamp(min=1e-6)
    stroke = 2 * area / outline * HEIGHT / height.clamp(min=1)
    return Measures(
        stroke=(stroke * (height > 0)).float(),
        slant=slant.float(),
        height=height.float(),
        centre=torch.stack([x, y], dim=1).float(),
    )


def _extent(ink: Tensor) -> Tensor:
    """Return the height of ink (N, H, W): the last row of one half less the first."""
    dark = ink.amax(dim=2) > 0.5
    first = dark.int().argmax(dim=1)
    last = dark.shape[1] - dark.flip(1).int().argmax(dim=1)
    return torch.where(dark.any(dim=1), last - first, 0).double()


def trace(images: ArrayLike) -> Tensor:
    """Return how far each place lies from the path of the pen.

    Each digit is set upright, centred, and brought to a height of 20 pixels; then
    its path is found by thinning.

    Parameters
    ----------
    images
        Shape (N, 28, 28), 0 (background) to 255 (ink), with ink in each.

    Returns
    -------
    torch.Tensor
        Fields (N, 1, 56, 56): two numbers for each pixel along a side, in pixels.

    Raises
    ------
    ValueError
        For another shape, no image, or an image without ink.

    Examples
    --------
    >>> from aibook.data.mnist import load_mnist
    >>> fields = trace(load_mnist("test", limit=5)[0])
    >>> fields.shape, float(fields.min())
    (torch.Size([5, 1, 56, 56]), 0.0)
    """
    array = np.asarray(images)
    if array.ndim != 3 or array.shape[1:] != (SIDE, SIDE) or not len(array):
        raise ValueError(
            f"images have shape {array.shape}; expected (N, {SIDE}, {SIDE})"
        )
    ink = torch.tensor(array[:, None] / 255, dtype=torch.float32)
    found = measure(ink)
    if (found.height < 1).any():
        raise ValueError("an image holds no ink; give digits only")
    rows = ink[:, 0].amax(dim=2) > 0.5
    top = rows.int().argmax(dim=1)
    middle = torch.stack([found.centre[:, 0], top + (found.height - 1) / 2], 1)
    # The slant turns about the ink's centre: follow it to the middle row.
    middle[:, 0] += found.slant * (found.centre[:, 1] - middle[:, 1])
    size = found.height / HEIGHT
    upright = _look(
        ink, side=SIDE * FINE, size=size, slant=found.slant, middle=middle
    )
    fields = [
        distance_transform_edt(~_thin(image > 0.5)) / FINE
        for image in upright[:, 0].numpy()
    ]
    return torch.tensor(np.stack(fields)[:, None], dtype=torch.float32)


def draw(
    fields: Tensor,
    *,
    stroke: Tensor,
    slant: Tensor,
    height: Tensor,
    place: Tensor | None = None,
) -> Tensor:
    """Draw the paths with other pens.

    Parameters
    ----------
    fields
        From `trace`, shape (N, 1, 56, 56).
    stroke, slant, height
        As in `Measures`, shape (N,), strokes and heights above 0.
    place
        How far to the right and down of the middle, in pixels, (N, 2); nowhere by
        default.

    Returns
    -------
    torch.Tensor
        Images (N, 1, 28, 28), 0 (background) to 1 (ink).

    Raises
    ------
    ValueError
        If shapes do not fit, or a stroke or height is not above 0.

    Examples
    --------
    >>> from aibook.data.mnist import load_mnist
    >>> fields = trace(load_mnist("test", limit=1)[0])
    >>> pens = torch.tensor([1.5, 4.0])
    >>> images = draw(
    ...     fields.expand(2, -1, -1, -1),
    ...     stroke=pens,
    ...     slant=torch.zeros(2),
    ...     height=torch.full((2,), 20.0),
    ... )
    >>> thin, bold = measure(images).stroke
    >>> bool(bold > 2 * thin)
    True
    """
    N = len(fields)
    if place is None:
        place = torch.zeros(N, 2)
    shapes = [tuple(part.shape) for part in (stroke, slant, height, place)]
    if fields.ndim != 4 or shapes != [(N,)] * 3 + [(N, 2)]:
        raise ValueError(
            f"fields have shape {tuple(fields.shape)}, the rest {shapes}; expected "
            "(N, 1, F, F), three times (N,) and (N, 2)"
        )
    if not N or min(stroke.min(), height.min()) <= 0:
        raise ValueError(
            "strokes and heights must be above 0, and N 1 or more"
        )
    size = HEIGHT / height
    middle = (SIDE - 1) / 2 - size[:, None] * place
    middle[:, 0] -= slant * size * place[:, 1]
    far = _look(fields, side=SIDE, size=size, slant=-slant, middle=middle)
    inside = stroke.view(-1, 1, 1, 1) / 2 - far
    return (inside / size.view(-1, 1, 1, 1) + 0.5).clamp(0, 1)


def _thin(ink: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return the middle lines of ink (F, F)."""
    return skeletonize(ink)  # type: ignore[no-untyped-call,no-any-return]


def recentre(images: Tensor) -> Tensor:
    """Bring the ink's centre to the middle of each image.

    Parameters
    ----------
    images
        Shape (N, 1, 28, 28), 0 (background) to 1 (ink).

    Returns
    -------
    torch.Tensor
        New images of the same shape.

    Raises
    ------
    ValueError
        As for `measure`.

    Examples
    --------
    >>> image = torch.zeros(1, 1, 28, 28)
    >>> image[..., 3:5, 20:22] = 1
    >>> measure(recentre(image)).centre
    tensor([[13.5000, 13.5000]])
    """
    centre = measure(images).centre
    still = torch.zeros(len(images))
    return _look(
        images,
        side=SIDE,
        size=still + 1,
        slant=still,
        middle=centre,
        padding="zeros",
    )


def _look(
    maps: Tensor,
    *,
    side: int,
    size: Tensor,
    slant: Tensor,
    middle: Tensor,
    padding: str = "border",
) -> Tensor:
    """Look at maps through a slanted window of 28 pixels times a size.

    The window's middle lies at ``middle``, in pixels; each row lies by ``slant``
    further to the right than the one below, and is sampled at ``side`` places.
    """
    half = SIDE / 2
    zero = torch.zeros_like(size)
    offset = (middle + 0.5) / half - 1
    rows = [
        torch.stack([size, -slant * size, offset[:, 0]], dim=1),
        torch.stack([zero, size, offset[:, 1]], dim=1),
    ]
    shape = [len(maps), 1, side, side]
    grid = F.affine_grid(torch.stack(rows, 1), shape, align_corners=False)
    return F.grid_sample(maps, grid, padding_mode=padding, align_corners=False)
