"""Losses for maps of classes when some classes have few pixels, in PyTorch.

The plain loss is PyTorch's cross-entropy, the mean over the pixels; a class with few
of them weighs little in it. Three remedies: weigh the classes (`balancing_weights`,
for PyTorch's loss), weigh down the pixels that are right already (`focal_loss`), or
take a measure of overlap itself as the loss (`dice_loss`).

Letters: N images, K classes, H rows, W columns. Logits have shape (N, K, H, W) with
true classes (N, H, W); or, for one class against the rest, (N, H, W) with truths of
0 and 1 in the same shape.

Not here: the losses of single numbers and classes in NumPy (`aibook.losses`).

Sources: F. Milletari, N. Navab and S.-A. Ahmadi, "V-Net: Fully convolutional neural
networks for volumetric medical image segmentation", 3DV 2016 (Dice); T.-Y. Lin et
al., "Focal loss for dense object detection", ICCV 2017.

Book page: scenes/segmentation.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

__all__ = ["balancing_weights", "dice_loss", "focal_loss"]


def balancing_weights(y: Tensor, *, num_classes: int) -> Tensor:
    """Return weights with which every class counts as much as any other.

    Class k with n_k of the n pixels gets n / (K n_k); a class without pixels gets 0.
    The weights are for `torch.nn.functional.cross_entropy`.

    Parameters
    ----------
    y
        True classes, integers from 0 to K - 1, any shape.
    num_classes
        How many classes there are, K.

    Returns
    -------
    torch.Tensor
        Shape (K,).

    Raises
    ------
    ValueError
        For no pixel, or a class out of range.

    Examples
    --------
    >>> balancing_weights(torch.tensor([[0, 0], [0, 1]]), num_classes=2)
    tensor([0.6667, 2.0000])
    """
    _check_classes(y, num_classes)
    counts = torch.bincount(y.flatten(), minlength=num_classes)
    shares = y.numel() / (num_classes * counts.clamp(min=1))
    return shares * (counts > 0)


def dice_loss(logits: Tensor, y: Tensor, *, smooth: float = 1.0) -> Tensor:
    """Return one minus the Dice coefficient of probabilities and truth.

    For each class 2 sum(p t) / (sum(p) + sum(t)), the sums over the pixels of the
    whole batch, with ``smooth`` added above and below the line; then the mean over
    the classes. One class against the rest has only that class.

    Parameters
    ----------
    logits, y
        See above; N of 1 or more.
    smooth
        Above 0; keeps the loss defined where a class is in neither.

    Returns
    -------
    torch.Tensor
        One number, 0 to 1.

    Raises
    ------
    ValueError
        If shapes do not fit, a truth is out of range, or ``smooth`` is not above 0.

    References
    ----------
    Milletari, Navab and Ahmadi (2016), section 3, there with squares below the line.

    Examples
    --------
    >>> y = torch.tensor([[[0, 1], [1, 1]]])
    >>> dice_loss(20.0 * (2 * y - 1), y).item() < 1e-6
    True
    """
    if not smooth > 0:
        raise ValueError(f"smooth = {smooth}; it must be above 0")
    binary = logits.shape == y.shape
    scores, classes = _as_classes(logits, y)
    p = scores.softmax(dim=1)  # (N, K, ...)
    t = F.one_hot(classes, p.shape[1]).movedim(-1, 1).to(p.dtype)
    if binary:
        p, t = p[:, 1:], t[:, 1:]
    over = [k for k in range(p.ndim) if k != 1]
    share = (2 * (p * t).sum(over) + smooth) / (
        p.sum(over) + t.sum(over) + smooth
    )
    return 1 - share.mean()


def focal_loss(
    logits: Tensor,
    y: Tensor,
    *,
    gamma: float = 2.0,
    weights: Tensor | None = None,
) -> Tensor:
    """Return the mean cross-entropy, each pixel weighed by how wrong it still is.

    The mean of -(1 - p)^gamma log p, p being the probability of the true class: a
    pixel that is right with p = 0.9 counts a hundredth of what it did, with gamma 2.

    Parameters
    ----------
    logits, y
        See above; N of 1 or more.
    gamma
        0 or more; 0 is the cross-entropy.
    weights
        For each class, shape (K,), or (2,) for one class against the rest; they
        multiply and are not divided out. Missing, all are 1.

    Returns
    -------
    torch.Tensor
        One number, 0 or more.

    Raises
    ------
    ValueError
        If shapes do not fit, a truth is out of range, or ``gamma`` is negative.

    References
    ----------
    Lin et al. (2017), equations 4 and 5.

    Examples
    --------
    >>> logits, y = torch.zeros(1, 2, 2), torch.ones(1, 2, 2)
    >>> round(focal_loss(logits, y).item(), 4)  # log(2) / 4
    0.1733
    """
    if not gamma >= 0:
        raise ValueError(f"gamma = {gamma}; it must be 0 or more")
    scores, classes = _as_classes(logits, y)
    if weights is not None and weights.shape != scores.shape[1:2]:
        raise ValueError(
            f"weights has shape {tuple(weights.shape)}; expected "
            f"({scores.shape[1]},), one for each class"
        )
    log_p = scores.log_softmax(dim=1).gather(1, classes[:, None])[:, 0]
    # 1 - p without rounding to 0, where the power would have no slope
    wrong = -torch.expm1(log_p)
    loss = -(wrong**gamma) * log_p
    if weights is not None:
        loss = weights[classes] * loss
    return loss.mean()


def _as_classes(logits: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """Return logits (N, K, ...) and classes (N, ...), two of them for one logit."""
    if (
        logits.shape == y.shape and y.numel()
    ):  # softmax of (0, z) is sigmoid(z)
        logits = torch.stack([torch.zeros_like(logits), logits], dim=1)
    elif (
        logits.ndim < 3
        or y.shape != logits.shape[:1] + logits.shape[2:]
        or not logits.numel()
    ):
        raise ValueError(
            f"logits {tuple(logits.shape)} and y {tuple(y.shape)} do not fit: give "
            "(N, K, H, W) and (N, H, W), or twice (N, H, W)"
        )
    whole = y.long()
    if not torch.equal(whole.to(y.dtype), y):
        raise ValueError(
            "y holds values that are no classes; give whole numbers"
        )
    _check_classes(whole, logits.shape[1])
    return logits, whole


def _check_classes(y: Tensor, num_classes: int) -> None:
    """Refuse classes out of range."""
    if not y.numel():
        raise ValueError(f"y is empty, shape {tuple(y.shape)}; give a pixel")
    low, high = int(y.min()), int(y.max())
    if low < 0 or high >= num_classes:
        raise ValueError(
            f"y holds classes from {low} to {high}; they run from 0 to "
            f"{num_classes - 1}"
        )
