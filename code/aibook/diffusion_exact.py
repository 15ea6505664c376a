"""The best possible denoiser, for data whose distribution is known.

Data that are a mixture of normal distributions stay one when noise is added: the
centres shrink, the heaps widen. So the density of noisy samples, its slope (the
score), and the noise that is to be expected in a sample have closed forms. A network
can be compared with them, and samplers can be tested without any network.

Letters: N points of D coordinates, K centres, T steps of the schedule.

Not here: anything learned.

Sources: Y. Song et al., "Score-Based Generative Modeling through Stochastic
Differential Equations", ICLR 2021 (score and noise); P. Vincent, "A connection between
score matching and denoising autoencoders", Neural Computation 23(7), 2011.

Book page: generative/diffusion.
"""

from __future__ import annotations

import math

from torch import Tensor

from aibook.noise_schedules import Schedule

__all__ = ["MixtureDenoiser"]


class MixtureDenoiser:
    """The expected noise in noisy points of a mixture of equal, round heaps.

    Parameters
    ----------
    schedule
        Of T steps.
    centres
        Of the K heaps of clean points, shape (K, D); all are equally likely.
    std
        Standard deviation of each coordinate within a heap, above 0.

    Raises
    ------
    ValueError
        If ``centres`` has another shape, or ``std`` is not above 0.

    Examples
    --------
    >>> import torch
    >>> from aibook.noise_schedules import cosine_schedule
    >>> one_heap = MixtureDenoiser(cosine_schedule(100), torch.zeros(1, 2), std=1.0)
    >>> t = torch.tensor([50])
    >>> one_heap(torch.ones(1, 2), t)  # of a variance of 1, this share is noise
    tensor([[0.7114, 0.7114]])
    """

    def __init__(
        self, schedule: Schedule, centres: Tensor, *, std: float
    ) -> None:
        if centres.ndim != 2 or centres.numel() == 0 or not 0 < std < math.inf:
            raise ValueError(
                f"centres have shape {tuple(centres.shape)}, std is {std}; "
                "expected (K, D), and a number above 0"
            )
        self.schedule = schedule
        self.centres = centres
        self.std = std

    def log_density(self, x: Tensor, t: Tensor) -> Tensor:
        """Return the logarithm of the density of points x at steps t, (N,).

        x has shape (N, D); t holds integers, (N,), 0 to T.
        """
        terms, variance = self._terms(x, t)
        scale = x.shape[1] / 2 * (2 * math.pi * variance).log()[:, 0]
        return terms.logsumexp(dim=1) - scale - math.log(len(self.centres))

    def score(self, x: Tensor, t: Tensor) -> Tensor:
        """Return the slope of the log density by the place, shape (N, D)."""
        terms, variance = self._terms(x, t)
        signal, _ = self.schedule.factors(t, x)
        middle = terms.softmax(dim=1) @ self.centres.to(x) * signal
        return (middle - x) / variance

    def __call__(self, x: Tensor, t: Tensor) -> Tensor:
        """Return the mean of the noise that points x may hold, shape (N, D)."""
        _, noise = self.schedule.factors(t, x)
        return -noise * self.score(x, t)

    def _terms(self, x: Tensor, t: Tensor) -> tuple[Tensor, Tensor]:
        """Return the exponent of each heap, (N, K), and the variance, (N, 1)."""
        if x.ndim != 2 or x.shape[1] != self.centres.shape[1]:
            raise ValueError(
                f"x has shape {tuple(x.shape)}; expected "
                f"(N, {self.centres.shape[1]})"
            )
        signal, noise = self.schedule.factors(t, x)
        variance = (signal * self.std) ** 2 + noise**2
        places = signal[:, :, None] * self.centres.to(x)  # (N, K, D)
        squares = (x[:, None] - places).square().sum(dim=2)
        return -squares / (2 * variance), variance
