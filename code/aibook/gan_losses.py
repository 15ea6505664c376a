"""What the two networks of a GAN minimise.

The discriminator gives logits: the log-odds that what it sees is real. All losses
take these, never probabilities: log D and log(1 - D) are computed without meeting
log 0, as -softplus(-logit) and -softplus(logit).

``minimax`` is the game as it is defined; ``non-saturating`` differs in the
generator's loss only, and is what is used in practice; ``least-squares`` pulls the
logits towards 1 for real and 0 for fake.

Letters: N samples; a discriminator may give several logits a sample.

Not here: Wasserstein and hinge losses.

Sources: I. Goodfellow et al., "Generative Adversarial Nets", NeurIPS 2014; X. Mao
et al., "Least Squares Generative Adversarial Networks", ICCV 2017; L. Mescheder, A.
Geiger and S. Nowozin, "Which Training Methods for GANs do actually Converge?", ICML
2018 (the penalty).

Book pages: generative/gan, generative/pix2pix, generative/cyclegan.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn.functional import softplus

__all__ = [
    "LOSSES",
    "discriminator_loss",
    "generator_loss",
    "gradient_penalty",
]

LOSSES = ("minimax", "non-saturating", "least-squares")
"""The kinds of losses."""


def discriminator_loss(
    real: Tensor, fake: Tensor, *, kind: str = "non-saturating"
) -> Tensor:
    """Return the discriminator's loss: real is 1, fake is 0.

    -mean log D(x) - mean log(1 - D(G(z))), the same for ``minimax`` and
    ``non-saturating``; mean (logit - 1)^2 + mean logit^2 for ``least-squares``.

    Parameters
    ----------
    real, fake
        Logits of real and of generated samples, any shape, one or more each.
    kind
        One of `LOSSES`.

    Returns
    -------
    torch.Tensor
        One number. 2 ln 2 = 1.386 for a discriminator that only guesses.

    Raises
    ------
    ValueError
        For another kind, or no logit.

    References
    ----------
    Goodfellow et al. (2014), equation 1.

    Examples
    --------
    >>> guess = torch.zeros(4, 1)
    >>> round(discriminator_loss(guess, guess).item(), 4)
    1.3863
    """
    _check(kind, real, fake)
    if kind == "least-squares":
        return (real - 1).square().mean() + fake.square().mean()
    return softplus(-real).mean() + softplus(fake).mean()


def generator_loss(fake: Tensor, *, kind: str = "non-saturating") -> Tensor:
    """Return the generator's loss: what it made should count as real.

    mean log(1 - D(G(z))) for ``minimax``, -mean log D(G(z)) for
    ``non-saturating``, mean (logit - 1)^2 for ``least-squares``.

    Parameters
    ----------
    fake
        Logits of generated samples, any shape, one or more.
    kind
        One of `LOSSES`.

    Returns
    -------
    torch.Tensor
        One number.

    Raises
    ------
    ValueError
        For another kind, or no logit.

    References
    ----------
    Goodfellow et al. (2014), section 3; Mao et al. (2017), equation 2.

    Examples
    --------
    >>> for kind in LOSSES:
    ...     print(kind, round(generator_loss(torch.zeros(4, 1), kind=kind).item(), 4))
    minimax -0.6931
    non-saturating 0.6931
    least-squares 1.0
    """
    _check(kind, fake)
    if kind == "minimax":
        return -softplus(fake).mean()
    if kind == "non-saturating":
        return softplus(-fake).mean()
    return (fake - 1).square().mean()


def gradient_penalty(
    discriminator: Callable[[Tensor], Tensor], X: Tensor
) -> Tensor:
    """Return how steep a discriminator is at real samples: R1.

    Half the mean squared length of the gradient of a sample's logit by the sample.
    Added to the discriminator's loss it keeps the discriminator from becoming
    steeper and steeper around the real samples, where in the end it should be flat.

    Parameters
    ----------
    discriminator
        From samples to logits; those of one sample are added. A sample's logit
        must not depend on its batch mates: no batch normalisation.
    X
        Real samples, shape (N, ...).

    Returns
    -------
    torch.Tensor
        One number, 0 or more, which can be differentiated.

    Raises
    ------
    ValueError
        For no sample.

    References
    ----------
    Mescheder, Geiger and Nowozin (2018), equation 9.

    Examples
    --------
    >>> X = torch.tensor([[1.0, 5.0], [2.0, 7.0]])
    >>> gradient_penalty(lambda X: 3 * X[:, 0] + 4 * X[:, 1], X).item()
    12.5
    """
    if X.numel() == 0:
        raise ValueError(f"X has shape {tuple(X.shape)}; give one sample")
    X = X.detach().requires_grad_()
    logits = discriminator(X)
    (slope,) = torch.autograd.grad(logits.sum(), X, create_graph=True)
    return slope.flatten(1).square().sum(dim=1).mean() / 2


def _check(kind: str, *logits: Tensor) -> None:
    if kind not in LOSSES:
        raise ValueError(f"kind is {kind!r}; expected one of {LOSSES}")
    for part in logits:
        if part.numel() == 0:
            raise ValueError(
                f"logits have shape {tuple(part.shape)}; give one or more"
            )
