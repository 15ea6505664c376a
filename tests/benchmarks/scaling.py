"""Throughput of one process and of two, which share each batch.

Run it with ``python tests/benchmarks/scaling.py``; it takes about two minutes. The
network is tiny, so what is measured here is mostly the price of talking: with 13,258
weights the gradients travel longer than they are computed. The program also checks
that both numbers of processes learn the same.
"""

import sys
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).parents[2] / "code"))

from aibook.distributed_digits import launch

EPOCHS = 60


def main() -> None:
    """Print digits a second, and fail if the processes disagree."""
    runs = {}
    for batch_size in (80, 1000):
        for count in (1, 2):
            seconds = {}
            for epochs in (1, 1 + EPOCHS):
                start = perf_counter()
                runs[count] = launch(
                    count, batch_size=batch_size, num_epochs=epochs
                )
                seconds[epochs] = perf_counter() - start
            taken = seconds[1 + EPOCHS] - seconds[1]
            print(
                f"batch {batch_size:4}  processes {count}"
                f"  {2000 * EPOCHS / taken:9,.0f} digits a second"
            )
        gap = (runs[1].weights - runs[2].weights).abs().max().item()
        print(f"batch {batch_size:4}  largest gap {gap:.0e}")
        if gap > 1e-2:
            raise SystemExit("the processes have not learned the same")


if __name__ == "__main__":
    main()
