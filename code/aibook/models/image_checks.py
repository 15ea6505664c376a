"""The check of the image batches that models are given.

Only shapes, as in `aibook.models.checks`, which checks batches of rows. Not here:
whether pixels are finite or scaled; that is checked once, when data are loaded.

Book page: images/cnn.
"""

from __future__ import annotations

from torch import Tensor

__all__ = ["check_images"]


def check_images(X: Tensor, shape: tuple[int, int, int]) -> Tensor:
    """Return images with their channels, or refuse what is no batch of them.

    Parameters
    ----------
    X
        Images, shape (N, C, H, W); the axis of a single channel may be missing.
    shape
        The (C, H, W) that is expected.

    Returns
    -------
    torch.Tensor
        The images, shape (N, C, H, W).

    Raises
    ------
    ValueError
        If the shape differs or N is 0.

    Examples
    --------
    >>> import torch
    >>> check_images(torch.zeros(4, 28, 28), (1, 28, 28)).shape
    torch.Size([4, 1, 28, 28])
    """
    images = X[:, None] if X.ndim == 3 and shape[0] == 1 else X
    if images.shape[1:] != shape or images.ndim != 4 or not len(images):
        expected = ", ".join(map(str, shape))
        raise ValueError(
            f"X has shape {tuple(X.shape)}; expected (N, {expected}) "
            "with N of 1 or more"
        )
    return images
