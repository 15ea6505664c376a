"""Asking a trained miniature SAM: clicks in, masks of the image's size out.

Letters: N images, S their side, B prompts, M masks.

Not here: the model (`aibook.models.sam`), simulated clicks (`aibook.vision.clicks`).

Source: A. Kirillov et al., "Segment anything", ICCV 2023.

Book page: scenes/promptable.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from aibook.models.sam import SAM, choose, enlarge
from aibook.models.sam_encoder import Embedding
from aibook.models.sam_prompts import Prompts
from aibook.vision.clicks import Click

__all__ = ["Answers", "add_clicks", "answer_prompts", "click_prompts"]


class Answers(NamedTuple):
    """What the model says to B prompts.

    Parameters
    ----------
    masks
        Booleans of shape (B, M, S, S).
    qualities
        The IoU that the model expects of each mask, shape (B, M), 0 to 1.
    chosen
        Which mask is taken, shape (B,).
    logits
        Of the chosen masks, shape (B, S / 2, S / 2), to be given back.
    """

    masks: NDArray[np.bool_]
    qualities: NDArray[np.float32]
    chosen: NDArray[np.int64]
    logits: Tensor

    @property
    def best(self) -> NDArray[np.bool_]:
        """The chosen masks, shape (B, S, S)."""
        return self.masks[np.arange(len(self.chosen)), self.chosen]


def click_prompts(clicks: Sequence[Click]) -> Prompts:
    """Return one click for each of B prompts.

    Raises
    ------
    ValueError
        For no click.

    Examples
    --------
    >>> click_prompts([Click(3.5, 8.5), Click(1.5, 2.5, on=False)]).kinds.tolist()
    [[1], [0]]
    """
    if not clicks:
        raise ValueError("there is no click; give one for each prompt")
    points = torch.tensor([[(c.x, c.y)] for c in clicks])
    kinds = torch.tensor([[int(c.on)] for c in clicks])
    return Prompts(points.to(torch.get_default_dtype()), kinds)


def add_clicks(
    prompts: Prompts, clicks: Sequence[Click], logits: Tensor | None = None
) -> Prompts:
    """Return prompts with one click more each, and the masks found before.

    Parameters
    ----------
    prompts
        B of them.
    clicks
        B more.
    logits
        Of the masks before, shape (B, S / 2, S / 2), cut to -10 to 10 as in
        training; None leaves them out.

    Raises
    ------
    ValueError
        For another number of clicks.

    Examples
    --------
    >>> before = click_prompts([Click(3.5, 8.5)])
    >>> add_clicks(before, [Click(1.5, 2.5, on=False)]).kinds.tolist()
    [[1, 0]]
    """
    if len(clicks) != len(prompts.points):
        raise ValueError(
            f"there are {len(clicks)} clicks for {len(prompts.points)} prompts"
        )
    new = click_prompts(clicks)
    return Prompts(
        torch.cat([prompts.points, new.points], dim=1),
        torch.cat([prompts.kinds, new.kinds], dim=1),
        None if logits is None else logits.clamp(-10, 10),
    )


@torch.no_grad()
def answer_prompts(
    model: SAM,
    embedding: Embedding,
    prompts: Prompts,
    images: Sequence[int] | NDArray[np.int64] | Tensor,
    *,
    batch_size: int = 128,
) -> Answers:
    """Return masks for prompts, a batch after another.

    A prompt of a single point without a mask may mean several things: then the best
    of masks 1 to 3 is taken, otherwise mask 0.

    Parameters
    ----------
    model
        In evaluation mode.
    embedding
        Of N images, from ``model.encode``.
    prompts
        B of them.
    images
        Which image each prompt is about, from 0 to N - 1.
    batch_size
        How many prompts at once, 1 or more.

    Raises
    ------
    ValueError
        As for `SAM.decode`, and for a batch size below 1.

    Examples
    --------
    >>> model = SAM(width=16, depth=1).eval()
    >>> with torch.no_grad():
    ...     embedding = model.encode(torch.zeros(2, 1, 64, 64))
    >>> prompts = click_prompts([Click(9.5, 8.5)])
    >>> found = answer_prompts(model, embedding, prompts, [1])
    >>> found.masks.shape, found.best.shape
    ((1, 4, 64, 64), (1, 64, 64))
    """
    if batch_size < 1:
        raise ValueError(f"batch_size = {batch_size}; it must be 1 or more")
    rows = torch.as_tensor(images)
    one_click = prompts.points.shape[1] == 1 and prompts.masks is None
    masks, qualities, chosen, kept = [], [], [], []
    for start in range(0, max(len(prompts.points), len(rows)), batch_size):
        part = slice(start, start + batch_size)
        before = None if prompts.masks is None else prompts.masks[part]
        some = Prompts(prompts.points[part], prompts.kinds[part], before)
        logits, scores = model.decode(embedding, some, rows[part])
        best = choose(scores, one_click=one_click)
        masks.append(enlarge(logits) > 0)
        qualities.append(scores.sigmoid())
        chosen.append(best)
        kept.append(logits[torch.arange(len(best)), best])
    return Answers(
        torch.cat(masks).cpu().numpy(),
        torch.cat(qualities).cpu().numpy(),
        torch.cat(chosen).cpu().numpy(),
        torch.cat(kept),
    )
