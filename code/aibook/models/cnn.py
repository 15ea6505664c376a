"""A convolutional network of equal stages, with dropout if asked for.

A stage is a 3x3 convolution, max pooling, batch normalisation and ReLU; each halves
height and width and may have more channels than the one before. Pooling comes first
because what follows then has a quarter of the work; behind ReLU, and behind a
normalisation whose factor is positive, it would keep the same values. The ``body`` is
the stages, the ``head`` flattens the last feature maps and classifies them with one
hidden layer.

Not here: LeNet-5's own sizes (`aibook.models.lenet`), AlexNet's
(`aibook.models.alexnet`), connections that skip layers (`aibook.models.resnet`).

Sources: K. Simonyan and A. Zisserman, "Very Deep Convolutional Networks for
Large-Scale Image Recognition", ICLR 2015, for stages of 3x3 convolutions; S. Ioffe
and C. Szegedy, "Batch Normalization: Accelerating Deep Network Training by Reducing
Internal Covariate Shift", ICML 2015.

Book page: images/cnn.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from torch import Tensor, nn

from aibook.models.checks import check_images

__all__ = ["CNN", "stage"]


def stage(before: int, after: int) -> nn.Sequential:
    """Return a convolution, pooling, batch normalisation and ReLU.

    Parameters
    ----------
    before, after
        Channels that go in, and that come out.

    Returns
    -------
    torch.nn.Sequential
        Feature maps (N, before, H, W) -> (N, after, H // 2, W // 2).

    Examples
    --------
    >>> import torch
    >>> stage(1, 4)(torch.zeros(2, 1, 28, 28)).shape
    torch.Size([2, 4, 14, 14])
    """
    return nn.Sequential(
        nn.Conv2d(before, after, 3, padding=1, bias=False),
        nn.MaxPool2d(2),
        nn.BatchNorm2d(after),  # has a bias of its own
        nn.ReLU(),
    )


class CNN(nn.Module):
    """Stages of a convolution and pooling, then a hidden layer and the logits.

    Parameters
    ----------
    num_outputs
        K, the number of classes.
    widths
        Channels of each stage, from the image on.
    hidden
        Units of the hidden layer.
    dropout
        With what probability a unit in front of either linear layer is set to
        zero in training, 0 to below 1.
    size
        Height and width of the images; each stage halves it, rounding down.
    num_channels
        C, the channels of the images: 1 for grey, 3 for colour.

    Attributes
    ----------
    body : nn.Sequential
        Images (N, C, size, size) -> feature maps; one entry a stage.
    head : nn.Sequential
        Feature maps -> logits (N, K).

    Raises
    ------
    ValueError
        For a number below 1, a probability outside its range, or more stages than
        the size can be halved.

    References
    ----------
    Simonyan and Zisserman (2015).

    Examples
    --------
    >>> import torch
    >>> model = CNN(10, widths=(16, 32))
    >>> model(torch.zeros(5, 28, 28)).shape
    torch.Size([5, 10])
    >>> model.body(torch.zeros(5, 1, 28, 28)).shape
    torch.Size([5, 32, 7, 7])
    """

    def __init__(
        self,
        num_outputs: int,
        *,
        widths: Sequence[int] = (16, 32),
        hidden: int = 128,
        dropout: float = 0.0,
        size: int = 28,
        num_channels: int = 1,
    ) -> None:
        super().__init__()
        counts = (num_outputs, hidden, num_channels, *widths)
        if min(counts) < 1 or not widths:
            raise ValueError(
                f"num_outputs {num_outputs}, widths {tuple(widths)}, hidden "
                f"{hidden}, num_channels {num_channels}; each must be 1 or more"
            )
        if not 0 <= dropout < 1:
            raise ValueError(f"dropout = {dropout}; give 0 to below 1")
        final = size >> len(widths)  # halved once a stage, rounded down
        if final < 1:
            raise ValueError(
                f"images of size {size} cannot be halved {len(widths)} times"
            )
        self.shape = (num_channels, size, size)
        channels = (num_channels, *widths)
        self.body = nn.Sequential(
            *(stage(*pair) for pair in pairwise(channels))
        )
        self.head = nn.Sequential(
            nn.Flatten(),
            nn.Dropout(dropout),
            nn.Linear(widths[-1] * final * final, hidden),
            nn.ReLU(),
            nn.Dropout(dropout),
            nn.Linear(hidden, num_outputs),
        )

    def forward(self, X: Tensor) -> Tensor:
        """Return the logits of images X, shape (N, K).

        X has shape (N, C, size, size); of grey images the axis of the one channel
        may be missing. Another shape or no image raises ValueError.
        """
        return self.head(self.body(check_images(X, self.shape)))  # type: ignore[no-any-return]
