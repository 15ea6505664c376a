"""NumPy beside PyTorch: softmax cross-entropy and dense layers, value and gradient.

Run it with ``python tests/benchmarks/losses.py``; it takes some seconds. Both
compute in double precision on one thread, in turns, and the fastest of many rounds
counts: that is the time without what else the machine does.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import numpy as np
import torch
import torch.nn.functional as F
from threadpoolctl import threadpool_limits

sys.path.insert(0, str(Path(__file__).parents[2] / "code"))

from aibook.losses import cross_entropy, cross_entropy_grad
from aibook.models import mlp as torch_mlp
from aibook.scratch.mlp import MLP

BATCH, WIDTH, HIDDEN, ROUNDS, LIMIT = 1024, 784, 128, 60, 3.0


def fastest(*functions: Callable[[], object]) -> list[float]:
    """Return the least time of each function, in milliseconds, run in turns."""
    best = [float("inf")] * len(functions)
    for _ in range(ROUNDS):
        for i, function in enumerate(functions):
            start = perf_counter()
            function()
            best[i] = min(best[i], 1000 * (perf_counter() - start))
    return best


def softmax_cross_entropy() -> list[float]:
    """Time the loss of 1,024 rows of 784 logits and its gradient."""
    rng = np.random.default_rng(0)
    logits = rng.normal(size=(BATCH, WIDTH))
    y = rng.integers(WIDTH, size=BATCH)
    z, t = torch.tensor(logits, requires_grad=True), torch.tensor(y)

    def ours() -> tuple[float, object]:
        return cross_entropy(logits, y), cross_entropy_grad(logits, y)

    def twin() -> tuple[float, object]:
        z.grad = None
        loss = F.cross_entropy(z, t)
        loss.backward()
        return loss.item(), z.grad

    (value, grad), (value_twin, grad_twin) = ours(), twin()
    assert abs(value - value_twin) < 1e-12
    assert np.abs(grad - grad_twin.numpy()).max() < 1e-12
    return fastest(ours, twin)


def dense_layers() -> list[float]:
    """Time forward and backward through the layers 784-128-1."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(BATCH, WIDTH))
    y = rng.integers(2, size=BATCH)
    model = MLP((WIDTH, HIDDEN, 1), activation="relu", seed=0)
    net = torch_mlp.MLP.from_arrays(
        model.weights, model.biases, activation="relu"
    )
    inputs, targets = torch.tensor(X), torch.tensor(y, dtype=torch.float64)

    def ours() -> object:
        return model.gradients(X, y)[1][0]

    def twin() -> object:
        net.zero_grad()
        loss = F.binary_cross_entropy_with_logits(net(inputs), targets)
        loss.backward()
        return net.layers[0].weight.grad

    assert np.abs(ours() - twin().numpy().T).max() < 1e-12
    return fastest(ours, twin)


def main() -> None:
    """Print a row for each, and fail if NumPy takes over three times as long."""
    torch.set_num_threads(1)
    threadpool_limits(1)
    print(f"{'1,024 x 784, double, one thread':<34}{'NumPy':>10}{'torch':>10}")
    slow = False
    for name, measure in {
        "softmax cross-entropy + gradient": softmax_cross_entropy,
        "dense 784-128-1, forward + back": dense_layers,
    }.items():
        ours, twin = measure()
        slow |= ours > LIMIT * twin
        print(f"{name:<34}{ours:>7.2f} ms{twin:>7.2f} ms  x {ours / twin:.2f}")
    sys.exit("more than three times torch's time" if slow else None)


if __name__ == "__main__":
    main()
