"""A deep network of equal blocks, with or without connections that skip them.

A block is two 3x3 convolutions with batch normalisation. Plain, it hands on what it
computes; residual, it adds its input to that, and so computes only the difference.
Everything else is the same, down to the initial weights: what differs is an addition.

Not here: blocks that halve the size or change the channels, bottlenecks.

Source: K. He, X. Zhang, S. Ren and J. Sun, "Deep Residual Learning for Image
Recognition", CVPR 2016.

Book page: images/cnn.
"""

from __future__ import annotations

from torch import Tensor, nn

from aibook.models.checks import check_images

__all__ = ["Block", "DeepNet"]


class Block(nn.Module):
    """Two convolutions, ``relu(f(x))`` when plain, ``relu(x + f(x))`` when residual.

    Parameters
    ----------
    width
        Channels of input and output.
    residual
        Whether the input is added.

    Examples
    --------
    >>> import torch
    >>> block = Block(4, residual=True)
    >>> block(torch.zeros(2, 4, 7, 7)).shape
    torch.Size([2, 4, 7, 7])
    """

    def __init__(self, width: int, *, residual: bool) -> None:
        super().__init__()
        self.residual = residual
        self.f = nn.Sequential(
            nn.Conv2d(width, width, 3, padding=1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.Conv2d(width, width, 3, padding=1, bias=False),
            nn.BatchNorm2d(width),
        )

    def forward(self, x: Tensor) -> Tensor:
        """Return feature maps of the input's shape (N, width, H, W)."""
        change: Tensor = self.f(x)
        out = x + change if self.residual else change
        return out.relu()


class DeepNet(nn.Module):
    """A convolution, equal blocks, global average pooling and one linear layer.

    Parameters
    ----------
    num_outputs
        K, the number of classes.
    num_blocks
        How many blocks; the network has ``2 * num_blocks + 2`` layers of weights.
    residual
        Whether the blocks add their input.
    width
        Channels of every feature map.
    size
        Height and width of the images; the first convolution halves it.

    Raises
    ------
    ValueError
        If a number is below 1, or ``num_blocks`` below 0.

    References
    ----------
    He, Zhang, Ren and Sun (2016), sections 3.3 and 4.2.

    Examples
    --------
    >>> import torch
    >>> model = DeepNet(10, num_blocks=9, residual=True)
    >>> model.num_layers, model(torch.zeros(5, 28, 28)).shape
    (20, torch.Size([5, 10]))
    """

    def __init__(
        self,
        num_outputs: int,
        *,
        num_blocks: int,
        residual: bool,
        width: int = 8,
        size: int = 28,
    ) -> None:
        super().__init__()
        if min(num_outputs, width, size) < 1 or num_blocks < 0:
            raise ValueError(
                f"num_outputs {num_outputs}, width {width}, size {size}, "
                f"num_blocks {num_blocks}; expected 1 or more, blocks 0 or more"
            )
        self.shape = (1, size, size)
        self.num_layers = 2 * num_blocks + 2
        self.stem = nn.Sequential(
            nn.Conv2d(1, width, 3, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(),
        )
        self.blocks = nn.Sequential(
            *(Block(width, residual=residual) for _ in range(num_blocks))
        )
        self.head = nn.Linear(width, num_outputs)

    def forward(self, X: Tensor) -> Tensor:
        """Return the logits of images X, shape (N, K).

        X has shape (N, 1, size, size) or (N, size, size). Another shape or no
        image raises ValueError.
        """
        maps = self.blocks(self.stem(check_images(X, self.shape)))
        return self.head(maps.mean(dim=(2, 3)))  # type: ignore[no-any-return]
