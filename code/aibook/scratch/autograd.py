"""Automatic differentiation of numbers: a `Value` remembers how it was computed.

Reverse mode, first derivatives, one number at a time: the idea behind PyTorch's
``backward``. Not here: arrays, higher derivatives, forward mode. A network made of
Values is in `aibook.scratch.autograd_mlp`.

Sources: S. Linnainmaa, "Taylor expansion of the accumulated rounding error", BIT
16, 1976 (reverse mode). A. Karpathy's micrograd (2020) showed how little code an
engine for single numbers needs; this one keeps the local derivatives on the edges.

Book page: networks/backpropagation
"""

from __future__ import annotations

import math
from collections.abc import Callable
from numbers import Real
from operator import truediv

__all__ = ["Value", "topological_order"]


class Value:
    """A number, how it was computed, and how a result changes with it.

    Values are added, subtracted, multiplied and divided with each other and with
    plain numbers, and raised to the power of a plain number.

    Parameters
    ----------
    data
        The number.
    inputs
        The Values that it was computed from; none for a number that is given.
    slopes
        The derivative of this number with respect to each input.
    op
        What computed it, for messages and drawings.

    Attributes
    ----------
    grad
        The derivative that `backward` found, summed over its calls; set it to 0
        before the next step of training.

    Raises
    ------
    ValueError
        If a number is not finite, be it given or the outcome of an operation, or
        an operation has no finite value or derivative there (``Value(0.0).log()``).

    References
    ----------
    Linnainmaa (1976).

    Examples
    --------
    >>> a, b = Value(2.0), Value(-3.0)
    >>> y = a * b + a
    >>> y.backward()
    >>> y.data, a.grad, b.grad
    (-4.0, -2.0, 2.0)
    """

    __slots__ = ("data", "grad", "inputs", "op", "slopes")
    __array_ufunc__ = None  # NumPy must not take a Value for an element

    def __init__(
        self,
        data: float,
        inputs: tuple[Value, ...] = (),
        slopes: tuple[float, ...] = (),
        op: str = "",
    ) -> None:
        numbers = (data, *slopes)
        if not all(map(_is_finite, numbers)):
            raise ValueError(
                f"{op or 'data'} is {data!r}, its slopes are {slopes}; "
                "expected finite numbers"
            )
        self.data = float(data)
        self.grad = 0.0
        self.inputs = inputs
        self.slopes = slopes
        self.op = op

    def __repr__(self) -> str:
        return f"Value({self.data:g}, grad={self.grad:g})"

    def __add__(self, other: Value | float) -> Value:
        other = _as_value(other)
        return Value(self.data + other.data, (self, other), (1.0, 1.0), "+")

    def __sub__(self, other: Value | float) -> Value:
        other = _as_value(other)
        return Value(self.data - other.data, (self, other), (1.0, -1.0), "−")

    def __mul__(self, other: Value | float) -> Value:
        other = _as_value(other)
        slopes = (other.data, self.data)  # swapped
        return Value(self.data * other.data, (self, other), slopes, "×")

    def __truediv__(self, other: Value | float) -> Value:
        other = _as_value(other)
        y = _apply(truediv, self.data, other.data)
        slopes = (1 / other.data, -y / other.data)
        return Value(y, (self, other), slopes, "÷")

    def __pow__(self, power: float) -> Value:
        if not _is_finite(power):
            raise ValueError(f"the power is {power!r}; expected a number")
        y = _apply(math.pow, self.data, power)
        slope = power and power * _apply(math.pow, self.data, power - 1)
        return Value(y, (self,), (slope,), "power")

    def exp(self) -> Value:
        """Return e to the power of this number."""
        y = _apply(math.exp, self.data)
        return Value(y, (self,), (y,), "exp")

    def log(self) -> Value:
        """Return the natural logarithm of this number, which must be positive."""
        y = _apply(math.log, self.data)
        return Value(y, (self,), (1 / self.data,), "log")

    def tanh(self) -> Value:
        """Return the hyperbolic tangent of this number."""
        y = math.tanh(self.data)
        return Value(y, (self,), (1 - y * y,), "tanh")

    def sigmoid(self) -> Value:
        """Return 1 / (1 + exp(-z)) for this number z, without overflow."""
        small = math.exp(-abs(self.data))  # never above 1
        y = (1.0 if self.data >= 0 else small) / (1 + small)
        return Value(y, (self,), (y * (1 - y),), "sigmoid")

    def relu(self) -> Value:
        """Return the number if it is positive, else 0, where the slope is 0."""
        slope = 1.0 if self.data > 0 else 0.0
        return Value(max(self.data, 0.0), (self,), (slope,), "ReLU")

    def backward(self) -> None:
        """Add to every ``grad`` the derivative of this number with respect to it.

        Raises
        ------
        ValueError
            If a derivative is too large for a float; no ``grad`` is changed.
        """
        order = topological_order(self)
        flow = dict.fromkeys(order, 0.0)
        flow[self] = 1.0
        for node in reversed(order):  # the result first, what it uses later
            for source, slope in zip(node.inputs, node.slopes, strict=True):
                flow[source] += flow[node] * slope
        if not all(map(math.isfinite, flow.values())):
            raise ValueError("a gradient exceeds the range of floats")
        for node, derivative in flow.items():
            node.grad += derivative

    def __neg__(self) -> Value:
        return self * -1.0

    def __radd__(self, other: float) -> Value:
        return self + other

    def __rsub__(self, other: float) -> Value:
        return _as_value(other) - self

    def __rmul__(self, other: float) -> Value:
        return self * other

    def __rtruediv__(self, other: float) -> Value:
        return _as_value(other) / self


def topological_order(result: Value) -> list[Value]:
    """Return the Values behind a result, each after all that it was computed from.

    Parameters
    ----------
    result
        The last in the order. Chains of any length are fine: no recursion.

    Examples
    --------
    >>> a = Value(3.0)
    >>> [node.data for node in topological_order((a + 1.0) * a)]
    [3.0, 1.0, 4.0, 12.0]
    """
    order: list[Value] = []
    seen: set[Value] = set()
    stack = [(result, False)]
    while stack:
        node, inputs_done = stack.pop()
        if inputs_done:
            order.append(node)
        elif node not in seen:
            seen.add(node)
            stack.append((node, True))  # back here after the inputs
            stack.extend((source, False) for source in reversed(node.inputs))
    return order


def _as_value(number: Value | float) -> Value:
    """Return a Value as it is, and a plain number as a new Value."""
    return number if isinstance(number, Value) else Value(number)


def _is_finite(number: object) -> bool:
    return isinstance(number, Real) and math.isfinite(number)


def _apply(function: Callable[..., float], *numbers: float) -> float:
    """Return a function's value, or say for which numbers it has none."""
    try:
        return function(*numbers)
    except (ArithmeticError, ValueError) as error:
        given = ", ".join(f"{number:g}" for number in numbers)
        raise ValueError(
            f"{function.__name__}({given}) has no finite value ({error})"
        ) from error
