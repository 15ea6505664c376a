"""Training in six steps for models that answer at every pixel.

As `aibook.training`, but truths are maps. Images and their maps are mirrored together,
and the learning rate rises and falls once.

Letters: N images, C channels, K classes, H rows, W columns.

Not here: models, losses (`aibook.pixel_losses`), measures (`aibook.pixel_metrics`).

Sources: L. N. Smith and N. Topin, "Super-convergence: Very fast training of neural
networks using large learning rates", 2019 (the learning rate).

Book page: scenes/segmentation.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from aibook.training import make_loader

__all__ = ["predict_pixels", "train_pixels"]

Loss = Callable[[Tensor, Tensor], Tensor]


def train_pixels(
    model: nn.Module,
    X: Tensor,
    y: Tensor,
    *,
    num_epochs: int,
    loss_fn: Loss = F.cross_entropy,
    batch_size: int = 16,
    lr: float = 1e-2,
    flip: bool = True,
    seed: int = 0,
    log: bool = False,
) -> list[float]:
    """Train with Adam, on images that are mirrored half of the time.

    Parameters
    ----------
    model
        From images to logits, (N, K, H, W), or (N, H, W) for one class.
    X
        Images, shape (N, C, H, W).
    y
        Their maps, shape (N, H, W): classes, or numbers for one class.
    num_epochs
        Passes over the images, 1 or more.
    loss_fn
        From logits and maps to the batch's mean loss.
    batch_size
        Images a batch.
    lr
        The greatest learning rate, reached after a fifth of the steps.
    flip
        Whether images are mirrored, left for right, with their maps.
    seed
        Fixes the order and the mirroring.
    log
        Whether a line is printed after each epoch.

    Returns
    -------
    list of float
        The mean loss of each epoch, measured before each update. The model is left
        in the mode for evaluation.

    Raises
    ------
    ValueError
        For fewer than one epoch, or data that `aibook.training.make_loader` refuses.
    FloatingPointError
        If a loss is not finite.

    Examples
    --------
    >>> _ = torch.manual_seed(0)
    >>> X = torch.rand(32, 1, 4, 4)
    >>> model = nn.Conv2d(1, 2, 1)
    >>> losses = train_pixels(model, X, (X[:, 0] > 0.5).long(), num_epochs=20)
    >>> losses[-1] < losses[0]
    True
    """
    if num_epochs < 1:
        raise ValueError(f"num_epochs = {num_epochs}; it must be 1 or more")
    loader = make_loader(X, y, batch_size=batch_size, shuffle=True, seed=seed)
    generator = torch.Generator().manual_seed(seed)
    optimizer = torch.optim.Adam(model.parameters(), fused=True)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer,
        lr,
        total_steps=num_epochs * len(loader),
        pct_start=0.2,
        div_factor=10,
    )
    losses = []
    model.train()
    for epoch in range(1, num_epochs + 1):
        total = 0.0
        for images, maps in loader:  # 1. data as tensors
            if flip:
                images, maps = _flip_pairs(images, maps, generator)
            optimizer.zero_grad()  # 2. clear the old gradients
            logits = model(images)  # 3. forward pass
            loss = loss_fn(logits, maps)  # 4. loss
            loss.backward()  # 5. backward pass
            optimizer.step()  # 6. update the weights
            schedule.step()
            total += loss.item() * len(images)
            if not loss.isfinite():
                raise FloatingPointError(
                    f"epoch {epoch}: the loss is {loss.item()}; try a smaller lr"
                )
        losses.append(total / len(X))
        if log:
            print(f"epoch {epoch:3d}  loss {losses[-1]:.4f}")
    model.eval()
    return losses


@torch.no_grad()
def predict_pixels(
    model: nn.Module, X: Tensor, *, batch_size: int = 100
) -> Tensor:
    """Return the logits of images, computed in batches.

    Parameters
    ----------
    model
        From images to logits; used in the mode for evaluation, and left as it was.
    X
        Images, shape (N, C, H, W), N of 1 or more.
    batch_size
        Images at once.

    Returns
    -------
    torch.Tensor
        Shape (N, K, H, W), or what the model gives.

    Examples
    --------
    >>> predict_pixels(nn.Identity(), torch.ones(5, 1, 2, 2)).shape
    torch.Size([5, 1, 2, 2])
    """
    was_training = model.training
    model.eval()
    logits = torch.cat([model(images) for images in X.split(batch_size)])
    model.train(was_training)
    return logits


def _flip_pairs(
    X: Tensor, y: Tensor, generator: torch.Generator
) -> tuple[Tensor, Tensor]:
    """Mirror about half of the images, and the same of the maps."""
    chosen = torch.rand(len(X), generator=generator) < 0.5
    return (
        torch.where(chosen[:, None, None, None], X.flip(-1), X),
        torch.where(chosen[:, None, None], y.flip(-1), y),
    )
