"""Three short texts that are to be turned round, and a small network for them."""

import torch

from aibook.models.transformer import Transformer

SOURCE = torch.tensor([[4, 5, 6, 1], [6, 4, 1, 0], [5, 1, 0, 0]])
TARGET = torch.tensor([[2, 6, 5, 4, 1], [2, 4, 6, 1, 0], [2, 5, 1, 0, 0]])


def small(seed=0, **options):
    torch.manual_seed(seed)
    return Transformer(7, width=16, num_heads=2, num_blocks=1, **options)
