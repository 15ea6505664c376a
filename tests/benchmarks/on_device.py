"""On-device AI: seconds for an answer, which the page leaves out.

Trains the teacher and the student of labs/on-device, and measures how long one digit
and a hundred digits take: in PyTorch, in ONNX Runtime with 32 and with 8 bits, and in
the book's own whole numbers (NumPy). Run it with ``python
tests/benchmarks/on_device.py``; about half a minute, one thread. It fails if the 8-bit
network gets less than 96 % of the test digits right.
"""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import numpy as np
import torch
from threadpoolctl import threadpool_limits

sys.path.insert(0, str(Path(__file__).parents[2] / "code"))

from aibook.costs import costs
from aibook.data.mnist import load_mnist
from aibook.exporting import quantise_onnx, save_onnx
from aibook.models.int8_digits import Int8Digits
from aibook.models.judge import train_judge
from aibook.models.small_digits import draw_bank, train_small

LEAST = 0.96


def milliseconds(call: Callable[[], object], *, repeats: int = 30) -> float:
    """Return the median time of a call, after three that do not count."""
    seconds = []
    for step in range(repeats + 3):
        start = perf_counter()
        call()
        if step >= 3:
            seconds.append(perf_counter() - start)
    return 1000 * float(np.median(seconds))


def session(path: Path) -> Callable[[np.ndarray], np.ndarray]:
    """Return what runs an ONNX file on one thread."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    run = onnxruntime.InferenceSession(
        path, options, providers=["CPUExecutionProvider"]
    )
    name = run.get_inputs()[0].name
    return lambda X: run.run(None, {name: X})[0]


def main() -> None:
    """Print the table."""
    torch.set_num_threads(1)
    images, labels = load_mnist("train")
    X = torch.tensor(images[:, None] / 255, dtype=torch.float32)
    pixels, y_test = load_mnist("test")
    X_test = torch.tensor(pixels[:, None] / 255, dtype=torch.float32)
    teacher = train_judge(num_epochs=8)
    with torch.no_grad():
        bank, y = draw_bank(X, torch.tensor(labels), copies=4)
        advice = torch.cat([teacher(part) for part in bank.split(500)])
    net = train_small(bank, y, teacher_logits=advice)
    int8 = Int8Digits(net, bank[::20])
    with tempfile.TemporaryDirectory() as folder, torch.no_grad():
        path, small = Path(folder, "net.onnx"), Path(folder, "net8.onnx")
        batch = torch.export.Dim("N")
        program = torch.export.export(
            net, (X[:2],), dynamic_shapes=({0: batch},)
        )
        save_onnx(program, path)
        quantise_onnx(path, small, bank[::20])
        full, eight = session(path), session(small)
        calls: dict[str, Callable[[int], object]] = {
            "teacher, PyTorch": lambda n: teacher(X_test[:n]),
            "student, PyTorch": lambda n: net(X_test[:n]),
            "student, ONNX Runtime, 32 bits": lambda n: full(
                X_test[:n].numpy()
            ),
            "student, ONNX Runtime, 8 bits": lambda n: eight(
                X_test[:n].numpy()
            ),
            "student, 8 bits, NumPy": lambda n: int8.logits(pixels[:n]),
        }
        print(f"{'milliseconds for':32}{'1 digit':>10}{'100 digits':>12}")
        for name, call in calls.items():
            one, many = (
                milliseconds(lambda n=n, call=call: call(n)) for n in (1, 100)
            )
            print(f"{name:32}{one:10.3f}{many:12.3f}")
    for name, model in (("teacher", teacher), ("student", net)):
        products = sum(cost.products for cost in costs(model, X[:1]))
        print(f"{name}: {products:,} products a digit")
    right = np.mean(int8.logits(pixels).argmax(axis=1) == y_test)
    print(f"8 bits: {100 * right:.1f} % right, at least {100 * LEAST:.0f} %")
    if right < LEAST:
        sys.exit("too few")


if __name__ == "__main__":
    with threadpool_limits(1):
        main()
