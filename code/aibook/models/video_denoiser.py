"""A denoiser of short moving pictures, with attention over time.

Each frame goes through the same convolutions. Between them, each place looks at the
same place in the other frames: space and time are treated one after the other. Without
this attention the frames know nothing of each other.

Letters: N clips, K frames, C channels of a latent, H rows and W columns of places, D
channels of the network, E the width of what is told, T steps.

Different from Sora: convolutions instead of a transformer over patches of space and
time, a fixed length and size, a handful of frames.

Not here: the text encoder (`aibook.models.latent_diffusion`), autoencoder, training
and sampling, which are the same as for single pictures.

Sources: J. Ho et al., "Video Diffusion Models", NeurIPS 2022; T. Brooks et al., "Video
Generation Models as World Simulators", OpenAI 2024 (in place of it, for the idea).

Book page: generative/text-to-image.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from aibook.layers.attention import MultiHeadAttention
from aibook.models.denoiser import ResidualBlock, TimeEmbedding
from aibook.models.latent_diffusion import TextEncoder

__all__ = ["TimeAttention", "VideoDenoiser"]


class TimeAttention(nn.Module):
    """Each place looks at itself in all frames, and adds what it learns.

    Parameters
    ----------
    channels
        D of the maps, a multiple of 4.
    num_frames
        K; each frame has a learned position.

    Examples
    --------
    >>> layer = TimeAttention(16, num_frames=5)
    >>> layer(torch.zeros(2, 5, 16, 7, 7)).shape
    torch.Size([2, 5, 16, 7, 7])
    """

    def __init__(self, channels: int, *, num_frames: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(channels)
        self.frames = nn.Parameter(torch.randn(num_frames, channels))
        self.look = MultiHeadAttention(channels, num_heads=2)

    def forward(self, x: Tensor) -> Tensor:
        """Return maps (N, K, D, H, W) of maps x of that shape."""
        N, K, D, H, W = x.shape
        lines = x.permute(0, 3, 4, 1, 2).reshape(-1, K, D)  # (NHW, K, D)
        heard = self.look(self.norm(lines) + self.frames)
        return x + heard.view(N, H, W, K, D).permute(0, 3, 4, 1, 2)  # type: ignore[no-any-return]


class VideoDenoiser(nn.Module):
    """A U-Net of two levels on frames, told the step and the words.

    Parameters
    ----------
    num_tokens
        As for `aibook.models.latent_diffusion.TextEncoder`.
    num_steps
        T of the schedule.
    num_frames
        How many frames there are.
    channels
        C of the latents.
    side
        Of a latent map; each of its places has a learned position.
    hidden
        D, a multiple of 8.
    width
        E, a multiple of 4.
    over_time
        Whether there is attention over time. Without it each frame is told which
        one it is, but sees no other.

    Raises
    ------
    ValueError
        If a number is outside its range.

    Examples
    --------
    >>> model = VideoDenoiser(9, num_steps=100, num_frames=5, hidden=16)
    >>> t, tokens = torch.tensor([1, 100]), torch.tensor([[3, 4], [0, 0]])
    >>> model(torch.zeros(2, 5, 4, 7, 7), t, tokens).shape
    torch.Size([2, 5, 4, 7, 7])
    """

    def __init__(
        self,
        num_tokens: int,
        *,
        num_steps: int,
        num_frames: int,
        channels: int = 4,
        side: int = 7,
        hidden: int = 32,
        width: int = 64,
        over_time: bool = True,
    ) -> None:
        super().__init__()
        if min(num_tokens, num_steps, num_frames, channels, side) < 1:
            raise ValueError(
                f"num_tokens is {num_tokens}, num_steps {num_steps}, num_frames "
                f"{num_frames}, channels {channels}, side {side}; expected 1 or "
                "more"
            )
        if min(hidden, width) < 1 or hidden % 8 or width % 4:
            raise ValueError(
                f"hidden is {hidden}, width {width}; expected multiples of 8 and 4"
            )
        self.shape = (num_frames, channels, side, side)
        self.text = TextEncoder(num_tokens, width=width)
        self.time = TimeEmbedding(num_steps, width=width)
        self.frame = nn.Parameter(torch.randn(num_frames, width))
        self.tell = nn.Linear(width, width)
        self.stem = nn.Conv2d(channels, hidden, 3, padding=1)
        self.places = nn.Parameter(0.5 * torch.randn(hidden, side, side))
        self.down = ResidualBlock(hidden, hidden, width=width)
        self.shrink = nn.Conv2d(hidden, hidden, 3, stride=2, padding=1)
        self.below = ResidualBlock(hidden, hidden, width=width)
        self.middle = ResidualBlock(hidden, hidden, width=width)
        self.grow = nn.Conv2d(hidden, hidden, 1)
        self.up = ResidualBlock(hidden, hidden, width=width)
        self.looks = nn.ModuleList(
            TimeAttention(hidden, num_frames=num_frames)
            if over_time
            else nn.Identity()
            for _ in range(3)
        )
        last = nn.Conv2d(hidden, channels, 3, padding=1)
        nn.init.zeros_(last.weight)
        self.head = nn.Sequential(nn.GroupNorm(8, hidden), nn.SiLU(), last)

    def forward(self, z: Tensor, t: Tensor, tokens: Tensor) -> Tensor:
        """Return what z is made of, as the training asks, (N, K, C, H, W).

        z has shape (N, K, C, side, side), t (N,), integers 0 to T, tokens (N, L) as for
        the text encoder. Another shape raises ValueError.
        """
        if z.ndim != 5 or z.shape[1:] != self.shape or not len(z):
            raise ValueError(
                f"z has shape {tuple(z.shape)}; expected N of 1 or more, then "
                f"{self.shape}"
            )
        N, K = z.shape[:2]
        told = self._told(t, tokens)  # (NK, E)

        def look(layer: int, h: Tensor) -> Tensor:
            return self.looks[layer](h.unflatten(0, (N, K))).flatten(0, 1)  # type: ignore[no-any-return]

        h = self.down(self.stem(z.flatten(0, 1)) + self.places, told)
        small = look(0, self.below(self.shrink(h), told))
        small = look(1, self.middle(small, told))
        back = F.interpolate(self.grow(small), size=h.shape[2:])
        h = look(2, self.up(h + back, told))
        return self.head(h).unflatten(0, (N, K))  # type: ignore[no-any-return]

    def _told(self, t: Tensor, tokens: Tensor) -> Tensor:
        """Return step, words and frame as one vector each frame, (NK, E)."""
        words, mask = self.text(tokens)
        said = (words * mask[..., None]).sum(dim=1)  # (N, E)
        both = (1 + said[:, None]) * self.frame  # (N, K, E)
        told: Tensor = self.time(t)[:, None] + said[:, None] + self.tell(both)
        return told.flatten(0, 1)
