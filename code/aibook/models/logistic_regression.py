"""Logistic regression: the perceptron that gradient descent can train.

A perceptron ends in a step, whose derivative is 0 wherever there is one, so a
gradient says nothing about the weights. Logistic regression is the same weighted
sum with a sigmoid in place of the step. Not here: the loss and the training loop
(`aibook.training`), Rosenblatt's rule (`aibook.scratch.perceptron`).

Source: D. R. Cox, "The regression analysis of binary sequences", *Journal of the
Royal Statistical Society B* 20(2), 1958.

Book page: networks/perceptron
"""

from __future__ import annotations

from torch import Tensor, nn

from aibook.models.checks import check_inputs

__all__ = ["LogisticRegression"]


class LogisticRegression(nn.Module):
    """A weighted sum with a bias, read as the log-odds of class 1.

    Parameters
    ----------
    num_inputs
        D, the number of inputs.

    Attributes
    ----------
    linear
        The `nn.Linear` that holds ``weight`` (1, D) and ``bias`` (1,).

    Raises
    ------
    ValueError
        For ``num_inputs`` below 1.

    References
    ----------
    Cox (1958).

    Examples
    --------
    >>> import torch
    >>> model = LogisticRegression(2)
    >>> logits = model(torch.zeros(4, 2))
    >>> logits.shape
    torch.Size([4])
    >>> y_hat = (logits > 0).long()  # where the sigmoid exceeds one half
    """

    def __init__(self, num_inputs: int) -> None:
        super().__init__()
        if num_inputs < 1:
            raise ValueError(f"num_inputs is {num_inputs}; expected 1 or more")
        self.num_inputs = num_inputs
        self.linear = nn.Linear(num_inputs, 1)

    def forward(self, X: Tensor) -> Tensor:
        """Return the logits, shape (N,), of X, shape (N, D).

        Their sigmoid is the probability of class 1; `nn.BCEWithLogitsLoss` applies
        it. Bad input (another width, no example) raises ValueError.
        """
        X = check_inputs(X, self.num_inputs)
        logits: Tensor = self.linear(X)  # (N, 1)
        return logits.squeeze(1)
