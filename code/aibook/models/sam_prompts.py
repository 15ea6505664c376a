"""The prompt encoder of a miniature SAM: clicks and boxes become vectors.

A click is a place and a kind: on what is meant, or off it. A box is two places of
two further kinds, its corners. The place is written down by sines and cosines of
random frequencies (random Fourier features), the kind by a learned vector; the sum
is a token.

Letters: B prompts, P points of each, D the width, S the side of the image.

Not here: what prompts say of each pixel, masks among it (`aibook.models.sam_hints`);
prompts of words, which SAM tries out with CLIP's embeddings.

Sources: A. Kirillov et al., "Segment anything", ICCV 2023, appendix A; M. Tancik et
al., "Fourier features let networks learn high frequency functions in low dimensional
domains", NeurIPS 2020.

Book page: scenes/promptable.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
from torch import Tensor, nn

from aibook.models.sam_encoder import CELL

__all__ = [
    "KINDS",
    "FourierPositions",
    "PromptEncoder",
    "Prompts",
    "box_prompts",
]

KINDS = ("off", "on", "top left", "bottom right")
"""What a point may be: a click off or on what is meant, or a corner of its box."""


class Prompts(NamedTuple):
    """B prompts, each about one thing.

    Parameters
    ----------
    points
        Shape (B, P, 2): x to the right and y downwards, in pixels from the image's
        corner. The pixel in column j and row i has its centre at (j + 0.5, i + 0.5).
    kinds
        Shape (B, P): places in `KINDS`.
    masks
        Shape (B, S / 2, S / 2), logits of the masks found before, or None.
    """

    points: Tensor
    kinds: Tensor
    masks: Tensor | None = None


def box_prompts(boxes: Tensor) -> Prompts:
    """Return boxes (B, 4), xyxy, as prompts of two corners each.

    Examples
    --------
    >>> box_prompts(torch.tensor([[8, 10, 30, 40]])).points.tolist()
    [[[8.0, 10.0], [30.0, 40.0]]]
    """
    if boxes.ndim != 2 or boxes.shape[1] != 4:
        raise ValueError(
            f"boxes has shape {tuple(boxes.shape)}; expected (B, 4), xyxy"
        )
    kinds = torch.tensor([2, 3], device=boxes.device)
    return Prompts(
        boxes.reshape(-1, 2, 2).to(torch.get_default_dtype()),
        kinds.expand(len(boxes), 2),
    )


class FourierPositions(nn.Module):
    """Places in an image, written as sines and cosines of random frequencies.

    Near places get similar vectors, far ones unlike vectors, in every direction
    alike: the cosine of two is on average ``exp(-2 (pi scale d)^2)``, with the
    distance d in halves of the image's side. The frequencies are drawn once and not
    learned.

    Parameters
    ----------
    width
        D, even.
    size
        S, the side of the image in pixels.
    scale
        Standard deviation of the frequencies, above 0.
    strength
        What the waves are multiplied by, so that places weigh as much as contents.

    Raises
    ------
    ValueError
        For a number out of range.

    References
    ----------
    Tancik et al. (2020), section 3.

    Examples
    --------
    >>> place = FourierPositions(8, size=64)
    >>> place(torch.tensor([[3.5, 8.5], [60.0, 2.0]])).shape
    torch.Size([2, 8])
    """

    frequencies: Tensor

    def __init__(
        self,
        width: int,
        *,
        size: int,
        scale: float = 1.0,
        strength: float = 2.0,
    ) -> None:
        super().__init__()
        if width < 2 or width % 2 or size < 1 or not min(scale, strength) > 0:
            raise ValueError(
                f"width {width}, size {size}, scale {scale}, strength {strength}; "
                "expected an even width, 1 or more, and twice above 0"
            )
        self.size = size
        self.strength = strength
        self.register_buffer("frequencies", scale * torch.randn(2, width // 2))

    def forward(self, points: Tensor) -> Tensor:
        """Return the vectors (..., D) of points (..., 2), x and y in pixels."""
        if points.shape[-1:] != (2,):
            raise ValueError(
                f"points has shape {tuple(points.shape)}; expected (..., 2)"
            )
        unit = 2 * points / self.size - 1  # -1 to 1
        angles = 2 * math.pi * unit @ self.frequencies  # (..., D / 2)
        waves = torch.cat([angles.sin(), angles.cos()], dim=-1)
        return self.strength * waves


class PromptEncoder(nn.Module):
    """Points -> tokens; places of the image's cells -> vectors.

    Parameters
    ----------
    width
        D, even.
    size
        S, a multiple of 8.

    Raises
    ------
    ValueError
        For a number out of range.

    References
    ----------
    Kirillov et al. (2023), appendix A.

    Examples
    --------
    >>> encoder = PromptEncoder(16, size=64)
    >>> encoder(box_prompts(torch.tensor([[8, 10, 30, 40]]))).shape
    torch.Size([1, 2, 16])
    """

    def __init__(self, width: int, *, size: int) -> None:
        super().__init__()
        self.places = FourierPositions(width, size=size)
        self.kinds = nn.Parameter(0.02 * torch.randn(len(KINDS), width))

    def forward(self, prompts: Prompts) -> Tensor:
        """Return a token for each point, shape (B, P, D).

        Points, kinds or masks of shapes that do not fit, or a kind out of range,
        raise ValueError.
        """
        check_prompts(prompts, self.places.size)
        return self.places(prompts.points) + self.kinds[prompts.kinds]  # type: ignore[no-any-return]

    def cells(self) -> Tensor:
        """Return the vectors of the places of the image's cells, (L, D)."""
        side = self.places.size // CELL
        centres = (torch.arange(side, device=self.kinds.device) + 0.5) * CELL
        y, x = torch.meshgrid(centres, centres, indexing="ij")
        return self.places(torch.stack([x, y], dim=-1).flatten(0, 1))  # type: ignore[no-any-return]


def check_prompts(prompts: Prompts, size: int) -> None:
    """Refuse prompts whose parts do not fit together."""
    points, kinds, masks = prompts
    if points.ndim != 3 or points.shape[2] != 2 or not points.numel():
        raise ValueError(
            f"points has shape {tuple(points.shape)}; expected (B, P, 2), B and P "
            "of 1 or more"
        )
    if kinds.shape != points.shape[:2] or kinds.is_floating_point():
        raise ValueError(
            f"kinds has shape {tuple(kinds.shape)} and {kinds.dtype}; expected "
            f"integers of shape {tuple(points.shape[:2])}"
        )
    if int(kinds.min()) < 0 or int(kinds.max()) >= len(KINDS):
        raise ValueError(
            f"kinds run from {int(kinds.min())} to {int(kinds.max())}; expected 0 "
            f"to {len(KINDS) - 1}, places in KINDS"
        )
    expected = (len(points), size // 2, size // 2)
    if masks is not None and masks.shape != expected:
        raise ValueError(
            f"masks has shape {tuple(masks.shape)}; expected {expected}, logits with "
            "half of the image's side"
        )
