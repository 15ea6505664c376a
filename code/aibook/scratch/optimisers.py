"""Optimisers: how parameters move, once their gradients are known.

What: SGD with momentum (Polyak's and Nesterov's), RMSProp, Adam and AdamW, each a
few lines, in PyTorch's conventions; weight decay for all.
What not: computing gradients (`aibook.scratch.mlp`), schedules of the learning rate
(`aibook.scratch.schedules`), the loop around them (`aibook.scratch.descent`).

Sources: B. T. Polyak, "Some methods of speeding up the convergence of iteration
methods", 1964 (momentum); T. Tieleman and G. Hinton, "Lecture 6.5: RMSProp", 2012;
D. P. Kingma and J. Ba, "Adam: A method for stochastic optimization", 2015;
I. Loshchilov and F. Hutter, "Decoupled weight decay regularization", 2019.

Book page: networks/gradient-descent
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from aibook.scratch.checks import (
    check_finite,
    check_fraction,
    check_nonnegative,
    check_positive,
)

__all__ = ["SGD", "Adam", "AdamW", "Optimiser", "RMSProp"]

Array = NDArray[np.float64]


class Optimiser:
    """What all optimisers share: they turn gradients into new parameters.

    A subclass says in `change` by how much one parameter moves. What it remembers
    of a parameter from step to step it keeps in ``memory``.

    Parameters
    ----------
    lr
        Learning rate, positive. It may be set anew between two steps.
    weight_decay
        Adds ``weight_decay * w`` to the gradient of each parameter w, which pulls
        the parameters towards zero; 0 or more.

    Raises
    ------
    ValueError
        For a number out of its range; by `step` if the gradients do not fit the
        parameters, their number or shapes change between steps, or a value is
        not finite.
    """

    decoupled = False  # whether weight decay goes past the gradient

    def __init__(self, *, lr: float, weight_decay: float = 0.0) -> None:
        self.lr = check_positive("lr", lr)
        self.weight_decay = check_nonnegative("weight_decay", weight_decay)
        self.num_steps = 0
        self.memory: list[dict[str, Array]] = []

    def step(
        self, params: Sequence[ArrayLike], grads: Sequence[ArrayLike]
    ) -> list[Array]:
        """Return the parameters after one step; the arrays given stay as they are.

        Parameters
        ----------
        params
            Arrays of any shapes; always the same ones, in the same order.
        grads
            The gradient of the loss by each, of its shape.

        Examples
        --------
        >>> (w,) = SGD(lr=0.1).step([[1.0, -2.0]], [[10.0, 0.0]])
        >>> w
        array([ 0., -2.])
        """
        ws, gs = self._check(params, grads)
        self.num_steps += 1
        new = []
        for w, g, memory in zip(ws, gs, self.memory, strict=True):
            if self.decoupled:
                w = w - self.lr * self.weight_decay * w
            else:
                g = g + self.weight_decay * w
            new.append(w + self.change(g, memory))
        return new

    def change(self, g: Array, memory: dict[str, Array]) -> Array:
        """Return by how much a parameter of gradient g moves, and remember."""
        raise NotImplementedError

    def _check(
        self, params: Sequence[ArrayLike], grads: Sequence[ArrayLike]
    ) -> tuple[list[Array], list[Array]]:
        ws = [check_finite("params", w) for w in params]
        gs = [check_finite("grads", g) for g in grads]
        shapes = [w.shape for w in ws], [g.shape for g in gs]
        if shapes[0] != shapes[1]:
            raise ValueError(
                f"grads have shapes {shapes[1]}; expected {shapes[0]}, as params"
            )
        if self.num_steps == 0:
            self.shapes = shapes[0]
            self.memory = [{} for _ in ws]
        elif shapes[0] != self.shapes:
            raise ValueError(
                f"params have shapes {shapes[0]}; expected {self.shapes}, as before"
            )
        return ws, gs


class SGD(Optimiser):
    """Gradient descent, with or without momentum.

    Parameters
    ----------
    lr, weight_decay
        As for `Optimiser`.
    momentum
        How much of the last velocity remains, 0 (none) up to but not 1.
    nesterov
        Whether to look ahead along the velocity; needs momentum.

    References
    ----------
    Polyak (1964); Nesterov (1983), in the form of Sutskever et al. (2013).

    Examples
    --------
    >>> ball = SGD(lr=0.1, momentum=0.9)
    >>> w = [[1.0]]
    >>> for _ in range(3):
    ...     w = ball.step(w, [[1.0]])
    >>> w[0].round(3)  # moves by 0.1, 0.19 and 0.271
    array([0.439])
    """

    def __init__(
        self,
        *,
        lr: float = 0.1,
        momentum: float = 0.0,
        nesterov: bool = False,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(lr=lr, weight_decay=weight_decay)
        self.momentum = check_fraction("momentum", momentum)
        if nesterov and self.momentum == 0:
            raise ValueError("nesterov needs momentum greater than 0")
        self.nesterov = nesterov

    def change(self, g: Array, memory: dict[str, Array]) -> Array:
        """Return the change: -lr times the velocity."""
        if self.momentum == 0:
            return -self.lr * g
        v = self.momentum * memory.get("v", np.zeros_like(g)) + g
        memory["v"] = v
        if self.nesterov:
            v = g + self.momentum * v
        return -self.lr * v


class RMSProp(Optimiser):
    """Steps divided by the recent size of each gradient component.

    Parameters
    ----------
    lr, weight_decay
        As for `Optimiser`.
    alpha
        How slowly the mean of squares forgets, from 0 up to but not 1.
    eps
        Keeps the division from zero, positive.

    References
    ----------
    Tieleman and Hinton (2012).

    Examples
    --------
    >>> RMSProp(lr=0.01, alpha=0.99).step([[0.0, 0.0]], [[100.0, -0.01]])[0].round(3)
    array([-0.1,  0.1])
    """

    def __init__(
        self,
        *,
        lr: float = 0.01,
        alpha: float = 0.99,
        eps: float = 1e-8,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(lr=lr, weight_decay=weight_decay)
        self.alpha = check_fraction("alpha", alpha)
        self.eps = check_positive("eps", eps)

    def change(self, g: Array, memory: dict[str, Array]) -> Array:
        """Return the change: -lr times g over its root mean square."""
        s = memory.get("s", np.zeros_like(g))
        memory["s"] = self.alpha * s + (1 - self.alpha) * g**2
        return -self.lr * g / (np.sqrt(memory["s"]) + self.eps)


class Adam(Optimiser):
    """Momentum and RMSProp together, both means corrected for their start at 0.

    Parameters
    ----------
    lr, weight_decay
        As for `Optimiser`.
    betas
        How slowly the means of gradients and of squares forget, each from 0 up
        to but not 1.
    eps
        Keeps the division from zero, positive.

    References
    ----------
    Kingma and Ba (2015).

    Examples
    --------
    >>> Adam(lr=0.1).step([[0.0, 0.0, 0.0]], [[1e-3, 1.0, 1e3]])[0].round(4)
    array([-0.1, -0.1, -0.1])
    """

    def __init__(
        self,
        *,
        lr: float = 0.001,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(lr=lr, weight_decay=weight_decay)
        beta1, beta2 = betas
        self.betas = (
            check_fraction("betas[0]", beta1),
            check_fraction("betas[1]", beta2),
        )
        self.eps = check_positive("eps", eps)

    def change(self, g: Array, memory: dict[str, Array]) -> Array:
        """Return the change: -lr times the mean gradient over its size."""
        beta1, beta2 = self.betas
        zero = np.zeros_like(g)
        memory["m"] = beta1 * memory.get("m", zero) + (1 - beta1) * g
        memory["s"] = beta2 * memory.get("s", zero) + (1 - beta2) * g**2
        m = memory["m"] / (1 - beta1**self.num_steps)
        s = memory["s"] / (1 - beta2**self.num_steps)
        return -self.lr * m / (np.sqrt(s) + self.eps)


class AdamW(Adam):
    """Adam whose weight decay shrinks the parameters beside the gradient.

    In `Adam` the pull towards zero becomes part of the gradient, and the division
    by the gradient's size distorts it. Parameters are those of `Adam`.

    References
    ----------
    Loshchilov and Hutter (2019).

    Examples
    --------
    >>> AdamW(lr=0.1, weight_decay=0.5).step([[2.0]], [[0.0]])[0]
    array([1.9])
    """

    decoupled = True
