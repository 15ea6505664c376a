"""LSTM: a recurrent layer with a memory that is added to, and guarded by gates.

Letters: N sequences in a batch, T steps, D inputs a step, H units.

Not here: connections from the cell state to the gates (peepholes), projections
of the hidden state, several layers (`aibook.layers.recurrent`).

Sources: S. Hochreiter and J. Schmidhuber, "Long Short-Term Memory", Neural
Computation 9(8), 1997; F. Gers, J. Schmidhuber and F. Cummins, "Learning to
Forget: Continual Prediction with LSTM", Neural Computation 12(10), 2000 (the
forget gate).

Book page: sequences/lstm.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from aibook.layers.recurrent import unroll

__all__ = ["LSTM"]


class LSTM(nn.Module):
    """A layer of LSTM units, which read sequences from the start to the end.

    The weights start uniform within 1 / sqrt(H) around 0, as in PyTorch.

    Parameters
    ----------
    num_inputs
        Of an input, D.
    hidden
        Units, H.
    forget_bias
        Where the biases of the forget gates start; the other biases start at 0.

    Attributes
    ----------
    from_input : nn.Linear
        D -> 4H: the inputs' part of input gate, forget gate, candidate and output
        gate, in this order, that of PyTorch; with the biases.
    from_hidden : nn.Linear
        H -> 4H: the hidden states' part, in the same order.

    Raises
    ------
    ValueError
        If a number is below 1.

    References
    ----------
    Hochreiter and Schmidhuber (1997); Gers et al. (2000).

    Examples
    --------
    >>> layer = LSTM(3, 5)
    >>> outputs, (h, c) = layer(torch.zeros(2, 7, 3))
    >>> outputs.shape, h.shape, c.shape
    (torch.Size([2, 7, 5]), torch.Size([2, 5]), torch.Size([2, 5]))
    """

    def __init__(
        self, num_inputs: int, hidden: int, *, forget_bias: float = 0.0
    ) -> None:
        super().__init__()
        if min(num_inputs, hidden) < 1:
            raise ValueError(
                f"num_inputs is {num_inputs}, hidden {hidden}; expected 1 or more"
            )
        self.from_input = nn.Linear(num_inputs, 4 * hidden)
        self.from_hidden = nn.Linear(hidden, 4 * hidden, bias=False)
        with torch.no_grad():
            for weight in (self.from_input.weight, self.from_hidden.weight):
                weight.uniform_(-(hidden**-0.5), hidden**-0.5)
            self.from_input.bias.zero_()
            self.from_input.bias[hidden : 2 * hidden] = forget_bias

    def gates(self, x: Tensor, h: Tensor) -> tuple[Tensor, ...]:
        """Return input gate, forget gate, candidate, output gate: (..., H) each.

        x has shape (..., D) and h, the hidden state of the step before, (..., H).
        """
        z = self.from_input(x) + self.from_hidden(h)  # (..., 4H)
        i, f, g, o = z.chunk(4, dim=-1)  # (..., H) each
        return i.sigmoid(), f.sigmoid(), g.tanh(), o.sigmoid()

    def step(self, x: Tensor, h: Tensor, c: Tensor) -> tuple[Tensor, Tensor]:
        """Return hidden and cell state after x, (N, D): shape (N, H) each."""
        i, f, g, o = self.gates(x, h)
        c = f * c + i * g  # forget some, add some
        h = o * c.tanh()  # show some
        return h, c

    def forward(
        self,
        X: Tensor,
        state: tuple[Tensor, Tensor] | None = None,
        *,
        mask: Tensor | None = None,
    ) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        """Return the hidden states, shape (N, T, H), and the last (h, c).

        X has shape (N, T, D); ``state`` is the (h, c) to start from, zeros if
        missing, shape (N, H) each. ``mask`` is that of `unroll`.
        """
        if state is None:
            zeros = X.new_zeros(len(X), self.from_hidden.in_features)
            state = (zeros, zeros)
        H, (h, c) = unroll(self.step, X, state, mask=mask)
        return H, (h, c)

    @torch.no_grad()
    def copy_torch(self, twin: nn.LSTM, suffix: str = "l0") -> LSTM:
        """Take over the weights of a layer of PyTorch, and return this layer.

        PyTorch keeps two biases for each unit and adds them; here is their sum.
        ``suffix`` names the layer: "l1" is the second, "l0_reverse" the first's
        backward reader.
        """
        self.from_input.weight.copy_(getattr(twin, f"weight_ih_{suffix}"))
        self.from_hidden.weight.copy_(getattr(twin, f"weight_hh_{suffix}"))
        both = [
            getattr(twin, f"bias_{part}_{suffix}") for part in ("ih", "hh")
        ]
        self.from_input.bias.copy_(sum(both))
        return self
