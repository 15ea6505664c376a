"""What attention over an image looks at: over all blocks, and how far away.

Both functions take the weights as `aibook.models.vit.ViT.attention_weights` gives
them. They describe where weights are large, which is not why a network answers as it
does.

Letters: B blocks, N images, H heads, L patches; token 0 is the class token.

Not here: gradients, and the values that the weights multiply.

Sources: S. Abnar and W. Zuidema, "Quantifying Attention Flow in Transformers", ACL
2020 (rollout); A. Dosovitskiy et al., "An Image is Worth 16x16 Words: Transformers
for Image Recognition at Scale", ICLR 2021, figure 7 (distance).

Book page: sequences/vision-transformer.
"""

from __future__ import annotations

import torch
from torch import Tensor

__all__ = ["attention_distance", "attention_rollout"]


def attention_rollout(weights: Tensor) -> Tensor:
    """Follow attention through all blocks, back to the tokens of the image.

    A block adds what attention gathers to what a token was. So half of each token
    is taken to stay, and half to come from where the mean of the heads looks.

    Parameters
    ----------
    weights
        Shape (B, N, H, 1 + L, 1 + L); each row sums to 1.

    Returns
    -------
    torch.Tensor
        Shape (N, 1 + L, 1 + L): how much of each token (row) after the last block
        stems from each token before the first; each row sums to 1.

    Raises
    ------
    ValueError
        For another number of axes, or weights that are not square.

    References
    ----------
    Abnar and Zuidema (2020), equation 1.

    Examples
    --------
    >>> even = torch.full((1, 1, 1, 2, 2), 0.5)
    >>> attention_rollout(even)[0]
    tensor([[0.7500, 0.2500],
            [0.2500, 0.7500]])
    """
    _check(weights)
    stay = torch.eye(weights.shape[-1]).to(weights)
    flow = stay
    for block in weights.mean(dim=2):  # over heads: (N, 1 + L, 1 + L)
        flow = (block + stay) / 2 @ flow
    return flow


def attention_distance(weights: Tensor, *, patch: int) -> Tensor:
    """Return how far from itself a patch looks, in pixels, for each head.

    The distance is that of the patches' centres, weighted by attention. What goes
    to the class token, which has no place, is left out, and the rest made to sum
    to 1 again.

    Parameters
    ----------
    weights
        Shape (B, N, H, 1 + L, 1 + L), of square images: L is a square number.
    patch
        Side of a patch in pixels.

    Returns
    -------
    torch.Tensor
        Shape (B, H), the mean over images and patches.

    Raises
    ------
    ValueError
        For another shape, or a side below 1.

    References
    ----------
    Dosovitskiy et al. (2021), section 4.5 and figure 7.

    Examples
    --------
    >>> even = torch.full((1, 1, 1, 5, 5), 0.2)  # 2 x 2 patches
    >>> attention_distance(even, patch=10)  # (0 + 10 + 10 + 14.14) / 4
    tensor([[8.5355]])
    """
    _check(weights)
    num_patches = weights.shape[-1] - 1
    side = round(num_patches**0.5)
    if side < 1 or side**2 != num_patches or patch < 1:
        raise ValueError(
            f"{num_patches} patches of side {patch}; expected a square number of "
            "patches, and a side of 1 or more"
        )
    index = torch.arange(num_patches)
    places = torch.stack([index // side, index % side], dim=1).to(weights)
    between = patch * (places[:, None] - places).norm(dim=-1)  # (L, L)
    among = weights[..., 1:, 1:]
    among = among / among.sum(dim=-1, keepdim=True)
    distance: Tensor = (among * between).sum(dim=-1)
    return distance.mean(dim=(1, 3))


def _check(weights: Tensor) -> None:
    if weights.ndim != 5 or weights.shape[-1] != weights.shape[-2]:
        raise ValueError(
            f"weights have shape {tuple(weights.shape)}; expected "
            "(B, N, H, 1 + L, 1 + L)"
        )
