"""A miniature CLIP: one tower for images, one for texts, one space for both.

Each tower ends in a unit vector of the same length. Training pulls an image and
its own caption together and pushes the other captions of the batch away, so that
afterwards the dot product says how well a text fits an image, also a text that no
image of the training had.

What differs from CLIP: a small convolutional network instead of a ResNet or a
vision transformer; a convolution over characters instead of a transformer; 28x28
images. The loss and its learned temperature are CLIP's.

Not here: the data (`aibook.data.captions`), the loop over batches (ai/data).

Source: A. Radford et al., "Learning transferable visual models from natural
language supervision", ICML 2021, arXiv:2103.00020, figure 3.

Book page: ai/data
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F

__all__ = ["CLIP", "Characters", "clip_loss"]

MAX_SCALE = 100.0
"""The largest factor of the similarities, as in CLIP."""


class Characters:
    """Number the characters of some texts, so that texts become integers.

    0 fills up short texts, 1 stands for a character that was not there.

    Parameters
    ----------
    texts
        Where the characters come from.

    Raises
    ------
    ValueError
        If there is no character.

    Examples
    --------
    >>> characters = Characters(["bag", "boot"])
    >>> characters.encode(["bag", "to", "bed"])
    tensor([[3, 2, 4],
            [6, 5, 0],
            [3, 1, 1]])
    """

    def __init__(self, texts: Iterable[str]) -> None:
        letters = sorted(set("".join(texts)))
        if not letters:
            raise ValueError("texts holds no character; give at least one")
        self.index = {letter: i for i, letter in enumerate(letters, start=2)}

    def __len__(self) -> int:
        """Return how many numbers there are, 0 and 1 included."""
        return len(self.index) + 2

    def encode(self, texts: Sequence[str]) -> Tensor:
        """Return the texts as integers, shape (N, L), L that of the longest.

        No text, or an empty one, raises ValueError.
        """
        if isinstance(texts, str) or not texts or not all(texts):
            raise ValueError(
                f"texts is {texts!r}; expected a list of texts, none of them empty"
            )
        length = max(map(len, texts))
        rows = [[self.index.get(c, 1) for c in text] for text in texts]
        return torch.tensor([row + [0] * (length - len(row)) for row in rows])


class CLIP(nn.Module):
    """Two towers, image and text, that end in one space.

    Parameters
    ----------
    num_characters
        V, how many different integers texts are made of (`len` of `Characters`).
    num_features
        D, the dimension of the common space.

    Attributes
    ----------
    log_scale : nn.Parameter
        The logarithm of 1 / temperature, learned; starts at ln(1 / 0.07).

    Raises
    ------
    ValueError
        If a number is below 1.

    References
    ----------
    Radford et al. (2021), arXiv:2103.00020.

    Examples
    --------
    >>> model = CLIP(6, num_features=32)
    >>> images, texts = torch.rand(5, 28, 28), torch.tensor([[2, 3], [4, 0]])
    >>> model(images, texts).shape
    torch.Size([5, 2])
    """

    def __init__(self, num_characters: int, *, num_features: int = 64) -> None:
        super().__init__()
        if num_characters < 1 or num_features < 1:
            raise ValueError(
                f"num_characters is {num_characters} and num_features "
                f"{num_features}; each must be 1 or more"
            )
        self.image_tower = nn.Sequential(
            nn.Conv2d(1, 16, 5, padding=2),  # (N, 16, 28, 28)
            nn.ReLU(),
            nn.MaxPool2d(2),  # (N, 16, 14, 14)
            nn.Conv2d(16, 32, 5, padding=2),  # (N, 32, 14, 14)
            nn.ReLU(),
            nn.MaxPool2d(2),  # (N, 32, 7, 7)
            nn.Flatten(),  # (N, 1568)
            nn.Linear(1568, num_features),
        )
        self.embedding = nn.Embedding(num_characters, 32, padding_idx=0)
        self.windows = nn.Conv1d(32, 128, 3, padding=2)
        self.text_head = nn.Linear(128, num_features)
        self.log_scale = nn.Parameter(torch.tensor(math.log(1 / 0.07)))

    def encode_images(self, images: Tensor) -> Tensor:
        """Return unit vectors (N, D) of images (N, 28, 28), 0 to 1.

        Another shape or no image raises ValueError.
        """
        if images.shape[1:] != (28, 28) or not len(images):
            raise ValueError(
                f"images has shape {tuple(images.shape)}; expected (N, 28, 28) "
                "with N of 1 or more"
            )
        return F.normalize(self.image_tower(images[:, None]), dim=1)

    def encode_texts(self, texts: Tensor) -> Tensor:
        """Return unit vectors (N, D) of texts (N, L) from `Characters.encode`.

        Each text counts by the strongest answer of every window of three
        characters, wherever it is. Another shape or no text raises ValueError.
        """
        if texts.ndim != 2 or not texts.numel():
            raise ValueError(
                f"texts has shape {tuple(texts.shape)}; expected (N, L), "
                "both of 1 or more"
            )
        letters = self.embedding(texts).transpose(1, 2)  # (N, 32, L)
        found = F.relu(self.windows(letters)).amax(dim=2)  # (N, 128)
        return F.normalize(self.text_head(found), dim=1)

    def forward(self, images: Tensor, texts: Tensor) -> Tensor:
        """Return the scaled similarity of every image to every text, (N, M)."""
        scale = self.log_scale.exp().clamp(max=MAX_SCALE)
        return scale * self.encode_images(images) @ self.encode_texts(texts).T


def clip_loss(logits: Tensor) -> Tensor:
    """Return CLIP's loss: which text is whose, and which image, averaged.

    Each row is a choice among the texts, each column a choice among the images;
    the right one is on the diagonal.

    Parameters
    ----------
    logits
        Scaled similarities (N, N), image i and text i belonging together.

    Returns
    -------
    torch.Tensor
        One number, at least 0.

    Raises
    ------
    ValueError
        If the shape is not square, or N is 0.

    References
    ----------
    Radford et al. (2021), figure 3; van den Oord, Li and Vinyals (2018),
    arXiv:1807.03748, equation 4.

    Examples
    --------
    >>> round(float(clip_loss(torch.zeros(8, 8))), 4)  # ln 8
    2.0794
    """
    if (
        logits.ndim != 2
        or logits.shape[0] != logits.shape[1]
        or not len(logits)
    ):
        raise ValueError(
            f"logits has shape {tuple(logits.shape)}; expected (N, N) with N of "
            "1 or more"
        )
    own = torch.arange(len(logits), device=logits.device)
    return (F.cross_entropy(logits, own) + F.cross_entropy(logits.T, own)) / 2
