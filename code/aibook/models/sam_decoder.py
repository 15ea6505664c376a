"""The mask decoder of a miniature SAM: tokens ask the image, the image asks them.

Four mask tokens and one quality token are joined by the tokens of the prompt. In
each two-way block the tokens talk to each other, then look at the image; then the
image looks at the tokens, and so learns what was clicked. In the end the image is
enlarged, and each mask token turns into a vector whose product with every pixel's
vector is that pixel's logit.

Letters: B prompts, T tokens, L cells of the image, D the width, M masks, G the side
of the grid of cells (L = G G), C the channels of the enlarged map.

Not here: the smaller width of SAM's cross-attentions; SAM adds places and prompts
to queries and keys only, at every attention.

Source: A. Kirillov et al., "Segment anything", ICCV 2023, appendix A and figure 14.

Book page: scenes/promptable.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from aibook.layers.attention import MultiHeadAttention
from aibook.layers.blocks import TransformerBlock

__all__ = ["MaskDecoder", "TwoWayBlock", "own_estimate", "start_alike"]


class TwoWayBlock(nn.Module):
    """Tokens learn from the image, then the image from the tokens.

    The projections of queries and keys start as one and the same rotation, so that
    like looks at like, above all places at places, before anything is learned.

    Parameters
    ----------
    width
        D, which ``num_heads`` divides.
    num_heads
        Heads of each attention.
    hidden
        Width inside the feed-forward network.

    Raises
    ------
    ValueError
        For a number out of range.

    References
    ----------
    Kirillov et al. (2023), appendix A.

    Examples
    --------
    >>> block = TwoWayBlock(8, num_heads=2, hidden=16)
    >>> places = torch.zeros(64, 8)
    >>> tokens, image = block(torch.zeros(5, 3, 8), torch.zeros(5, 64, 8), places)
    >>> tokens.shape, image.shape
    (torch.Size([5, 3, 8]), torch.Size([5, 64, 8]))
    """

    def __init__(self, width: int, *, num_heads: int, hidden: int) -> None:
        super().__init__()
        self.to_tokens = TransformerBlock(
            width, num_heads=num_heads, hidden=hidden, cross=True
        )
        self.to_image = MultiHeadAttention(width, num_heads=num_heads)
        self.norm = nn.LayerNorm(width)
        if self.to_tokens.cross is not None:
            start_alike(self.to_tokens.cross)
        start_alike(self.to_image)

    def forward(
        self, tokens: Tensor, image: Tensor, places: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Return tokens (B, T, D) and image (B, L, D) after the block.

        ``places`` (L, D) are added to the image wherever it is looked at or looks.
        """
        tokens = self.to_tokens(tokens, image + places)
        asking = self.norm(image + places)
        return tokens, image + self.to_image(asking, tokens)


def start_alike(layer: MultiHeadAttention, *, gain: float = 2.0) -> None:
    """Let an attention start by looking at what is like the query.

    Parameters
    ----------
    layer
        Its queries and keys get the same orthogonal matrix, times ``gain``.
    gain
        How strongly like prefers like.

    Examples
    --------
    >>> layer = MultiHeadAttention(8, num_heads=2)
    >>> start_alike(layer)
    >>> torch.equal(layer.queries.weight, layer.keys.weight)
    True
    """
    nn.init.orthogonal_(layer.queries.weight, gain)
    layer.keys.load_state_dict(layer.queries.state_dict())


class MaskDecoder(nn.Module):
    """Prompt tokens and an image -> masks, and how good each of them will be.

    Parameters
    ----------
    width
        D, which ``num_heads`` divides.
    num_masks
        M, 1 or more.
    depth
        How many two-way blocks, 1 or more.
    num_heads
        Heads of each attention.
    hidden
        Width inside the feed-forward networks.
    channels
        Of the encoder's maps, the fine one and the middle one.

    Raises
    ------
    ValueError
        For a number out of range.

    References
    ----------
    Kirillov et al. (2023), appendix A.

    Examples
    --------
    >>> decoder = MaskDecoder(16, num_masks=4)
    >>> maps = torch.zeros(5, 48, 16, 16), torch.zeros(5, 24, 32, 32)
    >>> prompt, image = torch.zeros(5, 2, 16), torch.zeros(5, 64, 16)
    >>> logits, qualities = decoder(prompt, image, torch.zeros(64, 16), *maps)
    >>> logits.shape, qualities.shape
    (torch.Size([5, 4, 32, 32]), torch.Size([5, 4]))
    """

    def __init__(
        self,
        width: int,
        *,
        num_masks: int,
        depth: int = 1,
        num_heads: int = 4,
        hidden: int = 128,
        channels: tuple[int, int] = (24, 48),
    ) -> None:
        super().__init__()
        if min(num_masks, depth, *channels) < 1:
            raise ValueError(
                f"num_masks {num_masks}, depth {depth}, channels {channels}; each "
                "must be 1 or more"
            )
        fine, middle = channels
        self.own = nn.Parameter(0.02 * torch.randn(1 + num_masks, width))
        self.blocks = nn.ModuleList(
            TwoWayBlock(width, num_heads=num_heads, hidden=hidden)
            for _ in range(depth)
        )
        self.last = MultiHeadAttention(width, num_heads=num_heads)
        start_alike(self.last)
        self.norms = nn.ModuleList(nn.LayerNorm(width) for _ in range(3))
        self.enlarge = nn.ConvTranspose2d(width, middle, 2, stride=2)
        self.enlarge_again = nn.ConvTranspose2d(middle, fine, 2, stride=2)
        self.weights = nn.ModuleList(
            nn.Sequential(
                nn.Linear(width, width), nn.GELU(), nn.Linear(width, fine)
            )
            for _ in range(num_masks)
        )
        self.quality = nn.Sequential(
            nn.Linear(width, width), nn.GELU(), nn.Linear(width, num_masks)
        )

    def forward(
        self,
        prompt: Tensor,
        image: Tensor,
        places: Tensor,
        middle: Tensor,
        fine: Tensor,
    ) -> tuple[Tensor, Tensor]:
        """Return the masks' logits and the logits of their qualities, (B, M).

        ``prompt`` has shape (B, P, D), ``image`` (B, L, D), ``places`` (L, D);
        ``middle`` and ``fine`` are maps with twice and four times the side of the
        grid of cells, and the masks have shape (B, M, 4 G, 4 G).
        """
        own = self.own.expand(len(prompt), -1, -1)
        tokens = torch.cat([own, prompt], dim=1)  # (B, 1 + M + P, D)
        again = torch.cat([torch.zeros_like(own), prompt], dim=1)
        for block in self.blocks:
            tokens, image = block(tokens, image, places)
            tokens = tokens + again
        before, after, grid = self.norms
        seen = self.last(before(tokens), image + places)
        tokens = after(tokens + seen)
        side = middle.shape[-1] // 2  # G
        X = grid(image).transpose(1, 2).unflatten(2, (side, side))
        X = F.relu(self.enlarge(X) + middle)
        X = F.relu(self.enlarge_again(X) + fine)  # (B, C, 4 G, 4 G)
        rows = [f(tokens[:, 1 + i]) for i, f in enumerate(self.weights)]
        logits = torch.einsum("bmc,bchw->bmhw", torch.stack(rows, 1), X)
        return logits, self.quality(tokens[:, 0])


def own_estimate(logits: Tensor) -> Tensor:
    """Return the IoU that masks would have if their probabilities were right.

    Inside of the mask the expected number of right pixels is the sum of p, and
    outside of it the expected number of missed ones is, too; that of both counts is
    divided as an IoU is. A pixel is added to the union, so that an empty mask gets 0.

    Parameters
    ----------
    logits
        Shape (B, M, H, W).

    Returns
    -------
    torch.Tensor
        Shape (B, M), 0 to 1.

    Examples
    --------
    >>> sure = torch.tensor([[[[20.0] * 9, [-20.0] * 9]]])
    >>> own_estimate(sure), own_estimate(0.0001 * sure).round(decimals=2)
    (tensor([[0.9000]]), tensor([[0.3100]]))
    """
    p = logits.sigmoid()
    inside = p * (logits > 0)
    right = inside.sum((2, 3))
    missed = (p - inside).sum((2, 3))
    return right / ((logits > 0).sum((2, 3)) + missed + 1)
