"""GRU: a recurrent layer with two gates, whose hidden state is its memory.

Letters: N sequences in a batch, T steps, D inputs a step, H units.

Not here: several layers (`aibook.layers.recurrent`), the first form of the GRU,
in which the reset gate comes before the product with the weights.

Source: K. Cho et al., "Learning Phrase Representations using RNN Encoder-Decoder
for Statistical Machine Translation", EMNLP 2014; the reset gate is where PyTorch
and cuDNN have it, behind the product.

Book page: sequences/lstm.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from aibook.layers.recurrent import unroll

__all__ = ["GRU"]


class GRU(nn.Module):
    """A layer of GRU units, which read sequences from the start to the end.

    The weights start uniform within 1 / sqrt(H) around 0, as in PyTorch.

    Parameters
    ----------
    num_inputs
        Of an input, D.
    hidden
        Units, H.
    keep_bias
        Where the biases of the update gates start; the other biases start at 0.

    Attributes
    ----------
    from_input : nn.Linear
        D -> 3H: the inputs' part of reset gate, update gate and candidate, in
        this order, that of PyTorch.
    from_hidden : nn.Linear
        H -> 3H: the hidden states' part, in the same order.

    Raises
    ------
    ValueError
        If a number is below 1.

    References
    ----------
    Cho et al. (2014).

    Examples
    --------
    >>> layer = GRU(3, 5)
    >>> outputs, h = layer(torch.zeros(2, 7, 3))
    >>> outputs.shape, h.shape
    (torch.Size([2, 7, 5]), torch.Size([2, 5]))
    """

    def __init__(
        self, num_inputs: int, hidden: int, *, keep_bias: float = 0.0
    ) -> None:
        super().__init__()
        if min(num_inputs, hidden) < 1:
            raise ValueError(
                f"num_inputs is {num_inputs}, hidden {hidden}; expected 1 or more"
            )
        self.from_input = nn.Linear(num_inputs, 3 * hidden)
        self.from_hidden = nn.Linear(hidden, 3 * hidden)
        with torch.no_grad():
            for part in (self.from_input, self.from_hidden):
                part.weight.uniform_(-(hidden**-0.5), hidden**-0.5)
                part.bias.zero_()
            self.from_input.bias[hidden : 2 * hidden] = keep_bias

    def gates(self, x: Tensor, h: Tensor) -> tuple[Tensor, ...]:
        """Return reset gate, update gate and candidate, shape (..., H) each.

        x has shape (..., D) and h, the hidden state of the step before, (..., H).
        """
        r_x, z_x, n_x = self.from_input(x).chunk(3, dim=-1)  # (..., H) each
        r_h, z_h, n_h = self.from_hidden(h).chunk(3, dim=-1)
        r = (r_x + r_h).sigmoid()
        z = (z_x + z_h).sigmoid()
        return r, z, (n_x + r * n_h).tanh()

    def step(self, x: Tensor, h: Tensor) -> tuple[Tensor]:
        """Return the hidden state after x, (N, D), as a tuple of one (N, H)."""
        _, z, n = self.gates(x, h)
        return (z * h + (1 - z) * n,)  # keep a share, replace the rest

    def forward(
        self,
        X: Tensor,
        state: Tensor | None = None,
        *,
        mask: Tensor | None = None,
    ) -> tuple[Tensor, Tensor]:
        """Return the hidden states, shape (N, T, H), and the last, (N, H).

        X has shape (N, T, D); ``state`` is the h to start from, zeros if missing,
        shape (N, H). ``mask`` is that of `unroll`.
        """
        if state is None:
            state = X.new_zeros(len(X), self.from_hidden.in_features)
        H, (h,) = unroll(self.step, X, (state,), mask=mask)
        return H, h

    @torch.no_grad()
    def copy_torch(self, twin: nn.GRU, suffix: str = "l0") -> GRU:
        """Take over the weights of a layer of PyTorch, and return this layer.

        ``suffix`` names the layer: "l1" is the second, "l0_reverse" the first's
        backward reader.
        """
        parts = {"ih": self.from_input, "hh": self.from_hidden}
        for name, part in parts.items():
            part.weight.copy_(getattr(twin, f"weight_{name}_{suffix}"))
            part.bias.copy_(getattr(twin, f"bias_{name}_{suffix}"))
        return self
