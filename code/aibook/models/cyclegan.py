"""The translator of a CycleGAN: from images of one kind to images of another.

Two convolutions bring the image to half its size, residual blocks change what it
shows, and an upsampling with two more brings it back. Each convolution but the last is
followed by an instance normalisation.

Letters: N images, C channels, H rows and W columns.

Different from the paper: far smaller (one halving instead of two, two blocks instead
of six or nine), upsampling instead of a transposed convolution, and a sigmoid at the
end, for images from 0 to 1.

Not here: the discriminator (`aibook.models.patch_gan`), the training
(`aibook.models.cyclegan_training`).

Source: J.-Y. Zhu, T. Park, P. Isola and A. A. Efros, "Unpaired Image-to-Image
Translation using Cycle-Consistent Adversarial Networks", ICCV 2017, appendix 7.2.

Book page: generative/cyclegan.
"""

from __future__ import annotations

from torch import Tensor, nn

from aibook.layers.convolutions import check_sides

__all__ = ["ResidualBlock", "Translator"]


class ResidualBlock(nn.Module):
    """Two convolutions whose result is added to what goes in.

    Parameters
    ----------
    width
        Channels that go in and come out.

    Examples
    --------
    >>> import torch
    >>> ResidualBlock(4)(torch.zeros(2, 4, 7, 7)).shape
    torch.Size([2, 4, 7, 7])
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.change = nn.Sequential(
            nn.Conv2d(width, width, 3, padding=1, bias=False),
            nn.InstanceNorm2d(width, affine=True),
            nn.ReLU(),
            nn.Conv2d(width, width, 3, padding=1, bias=False),
            nn.InstanceNorm2d(width, affine=True),
        )

    def forward(self, X: Tensor) -> Tensor:
        """Return feature maps of the same shape, (N, width, H, W)."""
        return X + self.change(X)  # type: ignore[no-any-return]


class Translator(nn.Module):
    """A generator from an image to an image of the same size.

    Parameters
    ----------
    num_channels
        C of the images, in and out.
    width
        Channels at full size; twice as many at half.
    num_blocks
        Residual blocks, 1 or more.

    Raises
    ------
    ValueError
        For a number below 1.

    References
    ----------
    Zhu et al. (2017), appendix 7.2.

    Examples
    --------
    >>> import torch
    >>> Translator()(torch.zeros(5, 1, 28, 28)).shape
    torch.Size([5, 1, 28, 28])
    """

    def __init__(
        self, num_channels: int = 1, *, width: int = 12, num_blocks: int = 2
    ) -> None:
        super().__init__()
        if min(num_channels, width, num_blocks) < 1:
            raise ValueError(
                f"num_channels = {num_channels}, width = {width}, num_blocks = "
                f"{num_blocks}; expected 1 or more each"
            )
        self.num_channels = num_channels
        self.layers = nn.Sequential(
            *_convolve(num_channels, width, stride=1),
            *_convolve(width, 2 * width, stride=2),
            *[ResidualBlock(2 * width) for _ in range(num_blocks)],
            nn.Upsample(scale_factor=2),
            *_convolve(2 * width, width, stride=1),
            nn.Conv2d(width, num_channels, 3, padding=1),
            nn.Sigmoid(),
        )

    def forward(self, X: Tensor) -> Tensor:
        """Return the translations, shape (N, C, H, W), 0 to 1.

        X has shape (N, C, H, W), 0 to 1, H and W even. Another shape or no image
        raises ValueError.
        """
        check_sides(X, self.num_channels, 2)
        return self.layers(X)  # type: ignore[no-any-return]


def _convolve(before: int, after: int, *, stride: int) -> list[nn.Module]:
    return [
        nn.Conv2d(before, after, 3, stride, padding=1, bias=False),
        nn.InstanceNorm2d(after, affine=True),
        nn.ReLU(),
    ]
