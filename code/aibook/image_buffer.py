"""A buffer of earlier images, from which a discriminator is shown some.

A discriminator that sees the newest translations only may forget what the generator
did before, and the two go round in circles. So each newly made image either goes to
the discriminator and is stored, or changes places with a stored one.

Letters: N images in a batch.

Not here: the training (`aibook.models.cyclegan_training`).

Source: A. Shrivastava et al., "Learning from Simulated and Unsupervised Images
through Adversarial Training", CVPR 2017, section 2.3; in the form of J.-Y. Zhu et
al., "Unpaired Image-to-Image Translation using Cycle-Consistent Adversarial
Networks", ICCV 2017, section 4.

Book page: generative/cyclegan.
"""

from __future__ import annotations

import torch
from torch import Tensor

__all__ = ["ImageBuffer"]


class ImageBuffer:
    """Keeps some of the images that went by.

    Parameters
    ----------
    size
        How many images it keeps, 0 or more; with 0 nothing is exchanged.
    seed
        Of the exchanges.

    Raises
    ------
    ValueError
        For a negative size.

    Examples
    --------
    >>> buffer = ImageBuffer(2)
    >>> buffer.exchange(torch.tensor([[1.0], [2.0]])).flatten().tolist()
    [1.0, 2.0]
    >>> len(buffer)
    2
    """

    def __init__(self, size: int = 50, *, seed: int = 0) -> None:
        if size < 0:
            raise ValueError(f"size = {size}; it must be 0 or more")
        self.size = size
        self.stored: list[Tensor] = []
        self.generator = torch.Generator().manual_seed(seed)

    def __len__(self) -> int:
        """Return how many images are stored."""
        return len(self.stored)

    def exchange(self, images: Tensor) -> Tensor:
        """Return as many images, some of them from earlier calls.

        While there is room, each image is stored and returned. Then, with
        probability one half, an image is returned and not stored; else it takes
        the place of a stored one, drawn at random, which is returned.

        Parameters
        ----------
        images
            Shape (N, ...).

        Returns
        -------
        torch.Tensor
            The same shape, without a graph.
        """
        shown = []
        for image in images.detach().clone():
            if len(self.stored) < self.size:
                self.stored.append(image)
            elif self.size and self._draw(2):
                place = self._draw(self.size)
                image, self.stored[place] = self.stored[place], image
            shown.append(image)
        return torch.stack(shown) if shown else images.detach()

    def _draw(self, below: int) -> int:
        return int(torch.randint(below, (), generator=self.generator))
