"""Encoders of speech: one that writes down what it hears, one that hears fakes.

Letters: N recordings, M bands of the spectrogram, L frames, D the width, V tokens
with the blank.

Not here: the spectrogram (`aibook.scratch.spectrogram`), pre-training, decoders.

Sources: A. Graves et al., "Connectionist Temporal Classification", ICML 2006; A.
Baevski et al., "wav2vec 2.0", NeurIPS 2020 (convolutions, then a transformer's
encoder, then CTC; here in miniature and without pre-training).

Book page: sequences/speech.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from numpy.typing import ArrayLike
from torch import Tensor, nn
from torch.nn import functional as F

from aibook.layers.blocks import TransformerBlock
from aibook.layers.positions import sinusoids

__all__ = ["FakeDetector", "SpeechEncoder", "pad_spectrograms"]


def pad_spectrograms(
    spectrograms: Sequence[ArrayLike],
) -> tuple[Tensor, Tensor]:
    """Stack spectrograms of different lengths, normalised, with zeros after them.

    Parameters
    ----------
    spectrograms
        N arrays of shape (M, L), L different.

    Returns
    -------
    X : torch.Tensor
        Shape (N, M, longest L), float32: from each the mean of its values is
        taken, and the rest divided by their standard deviation.
    lengths : torch.Tensor
        Shape (N,), int64: the L of each.

    Raises
    ------
    ValueError
        For no spectrogram, other shapes, or different M.

    Examples
    --------
    >>> X, lengths = pad_spectrograms([torch.rand(4, 3), torch.rand(4, 5)])
    >>> X.shape, lengths
    (torch.Size([2, 4, 5]), tensor([3, 5]))
    """
    arrays = [torch.as_tensor(s, dtype=torch.float32) for s in spectrograms]
    shapes = [tuple(a.shape) for a in arrays]
    if (
        not arrays
        or any(a.ndim != 2 or not a.numel() for a in arrays)
        or len({shape[0] for shape in shapes}) > 1
    ):
        raise ValueError(
            f"spectrograms have shapes {shapes[:3]}; expected one or more of "
            "(M, L), all of the same M"
        )
    longest = max(shape[1] for shape in shapes)
    X = torch.zeros(len(arrays), shapes[0][0], longest)
    for row, a in zip(X, arrays, strict=True):
        row[:, : a.shape[1]] = (a - a.mean()) / (a.std(correction=0) + 1e-5)
    return X, torch.tensor([shape[1] for shape in shapes])


class SpeechEncoder(nn.Module):
    """Convolutions that see a tenth of a second, then blocks that see all of it.

    Parameters
    ----------
    num_bands
        Of the spectrogram, M.
    num_tokens
        V, the blank with number 0 included.
    width
        D, even.
    num_blocks, num_heads
        Of the transformer's encoder.
    dropout
        In the blocks.

    Examples
    --------
    >>> net = SpeechEncoder(32, 9)
    >>> log_probs, lengths = net(torch.zeros(2, 32, 50), torch.tensor([50, 31]))
    >>> log_probs.shape, lengths
    (torch.Size([2, 25, 9]), tensor([25, 16]))
    """

    def __init__(
        self,
        num_bands: int,
        num_tokens: int,
        *,
        width: int = 64,
        num_blocks: int = 2,
        num_heads: int = 4,
        dropout: float = 0.1,
    ) -> None:
        super().__init__()
        self.near = nn.Conv1d(num_bands, width, 5, padding=2, stride=2)
        self.wide = nn.Conv1d(width, width, 5, padding=2)
        self.blocks = nn.ModuleList(
            TransformerBlock(
                width, num_heads=num_heads, hidden=2 * width, dropout=dropout
            )
            for _ in range(num_blocks)
        )
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, num_tokens)

    def forward(self, X: Tensor, lengths: Tensor) -> tuple[Tensor, Tensor]:
        """Return log-probabilities, (N, L / 2, V), and how many frames count.

        X is what `pad_spectrograms` returns, shape (N, M, L), with its lengths.
        """
        lengths = (lengths + 1) // 2
        inside = _inside(lengths, (X.shape[2] + 1) // 2)  # (N, 1, L / 2)
        x = F.gelu(self.near(X)) * inside  # (N, D, L / 2)
        x = F.gelu(self.wide(x)).transpose(1, 2)  # (N, L / 2, D)
        x = x + sinusoids(x.shape[1], x.shape[2]).to(x)
        for block in self.blocks:
            x = block(x, mask=inside[:, None])
        return self.head(self.norm(x)).log_softmax(-1), lengths


class FakeDetector(nn.Module):
    """Convolutions over time, and one logit from their mean and their spread.

    Parameters
    ----------
    num_bands
        Of the spectrogram, M.
    width
        Of a vector, D.

    Examples
    --------
    >>> net = FakeDetector(32)
    >>> net(torch.zeros(2, 32, 50), torch.tensor([50, 31])).shape
    torch.Size([2])
    """

    def __init__(self, num_bands: int, *, width: int = 32) -> None:
        super().__init__()
        self.near = nn.Conv1d(num_bands, width, 5, padding=2)
        self.wide = nn.Conv1d(width, width, 5, padding=2)
        self.head = nn.Linear(2 * width, 1)

    def forward(self, X: Tensor, lengths: Tensor) -> Tensor:
        """Return a logit for each recording, shape (N,): above 0 for fake.

        X is what `pad_spectrograms` returns, shape (N, M, L), with its lengths.
        """
        inside = _inside(lengths, X.shape[2])  # (N, 1, L)
        x = F.gelu(self.wide(F.gelu(self.near(X)) * inside))  # (N, D, L)
        count = lengths[:, None].to(x)
        mean = (x * inside).sum(-1) / count
        squares = ((x - mean[..., None]) ** 2 * inside).sum(-1) / count
        spread = (squares + 1e-6).sqrt()
        return self.head(torch.cat([mean, spread], dim=1)).squeeze(1)  # type: ignore[no-any-return]


def _inside(lengths: Tensor, longest: int) -> Tensor:
    """Return which frames count, shape (N, 1, longest)."""
    at = torch.arange(longest, device=lengths.device)
    return (at < lengths[:, None])[:, None]
