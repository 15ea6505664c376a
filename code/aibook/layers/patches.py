"""Patches: an image cut into squares, each of which becomes a token.

Letters: N images, C channels, height H and width W of an image, P the side of a
patch, L = (H / P) (W / P) patches, D the width of the model.

Not here: patches that overlap, the class token and positions (`aibook.models.vit`).

Source: A. Dosovitskiy et al., "An Image is Worth 16x16 Words: Transformers for
Image Recognition at Scale", ICLR 2021, section 3.1.

Book page: sequences/vision-transformer.
"""

from __future__ import annotations

from torch import Tensor, nn

__all__ = ["PatchEmbedding", "from_patches", "to_patches"]


def to_patches(images: Tensor, size: int) -> Tensor:
    """Cut images into squares, and lay out each square as a vector.

    Parameters
    ----------
    images
        Shape (N, C, H, W).
    size
        P, which divides H and W.

    Returns
    -------
    torch.Tensor
        Shape (N, L, C P P): patches row by row from the top left, in each the
        channels one after another, in each channel the pixels row by row.

    Raises
    ------
    ValueError
        For another number of axes, or a P that does not divide H and W.

    References
    ----------
    Dosovitskiy et al. (2021), section 3.1.

    Examples
    --------
    >>> import torch
    >>> image = torch.arange(16).reshape(1, 1, 4, 4)
    >>> to_patches(image, 2)[0]
    tensor([[ 0,  1,  4,  5],
            [ 2,  3,  6,  7],
            [ 8,  9, 12, 13],
            [10, 11, 14, 15]])
    """
    if images.ndim != 4:
        raise ValueError(
            f"images have shape {tuple(images.shape)}; expected (N, C, H, W)"
        )
    n, c, h, w = images.shape
    _check_grid(h, w, size)
    squares = images.reshape(n, c, h // size, size, w // size, size)
    squares = squares.permute(0, 2, 4, 1, 3, 5)  # (N, H/P, W/P, C, P, P)
    return squares.reshape(n, (h // size) * (w // size), c * size * size)


def from_patches(patches: Tensor, shape: tuple[int, int, int]) -> Tensor:
    """Put patches together again: the inverse of `to_patches`.

    Parameters
    ----------
    patches
        Shape (N, L, C P P), square patches in the order of `to_patches`.
    shape
        (C, H, W) of an image.

    Returns
    -------
    torch.Tensor
        Shape (N, C, H, W).

    Raises
    ------
    ValueError
        If the patches do not make up images of that shape.

    Examples
    --------
    >>> import torch
    >>> images = torch.rand(2, 3, 4, 6)
    >>> back = from_patches(to_patches(images, 2), (3, 4, 6))
    >>> torch.equal(back, images)
    True
    """
    c, h, w = shape
    size = round((patches.shape[-1] / max(c, 1)) ** 0.5)
    if min(shape) < 1 or patches.ndim != 3 or patches.shape[2] != c * size**2:
        raise ValueError(
            f"patches have shape {tuple(patches.shape)}; expected (N, L, C P P) "
            f"for images of shape {tuple(shape)}"
        )
    _check_grid(h, w, size)
    rows, columns = h // size, w // size
    if patches.shape[1] != rows * columns:
        raise ValueError(
            f"there are {patches.shape[1]} patches; {h} x {w} pixels have "
            f"{rows} x {columns} of side {size}"
        )
    squares = patches.reshape(-1, rows, columns, c, size, size)
    squares = squares.permute(0, 3, 1, 4, 2, 5)  # (N, C, H/P, P, W/P, P)
    return squares.reshape(-1, c, h, w)


class PatchEmbedding(nn.Module):
    """Patches, each multiplied by one and the same matrix: the tokens of a ViT.

    It is a convolution whose stride is as large as its kernel.

    Parameters
    ----------
    width
        Of a vector, D.
    size
        Of a patch, P.
    num_channels
        Of the image, C.

    Raises
    ------
    ValueError
        If a number is below 1.

    References
    ----------
    Dosovitskiy et al. (2021), equation 1.

    Examples
    --------
    >>> import torch
    >>> PatchEmbedding(8, size=4)(torch.zeros(2, 1, 28, 28)).shape
    torch.Size([2, 49, 8])
    """

    def __init__(
        self, width: int, *, size: int, num_channels: int = 1
    ) -> None:
        super().__init__()
        if min(width, size, num_channels) < 1:
            raise ValueError(
                f"width {width}, size {size}, num_channels {num_channels}; each "
                "must be 1 or more"
            )
        self.size = size
        self.project = nn.Linear(num_channels * size * size, width)

    def forward(self, images: Tensor) -> Tensor:
        """Return a token for each patch of images (N, C, H, W), (N, L, D)."""
        return self.project(to_patches(images, self.size))  # type: ignore[no-any-return]


def _check_grid(height: int, width: int, size: int) -> None:
    if size < 1 or height % size or width % size:
        raise ValueError(
            f"patches of side {size} do not tile {height} x {width} pixels"
        )
