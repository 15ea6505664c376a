"""A miniature of SAM: cut out whatever a click, a box or a rough mask points at.

The image goes through the encoder once. Each prompt then costs only the small
decoder, which gives one mask for prompts that leave no doubt, three for those that
do, and says of each how good it thinks it is. No mask has a class.

Letters: N images, S their side, B prompts, D the width.

Not here: training (`aibook.models.sam_training`), SAM's 632 million parameters,
prompts of words, the memory of SAM 2.

Source: A. Kirillov et al., "Segment anything", ICCV 2023.

Book page: scenes/promptable.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from aibook.models.sam_decoder import MaskDecoder
from aibook.models.sam_encoder import Embedding, ImageEncoder
from aibook.models.sam_hints import HintEncoder, draw_hints
from aibook.models.sam_prompts import PromptEncoder, Prompts

__all__ = ["NUM_MASKS", "SAM", "choose", "enlarge"]

NUM_MASKS = 4
"""Mask 0 for prompts without doubt, masks 1 to 3 for those with several answers."""


class SAM(nn.Module):
    """Image encoder, prompt encoder and mask decoder.

    Parameters
    ----------
    width
        D, a multiple of 4.
    depth
        Blocks of the image encoder.
    decoder_depth
        Two-way blocks of the decoder.
    channels
        Of the encoder's fine and middle map.
    size
        S, the side of the images, a multiple of 8.

    Raises
    ------
    ValueError
        For a number out of range.

    References
    ----------
    Kirillov et al. (2023), figure 4.

    Examples
    --------
    >>> model = SAM(width=16, depth=1)
    >>> embedding = model.encode(torch.zeros(2, 1, 64, 64))
    >>> clicks = Prompts(torch.full((3, 1, 2), 20.5), torch.ones(3, 1).long())
    >>> logits, qualities = model.decode(embedding, clicks, torch.tensor([0, 0, 1]))
    >>> logits.shape, qualities.shape
    (torch.Size([3, 4, 32, 32]), torch.Size([3, 4]))
    """

    def __init__(
        self,
        *,
        width: int = 64,
        depth: int = 2,
        decoder_depth: int = 1,
        channels: tuple[int, int] = (24, 48),
        size: int = 64,
    ) -> None:
        super().__init__()
        self.encoder = ImageEncoder(
            width=width, depth=depth, channels=channels, size=size
        )
        self.prompts = PromptEncoder(width, size=size)
        self.decoder = MaskDecoder(
            width, num_masks=NUM_MASKS, depth=decoder_depth, channels=channels
        )
        self.hints = HintEncoder(width, channels=channels[0])

    def encode(self, X: Tensor) -> Embedding:
        """Return the embedding of images X, shape (N, 1, S, S): once per image."""
        return self.encoder(X)  # type: ignore[no-any-return]

    def decode(
        self, embedding: Embedding, prompts: Prompts, images: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Return masks and qualities, both as logits, for each prompt.

        Parameters
        ----------
        embedding
            Of N images.
        prompts
            B of them.
        images
            Which image each prompt is about, integers from 0 to N - 1, shape (B,).

        Returns
        -------
        logits : torch.Tensor
            Masks of half the image's side, shape (B, 4, S / 2, S / 2).
        qualities : torch.Tensor
            Whose sigmoids are the expected IoUs of the masks, shape (B, 4).

        Raises
        ------
        ValueError
            For prompts that do not fit together or to ``images``, or an image
            that is not there.
        """
        num = len(embedding.tokens)
        if images.shape != prompts.points.shape[:1]:
            raise ValueError(
                f"images has shape {tuple(images.shape)}; expected "
                f"({len(prompts.points)},), one for each prompt"
            )
        if int(images.min()) < 0 or int(images.max()) >= num:
            raise ValueError(
                f"images run from {int(images.min())} to {int(images.max())}; there "
                f"are {num}, counted from 0"
            )
        tokens = self.prompts(prompts)  # (B, P, D)
        hints = draw_hints(embedding.edges[images], prompts)
        coarse, fine = self.hints(hints)
        return self.decoder(  # type: ignore[no-any-return]
            tokens,
            embedding.tokens[images] + coarse,
            self.prompts.cells(),
            embedding.middle[images],
            embedding.fine[images] + fine,
        )


def enlarge(logits: Tensor) -> Tensor:
    """Return masks (B, M, H, W) with twice the side, interpolated between cells.

    Examples
    --------
    >>> enlarge(torch.zeros(1, 4, 32, 32)).shape
    torch.Size([1, 4, 64, 64])
    """
    return F.interpolate(
        logits, scale_factor=2, mode="bilinear", align_corners=False
    )


def choose(qualities: Tensor, *, one_click: bool) -> Tensor:
    """Return which mask to take for each prompt, (B,), from qualities (B, 4).

    After one click the best of masks 1 to 3 by its expected quality; a prompt that
    says more than one click leaves no doubt, and mask 0 answers it.

    Examples
    --------
    >>> choose(torch.tensor([[0.9, 0.1, 0.3, 0.2]]), one_click=True)
    tensor([2])
    """
    if one_click:
        return 1 + qualities[:, 1:].argmax(dim=1)
    return qualities.new_zeros(len(qualities), dtype=torch.long)
