"""What the tests of every module compare and differentiate with."""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

__all__ = [
    "assert_every_weight_learns",
    "assert_same",
    "assert_samples_apart",
    "disturb",
    "numeric_gradient",
]


def _as_numpy(value: Any) -> tuple[NDArray[Any], str]:
    """Return the values as an array, and the name of the dtype that they had."""
    if not hasattr(value, "detach"):
        array = np.asarray(value)
        return array, array.dtype.name
    tensor = value.detach().cpu()
    name = str(tensor.dtype).removeprefix("torch.")
    if name == "bfloat16":  # NumPy has no such type
        tensor = tensor.float()
    return tensor.numpy(), name


def _gradient(value: Any) -> Any:
    """Return the gradient that a tensor has gathered, or None."""
    is_source = getattr(value, "is_leaf", False) or getattr(
        value, "retains_grad", False
    )
    return value.grad if is_source else None


def assert_same(
    actual: Any, expected: Any, *, rtol: float = 1e-6, atol: float = 1e-9
) -> None:
    """Assert that two arrays or tensors agree in shape, dtype, values, gradients.

    NumPy arrays, torch tensors and numbers may be mixed. Infinities of one sign
    agree; a NaN agrees with nothing. Gradients are compared where both are
    tensors that hold one.
    """
    _assert_same(actual, expected, rtol, atol, "values")
    gradients = _gradient(actual), _gradient(expected)
    if all(gradient is not None for gradient in gradients):
        _assert_same(*gradients, rtol, atol, "gradients")


def _assert_same(
    actual: Any, expected: Any, rtol: float, atol: float, what: str
) -> None:
    a, a_name = _as_numpy(actual)
    e, e_name = _as_numpy(expected)
    assert a.shape == e.shape, f"{what}: shape {a.shape}, expected {e.shape}"
    assert a_name == e_name, f"{what}: dtype {a_name}, expected {e_name}"
    inexact = a.dtype.kind in "fc"
    same = np.isclose(a, e, rtol=rtol, atol=atol) if inexact else a == e
    if np.all(same):
        return
    wrong = np.argwhere(~np.atleast_1d(same))
    first = tuple(int(i) for i in wrong[0]) if a.ndim else ()
    raise AssertionError(
        f"{what}: {len(wrong)} of {a.size} differ (rtol {rtol:g}, atol {atol:g}), "
        f"the first at {first}: {a[first]!r}, expected {e[first]!r}"
    )


def numeric_gradient(
    f: Callable[[NDArray[Any]], float], x: NDArray[Any], eps: float = 1e-6
) -> NDArray[np.float64]:
    """Return the central differences of the scalar ``f`` at every element of ``x``.

    ``x`` is changed in place while ``f`` is asked, and restored: so ``f`` may
    look at a model that holds ``x`` as a parameter.
    """
    assert x.dtype.kind == "f", (
        f"x: dtype {x.dtype.name}, expected floating point"
    )
    gradient = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        value = x[index]
        x[index] = value + eps
        above = f(x)
        x[index] = value - eps
        below = f(x)
        x[index] = value
        gradient[index] = (above - below) / (2 * eps)
    return gradient


def disturb(model: nn.Module) -> nn.Module:
    """Move every parameter and stored statistic off its starting value.

    Layers that start at 0 or at the identity would hide a fault in what they do.
    """
    torch.manual_seed(0)
    learned = dict(model.named_parameters())
    for name, tensor in model.state_dict().items():  # shares the memory
        if tensor.is_floating_point():  # a variance must stay positive
            draw = torch.randn_like if name in learned else torch.rand_like
            tensor.add_(0.1 * draw(tensor))
    return model


def assert_samples_apart(model: nn.Module, *inputs: Tensor) -> None:
    """Assert that a batch's outputs are those of its samples one by one."""
    together = model(*inputs)
    for i in range(len(together)):
        alone = model(*(part[i : i + 1] for part in inputs))
        assert_same(alone, together[i : i + 1], rtol=1e-4, atol=1e-5)


def assert_every_weight_learns(
    model: nn.Module, *inputs: Tensor, but: tuple[str, ...] = ()
) -> None:
    """Assert that each parameter gets a gradient; not 0, but for some endings."""
    model(*inputs).square().sum().backward()
    for name, p in model.named_parameters():
        assert p.grad is not None, name
        if not name.endswith(but):
            assert p.grad.abs().max() > 0, name
