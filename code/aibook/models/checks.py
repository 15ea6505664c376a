"""Checks of the tensors that models are given: rows, images, or tokens.

Only shapes: to look for NaN at every call would hold up a GPU. Data are checked
once, by `aibook.training.make_loader`. Not here: the checks of NumPy arrays
(`aibook.scratch.checks`).
"""

from __future__ import annotations

from torch import Tensor

from aibook.scratch.vocabulary import PAD

__all__ = ["check_images", "check_inputs", "check_tokens"]


def check_inputs(X: Tensor, num_inputs: int) -> Tensor:
    """Return the examples, or refuse what is no batch of ``num_inputs`` columns.

    Parameters
    ----------
    X
        Examples, shape (N, D).
    num_inputs
        The D that is expected.

    Returns
    -------
    torch.Tensor
        X itself.

    Raises
    ------
    ValueError
        If the shape differs or N is 0.

    Examples
    --------
    >>> import torch
    >>> check_inputs(torch.zeros(4, 3), 2)
    Traceback (most recent call last):
    ...
    ValueError: X has shape (4, 3); expected (N, 2)
    """
    if X.ndim != 2 or X.shape[1] != num_inputs:
        raise ValueError(
            f"X has shape {tuple(X.shape)}; expected (N, {num_inputs})"
        )
    if len(X) == 0:
        raise ValueError(
            f"X is empty, shape {tuple(X.shape)}; one example at least"
        )
    return X


def check_images(X: Tensor, shape: tuple[int, int, int]) -> Tensor:
    """Return images with their channels, or refuse what is no batch of them.

    Parameters
    ----------
    X
        Images, shape (N, C, H, W); the axis of a single channel may be missing.
    shape
        The (C, H, W) that is expected.

    Returns
    -------
    torch.Tensor
        The images, shape (N, C, H, W).

    Raises
    ------
    ValueError
        If the shape differs or N is 0.

    Examples
    --------
    >>> import torch
    >>> check_images(torch.zeros(4, 28, 28), (1, 28, 28)).shape
    torch.Size([4, 1, 28, 28])
    """
    images = X[:, None] if X.ndim == 3 and shape[0] == 1 else X
    if images.shape[1:] != shape or images.ndim != 4 or not len(images):
        expected = ", ".join(map(str, shape))
        raise ValueError(
            f"X has shape {tuple(X.shape)}; expected (N, {expected}) "
            "with N of 1 or more"
        )
    return images


def check_tokens(tokens: Tensor) -> tuple[Tensor, Tensor]:
    """Return tokens as integers (loaders make them floats) and their numbers.

    Parameters
    ----------
    tokens
        Shape (N, L), each text padded at its end.

    Returns
    -------
    tokens : torch.Tensor
        The same, as 64-bit integers.
    lengths : torch.Tensor
        How many tokens of each text are no padding, shape (N,).

    Raises
    ------
    ValueError
        For another shape, for no text, or a text of padding alone.

    Examples
    --------
    >>> import torch
    >>> check_tokens(torch.tensor([[2.0, 3.0], [4.0, 0.0]]))[1].tolist()
    [2, 1]
    """
    if tokens.ndim != 2 or not tokens.numel():
        raise ValueError(
            f"tokens has shape {tuple(tokens.shape)}; expected (N, L), both of "
            "1 or more"
        )
    tokens = tokens.long()
    lengths = (tokens != PAD).sum(dim=1)  # (N,)
    if not lengths.all():
        raise ValueError("a text is padding alone; each needs a token")
    return tokens, lengths
