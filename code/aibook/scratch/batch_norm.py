"""Batch normalisation of feature maps, forwards and backwards, in NumPy.

In training each channel is brought to mean 0 and variance 1 over the images of the
batch and all places, then multiplied by a learned factor and shifted by a learned
offset; meanwhile running estimates of mean and variance are kept. In evaluation these
take the batch's place, so that an image's result depends on that image alone.

Letters in shapes: N images, C channels, H x W places; M = N H W values a channel.

Not here: layer normalisation (`aibook.layers.blocks`), other ways of keeping the
running estimates.

Source: S. Ioffe and C. Szegedy, "Batch Normalization: Accelerating Deep Network
Training by Reducing Internal Covariate Shift", ICML 2015, algorithms 1 and 2.

Book page: generative/dcgan
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from aibook.scratch.checks import check_finite
from aibook.scratch.windows import Array, check_images

__all__ = ["BatchNorm"]

CHANNELS = (0, 2, 3)
"""The axes over which a channel's mean is taken: images, rows, columns."""


class BatchNorm:
    """Batch normalisation with its learned and its running numbers.

    Parameters
    ----------
    num_channels
        C, 1 or more.
    momentum
        The share of the newest batch in the running estimates, above 0 and up
        to 1.
    eps
        Added to the variance, above 0: a channel without variance does no harm.

    Attributes
    ----------
    gamma, beta : numpy.ndarray
        The learned factor, 1 at first, and offset, 0 at first, shape (C,).
    mean, var : numpy.ndarray
        The running estimates, 0 and 1 at first, shape (C,).
    training : bool
        Whether the batch's own statistics are used, as at first, or the running
        estimates.

    Raises
    ------
    ValueError
        For a number out of range.

    References
    ----------
    Ioffe and Szegedy (2015).

    Examples
    --------
    >>> norm = BatchNorm(1)
    >>> X = np.array([1.0, 2.0, 3.0, 4.0]).reshape(4, 1, 1, 1)
    >>> norm.forward(X).ravel().round(4)
    array([-1.3416, -0.4472,  0.4472,  1.3416])
    >>> norm.training = False
    >>> norm.forward(X[:1]).round(4).item()  # alone: no batch needed
    0.7262
    """

    def __init__(
        self, num_channels: int, *, momentum: float = 0.1, eps: float = 1e-5
    ) -> None:
        if num_channels < 1 or not 0 < momentum <= 1 or not eps > 0:
            raise ValueError(
                f"num_channels {num_channels}, momentum {momentum}, eps {eps}; "
                "expected 1 or more, above 0 and up to 1, above 0"
            )
        self.momentum, self.eps, self.training = momentum, eps, True
        self.gamma, self.beta = np.ones(num_channels), np.zeros(num_channels)
        self.mean, self.var = np.zeros(num_channels), np.ones(num_channels)

    def forward(self, X: ArrayLike) -> Array:
        """Normalise feature maps, and in training keep the running estimates.

        The running variance is estimated without bias, divided by M - 1; the
        batch itself is divided by its own, biased one.

        Parameters
        ----------
        X
            Shape (N, C, H, W). In training two or more values a channel.

        Returns
        -------
        numpy.ndarray
            The same shape.

        Raises
        ------
        ValueError
            For another shape, NaN or infinity, or a single value in training.
        """
        X = check_images(X)
        if X.shape[1] != len(self.gamma):
            raise ValueError(
                f"X has shape {X.shape}; expected (N, {len(self.gamma)}, H, W)"
            )
        mean, var = self.mean, self.var
        if self.training:
            M = X.size // X.shape[1]
            if M < 2:
                raise ValueError("one value a channel has no variance")
            mean, var = X.mean(axis=CHANNELS), X.var(axis=CHANNELS)
            self.mean = self.mean + self.momentum * (mean - self.mean)
            fair = var * M / (M - 1)
            self.var = self.var + self.momentum * (fair - self.var)
        self._scale = 1 / np.sqrt(var + self.eps)
        self._Z = (X - _wide(mean)) * _wide(self._scale)
        return _wide(self.gamma) * self._Z + _wide(self.beta)

    def backward(self, dY: ArrayLike) -> tuple[Array, Array, Array]:
        """Return a loss's gradients with respect to X, gamma and beta.

        In training each value has also moved its channel's mean and variance, so
        what all have in common is taken off: the gradient is orthogonal to the
        vector of ones and to the normalised values.

        Parameters
        ----------
        dY
            The gradient with respect to what the last `forward` returned.

        Returns
        -------
        dX : numpy.ndarray
            Shape (N, C, H, W).
        dgamma, dbeta : numpy.ndarray
            Shape (C,).

        Raises
        ------
        ValueError
            For another shape than `forward` returned, NaN or infinity.
        """
        dY = check_finite("dY", dY)
        if dY.shape != self._Z.shape:
            raise ValueError(
                f"dY has shape {dY.shape}; expected {self._Z.shape}"
            )
        dgamma, dbeta = (dY * self._Z).sum(CHANNELS), dY.sum(CHANNELS)
        own = dY
        if self.training:
            M = dY.size // dY.shape[1]
            own = dY - _wide(dbeta / M) - self._Z * _wide(dgamma / M)
        return _wide(self.gamma * self._scale) * own, dgamma, dbeta


def _wide(values: Array) -> Array:
    """Return a number a channel so that it fits feature maps, (C, 1, 1)."""
    return values[:, np.newaxis, np.newaxis]
