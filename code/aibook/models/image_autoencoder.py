"""An autoencoder for images: a small space in which they can be made.

An encoder turns an image into a few small maps, the latents, and a decoder turns them
back. A weak pull towards a normal distribution, as in a variational autoencoder, keeps
the latents in one place and near ones alike.

Letters: N images, S their side, C = 4 channels of a latent map, S/4 its side.

Different from Stable Diffusion's: no adversarial loss and no perceptual loss, for
strokes need neither; 28 pixels instead of 512.

Not here: the diffusion in the latent space (`aibook.models.latent_diffusion`).

Sources: D. P. Kingma and M. Welling, "Auto-Encoding Variational Bayes", ICLR 2014;
R. Rombach et al., "High-Resolution Image Synthesis with Latent Diffusion Models",
CVPR 2022.

Book page: generative/text-to-image.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

__all__ = ["ImageAutoencoder", "autoencoder_loss", "train_autoencoder"]


class ImageAutoencoder(nn.Module):
    """Encoder and decoder of small grey images.

    Parameters
    ----------
    channels
        C, of a latent map.
    width
        Channels inside.

    Attributes
    ----------
    spread : torch.Tensor
        The standard deviation of each channel's latents over the training images,
        (C, 1, 1); latents are divided by it, so that they vary as much as the noise
        that is added to them.

    Raises
    ------
    ValueError
        If a number is below 1.

    Examples
    --------
    >>> model = ImageAutoencoder()
    >>> z = model.encode(torch.zeros(5, 1, 28, 28))
    >>> z.shape
    torch.Size([5, 4, 7, 7])
    >>> model.decode(z).shape
    torch.Size([5, 1, 28, 28])
    """

    spread: Tensor

    def __init__(self, *, channels: int = 4, width: int = 32) -> None:
        super().__init__()
        if min(channels, width) < 1:
            raise ValueError(
                f"channels is {channels}, width {width}; expected 1 or more"
            )
        self.channels = channels
        self.encoder = nn.Sequential(
            nn.PixelUnshuffle(2),  # (N, 4, S/2, S/2)
            nn.Conv2d(4, width, 3, padding=1),
            nn.SiLU(),
            nn.Conv2d(width, 2 * width, 4, stride=2, padding=1),  # S/4
            nn.SiLU(),
            nn.Conv2d(2 * width, 2 * channels, 3, padding=1),
        )
        self.decoder = nn.Sequential(
            nn.Conv2d(channels, 2 * width, 3, padding=1),
            nn.SiLU(),
            nn.Conv2d(2 * width, 4 * width, 3, padding=1),
            nn.PixelShuffle(2),  # (N, width, S/2, S/2)
            nn.SiLU(),
            nn.Conv2d(width, 4, 3, padding=1),
            nn.PixelShuffle(2),  # (N, 1, S, S)
        )
        self.register_buffer("spread", torch.ones(channels, 1, 1))

    def distribution(self, X: Tensor) -> tuple[Tensor, Tensor]:
        """Return mean and log variance of the latents, before the division.

        X has shape (N, 1, S, S), 0 to 1, S a multiple of 4; both have shape
        (N, C, S/4, S/4). Another shape, or no image, raises ValueError.
        """
        if X.ndim != 4 or X.shape[1] != 1 or not X.numel():
            raise ValueError(
                f"X has shape {tuple(X.shape)}; expected (N, 1, S, S)"
            )
        if X.shape[2] % 4 or X.shape[3] % 4:
            raise ValueError(
                f"X has shape {tuple(X.shape)}; S must be a multiple of 4"
            )
        mean, log_var = self.encoder(X).chunk(2, dim=1)
        return mean, log_var.clamp(-10, 2)

    def encode(self, X: Tensor) -> Tensor:
        """Return the latents (N, C, S/4, S/4) of images, about as wide as noise."""
        return self.distribution(X)[0] / self.spread

    def decode(self, z: Tensor) -> Tensor:
        """Return images (N, 1, S, S), 0 to 1, of latents (N, C, S/4, S/4).

        Another shape raises ValueError.
        """
        if z.ndim != 4 or z.shape[1] != self.channels or not z.numel():
            raise ValueError(
                f"z has shape {tuple(z.shape)}; expected (N, {self.channels}, "
                "S/4, S/4)"
            )
        return self._logits(z * self.spread).sigmoid()

    def _logits(self, z: Tensor) -> Tensor:
        """Return images before the sigmoid, of latents before the division."""
        return self.decoder(z)  # type: ignore[no-any-return]


def autoencoder_loss(
    model: ImageAutoencoder,
    X: Tensor,
    *,
    generator: torch.Generator,
    pull: float = 5e-4,
) -> Tensor:
    """Return how badly images come back, and how far the latents are from normal.

    Parameters
    ----------
    model
        Its ``spread`` plays no part.
    X
        Images (N, 1, S, S), 0 to 1.
    generator
        Draws the latents from their distribution; on the CPU.
    pull
        The weight of the KL divergence to the standard normal distribution, per
        number of the latents; 0 or more.

    Returns
    -------
    torch.Tensor
        Mean cross-entropy of the pixels plus ``pull`` times the mean divergence.

    Raises
    ------
    ValueError
        If ``pull`` is below 0, or X has another shape.

    References
    ----------
    Kingma and Welling (2014), equation 10; Rombach et al. (2022), section 3.1.

    Examples
    --------
    >>> model = ImageAutoencoder()
    >>> generator = torch.Generator().manual_seed(0)
    >>> autoencoder_loss(model, torch.zeros(2, 1, 28, 28), generator=generator).ndim
    0
    """
    if pull < 0:
        raise ValueError(f"pull is {pull}; it must be 0 or more")
    mean, log_var = model.distribution(X)
    noise = torch.randn(mean.shape, generator=generator).to(mean)
    z = mean + (log_var / 2).exp() * noise
    pixels = F.binary_cross_entropy_with_logits(model._logits(z), X)
    divergence = (mean**2 + log_var.exp() - 1 - log_var).mean() / 2
    return pixels + pull * divergence


def train_autoencoder(
    X: Tensor,
    *,
    num_steps: int = 1000,
    batch_size: int = 32,
    lr: float = 3e-3,
    pull: float = 5e-4,
    log_every: int = 0,
    seed: int = 0,
) -> ImageAutoencoder:
    """Train an autoencoder, measure the spread of its latents, and return it.

    PyTorch's own random numbers are the same after the call as before.

    Parameters
    ----------
    X
        Images (N, 1, S, S), 0 to 1.
    num_steps, batch_size
        How many batches, 1 or more, and how large they are.
    lr
        The greatest learning rate.
    pull
        As for `autoencoder_loss`.
    log_every
        Print the mean loss every so many steps; 0 prints nothing.
    seed
        Of the weights, the batches and the noise.

    Raises
    ------
    ValueError
        For fewer than one step or image a batch.

    Examples
    --------
    >>> model = train_autoencoder(torch.rand(8, 1, 28, 28), num_steps=2)
    >>> model.training
    False
    """
    if min(num_steps, batch_size) < 1:
        raise ValueError(
            f"num_steps is {num_steps}, batch_size {batch_size}; expected 1 or more"
        )
    generator = torch.Generator().manual_seed(seed)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = ImageAutoencoder().to(memory_format=torch.channels_last)
    optimizer = torch.optim.Adam(model.parameters(), lr, fused=True)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, lr, total_steps=num_steps, pct_start=0.1
    )
    total = 0.0
    for step in range(1, num_steps + 1):
        part = torch.randint(len(X), (batch_size,), generator=generator)
        loss = autoencoder_loss(model, X[part], generator=generator, pull=pull)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        total += loss.item()
        if log_every and step % log_every == 0:
            print(f"step {step:5d}  loss {total / log_every:.4f}")
            total = 0.0
    with torch.no_grad():
        latents = model.encode(X[:2000])
        model.spread.copy_(latents.std(dim=(0, 2, 3))[:, None, None])
    return model.eval()
