"""Fashion-MNIST: small grey photographs of clothes in ten classes.

What: 12,000 training and 2,000 test images, drawn evenly over the classes from
the official splits; the complete 60,000 and 10,000 with ``AIBOOK_DATA=full``.

What not: no scaling to [0, 1], no tensors.

Source: Xiao, Rasul and Vollgraf (2017), "Fashion-MNIST: a novel image dataset for
benchmarking machine learning algorithms", arXiv:1708.07747. MIT licence,
copyright 2017 Zalando SE.

Book page: reference/datasets
"""

from __future__ import annotations

from collections.abc import Iterable

from aibook.data.images import Images, Labels, load_images

FILE = "files/fashion_mnist.npz"
CLASS_NAMES = (
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
)


def load_fashion_mnist(
    split: str = "train",
    *,
    classes: Iterable[int] | None = None,
    limit: int | None = None,
) -> tuple[Images, Labels]:
    """Load photographs of clothes with their classes.

    The bundled order repeats all ten classes in every block of ten images, so
    the first images are balanced, also after a choice of classes.

    Parameters
    ----------
    split
        ``"train"`` (12,000 images) or ``"test"`` (2,000, all from the official
        test split).
    classes
        The labels to keep; they stay the numbers of `CLASS_NAMES`. All if None.
    limit
        Only so many of the kept images, from the first. All if None.

    Returns
    -------
    X : numpy.ndarray
        Images (N, 28, 28), 0 (background) to 255, writable and not shared.
    y : numpy.ndarray
        Labels (N,), indices of `CLASS_NAMES`.

    Raises
    ------
    ValueError
        If `split` is unknown, `classes` holds anything but distinct labels 0 to
        9, `limit` is not between 1 and the number of kept images, or
        ``AIBOOK_DATA`` is neither ``bundled`` nor ``full``.
    DataFileError
        If the data file is missing, damaged or changed.

    References
    ----------
    Xiao, Rasul and Vollgraf (2017), arXiv:1708.07747

    Examples
    --------
    >>> X, y = load_fashion_mnist("test", classes=[7, 9], limit=4)
    >>> X.shape, X.dtype
    ((4, 28, 28), dtype('uint8'))
    >>> sorted({CLASS_NAMES[label] for label in y})
    ['Ankle boot', 'Sneaker']
    """
    return load_images(
        FILE, "FashionMNIST", split, classes=classes, limit=limit
    )
