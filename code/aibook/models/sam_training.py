"""Training a miniature SAM: it is clicked at, and corrected where it went wrong.

For each prompt a target is drawn: a thing, or the heap of things that it lies in.
The first prompt is a random click on it, or its box; after each answer the next
click goes to a random wrong pixel, and the mask found so far goes back in. After one
click, only the best of masks 1 to 3 is trained (the least loss), so that they may
specialise; mask 0 is always trained. The encoder has a task of its own, to know
where things end, in place of SAM's pre-training.

Letters: N images, S their side, B prompts.

Not here: other targets than those of the scenes, training on several devices.

Source: A. Kirillov et al., "Segment anything", ICCV 2023, appendix A.

Book page: scenes/promptable.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from aibook.data.scenes import Scenes
from aibook.models.sam import SAM, choose
from aibook.models.sam_encoder import FINE, Embedding
from aibook.models.sam_losses import edge_loss, sam_loss
from aibook.models.sam_prompts import Prompts, box_prompts
from aibook.models.sam_targets import (
    Targets,
    draw_clicks,
    draw_targets,
    edge_targets,
    mask_boxes,
)
from aibook.vision.clicks import find_heaps

__all__ = ["train_edges", "train_sam"]


def train_edges(
    model: SAM,
    scenes: Scenes,
    *,
    num_steps: int,
    lr: float = 4e-3,
    batch_size: int = 16,
    seed: int = 0,
    log_every: int = 0,
) -> list[float]:
    """Train the encoder to know where things end, and return the losses.

    No prompt is drawn and no decoder runs, so that a step costs little.

    Parameters
    ----------
    model
        Only its encoder learns; it is left in evaluation mode.
    scenes
        To draw from; half of them are mirrored.
    num_steps
        Updates, 1 or more.
    lr
        The greatest learning rate; it rises at first, then falls (one cycle).
    batch_size
        Images in a step.
    seed
        Of all choices.
    log_every
        Print the mean loss every so many steps; 0 prints nothing.

    Raises
    ------
    ValueError
        For a number out of range.
    FloatingPointError
        When a loss is not finite.
    """
    _check_numbers(num_steps=num_steps, batch_size=batch_size, lr=lr)
    generator = torch.Generator().manual_seed(seed)
    X, things = torch.tensor(scenes.X), torch.tensor(scenes.masks)

    def draw() -> Tensor:
        pictures, numbers = _batch((X, things), batch_size, generator)
        found = model.encode(pictures).edges
        return edge_loss(found, edge_targets(numbers, cell=FINE))

    losses = _descend(model.encoder, draw, num_steps, lr, log_every)
    model.eval()
    return losses


def train_sam(
    model: SAM,
    scenes: Scenes,
    *,
    num_steps: int,
    lr: float = 2e-3,
    batch_size: int = 16,
    prompts: int = 4,
    rounds: int = 2,
    heap_share: float = 0.25,
    box_share: float = 0.2,
    edges: float = 0.5,
    seed: int = 0,
    log_every: int = 0,
) -> list[float]:
    """Train on simulated clicks and boxes, and return the loss of each step.

    Parameters
    ----------
    model
        Is left in evaluation mode.
    scenes
        To draw from; half of them are mirrored.
    num_steps
        Updates, 1 or more.
    lr
        The greatest learning rate; it rises at first, then falls (one cycle).
    batch_size
        Images in a step.
    prompts
        Prompts for each image; the image is encoded once.
    rounds
        Answers to each prompt, each but the first after a correcting click.
    heap_share, box_share
        How often a heap is meant; in how many steps the first prompt is a box.
    edges
        Weight of the encoder's own task, 0 or more.
    seed
        Of all choices.
    log_every
        Print the mean loss every so many steps; 0 prints nothing.

    Raises
    ------
    ValueError
        For a number out of range.
    FloatingPointError
        When a loss is not finite.
    """
    _check_numbers(
        num_steps=num_steps,
        batch_size=batch_size,
        prompts=prompts,
        rounds=rounds,
        lr=lr,
    )
    if not (0 <= heap_share <= 1 and 0 <= box_share <= 1):
        raise ValueError(
            f"heap_share {heap_share}, box_share {box_share}; expected 0 to 1"
        )
    if not edges >= 0:
        raise ValueError(f"edges = {edges}; expected 0 or more")
    generator = torch.Generator().manual_seed(seed)
    heaps = torch.tensor(np.stack([find_heaps(m) for m in scenes.masks]))
    parts = torch.tensor(scenes.X), torch.tensor(scenes.masks), heaps

    def draw() -> Tensor:
        pictures, *numbers = _batch(parts, batch_size, generator)
        target = draw_targets(
            *numbers,
            prompts=prompts,
            heap_share=heap_share,
            generator=generator,
        )
        boxed = bool(torch.rand((), generator=generator) < box_share)
        embedding = model.encode(pictures)  # once
        loss = _rounds(model, embedding, target, rounds, boxed, generator)
        ends = edge_targets(numbers[0], cell=FINE)
        return loss + edges * edge_loss(embedding.edges, ends)

    return _descend(model, draw, num_steps, lr, log_every)


def _check_numbers(**numbers: float) -> None:
    """Refuse a learning rate that is not above 0, and other numbers below 1."""
    least = {"lr": 0.0}
    for name, value in numbers.items():
        if not (value > 0 if name in least else value >= 1):
            raise ValueError(
                f"{name} = {value}; expected "
                f"{'a number above 0' if name in least else '1 or more'}"
            )


def _batch(
    parts: tuple[Tensor, ...], size: int, generator: torch.Generator
) -> tuple[Tensor, ...]:
    """Return random rows of each part, in half of the cases mirrored."""
    rows = torch.randint(len(parts[0]), (size,), generator=generator)
    drawn = tuple(part[rows] for part in parts)
    if torch.rand((), generator=generator) < 0.5:
        drawn = tuple(part.flip(-1) for part in drawn)
    return drawn


def _descend(
    model: nn.Module,
    draw: Callable[[], Tensor],
    num_steps: int,
    lr: float,
    log_every: int,
) -> list[float]:
    """Minimise the loss that ``draw`` returns, by AdamW in one cycle."""
    optimizer = torch.optim.AdamW(model.parameters(), lr=lr, fused=True)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, lr, total_steps=num_steps, pct_start=0.15
    )
    model.train()
    losses: list[float] = []
    for step in range(1, num_steps + 1):
        loss = draw()
        if not loss.isfinite():
            raise FloatingPointError(
                f"step {step}: the loss is {loss.item()}; try a smaller lr"
            )
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        losses.append(loss.item())
        if log_every and step % log_every == 0:
            print(f"step {step:4d}  loss {np.mean(losses[-log_every:]):.3f}")
    model.eval()
    return losses


def _rounds(
    model: SAM,
    embedding: Embedding,
    target: Targets,
    rounds: int,
    boxed: bool,
    generator: torch.Generator,
) -> Tensor:
    """Return the mean loss of an answer over the rounds of clicking."""
    shares = F.avg_pool2d(target.masks[:, None].float(), 2)[:, 0]
    prompts = _first(target, boxed, generator)
    loss = torch.zeros(())
    for k in range(rounds):
        one_click = k == 0 and not boxed
        logits, qualities = model.decode(embedding, prompts, target.images)
        loss = loss + sam_loss(logits, qualities, shares, one_click=one_click)
        if k + 1 < rounds:
            with torch.no_grad():
                best = choose(qualities, one_click=one_click)
                before = logits[torch.arange(len(best)), best]
                prompts = _corrected(prompts, before, target.masks, generator)
    return loss / rounds


def _first(
    target: Targets, boxed: bool, generator: torch.Generator
) -> Prompts:
    """Return the first prompts: clicks, or boxes that are off by a pixel or so."""
    if not boxed:
        kinds = torch.ones(len(target.clicks), 1, dtype=torch.long)
        return Prompts(target.clicks[:, None], kinds)
    boxes = mask_boxes(target.masks)  # (B, 4)
    return box_prompts(boxes + torch.randn(boxes.shape, generator=generator))


def _corrected(
    prompts: Prompts, before: Tensor, masks: Tensor, generator: torch.Generator
) -> Prompts:
    """Return the prompts with a click on a wrong pixel and the mask before."""
    large = F.interpolate(before[:, None], masks.shape[1:], mode="bilinear")
    wrong = (large[:, 0] > 0) != masks
    none = ~wrong.flatten(1).any(1)
    wrong[none] = masks[none]
    clicks = draw_clicks(wrong, generator=generator)  # (B, 2)
    x, y = clicks.long().T
    on = masks[torch.arange(len(masks)), y, x].long()
    return Prompts(
        torch.cat([prompts.points, clicks[:, None]], dim=1),
        torch.cat([prompts.kinds, on[:, None]], dim=1),
        before.clamp(-10, 10),
    )
