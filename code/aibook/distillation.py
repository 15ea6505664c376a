"""Distillation: a small network learns from the probabilities of a large one.

What: the loss that mixes the labels with a teacher's softened probabilities. What
not: teachers that are several networks, and learning from a teacher's inner layers.

Source: G. Hinton, O. Vinyals and J. Dean, "Distilling the Knowledge in a Neural
Network", arXiv:1503.02531, 2015.

Book page: labs/on-device
"""

from __future__ import annotations

from torch import Tensor
from torch.nn import functional as F

__all__ = ["distillation_loss"]


def distillation_loss(
    logits: Tensor,
    teacher_logits: Tensor,
    y: Tensor,
    *,
    temperature: float = 3.0,
    weight: float = 0.9,
) -> Tensor:
    """Return the mean loss of a student, shape ().

    ``weight T^2 KL(teacher / T, student / T) + (1 - weight) cross-entropy``, where
    "/ T" means that the logits are divided by the temperature before softmax. The
    factor T^2 keeps the gradient of the first part as large as that of the second
    when T grows.

    Parameters
    ----------
    logits, teacher_logits
        Of student and teacher, shape (N, K).
    y
        Labels (N,), 0 to K - 1.
    temperature
        T, above 0; the higher, the more alike the probabilities become.
    weight
        Of the teacher, 0 (labels only) to 1 (teacher only).

    Raises
    ------
    ValueError
        If the shapes of the logits differ, or a number is out of range.

    Examples
    --------
    >>> import torch
    >>> z, y = torch.tensor([[2.0, 0.0]]), torch.tensor([0])
    >>> float(distillation_loss(z, z, y, weight=1.0))
    0.0
    """
    if logits.shape != teacher_logits.shape or logits.ndim != 2:
        raise ValueError(
            f"logits and teacher_logits have the shapes {tuple(logits.shape)} and "
            f"{tuple(teacher_logits.shape)}; expected (N, K) twice"
        )
    if temperature <= 0 or not 0 <= weight <= 1:
        raise ValueError(
            f"temperature = {temperature}, weight = {weight}; expected above 0, "
            "and 0 to 1"
        )
    divergence = F.kl_div(
        F.log_softmax(logits / temperature, dim=1),
        F.log_softmax(teacher_logits / temperature, dim=1),
        reduction="batchmean",
        log_target=True,
    )
    labels = F.cross_entropy(logits, y)
    return weight * temperature**2 * divergence + (1 - weight) * labels
