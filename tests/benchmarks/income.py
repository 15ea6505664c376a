"""Adult income: the book's network beside the one of the lecture notes.

Run it with ``python tests/benchmarks/income.py``; it takes about a quarter of an
hour, nearly all of it for the notes' network. ``--folds 1`` trains each on the
first fold alone. Both train on the same five stratified folds, one thread; seconds
are those of the processor, so that other programs do not count.

The notes give neither data nor loaders. Their network gets what its comments
describe: 14 inputs, the categories as whole numbers, all columns standardised
(without that it hardly learns), batches of 32 from PyTorch's plain loader.
"""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from time import process_time

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

sys.path.insert(0, str(Path(__file__).parents[2] / "code"))

from aibook.data.adult import TARGET, load_adult
from aibook.intervals import fold_interval
from aibook.models.income import encoder, train_network
from aibook.scratch.splitting import stratified_k_fold
from aibook.training import seed_everything

LEAST, MOST = 0.853, 20.0
Classes = NDArray[np.bool_]
Run = Callable[[pd.DataFrame, NDArray[np.int64], pd.DataFrame, int], Classes]


def ours(
    train: pd.DataFrame, y: NDArray[np.int64], test: pd.DataFrame, seed: int
) -> Classes:
    """Encode, train the book's network, and answer for the test rows."""
    prepare = encoder()
    model, _ = train_network(prepare.fit_transform(train), y, seed=seed)
    inputs = torch.tensor(prepare.transform(test), dtype=torch.float32)
    with torch.no_grad():
        return (model(inputs) > 0).numpy()


def notes(
    train: pd.DataFrame, y: NDArray[np.int64], test: pd.DataFrame, seed: int
) -> Classes:
    """Do the same in the way of the notes: 14-128-64-2, Adam, 20 epochs."""
    seed_everything(seed)
    scaler = StandardScaler()
    data = [
        torch.tensor(part, dtype=torch.float32)
        for part in (
            scaler.fit_transform(_numbered(train)),
            scaler.transform(_numbered(test)),
        )
    ]
    loader = DataLoader(
        TensorDataset(data[0], torch.tensor(y)), batch_size=32, shuffle=True
    )
    model = nn.Sequential(
        nn.Linear(14, 128),
        nn.ReLU(),
        nn.Linear(128, 64),
        nn.ReLU(),
        nn.Linear(64, 2),
    )
    loss_fn = nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.002)
    for _ in range(20):
        for inputs, labels in loader:
            optimizer.zero_grad()
            loss_fn(model(inputs), labels).backward()
            optimizer.step()
    with torch.no_grad():
        return (model(data[1]).argmax(1) == 1).numpy()


def _numbered(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with the categories as numbers, missing ones as -1."""
    return table.apply(
        lambda c: (
            c.cat.codes if isinstance(c.dtype, pd.CategoricalDtype) else c
        )
    )


def main() -> None:
    """Print a row for each, and fail if ours is too poor or too slow."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folds", type=int, default=5, choices=range(1, 6))
    num_folds = parser.parse_args().folds
    torch.set_num_threads(1)
    threadpool_limits(1)
    adult = load_adult()
    y = adult.pop(TARGET).cat.codes.to_numpy().astype(np.int64)
    folds = stratified_k_fold(y, num_folds=5, seed=0)[:num_folds]
    print(f"{'network':8}{'accuracy':>10}{'95% interval':>18}{'seconds':>10}")
    failed = False
    runs: dict[str, Run] = {"book": ours, "notes": notes}
    for name, run in runs.items():
        scores, seconds = [], []
        for seed, (train, test) in enumerate(folds):
            start = process_time()
            answers = run(adult.iloc[train], y[train], adult.iloc[test], seed)
            seconds.append(process_time() - start)
            scores.append(float(np.mean(answers == y[test])))
        row = f"{name:8}{np.mean(scores):10.4f}"
        if num_folds > 1:
            _, low, high = fold_interval(scores, test_share=1 / 5)
            row += f"{low:10.4f} to{high:7.4f}"
        else:
            row += f"{'':19}"
        print(f"{row}{np.mean(seconds):9.1f}", flush=True)
        if name == "book":
            failed = np.mean(scores) < LEAST or max(seconds) > MOST
    sys.exit("below 85.3 % or above 20 s" if failed else None)


if __name__ == "__main__":
    main()
