"""What one answer of a network costs: multiplications, and bytes that move.

Both are the same on every machine and in every run, unlike seconds. A layer with
weights is charged one multiplication (with its addition) for each product, and the
bytes of its weights, its input and its output, each once.

What not: layers without weights, caches, and how well a processor is used; so costs
order networks, and seconds have to be measured.

Source: M. Horowitz, "Computing's Energy Problem (and What We Can Do about It)",
ISSCC 2014 (why bytes that move count).

Book page: labs/on-device
"""

from __future__ import annotations

from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

__all__ = ["Cost", "costs"]


class Cost(NamedTuple):
    """The cost of one layer for one input.

    Parameters
    ----------
    name
        Of the layer, as ``named_modules`` has it.
    products
        Multiplications, each with an addition.
    weights
        Numbers that the layer holds, biases included.
    values
        Numbers that it reads and writes.
    """

    name: str
    products: int
    weights: int
    values: int


def costs(model: nn.Module, X: Tensor) -> list[Cost]:
    """Run a model once and return the cost of each layer with weights.

    Parameters
    ----------
    model
        Convolutions and linear layers are counted, at every depth.
    X
        One input, with a batch axis of 1.

    Raises
    ------
    ValueError
        If X is no batch of 1.

    Examples
    --------
    >>> layers = nn.Sequential(nn.Conv2d(1, 2, 3), nn.Flatten(), nn.Linear(8, 4))
    >>> for cost in costs(layers, torch.zeros(1, 1, 4, 4)):
    ...     print(*cost)
    0 72 20 24
    2 32 36 12
    """
    if len(X) != 1:
        raise ValueError(f"X has {len(X)} inputs; expected 1")
    found: list[Cost] = []
    hooks = []
    for name, module in model.named_modules():
        if not isinstance(module, (nn.Conv2d, nn.Linear)):
            continue

        def hook(
            module: nn.Module, inputs: Any, output: Tensor, name: str = name
        ) -> None:
            weight: Any = module.weight
            places = output.numel() // len(weight)
            held = sum(p.numel() for p in module.parameters())
            values = inputs[0].numel() + output.numel()
            found.append(Cost(name, weight.numel() * places, held, values))

        hooks.append(module.register_forward_hook(hook))
    try:
        with torch.no_grad():
            model(X)
    finally:
        for handle in hooks:
            handle.remove()
    return found
