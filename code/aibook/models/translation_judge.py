"""What judges translations of garments: a classifier of stripes, and a search.

A small classifier says whether an image shows stripes. Whether the content is kept is
asked of a search: among all originals, is the translation's own the most alike?

Letters: N images, H rows and W columns.

Not here: what the translators are trained with (`aibook.models.cyclegan_training`);
neither judge takes part in it.

Source: the classifier is `aibook.models.cnn.CNN`; the search is this book's.

Book page: generative/cyclegan.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from aibook.data.stripes import PERIOD, load_unpaired
from aibook.models.cnn import CNN
from aibook.training import fit, make_loader

__all__ = ["kept_content", "stripe_share", "train_stripe_judge"]


def train_stripe_judge(
    *, num: int = 400, num_epochs: int = 5, seed: int = 0
) -> CNN:
    """Train a classifier of plain (0) and striped (1) garments.

    On garments that are neither in the training of the translators nor in the test.
    PyTorch's own random numbers are the same after the call as before.

    Parameters
    ----------
    num
        Garments of each kind, 1 or more.
    num_epochs
        Passes over them, 1 or more.
    seed
        Of the weights and the order.

    Returns
    -------
    CNN
        In evaluation mode; its logit is above 0 for stripes.

    Examples
    --------
    >>> train_stripe_judge(num=10, num_epochs=1).training
    False
    """
    plain, striped = map(torch.tensor, load_unpaired("judge", num=num))
    X = torch.cat([plain, striped])
    y = torch.cat([torch.zeros(num, 1), torch.ones(num, 1)])
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        judge = CNN(1, widths=(8, 16), hidden=16)
        fit(
            judge,
            make_loader(X, y, batch_size=32, shuffle=True, seed=seed),
            loss_fn=nn.BCEWithLogitsLoss(),
            optimizer=torch.optim.Adam(judge.parameters(), 3e-3),
            num_epochs=num_epochs,
        )
    return judge.eval()


@torch.no_grad()
def stripe_share(judge: nn.Module, images: Tensor) -> float:
    """Return the share of images that a classifier takes for striped, 0 to 1.

    Parameters
    ----------
    judge
        From images to logits, as `train_stripe_judge` returns it.
    images
        Shape (N, 1, 28, 28), 0 to 1.

    Examples
    --------
    >>> stripe_share(lambda X: X.mean(dim=(1, 2, 3)) - 0.5, torch.ones(4, 1, 28, 28))
    1.0
    """
    hits: Tensor = judge(images) > 0
    return float(hits.float().mean())


def kept_content(made: Tensor, originals: Tensor) -> float:
    """Return for what share of translations their own original is the most alike.

    Both are averaged over cells of 4x4 pixels, in which stripes of four rows vanish;
    alike is what has the highest correlation over the cells, so that a change of
    brightness or contrast as a whole does not count.

    Parameters
    ----------
    made
        Translations, shape (N, 1, H, W).
    originals
        What they were made from, in the same order and shape.

    Returns
    -------
    float
        0 to 1; 1 / N by mere chance.

    Raises
    ------
    ValueError
        For shapes that differ, no image, or a side that is no multiple of 4.

    Examples
    --------
    >>> X = torch.rand(5, 1, 8, 8, generator=torch.Generator().manual_seed(0))
    >>> kept_content(0.5 * X + 0.1, X), kept_content(X.flip(0), X)
    (1.0, 0.2)
    """
    shape = tuple(made.shape)
    if made.shape != originals.shape or made.ndim != 4 or not len(made):
        raise ValueError(
            f"made has shape {shape}, originals {tuple(originals.shape)}; expected "
            "the same (N, 1, H, W)"
        )
    if any(side % PERIOD for side in shape[2:]):
        raise ValueError(
            f"images have shape {shape}; sides must be multiples of 4"
        )
    likeness = _cells(made) @ _cells(originals).T  # (N, N)
    hits = likeness.argmax(dim=1) == torch.arange(len(made))
    return float(hits.sum()) / len(made)


def _cells(images: Tensor) -> Tensor:
    """Return the means of the cells, standardised, one row an image."""
    rows = F.avg_pool2d(images, PERIOD).flatten(1)
    return F.normalize(rows - rows.mean(dim=1, keepdim=True), dim=1)
