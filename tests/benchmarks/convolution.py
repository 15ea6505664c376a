"""Loops, windows and PyTorch side by side: convolution, and max pooling.

Run it with ``python tests/benchmarks/convolution.py``; it takes about a minute. All
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

from aibook.scratch.convolution import conv2d, conv2d_backward, conv2d_loop
from aibook.scratch.pooling import pool2d

ROUNDS, LOOP_ROUNDS, LEAST_GAIN, LIMIT = 60, 3, 50.0, 10.0


def fastest(
    functions: dict[str, Callable[[], object]],
) -> dict[str, float]:
    """Return the least time of each function in milliseconds, run in turns."""
    best = dict.fromkeys(functions, float("inf"))
    for k in range(ROUNDS):
        for name, function in functions.items():
            if name == "loop" and k >= LOOP_ROUNDS:
                continue
            start = perf_counter()
            function()
            best[name] = min(best[name], 1000 * (perf_counter() - start))
    return best


def convolution() -> dict[str, float]:
    """Time 16 kernels of 3 x 3 on 64 images of 28 x 28."""
    rng = np.random.default_rng(0)
    X, W = rng.normal(size=(64, 1, 28, 28)), rng.normal(size=(16, 1, 3, 3))
    x, w = torch.tensor(X), torch.tensor(W)
    expected = F.conv2d(x, w).numpy()
    assert np.abs(conv2d(X, W) - expected).max() < 1e-12
    assert np.abs(conv2d_loop(X, W) - expected).max() < 1e-12
    return fastest(
        {
            "loop": lambda: conv2d_loop(X, W),
            "windows": lambda: conv2d(X, W),
            "torch": lambda: F.conv2d(x, w),
        }
    )


def gradients() -> dict[str, float]:
    """Time the same, forward and back."""
    rng = np.random.default_rng(0)
    X, W = rng.normal(size=(64, 1, 28, 28)), rng.normal(size=(16, 1, 3, 3))
    dY = rng.normal(size=(64, 16, 26, 26))
    x, w = torch.tensor(X), torch.tensor(W)
    x.requires_grad_()
    w.requires_grad_()

    def ours() -> object:
        conv2d(X, W)
        return conv2d_backward(dY, X, W)[1]

    def twin() -> object:
        x.grad = w.grad = None
        F.conv2d(x, w).backward(torch.tensor(dY))
        return w.grad

    assert np.abs(ours() - twin().numpy()).max() < 1e-9
    return fastest({"windows": ours, "torch": twin})


def double_loop(image: np.ndarray, size: int) -> np.ndarray:
    """Return the maxima of one image, window after window."""
    shape = np.array(image.shape) // size
    pooled = np.zeros(shape)
    for i in range(shape[0]):
        for j in range(shape[1]):
            rows = slice(i * size, (i + 1) * size)
            columns = slice(j * size, (j + 1) * size)
            pooled[i, j] = np.max(image[rows, columns])
    return pooled


def pooling() -> dict[str, float]:
    """Time the maxima of 2 x 2 windows on 1,000 images of 28 x 28."""
    X = np.random.default_rng(0).normal(size=(1000, 1, 28, 28))
    x = torch.tensor(X)

    def loop() -> object:
        return [double_loop(image, 2) for image in X[:, 0]]

    expected = F.max_pool2d(x, 2).numpy()
    assert (pool2d(X, 2) == expected).all()
    assert (np.array(loop()) == expected[:, 0]).all()
    return fastest(
        {
            "loop": loop,
            "windows": lambda: pool2d(X, 2),
            "torch": lambda: F.max_pool2d(x, 2),
        }
    )


def main() -> None:
    """Print a row for each, and fail if the windows gain too little."""
    torch.set_num_threads(1)
    threadpool_limits(1)
    print("milliseconds, double precision, one thread")
    print(f"{'':<22}{'loop':>9}{'windows':>9}{'torch':>9}", end="")
    print("  loop/windows  windows/torch")
    failed = []
    for name, measure in {
        "convolution": convolution,
        "forward and back": gradients,
        "max pooling": pooling,
    }.items():
        times = measure()
        loop, ours, twin = times.get("loop"), times["windows"], times["torch"]
        slow = "-" if loop is None else f"{loop:.1f}"
        gain = "-" if loop is None else f"{loop / ours:.0f}"
        print(f"{name:<22}{slow:>9}{ours:>9.2f}{twin:>9.2f}", end="")
        print(f"{gain:>14}{ours / twin:>15.2f}")
        if loop is not None and loop < LEAST_GAIN * ours:
            failed.append(f"{name}: windows gain less than {LEAST_GAIN:g} x")
        if name == "convolution" and ours > LIMIT * twin:
            failed.append(f"{name}: more than {LIMIT:g} times torch's time")
    sys.exit("; ".join(failed) or None)


if __name__ == "__main__":
    main()
