"""A plain recurrent layer: one linear layer and a tanh, again at every step.

Letters: N sequences in a batch, T steps, D inputs a step, H units.

Not here: several layers (`aibook.layers.recurrent`), gates (`aibook.layers.lstm`,
`aibook.layers.gru`), the backward pass by hand (`aibook.scratch.rnn`).

Source: J. Elman, "Finding Structure in Time", Cognitive Science 14(2), 1990.

Book page: sequences/rnn.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from aibook.layers.recurrent import unroll

__all__ = ["RNN"]


class RNN(nn.Module):
    """A layer of tanh units, which read sequences from the start to the end.

    The weights start uniform within 1 / sqrt(H) around 0, as in PyTorch.

    Parameters
    ----------
    num_inputs
        Of an input, D.
    hidden
        Units, H.

    Attributes
    ----------
    from_input : nn.Linear
        D -> H: the inputs' part of the sum, with the biases.
    from_hidden : nn.Linear
        H -> H: the part of the state before.

    Raises
    ------
    ValueError
        If a number is below 1.

    References
    ----------
    Elman (1990).

    Examples
    --------
    >>> layer = RNN(3, 5)
    >>> outputs, h = layer(torch.zeros(2, 7, 3))
    >>> outputs.shape, h.shape
    (torch.Size([2, 7, 5]), torch.Size([2, 5]))
    """

    def __init__(self, num_inputs: int, hidden: int) -> None:
        super().__init__()
        if min(num_inputs, hidden) < 1:
            raise ValueError(
                f"num_inputs is {num_inputs}, hidden {hidden}; expected 1 or more"
            )
        self.from_input = nn.Linear(num_inputs, hidden)
        self.from_hidden = nn.Linear(hidden, hidden, bias=False)
        with torch.no_grad():
            for weight in (self.from_input.weight, self.from_hidden.weight):
                weight.uniform_(-(hidden**-0.5), hidden**-0.5)
            self.from_input.bias.zero_()

    def step(self, x: Tensor, h: Tensor) -> tuple[Tensor]:
        """Return the state after x, (N, D), as a tuple of one (N, H)."""
        return ((self.from_input(x) + self.from_hidden(h)).tanh(),)

    def forward(
        self,
        X: Tensor,
        state: Tensor | None = None,
        *,
        mask: Tensor | None = None,
    ) -> tuple[Tensor, Tensor]:
        """Return the states, shape (N, T, H), and the last, (N, H).

        X has shape (N, T, D); ``state`` is the h to start from, zeros if missing,
        shape (N, H). ``mask`` is that of `unroll`.
        """
        if state is None:
            state = X.new_zeros(len(X), self.from_hidden.in_features)
        H, (h,) = unroll(self.step, X, (state,), mask=mask)
        return H, h

    @torch.no_grad()
    def copy_torch(self, twin: nn.RNN, suffix: str = "l0") -> RNN:
        """Take over the weights of a layer of PyTorch, and return this layer.

        PyTorch keeps two biases for each unit and adds them; here is their sum.
        ``suffix`` names the layer, as in `LSTM.copy_torch`.
        """
        self.from_input.weight.copy_(getattr(twin, f"weight_ih_{suffix}"))
        self.from_hidden.weight.copy_(getattr(twin, f"weight_hh_{suffix}"))
        both = [
            getattr(twin, f"bias_{part}_{suffix}") for part in ("ih", "hh")
        ]
        self.from_input.bias.copy_(sum(both))
        return self
