"""What single units of a convolutional network see, and what excites them most.

Geometry: how large a piece of the image a unit sees, and where. Search: the pieces of
real images that excite a channel most. Synthesis: an image made to excite it.

Not here: which pixels were decisive for one answer (saliency), networks that branch.

Sources: M. D. Zeiler and R. Fergus, "Visualizing and Understanding Convolutional
Networks", ECCV 2014; K. Simonyan, A. Vedaldi and A. Zisserman, "Deep Inside
Convolutional Networks: Visualising Image Classification Models and Saliency Maps",
ICLR workshop 2014, arXiv:1312.6034.

Book page: images/cnn.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from aibook import sizes

__all__ = [
    "ReceptiveField",
    "maximise_activation",
    "receptive_field",
    "strongest_patches",
]


class ReceptiveField(NamedTuple):
    """Where the units of a feature map look, the same along height and width."""

    size: int
    """Pixels that a unit sees along an axis."""
    step: int
    """Pixels from one unit's piece to its neighbour's."""
    start: int
    """First pixel that the first unit sees; negative when it sees padding."""


def receptive_field(layers: nn.Sequential) -> ReceptiveField:
    """Return what the units behind a chain of layers see of the image.

    Parameters
    ----------
    layers
        From the image on: convolutions and pooling with equal numbers along both
        axes, layers that work unit by unit, and chains of such layers.

    Raises
    ------
    ValueError
        For numbers that differ along the axes.

    See Also
    --------
    aibook.sizes.receptive_field : The size, from the windows of the layers.

    Examples
    --------
    >>> receptive_field(nn.Sequential(nn.Conv2d(1, 6, 5), nn.MaxPool2d(2)))
    ReceptiveField(size=6, step=2, start=0)
    """
    windows, step, start = [], 1, 0
    for layer in layers.modules():
        if not isinstance(layer, (nn.Conv2d, nn.MaxPool2d, nn.AvgPool2d)):
            continue
        kernel, stride, padding, dilation = (
            _single(name, getattr(layer, name, 1))
            for name in ("kernel_size", "stride", "padding", "dilation")
        )
        windows.append((kernel, stride, dilation))
        start -= step * padding
        step *= stride
    return ReceptiveField(sizes.receptive_field(windows), step, start)


@torch.no_grad()
def strongest_patches(
    layers: nn.Sequential, X: Tensor, channel: int, *, num_patches: int = 6
) -> tuple[Tensor, Tensor]:
    """Return the pieces of images that excite a channel most.

    Each image gives at most one piece, that of its most excited unit. Where the
    unit also sees padding, the piece has zeros.

    Parameters
    ----------
    layers
        A chain of layers, from images to feature maps.
    X
        Grey images, shape (N, 1, H, W).
    channel
        Which of the feature maps.
    num_patches
        How many pieces, 1 to N.

    Returns
    -------
    patches : torch.Tensor
        Shape (num_patches, size, size), the strongest first.
    values : torch.Tensor
        The values of the units, shape (num_patches,).

    Raises
    ------
    ValueError
        For another shape, or a number out of range.

    References
    ----------
    Zeiler and Fergus (2014), figure 2.

    Examples
    --------
    >>> layers = nn.Sequential(nn.AvgPool2d(2))
    >>> X = torch.arange(16.0).reshape(1, 1, 4, 4)
    >>> patches, values = strongest_patches(layers, X, 0, num_patches=1)
    >>> patches.tolist(), values.tolist()
    ([[[10.0, 11.0], [14.0, 15.0]]], [12.5])
    """
    if X.ndim != 4 or X.shape[1] != 1:
        raise ValueError(
            f"X has shape {tuple(X.shape)}; expected (N, 1, H, W)"
        )
    if not 1 <= num_patches <= len(X):
        raise ValueError(f"num_patches = {num_patches}; give 1 to {len(X)}")
    maps = layers(X)
    _check_channel(channel, maps)
    width = maps.shape[3]
    values, places = maps[:, channel].flatten(1).max(dim=1)  # (N,), (N,)
    values, images = values.topk(num_patches)
    field = receptive_field(layers)
    margin = field.size  # wide enough for every piece to lie inside
    padded = F.pad(X[images, 0], (margin,) * 4)
    patches = []
    for image, place in zip(padded, places[images].tolist(), strict=True):
        top, left = (
            margin + field.start + field.step * unit
            for unit in divmod(place, width)
        )
        patches.append(image[top : top + field.size, left : left + field.size])
    return torch.stack(patches), values


def maximise_activation(
    function: Callable[[Tensor], Tensor],
    channel: int,
    *,
    size: int = 28,
    num_steps: int = 60,
    lr: float = 0.1,
    smoothness: float = 0.0,
    seed: int = 0,
) -> Tensor:
    """Make an image that excites one channel, by climbing its gradient.

    Parameters
    ----------
    function
        From grey images (1, 1, size, size) to feature maps (1, C, H, W), of
        which the unit in the middle is excited, or to logits (1, C). Its own
        parameters are left alone.
    channel
        Which of the feature maps or logits.
    size
        Height and width of the image.
    num_steps, lr
        Steps of Adam, and their size in units of the pixels.
    smoothness
        How much neighbouring pixels that differ count against the image.
    seed
        Fixes the noise from which the climb starts.

    Returns
    -------
    torch.Tensor
        The image, shape (size, size), pixels from 0 to 1.

    Raises
    ------
    ValueError
        For a channel or a number out of range.

    References
    ----------
    Simonyan, Vedaldi and Zisserman (2014), section 2.

    Examples
    --------
    >>> edge = nn.Conv2d(1, 1, 2)
    >>> edge.weight.data = torch.tensor([[[[1.0, -1.0], [1.0, -1.0]]]])
    >>> maximise_activation(edge, 0, size=2).tolist()
    [[1.0, 0.0], [1.0, 0.0]]
    """
    if size < 1 or num_steps < 1 or lr <= 0 or smoothness < 0:
        raise ValueError(
            f"size {size}, num_steps {num_steps}, lr {lr}, smoothness "
            f"{smoothness}; expected 1, 1, above 0, and 0 or more"
        )
    generator = torch.Generator().manual_seed(seed)
    image = 0.45 + 0.1 * torch.rand(1, 1, size, size, generator=generator)
    image.requires_grad_()
    optimizer = torch.optim.Adam([image], lr=lr)
    for _ in range(num_steps):
        out = function(image)
        _check_channel(channel, out)
        value = out[0, channel]
        if value.ndim:  # the unit in the middle of the map
            value = value[value.shape[0] // 2, value.shape[1] // 2]
        rough = image.diff(dim=2).square().sum()
        rough = rough + image.diff(dim=3).square().sum()
        loss = smoothness * rough - value
        (image.grad,) = torch.autograd.grad(loss, image)
        optimizer.step()
        with torch.no_grad():
            image.clamp_(0, 1)
    return image.detach()[0, 0]


def _single(name: str, value: int | tuple[int, ...]) -> int:
    """Return the number that holds along both axes."""
    values = {value} if isinstance(value, int) else set(value)
    if len(values) != 1:
        raise ValueError(f"{name} = {value}; height and width must be alike")
    return int(values.pop())


def _check_channel(channel: int, maps: Tensor) -> None:
    if not 0 <= channel < maps.shape[1]:
        raise ValueError(f"channel = {channel}; give 0 to {maps.shape[1] - 1}")
