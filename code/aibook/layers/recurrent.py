"""What recurrent layers share: reading step by step, padding, and stacking.

Letters: N sequences in a batch, T steps, D inputs a step, H units, L layers.

Not here: the units themselves (`aibook.layers.rnn`, `aibook.layers.lstm`,
`aibook.layers.gru`).

Sources: M. Schuster and K. Paliwal, "Bidirectional Recurrent Neural Networks",
IEEE Transactions on Signal Processing 45(11), 1997; A. Graves, A. Mohamed and
G. Hinton, "Speech Recognition with Deep Recurrent Neural Networks", ICASSP 2013
(layers on layers, in both directions).

Book pages: sequences/rnn, sequences/lstm.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import torch
from torch import Tensor, nn

__all__ = ["Stack", "length_mask", "unroll"]

State = tuple[Tensor, ...]


def unroll(
    step: Callable[..., State],
    X: Tensor,
    state: State,
    *,
    mask: Tensor | None = None,
) -> tuple[Tensor, State]:
    """Read sequences step by step, and carry the state along.

    Parameters
    ----------
    step
        Called as ``step(x, *state)`` with x of shape (N, D); gives the next state,
        whose first tensor is the output.
    X
        Sequences, shape (N, T, D), T of 1 or more.
    state
        What the first step is given, tensors of shape (N, H).
    mask
        Shape (N, T), bool: True where X is real. At padding the state stays as it
        is and the output is 0. Without a mask everything is real.

    Returns
    -------
    outputs : torch.Tensor
        The first tensor of the state after each step, shape (N, T, H).
    state : tuple of torch.Tensor
        The state after the last real step of each sequence.

    Raises
    ------
    ValueError
        If X or the mask has another shape or the mask is not bool.

    Examples
    --------
    >>> X = torch.tensor([[[1.0], [2.0], [5.0]]])
    >>> outputs, _ = unroll(lambda x, s: (s + x,), X, (torch.zeros(1, 1),))
    >>> outputs.flatten().tolist()
    [1.0, 3.0, 8.0]
    """
    if X.ndim != 3 or not X.shape[1]:
        raise ValueError(
            f"X has shape {tuple(X.shape)}; expected (N, T, D), T of 1 or more"
        )
    if mask is not None and (
        mask.shape != X.shape[:2] or mask.dtype is not torch.bool
    ):
        raise ValueError(
            f"mask has shape {tuple(mask.shape)} and {mask.dtype}; expected "
            f"{tuple(X.shape[:2])} and torch.bool"
        )
    outputs = []
    for t, x in enumerate(X.unbind(dim=1)):  # (N, D)
        after = step(x, *state)
        if mask is not None:
            real = mask[:, t, None]  # (N, 1)
            after = tuple(
                torch.where(real, new, old)
                for new, old in zip(after, state, strict=True)
            )
        state = after
        outputs.append(state[0])
    H = torch.stack(outputs, dim=1)  # (N, T, H)
    return (H if mask is None else H * mask[:, :, None]), state


def length_mask(lengths: Tensor, num_steps: int) -> Tensor:
    """Return where sequences of these lengths are real, and not padding.

    Parameters
    ----------
    lengths
        Shape (N,), integers from 1 to T.
    num_steps
        T, the length to which all were padded at their ends.

    Returns
    -------
    torch.Tensor
        Shape (N, T), bool.

    Raises
    ------
    ValueError
        For lengths of another shape or out of range.

    Examples
    --------
    >>> length_mask(torch.tensor([1, 3]), 3).int()
    tensor([[1, 0, 0],
            [1, 1, 1]], dtype=torch.int32)
    """
    if lengths.ndim != 1 or not len(lengths):
        raise ValueError(
            f"lengths have shape {tuple(lengths.shape)}; expected (N,), N of 1 "
            "or more"
        )
    low, high = int(lengths.min()), int(lengths.max())
    if low < 1 or high > num_steps:
        raise ValueError(
            f"lengths from {low} to {high}; expected 1 to {num_steps}"
        )
    steps = torch.arange(num_steps, device=lengths.device)
    return steps < lengths[:, None]


class Stack(nn.Module):
    """Recurrent layers on top of each other, in one direction or in both.

    Each layer reads what the layer below has put out. With two directions a layer
    has two readers with weights of their own, one from the start and one from the
    end, whose outputs are joined at every step.

    Parameters
    ----------
    layer
        What makes a reader: `RNN`, `LSTM` or `GRU`, called with D and H.
    num_inputs
        Of an input, D.
    hidden
        H, of each reader.
    num_layers
        One above the other, L.
    bidirectional
        Whether each layer reads in both directions.
    dropout
        Share of a layer's outputs that training sets to zero on the way to the
        next layer.

    Attributes
    ----------
    readers : nn.ModuleList
        From bottom to top; with two directions forward, then backward.

    Raises
    ------
    ValueError
        For fewer than one layer, or a share outside 0 to below 1.

    References
    ----------
    Schuster and Paliwal (1997); Graves et al. (2013).

    Examples
    --------
    >>> from aibook.layers.lstm import LSTM
    >>> stack = Stack(LSTM, 3, 5, num_layers=2, bidirectional=True)
    >>> outputs, last = stack(torch.zeros(4, 7, 3))
    >>> outputs.shape, last.shape
    (torch.Size([4, 7, 10]), torch.Size([4, 4, 5]))
    """

    def __init__(
        self,
        layer: Callable[[int, int], nn.Module],
        num_inputs: int,
        hidden: int,
        *,
        num_layers: int = 1,
        bidirectional: bool = False,
        dropout: float = 0.0,
    ) -> None:
        super().__init__()
        if num_layers < 1 or not 0 <= dropout < 1:
            raise ValueError(
                f"num_layers is {num_layers}, dropout {dropout}; expected 1 or "
                "more, and 0 to below 1"
            )
        self.num_layers = num_layers
        self.directions = (False, True) if bidirectional else (False,)
        self.dropout = nn.Dropout(dropout)
        width = hidden * len(self.directions)  # what the layers above read
        self.readers = nn.ModuleList(
            layer(width if depth else num_inputs, hidden)
            for depth, _ in product(range(num_layers), self.directions)
        )

    def forward(
        self, X: Tensor, *, lengths: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """Return the top layer's outputs, and the last state of every reader.

        X has shape (N, T, D); ``lengths``, shape (N,), says how many steps of each
        are real, all if missing. The outputs have shape (N, T, H), or (N, T, 2H)
        with two directions, and are 0 at padding; the states (readers, N, H).
        """
        mask = None if lengths is None else length_mask(lengths, X.shape[1])
        readers, last = iter(self.readers), []
        for depth in range(self.num_layers):
            X = self.dropout(X) if depth else X
            outputs = []
            for backward in self.directions:
                H, h = _read(next(readers), X, mask, backward=backward)
                outputs.append(H)
                last.append(h)
            X = torch.cat(outputs, dim=2)
        return X, torch.stack(last)


def _read(
    reader: nn.Module, X: Tensor, mask: Tensor | None, *, backward: bool
) -> tuple[Tensor, Tensor]:
    """Return outputs (N, T, H) in the order of X, and the last hidden state."""
    if backward:  # padding comes first then: the state waits at 0
        X, mask = X.flip(1), None if mask is None else mask.flip(1)
    H, state = reader(X, mask=mask)
    h = state[0] if isinstance(state, tuple) else state
    return (H.flip(1) if backward else H), h
