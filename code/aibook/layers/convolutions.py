"""What networks that answer at every pixel share: two convolutions, and a check.

Not here: the networks (`aibook.models.fcn`, `aibook.models.unet`), convolution by
hand (`aibook.scratch.convolution`).

Sources: O. Ronneberger, P. Fischer and T. Brox, "U-Net: Convolutional networks for
biomedical image segmentation", MICCAI 2015; S. Ioffe and C. Szegedy, "Batch
normalization", ICML 2015.

Book page: scenes/segmentation.
"""

from __future__ import annotations

from torch import Tensor, nn

__all__ = ["check_sides", "double_convolution"]


def double_convolution(before: int, after: int) -> nn.Sequential:
    """Return two 3x3 convolutions, each with batch normalisation and ReLU.

    Parameters
    ----------
    before, after
        Channels that go in, and that come out.

    Returns
    -------
    torch.nn.Sequential
        Feature maps (N, before, H, W) -> (N, after, H, W).

    Examples
    --------
    >>> import torch
    >>> double_convolution(1, 4)(torch.zeros(2, 1, 6, 6)).shape
    torch.Size([2, 4, 6, 6])
    """
    layers: list[nn.Module] = []
    for channels in (before, after):
        layers += [
            nn.Conv2d(channels, after, 3, padding=1, bias=False),
            nn.BatchNorm2d(after),  # has a bias of its own
            nn.ReLU(),
        ]
    return nn.Sequential(*layers)


def check_sides(X: Tensor, num_channels: int, divisor: int) -> Tensor:
    """Return images that can be halved often enough, or refuse them.

    Parameters
    ----------
    X
        Images, shape (N, C, H, W); the axis of a single channel may be missing.
    num_channels
        The C that is expected.
    divisor
        What H and W have to be multiples of.

    Returns
    -------
    torch.Tensor
        The images, shape (N, C, H, W).

    Raises
    ------
    ValueError
        If the shape differs, N is 0, or a side is no multiple.

    Examples
    --------
    >>> import torch
    >>> check_sides(torch.zeros(2, 12, 10), 1, 4)
    Traceback (most recent call last):
    ...
    ValueError: X has shape (2, 12, 10); height and width must be multiples of 4
    """
    images = X[:, None] if X.ndim == 3 and num_channels == 1 else X
    if images.ndim != 4 or images.shape[1] != num_channels or not len(images):
        raise ValueError(
            f"X has shape {tuple(X.shape)}; expected (N, {num_channels}, H, W) "
            "with N of 1 or more"
        )
    if any(side == 0 or side % divisor for side in images.shape[2:]):
        raise ValueError(
            f"X has shape {tuple(X.shape)}; height and width must be multiples "
            f"of {divisor}"
        )
    return images
