"""How often XOR is learned: the book's settings beside those of the notes.

Run it with ``python tests/benchmarks/xor.py``; it takes about two minutes. A run
counts as solved if all four outputs are right after the last step. The steps are
the median over the solved runs of the first step from which on all four stay right.
"""

import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from statistics import median

import torch
from torch import nn

sys.path.insert(0, str(Path(__file__).parents[2] / "code"))

from aibook.data.gates import load_gate
from aibook.scratch.mlp import MLP, XOR_SETTINGS

X, y = load_gate("xor")

#: The steps taken until all four outputs stayed right, or None if they never did.
Run = Callable[[int], int | None]


def steps_to_solve(right: Iterable[bool]) -> int | None:
    """Return after which step ``right`` stays true to the end, None if it ends false.

    ``right`` says, before the first step and after each, whether all are right.
    """
    since = None
    for step, is_right in enumerate(right):
        if not is_right:
            since = None
        elif since is None:
            since = step
    return since


def book(seed: int) -> int | None:
    """Train the network of the page networks/mlp."""
    sizes, activation, lr, num_steps = XOR_SETTINGS
    model = MLP(sizes, activation=activation, seed=seed)

    def right() -> Iterable[bool]:
        yield bool((model.predict(X) == y).all())
        for _ in range(num_steps):
            model.fit(X, y, lr=lr, num_steps=1)
            yield bool((model.predict(X) == y).all())

    return steps_to_solve(right())


def notes(seed: int) -> int | None:
    """Train the network of the notes: PyTorch's own start, SGD with lr 0.5."""
    torch.manual_seed(seed)
    model = nn.Sequential(
        nn.Linear(2, 4), nn.Sigmoid(), nn.Linear(4, 1), nn.Sigmoid()
    )
    optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
    criterion = nn.BCELoss()
    inputs = torch.tensor(X, dtype=torch.float32)
    targets = torch.tensor(y, dtype=torch.float32)[:, None]

    def right() -> Iterable[bool]:
        for _ in range(1000):
            optimizer.zero_grad()
            outputs = model(inputs)
            yield bool((outputs.round() == targets).all())
            loss = criterion(outputs, targets)
            loss.backward()
            optimizer.step()
        with torch.no_grad():
            yield bool((model(inputs).round() == targets).all())

    return steps_to_solve(right())


def report(name: str, run: Run) -> None:
    """Print a row for the first 20 seeds and one for all 100."""
    results = [run(seed) for seed in range(100)]
    for num_seeds in (20, 100):
        steps = [step for step in results[:num_seeds] if step is not None]
        middle = f"{median(steps):g}" if steps else "-"
        latest = str(max(steps)) if steps else "-"
        seeds = f"0..{num_seeds - 1}"
        print(
            f"{name:<44}{seeds:>7}{len(steps):>7} of {num_seeds:<4}"
            f"{middle:>13}{latest:>13}",
            flush=True,
        )


def main() -> None:
    """Print the table."""
    torch.set_num_threads(1)
    sizes, activation, lr, num_steps = XOR_SETTINGS
    network = "-".join(map(str, sizes))
    print(
        f"{'settings':<44}{'seeds':>7}{'solved':>12}{'median step':>16}{'latest':>13}"
    )
    report(
        f"book   {network} {activation}, Glorot, lr {lr:g}, {num_steps}", book
    )
    report("notes  2-4-1 sigmoid, PyTorch, lr 0.5, 1000", notes)


if __name__ == "__main__":
    main()
