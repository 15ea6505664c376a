"""Early stopping: end a training when the validation loss stops falling.

The best weights so far are kept, and put back at the end: the network that
training hands over is the best one it passed, not the last.

Not here: the training loop (`aibook.training.fit` takes an `EarlyStopping`),
saving to a file (`aibook.checkpoints`).

Source: L. Prechelt, "Early Stopping - But When?", in Neural Networks: Tricks of
the Trade, Springer, 1998.

Book page: networks/training.
"""

from __future__ import annotations

from torch import Tensor, nn

__all__ = ["EarlyStopping"]


class EarlyStopping:
    """Remember the best weights, and say when to stop waiting for better ones.

    An object serves one training: it remembers what it has seen.

    Parameters
    ----------
    patience
        How many epochs in a row may pass without a new best validation loss.
    min_delta
        By how much a loss must lie below the best one to count as better.

    Attributes
    ----------
    best_epoch
        The epoch, counted from 1, with the best validation loss; 0 before the
        first.
    best_loss
        That loss; infinite before the first.
    num_epochs
        How many epochs it has seen.

    Raises
    ------
    ValueError
        For a patience below 1, or a negative or infinite ``min_delta``.

    References
    ----------
    Prechelt (1998).

    Examples
    --------
    >>> stopping = EarlyStopping(patience=2)
    >>> model = nn.Linear(1, 1)
    >>> [stopping.update(model, loss) for loss in (0.9, 0.5, 0.6, 0.7)]
    [False, False, False, True]
    >>> stopping.best_epoch, stopping.best_loss
    (2, 0.5)
    """

    def __init__(self, *, patience: int, min_delta: float = 0.0) -> None:
        if patience < 1:
            raise ValueError(f"patience = {patience}; it must be 1 or more")
        if not 0 <= min_delta < float("inf"):  # false for NaN too
            raise ValueError(
                f"min_delta = {min_delta}; it must be 0 or more, and finite"
            )
        self.patience = patience
        self.min_delta = min_delta
        self.best_epoch = 0
        self.best_loss = float("inf")
        self.num_epochs = 0
        self._best_state: dict[str, Tensor] = {}

    def update(self, model: nn.Module, val_loss: float) -> bool:
        """Take note of an epoch, and return whether training should stop.

        Parameters
        ----------
        model
            As it is after the epoch; its weights and buffers are copied if the
            loss is the best.
        val_loss
            The validation loss of the epoch, finite.

        Raises
        ------
        ValueError
            For a loss that is NaN or infinite.
        """
        if not abs(val_loss) < float("inf"):  # true for NaN too
            raise ValueError(f"val_loss = {val_loss}; it must be finite")
        self.num_epochs += 1
        if val_loss < self.best_loss - self.min_delta:
            self.best_loss = val_loss
            self.best_epoch = self.num_epochs
            self._best_state = {
                name: tensor.detach().clone()  # else they would go on changing
                for name, tensor in model.state_dict().items()
            }
        return self.num_epochs - self.best_epoch >= self.patience

    def restore(self, model: nn.Module) -> None:
        """Put the best weights back into the model.

        Raises
        ------
        ValueError
            Before the first `update`.
        """
        if self.best_epoch == 0:
            raise ValueError("no epoch was seen; call update before restore")
        model.load_state_dict(self._best_state)
