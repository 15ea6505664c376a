"""Augmentation: a random variant of an image each time it is asked for.

The stored images do not grow in number; a training loop asks for a new variant of
each image in every epoch. Which changes leave the label as it is depends on the
task, so each is off by default.

Not here: shears and resizing (`aibook.scratch.warping`, `aibook.scratch.resampling`),
changes of colour, and policies that are learned.

Source: C. Shorten and T. M. Khoshgoftaar, "A survey on image data augmentation for
deep learning", Journal of Big Data 6, 2019.

Book page: images/pixels.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from aibook.scratch.checks import check_nonnegative
from aibook.scratch.framing import flip as flip_image
from aibook.scratch.framing import shift
from aibook.scratch.image_checks import check_whole, finite_image
from aibook.scratch.warping import rotate

__all__ = ["augment"]


def augment(
    image: ArrayLike,
    rng: np.random.Generator,
    *,
    flip: float = 0.0,
    max_degrees: float = 0.0,
    max_shift: int = 0,
    brightness: float = 0.0,
) -> NDArray[np.float64]:
    """Return a random variant: flipped, turned, shifted, lighter or darker.

    Parameters
    ----------
    image
        Shape (H, W) or (H, W, C), values from 0 to 1.
    rng
        Draws every choice.
    flip
        The probability of a horizontal flip, 0 to 1.
    max_degrees
        The angle is uniform between minus this and this.
    max_shift
        The shifts down and right are uniform whole numbers between minus this and
        this, in pixels.
    brightness
        The values are multiplied by a factor that is uniform between 1 minus this
        and 1 plus this, and clipped to 0 to 1; at most 1.

    Returns
    -------
    Array of the same shape, 0 to 1; free places are 0.

    Raises
    ------
    ValueError
        For a bad image, a value outside of 0 to 1, or a number out of range.

    References
    ----------
    Shorten and Khoshgoftaar (2019).

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> image = np.array([[0.0, 0.5, 1.0]])
    >>> for _ in range(3):
    ...     print(augment(image, rng, flip=0.5, max_shift=1))
    [[0.5 1.  0. ]]
    [[0. 0. 0.]]
    [[0.  0.  0.5]]
    """
    x = finite_image(image)
    if x.min() < 0 or x.max() > 1:
        raise ValueError(
            f"image holds values from {x.min():g} to {x.max():g}; "
            "expected 0 to 1"
        )
    for name, value in (("flip", flip), ("brightness", brightness)):
        if not 0 <= value <= 1:
            raise ValueError(f"{name} is {value!r}; expected 0 to 1")
    check_nonnegative("max_degrees", max_degrees)
    check_whole("max_shift", max_shift, 0)
    if rng.random() < flip:
        x = flip_image(x, "horizontal")
    if max_degrees:
        x = rotate(x, rng.uniform(-max_degrees, max_degrees))
    if max_shift:
        down, right = rng.integers(-max_shift, max_shift + 1, size=2)
        x = shift(x, down, right)
    if brightness:
        x = x * rng.uniform(1 - brightness, 1 + brightness)
    return x.clip(0, 1)
