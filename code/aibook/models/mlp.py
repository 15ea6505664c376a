"""A multilayer perceptron in PyTorch, the twin of the one in NumPy.

Sizes, start and outputs are those of `aibook.scratch.mlp.MLP`; autograd takes the
place of the hand-written backward pass, and more than two classes are possible.
Not here: the loss and the training loop (`aibook.training`), dropout, batch
normalisation.

Sources: D. Rumelhart, G. Hinton and R. Williams, "Learning representations by
back-propagating errors", Nature 323, 1986; X. Glorot and Y. Bengio,
"Understanding the difficulty of training deep feedforward neural networks",
AISTATS 2010 (how the weights start).

Book page: networks/mlp
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Self

import torch
from numpy.typing import ArrayLike
from torch import Tensor, nn

from aibook.models.checks import check_inputs

__all__ = ["ACTIVATIONS", "MLP"]

ACTIVATIONS = {
    "identity": nn.Identity,
    "relu": nn.ReLU,
    "sigmoid": nn.Sigmoid,
    "tanh": nn.Tanh,
}
"""The activations by name; a step is missing, because it has no gradient."""


class MLP(nn.Module):
    """Linear layers with an activation between them.

    Parameters
    ----------
    sizes
        The number of inputs, of units in each hidden layer, and of outputs:
        (2, 4, 1). One output separates two classes, K outputs separate K.
    activation
        What the hidden layers apply, a name in `ACTIVATIONS`.

    Attributes
    ----------
    layers
        The `nn.Linear` layers; weights start uniform within
        sqrt(6 / (D_in + D_out)) of 0 (Glorot), biases at 0. The start is drawn
        from PyTorch's generator: call `aibook.training.seed_everything` first.

    Raises
    ------
    ValueError
        If fewer than two sizes are given, a size is below 1, or the activation is
        unknown.

    References
    ----------
    Rumelhart, Hinton and Williams (1986); Glorot and Bengio (2010).

    Examples
    --------
    >>> model = MLP((2, 4, 1), activation="sigmoid")
    >>> model(torch.zeros(5, 2)).shape
    torch.Size([5])
    >>> MLP((784, 32, 10))(torch.zeros(5, 784)).shape
    torch.Size([5, 10])
    """

    def __init__(
        self, sizes: Sequence[int], *, activation: str = "tanh"
    ) -> None:
        super().__init__()
        self.sizes = tuple(sizes)
        if len(self.sizes) < 2 or min(self.sizes) < 1:
            raise ValueError(
                f"sizes is {self.sizes}; expected (inputs, hidden ..., outputs), "
                "each 1 or more"
            )
        if activation not in ACTIVATIONS:
            allowed = ", ".join(ACTIVATIONS)
            raise ValueError(
                f"activation is {activation!r}; expected one of {allowed}"
            )
        self.activation = ACTIVATIONS[activation]()
        self.layers = nn.ModuleList()
        for num_in, num_out in pairwise(self.sizes):
            layer = nn.Linear(num_in, num_out)
            nn.init.xavier_uniform_(layer.weight)
            nn.init.zeros_(layer.bias)
            self.layers.append(layer)

    def forward(self, X: Tensor) -> Tensor:
        """Return the logits of X, shape (N, D): (N,) for one output, else (N, K).

        Bad input (another width, no example) raises ValueError.
        """
        h = check_inputs(X, self.sizes[0])
        for layer in self.layers[:-1]:
            h = self.activation(layer(h))  # (N, D_out)
        logits: Tensor = self.layers[-1](h)  # (N, K)
        return logits.squeeze(1) if self.sizes[-1] == 1 else logits

    @classmethod
    def from_arrays(
        cls,
        weights: Sequence[ArrayLike],
        biases: Sequence[ArrayLike],
        *,
        activation: str = "tanh",
    ) -> Self:
        """Build a model from the weights of the NumPy twin, in their precision.

        Parameters
        ----------
        weights
            A matrix for each layer, shape (D_in, D_out). (PyTorch keeps its
            transpose.)
        biases
            A vector for each layer, shape (D_out,).
        activation
            What the hidden layers apply, a name in `ACTIVATIONS`.

        Returns
        -------
        MLP
            With copies of the arrays.

        Raises
        ------
        ValueError
            If the arrays do not fit together, or hold NaN or infinity.

        Examples
        --------
        >>> model = MLP.from_arrays([[[1.0], [-1.0]]], [[0.5]])
        >>> model(torch.tensor([[3.0, 2.0]])).tolist()
        [1.5]
        """
        ws = [torch.tensor(w) for w in weights]
        bs = [torch.tensor(b) for b in biases]
        shapes = [
            tuple(t.shape) for pair in zip(ws, bs, strict=False) for t in pair
        ]
        sizes = [ws[0].shape[0] if ws and ws[0].ndim else 0]
        sizes += [b.shape[0] if b.ndim else 0 for b in bs]
        fitting = [
            shape for i, o in pairwise(sizes) for shape in ((i, o), (o,))
        ]  # what the sizes ask for
        if not ws or len(ws) != len(bs) or shapes != fitting:
            raise ValueError(
                f"{len(ws)} weights and {len(bs)} biases of shapes {shapes}; expected "
                "(D_in, D_out) and (D_out,) for each layer, D_in the D_out before it"
            )
        if not all(t.isfinite().all() for t in (*ws, *bs)):
            raise ValueError("weights or biases hold NaN or infinity")
        model = cls(sizes, activation=activation).to(ws[0].dtype)
        state = {}
        for i, (w, b) in enumerate(zip(ws, bs, strict=True)):
            state[f"layers.{i}.weight"] = w.T
            state[f"layers.{i}.bias"] = b
        model.load_state_dict(state)  # copies
        return model
