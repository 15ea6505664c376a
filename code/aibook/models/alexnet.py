"""AlexNet in miniature: five convolutions and three dense layers for 28x28 images.

The order of the layers is AlexNet's: convolutions 1, 2 and 5 are followed by max
pooling whose 3x3 windows overlap, convolutions 3 and 4 are not; the two hidden dense
layers have dropout. Channels and units are a sixth to a thirty-second of the
original's. The first kernels are 5x5 with stride 2 in place of 11x11 with stride 4,
the second 3x3 in place of 5x5, as the images are an eighth as wide.

Not here: local response normalisation, the split over two GPUs, colour, the
original's initial weights (these are scaled to the activation instead).

Source: A. Krizhevsky, I. Sutskever and G. E. Hinton, "ImageNet Classification with
Deep Convolutional Neural Networks", NeurIPS 2012.

Book page: images/cnn.
"""

from __future__ import annotations

from itertools import pairwise

from torch import Tensor, nn

from aibook.models.checks import check_images

__all__ = ["ACTIVATIONS", "MiniAlexNet"]

WIDTHS = (16, 24, 32, 32, 24)
HIDDEN = 128
ACTIVATIONS: dict[str, type[nn.Module]] = {
    "relu": nn.ReLU,
    "tanh": nn.Tanh,
    "sigmoid": nn.Sigmoid,
}
"""The activations to choose from."""


class MiniAlexNet(nn.Module):
    """Five convolutional and three dense layers, in AlexNet's order.

    Parameters
    ----------
    num_outputs
        K, the number of classes.
    activation
        One of `ACTIVATIONS`; AlexNet has ``"relu"``.
    dropout
        With what probability a unit in front of either hidden dense layer is set
        to zero in training, 0 to below 1; AlexNet has 0.5.

    Attributes
    ----------
    body : nn.Sequential
        Images (N, 1, 28, 28) -> feature maps (N, 24, 1, 1).
    head : nn.Sequential
        Feature maps -> logits (N, K).

    Raises
    ------
    ValueError
        For an unknown activation or a number out of its range.

    References
    ----------
    Krizhevsky, Sutskever and Hinton (2012), section 3.

    Examples
    --------
    >>> import torch
    >>> model = MiniAlexNet(10)
    >>> model(torch.zeros(5, 28, 28)).shape
    torch.Size([5, 10])
    """

    def __init__(
        self,
        num_outputs: int,
        *,
        activation: str = "relu",
        dropout: float = 0.5,
    ) -> None:
        super().__init__()
        if num_outputs < 1 or not 0 <= dropout < 1:
            raise ValueError(
                f"num_outputs = {num_outputs}, dropout = {dropout}; expected 1 or "
                "more, and 0 to below 1"
            )
        if activation not in ACTIVATIONS:
            raise ValueError(
                f"activation {activation!r}; choose from {list(ACTIVATIONS)}"
            )
        act = ACTIVATIONS[activation]
        layers: list[nn.Module] = [
            nn.Conv2d(1, WIDTHS[0], 5, stride=2, padding=2),  # (N, 16, 14, 14)
            act(),
            nn.MaxPool2d(3, stride=2),  # (N, 16, 6, 6)
        ]
        for i, (before, after) in enumerate(pairwise(WIDTHS), start=2):
            layers += [nn.Conv2d(before, after, 3, padding=1), act()]
            if i in (2, 5):
                layers.append(
                    nn.MaxPool2d(3, stride=2, padding=1 if i == 2 else 0)
                )
        self.body = nn.Sequential(*layers)
        self.head = nn.Sequential(
            nn.Flatten(),  # (N, 24)
            nn.Dropout(dropout),
            nn.Linear(WIDTHS[-1], HIDDEN),
            act(),
            nn.Dropout(dropout),
            nn.Linear(HIDDEN, HIDDEN),
            act(),
            nn.Linear(HIDDEN, num_outputs),
        )
        for layer in (*self.body, *self.head):
            if isinstance(layer, (nn.Conv2d, nn.Linear)):
                nn.init.kaiming_normal_(layer.weight, nonlinearity=activation)  # type: ignore[arg-type]
                nn.init.zeros_(layer.bias)  # type: ignore[arg-type]

    def forward(self, X: Tensor) -> Tensor:
        """Return the logits of images X, shape (N, K).

        X has shape (N, 1, 28, 28) or (N, 28, 28). Another shape or no image
        raises ValueError.
        """
        return self.head(self.body(check_images(X, (1, 28, 28))))  # type: ignore[no-any-return]
