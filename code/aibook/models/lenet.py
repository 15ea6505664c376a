"""LeNet-5 with today's parts: a small convolutional network for 28x28 images.

The layers and their sizes are LeNet-5's; ReLU takes the place of the scaled tanh,
max pooling that of the trainable average, and a linear layer that of the radial
basis functions at the end. The network is cut in two: the ``body`` turns an image
into features, the ``head`` turns features into logits. So a body can be kept and
given another head.

Not here: dropout, batch normalisation, larger images.

Source: Y. LeCun, L. Bottou, Y. Bengio and P. Haffner, "Gradient-based learning
applied to document recognition", Proceedings of the IEEE 86, 1998.

Book pages: ai/learning, ai/tasks.
"""

from __future__ import annotations

from torch import Tensor, nn

__all__ = ["NUM_FEATURES", "LeNet"]

NUM_FEATURES = 84
"""How many features the body gives the head."""


class LeNet(nn.Module):
    """Two convolutions with pooling, two hidden layers, and a head.

    Parameters
    ----------
    num_outputs
        K, the number of classes (or of values) that the head gives.
    num_channels
        C, the channels of the images: 1 for grey, 3 for colour.

    Attributes
    ----------
    body : nn.Sequential
        Images (N, C, 28, 28) -> features (N, 84).
    head : nn.Linear
        Features (N, 84) -> logits (N, K).

    Raises
    ------
    ValueError
        If a number is below 1.

    References
    ----------
    LeCun, Bottou, Bengio and Haffner (1998), figure 2.

    Examples
    --------
    >>> import torch
    >>> model = LeNet(10)
    >>> model(torch.zeros(5, 28, 28)).shape
    torch.Size([5, 10])
    >>> sum(p.numel() for p in model.parameters())
    61706
    """

    def __init__(self, num_outputs: int, *, num_channels: int = 1) -> None:
        super().__init__()
        if num_outputs < 1 or num_channels < 1:
            raise ValueError(
                f"num_outputs is {num_outputs} and num_channels "
                f"{num_channels}; each must be 1 or more"
            )
        self.num_channels = num_channels
        self.body = nn.Sequential(
            nn.Conv2d(num_channels, 6, 5, padding=2),  # (N, 6, 28, 28)
            nn.ReLU(),
            nn.MaxPool2d(2),  # (N, 6, 14, 14)
            nn.Conv2d(6, 16, 5),  # (N, 16, 10, 10)
            nn.ReLU(),
            nn.MaxPool2d(2),  # (N, 16, 5, 5)
            nn.Flatten(),  # (N, 400)
            nn.Linear(400, 120),
            nn.ReLU(),
            nn.Linear(120, NUM_FEATURES),
            nn.ReLU(),
        )
        self.head = nn.Linear(NUM_FEATURES, num_outputs)

    def features(self, X: Tensor) -> Tensor:
        """Return the features of images X, shape (N, 84).

        X has shape (N, C, 28, 28); of grey images the axis of the one channel may
        be missing, and a row of 784 pixels is taken for one of them. Another shape
        or no image raises ValueError.
        """
        return self.body(self._images(X))  # type: ignore[no-any-return]

    def forward(self, X: Tensor) -> Tensor:
        """Return the logits of images X, shape (N, K); X as for `features`."""
        return self.head(self.features(X))  # type: ignore[no-any-return]

    def _images(self, X: Tensor) -> Tensor:
        """Return X as (N, C, 28, 28), or refuse it."""
        images = X
        if self.num_channels == 1 and X.shape[1:] in ((784,), (28, 28)):
            images = X.reshape(len(X), 1, 28, 28)
        if images.shape[1:] != (self.num_channels, 28, 28) or not len(images):
            raise ValueError(
                f"X has shape {tuple(X.shape)}; expected "
                f"(N, {self.num_channels}, 28, 28) with N of 1 or more"
            )
        return images
