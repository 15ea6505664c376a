"""Latent diffusion told by words: a miniature of Stable Diffusion.

A text encoder turns the words of a prompt into vectors; a U-Net on the latents of an
autoencoder asks them, by cross-attention, at every place, and is also told their mean.

Letters: N samples, L words, E the width of a word's vector, C channels of a latent,
H rows and W columns of places, D channels of the network, T steps.

Different from Stable Diffusion: the text encoder is trained here, together with the
denoiser, and is not CLIP's; there are two levels and a thousandth of the weights.

Not here: autoencoder (`aibook.models.image_autoencoder`), loss and training
(`aibook.diffusion_training`), sampling and guidance (`aibook.diffusion_sampling`).

Sources: R. Rombach et al., "High-Resolution Image Synthesis with Latent Diffusion
Models", CVPR 2022; J. Ho and T. Salimans, "Classifier-Free Diffusion Guidance", 2022.

Book page: generative/text-to-image.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from aibook.layers.attention import MultiHeadAttention
from aibook.layers.blocks import TransformerBlock
from aibook.layers.positions import LearnedPositions
from aibook.models.denoiser import ResidualBlock, TimeEmbedding

__all__ = ["CrossAttention", "LatentDenoiser", "TextEncoder"]

PAD = 0


class TextEncoder(nn.Module):
    """Words as vectors that have looked at each other.

    A vector of its own stands before the words, so that a prompt without a word, the
    one that says nothing, is something to look at too.

    Parameters
    ----------
    num_tokens
        How many numbers words can have; 0 fills up short prompts.
    width
        E, a multiple of 4.
    max_length
        The most words.

    Examples
    --------
    >>> encoder = TextEncoder(9, width=16)
    >>> words, mask = encoder(torch.tensor([[3, 4, 0], [0, 0, 0]]))
    >>> words.shape, mask.int().tolist()
    (torch.Size([2, 4, 16]), [[1, 1, 1, 0], [1, 0, 0, 0]])
    """

    def __init__(
        self, num_tokens: int, *, width: int = 64, max_length: int = 15
    ) -> None:
        super().__init__()
        self.num_tokens = num_tokens
        self.start = nn.Parameter(torch.zeros(width))
        self.embedding = nn.Embedding(num_tokens, width)
        self.positions = LearnedPositions(max_length, width=width)
        self.block = TransformerBlock(width, num_heads=4, hidden=2 * width)

    def forward(self, tokens: Tensor) -> tuple[Tensor, Tensor]:
        """Return vectors (N, L + 1, E), and which of them count, (N, L + 1).

        Tokens are integers (N, L), 0 up to ``num_tokens``, 0 for none; another
        shape or number raises ValueError.
        """
        if tokens.ndim != 2 or not tokens.numel():
            raise ValueError(
                f"tokens have shape {tuple(tokens.shape)}; expected (N, L)"
            )
        if tokens.min() < 0 or tokens.max() >= self.num_tokens:
            raise ValueError(
                f"tokens lie in {tokens.min()} to {tokens.max()}; expected 0 to "
                f"{self.num_tokens - 1}"
            )
        words = self.positions(self.embedding(tokens))
        start = self.start.expand(len(tokens), 1, -1)
        mask = F.pad(tokens != PAD, (1, 0), value=True)  # (N, L + 1)
        seen = torch.cat([start, words], dim=1)
        return self.block(seen, mask=mask[:, None, None]), mask


class CrossAttention(nn.Module):
    """Every place asks the words, and adds what it learns from them.

    Parameters
    ----------
    channels
        D of the maps, a multiple of 8.
    width
        E of the words.

    Attributes
    ----------
    ask : MultiHeadAttention
        After a call, its ``weights`` say who looked where.

    References
    ----------
    Rombach et al. (2022), section 3.3.

    Examples
    --------
    >>> layer = CrossAttention(16, width=8)
    >>> mask = torch.ones(2, 3, dtype=torch.bool)
    >>> layer(torch.zeros(2, 16, 7, 7), torch.zeros(2, 3, 8), mask).shape
    torch.Size([2, 16, 7, 7])
    """

    def __init__(self, channels: int, *, width: int) -> None:
        super().__init__()
        self.norm = nn.GroupNorm(8, channels)
        self.words = nn.Linear(width, channels)
        self.ask = MultiHeadAttention(channels, num_heads=4)
        nn.init.zeros_(self.ask.out.weight)

    def forward(self, x: Tensor, words: Tensor, mask: Tensor) -> Tensor:
        """Return maps (N, D, H, W) of maps x, told words (N, L, E), mask (N, L)."""
        places = self.norm(x).flatten(2).transpose(1, 2)  # (N, HW, D)
        heard = self.ask(places, self.words(words), mask=mask[:, None, None])
        return x + heard.transpose(1, 2).view_as(x)  # type: ignore[no-any-return]


class LatentDenoiser(nn.Module):
    """A U-Net of two levels on latents, told the step and the words.

    Parameters
    ----------
    num_tokens
        As for `TextEncoder`.
    num_steps
        T of the schedule.
    channels
        C of the latents.
    hidden
        D, a multiple of 8.
    width
        E, a multiple of 4.

    Raises
    ------
    ValueError
        If a number is outside its range.

    Examples
    --------
    >>> model = LatentDenoiser(9, num_steps=100, hidden=16, width=8)
    >>> t, tokens = torch.tensor([1, 100]), torch.tensor([[3, 4], [0, 0]])
    >>> model(torch.zeros(2, 4, 7, 7), t, tokens).shape
    torch.Size([2, 4, 7, 7])
    """

    def __init__(
        self,
        num_tokens: int,
        *,
        num_steps: int,
        channels: int = 4,
        hidden: int = 64,
        width: int = 64,
    ) -> None:
        super().__init__()
        if min(num_tokens, num_steps, channels) < 1:
            raise ValueError(
                f"num_tokens is {num_tokens}, num_steps {num_steps}, channels "
                f"{channels}; expected 1 or more"
            )
        if min(hidden, width) < 1 or hidden % 8 or width % 4:
            raise ValueError(
                f"hidden is {hidden}, width {width}; expected multiples of 8 and 4"
            )
        self.channels = channels
        self.text = TextEncoder(num_tokens, width=width)
        self.time = TimeEmbedding(num_steps, width=width)
        self.stem = nn.Conv2d(channels, hidden, 3, padding=1)
        self.down = ResidualBlock(hidden, hidden, width=width)
        self.look = CrossAttention(hidden, width=width)
        self.shrink = nn.Conv2d(hidden, hidden, 3, stride=2, padding=1)
        self.below = ResidualBlock(hidden, hidden, width=width)
        self.look_below = CrossAttention(hidden, width=width)
        self.middle = ResidualBlock(hidden, hidden, width=width)
        self.grow = nn.Conv2d(hidden, hidden, 1)
        self.up = ResidualBlock(hidden, hidden, width=width)
        last = nn.Conv2d(hidden, channels, 3, padding=1)
        nn.init.zeros_(last.weight)
        self.head = nn.Sequential(nn.GroupNorm(8, hidden), nn.SiLU(), last)

    def forward(self, z: Tensor, t: Tensor, tokens: Tensor) -> Tensor:
        """Return what z is made of, as the training asks, shape (N, C, H, W).

        z has shape (N, C, H, W), t (N,), integers 0 to T, tokens (N, L) as for
        `TextEncoder`. Another shape raises ValueError.
        """
        if z.ndim != 4 or z.shape[1] != self.channels or not z.numel():
            raise ValueError(
                f"z has shape {tuple(z.shape)}; expected (N, {self.channels}, H, W)"
            )
        words, mask = self.text(tokens)
        total = (words * mask[..., None]).sum(dim=1)
        told = self.time(t) + total / mask.sum(dim=1, keepdim=True)  # (N, E)
        h = self.look(self.down(self.stem(z), told), words, mask)
        small = self.below(self.shrink(h), told)
        small = self.middle(self.look_below(small, words, mask), told)
        back = F.interpolate(self.grow(small), size=h.shape[2:])
        return self.head(self.up(h + back, told))  # type: ignore[no-any-return]
