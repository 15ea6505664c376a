"""What holds for every test: seeds, one thread, reproducible hypotheses."""

import os
import random

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("MPLBACKEND", "Agg")

import numpy as np
import pytest
from hypothesis import settings

settings.register_profile(
    "book", derandomize=True, deadline=None, database=None
)
settings.load_profile("book")


@pytest.fixture(autouse=True, scope="session")
def _one_thread() -> None:
    import torch

    torch.set_num_threads(1)


@pytest.fixture(autouse=True)
def _seed(_one_thread: None) -> None:
    import torch

    random.seed(0)
    np.random.seed(0)  # noqa: NPY002 (for libraries that draw from it)
    torch.manual_seed(0)
