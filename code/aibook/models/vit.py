"""The Vision Transformer: an image read as a sequence of patches.

Cut the image into patches, turn each into a token, put a class token in front, add
learned positions, send everything through blocks of attention, and classify what the
class token has become.

Letters: N images, C channels, S height and width of an image, L patches, D the width.

Not here: pre-training, distillation, positions for images of another size.

Sources: A. Dosovitskiy et al., "An Image is Worth 16x16 Words: Transformers for
Image Recognition at Scale", ICLR 2021, section 3.1.

Book page: sequences/vision-transformer.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from aibook.layers.attention import MultiHeadAttention
from aibook.layers.blocks import TransformerBlock
from aibook.layers.patches import PatchEmbedding
from aibook.layers.positions import LearnedPositions
from aibook.models.checks import check_images

__all__ = ["ViT"]


class ViT(nn.Module):
    """Patches, a class token, positions, blocks of attention, one linear layer.

    Parameters
    ----------
    num_outputs
        K, the number of classes.
    patch
        Side of a patch; it divides ``size``.
    width
        D, which ``num_heads`` divides.
    depth
        How many blocks, 1 or more.
    num_heads
        Heads of each attention.
    hidden
        Width inside the feed-forward networks; four times D if missing.
    dropout
        Share of values that training sets to zero, 0 to below 1: of the tokens
        before the blocks, and of each part's outputs in them.
    positions
        Whether positions are added; without them the patches are a bag.
    size
        Height and width of the images.
    num_channels
        C, the channels of the images.

    Raises
    ------
    ValueError
        For a number out of range, a patch that does not divide the size, or heads
        that do not divide the width.

    References
    ----------
    Dosovitskiy et al. (2021), figure 1.

    Examples
    --------
    >>> model = ViT(10, patch=4, width=16, depth=2)
    >>> model(torch.zeros(5, 28, 28)).shape
    torch.Size([5, 10])
    """

    def __init__(
        self,
        num_outputs: int,
        *,
        patch: int = 4,
        width: int = 44,
        depth: int = 4,
        num_heads: int = 4,
        hidden: int | None = None,
        dropout: float = 0.0,
        positions: bool = True,
        size: int = 28,
        num_channels: int = 1,
    ) -> None:
        super().__init__()
        if min(num_outputs, depth, size) < 1:
            raise ValueError(
                f"num_outputs {num_outputs}, depth {depth}, size {size}; each "
                "must be 1 or more"
            )
        if not 0 <= dropout < 1:
            raise ValueError(f"dropout = {dropout}; give 0 to below 1")
        if patch < 1 or size % patch:
            raise ValueError(
                f"patches of side {patch} do not tile {size} x {size} pixels"
            )
        self.shape = (num_channels, size, size)
        self.embed = PatchEmbedding(
            width, size=patch, num_channels=num_channels
        )
        self.class_token = nn.Parameter(torch.zeros(width))
        num_tokens = 1 + (size // patch) ** 2
        self.positions = (
            LearnedPositions(num_tokens, width=width)
            if positions
            else nn.Identity()
        )
        self.dropout = nn.Dropout(dropout)
        self.blocks = nn.ModuleList(
            TransformerBlock(
                width, num_heads=num_heads, hidden=hidden, dropout=dropout
            )
            for _ in range(depth)
        )
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, num_outputs)

    def forward(self, X: Tensor) -> Tensor:
        """Return the logits of images X, shape (N, K).

        X has shape (N, C, size, size); of grey images the axis of the one channel
        may be missing. Another shape or no image raises ValueError.
        """
        patches = self.embed(check_images(X, self.shape))  # (N, L, D)
        first = self.class_token.expand(len(X), 1, -1)
        tokens = torch.cat([first, patches], dim=1)  # (N, 1 + L, D)
        tokens = self.dropout(self.positions(tokens))
        for block in self.blocks:
            tokens = block(tokens)
        return self.head(self.norm(tokens[:, 0]))  # type: ignore[no-any-return]

    @torch.no_grad()
    def attention_weights(self, X: Tensor) -> Tensor:
        """Return who looks at whom in every block and head, for images X.

        The shape is (depth, N, heads, 1 + L, 1 + L); row 0 is the class token's.
        The mode is left as it is: call ``eval()`` first if there is dropout.
        """
        self(X)
        layers = [
            m for m in self.modules() if isinstance(m, MultiHeadAttention)
        ]
        return torch.stack(
            [a.weights for a in layers if a.weights is not None]
        )
