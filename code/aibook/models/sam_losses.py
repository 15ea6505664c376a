"""The losses of a miniature SAM: of its masks, of its judgement, of its encoder.

Letters: N images, B prompts, M masks, G the side of a map.

Not here: losses of maps of classes (`aibook.pixel_losses`), which are means over a
batch; here each mask has its own.

Sources: A. Kirillov et al., "Segment anything", ICCV 2023, appendix A; T.-Y. Lin et
al., "Focal loss for dense object detection", ICCV 2017; F. Milletari et al., "V-Net",
3DV 2016 (Dice); A. Guzman-Rivera et al., "Multiple choice learning", NIPS 2012 (the
least of several losses).

Book page: scenes/promptable.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

__all__ = ["edge_loss", "mask_losses", "sam_loss"]


def mask_losses(
    logits: Tensor, targets: Tensor, *, gamma: float = 2.0, focal: float = 20.0
) -> Tensor:
    """Return the loss of each mask: focal loss and Dice loss.

    Parameters
    ----------
    logits
        Of the masks, shape (B, M, H, W).
    targets
        What is meant, shape (B, H, W): 0 or 1, or the share of a cell.
    gamma
        0 or more: how much less pixels count that are nearly right.
    focal
        Weight of the focal loss; that of the Dice loss is 1.

    Returns
    -------
    torch.Tensor
        Shape (B, M), each 0 or more. For one mask and a target of 0 and 1 it is
        ``focal * focal_loss + dice_loss`` of `aibook.pixel_losses`.

    Raises
    ------
    ValueError
        For shapes that do not fit.

    Examples
    --------
    >>> target = torch.tensor([[[0.0, 1.0]]])
    >>> sure = 40 * target[:, None] - 20
    >>> mask_losses(torch.cat([sure, -sure], dim=1), target).round(decimals=1)
    tensor([[  0.0000, 400.7000]])
    """
    if (
        logits.ndim != 4
        or targets.shape != logits.shape[:1] + logits.shape[2:]
    ):
        raise ValueError(
            f"logits has shape {tuple(logits.shape)}, targets {tuple(targets.shape)}; "
            "expected (B, M, H, W) and (B, H, W)"
        )
    p, t = logits.sigmoid(), targets[:, None]
    entropy = F.binary_cross_entropy_with_logits(
        logits, t.expand_as(logits), reduction="none"
    )
    wrong = t + (1 - 2 * t) * p  # 1 - p of what is true
    hard = (wrong**gamma * entropy).mean((2, 3))  # (B, M)
    both = 2 * (p * t).sum((2, 3)) + 1
    dice = 1 - both / (p.sum((2, 3)) + t.sum((2, 3)) + 1)
    return focal * hard + dice


def sam_loss(
    logits: Tensor, qualities: Tensor, targets: Tensor, *, one_click: bool
) -> Tensor:
    """Return the loss of an answer, one number.

    Parameters
    ----------
    logits
        Of the masks, shape (B, M, H, W).
    qualities
        Whose sigmoids are the IoUs that the model expects, shape (B, M).
    targets
        What is meant, shape (B, H, W), 0 to 1.
    one_click
        Whether the prompt leaves doubt: then the least loss of masks 1 and up
        counts too.

    Returns
    -------
    torch.Tensor
        Mean over the prompts of the loss of mask 0, of the best other mask after
        one click, and of the squared errors of the qualities.

    Raises
    ------
    ValueError
        For shapes that do not fit.
    """
    if qualities.shape != logits.shape[:2]:
        raise ValueError(
            f"qualities has shape {tuple(qualities.shape)}; expected "
            f"{tuple(logits.shape[:2])}, one for each mask"
        )
    losses = mask_losses(logits, targets)  # (B, M)
    with torch.no_grad():
        found, truth = logits > 0, targets[:, None] > 0.5
        both = (found & truth).sum((2, 3))
        iou = both / (found | truth).sum((2, 3)).clamp(min=1)
    loss = losses[:, 0] + (qualities.sigmoid() - iou).square().mean(dim=1)
    if one_click:
        loss = loss + losses[:, 1:].amin(dim=1)
    return loss.mean()


def edge_loss(found: Tensor, targets: Tensor) -> Tensor:
    """Return how far the encoder is from knowing where things end, one number.

    Parameters
    ----------
    found
        What pixels say, ``Embedding.edges``, shape (N, 5, G, G).
    targets
        Of `aibook.models.sam_targets.edge_targets`, of the same shape.

    Returns
    -------
    torch.Tensor
        The mean cross-entropy of what lies on a thing, plus the mean smooth L1
        distance of the edges over the pixels that do: quadratic up to half a unit.

    Raises
    ------
    ValueError
        For two shapes.

    Examples
    --------
    >>> targets = torch.tensor([1.0, 1.0, 2.0, 3.0, 4.0]).reshape(1, 5, 1, 1)
    >>> edge_loss(torch.zeros(1, 5, 1, 1), targets).round(decimals=3)  # log(2) + 2.25
    tensor(2.9430)
    """
    if found.shape != targets.shape:
        raise ValueError(
            f"found has shape {tuple(found.shape)}, targets "
            f"{tuple(targets.shape)}; expected one shape"
        )
    on = targets[:, 0]  # (N, G, G)
    entropy = F.binary_cross_entropy_with_logits(found[:, 0], on)
    gaps = F.smooth_l1_loss(
        found[:, 1:], targets[:, 1:], reduction="none", beta=0.5
    ).mean(1)
    return entropy + (gaps * on).sum() / on.sum().clamp(min=1)
