"""Morphology beside scipy.ndimage and scikit-image, on 512 x 512 pixels.

Run it with ``python tests/benchmarks/morphology.py``; it takes about a minute. One
thread, in turns; the fastest of several rounds counts: that is the time without what
else the machine does. Results are compared first. An operation may take at most five
times as long as the faster of the two libraries. The time for numbering components,
in Python's own loops, is printed for information.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import numpy as np
import skimage.morphology as skim
from scipy import ndimage
from skimage.data import coins

sys.path.insert(0, str(Path(__file__).parents[2] / "code"))

from aibook.vision.components import label
from aibook.vision.elements import cross, disk, square
from aibook.vision.morphology import closing, dilate, erode, opening

ROUNDS, LIMIT = 5, 5.0
ELEMENTS = {
    "cross 1": cross(1),
    "square 3": square(3),
    "square 15": square(15),
    "disk 5": disk(5),
    "disk 15": disk(15),
}
GREY = {
    "erode": (erode, ndimage.grey_erosion, skim.erosion),
    "dilate": (dilate, ndimage.grey_dilation, skim.dilation),
    "opening": (opening, ndimage.grey_opening, skim.opening),
    "closing": (closing, ndimage.grey_closing, skim.closing),
}
BOOL = {
    "erode": (erode, ndimage.binary_erosion, skim.erosion),
    "dilate": (dilate, ndimage.binary_dilation, skim.dilation),
    "opening": (opening, ndimage.binary_opening, skim.opening),
    "closing": (closing, ndimage.binary_closing, skim.closing),
}


def fastest(functions: list[Callable[[], object]]) -> list[float]:
    """Return the least time of each function in milliseconds, run in turns."""
    best = [float("inf")] * len(functions)
    for _ in range(ROUNDS):
        for i, function in enumerate(functions):
            start = perf_counter()
            function()
            best[i] = min(best[i], 1000 * (perf_counter() - start))
    return best


def compare(image: np.ndarray, name: str, element: np.ndarray) -> list[float]:
    """Time an operation of ours and of both libraries; they agree inside."""
    grey = image.dtype != bool
    ours, scipys, skims = (GREY if grey else BOOL)[name]
    functions: list[Callable[[], np.ndarray]] = [
        lambda: ours(image, element),
        lambda: scipys(
            image, **{"footprint" if grey else "structure": element}
        ),
        lambda: skims(image, element),
    ]
    reach = len(element)  # what the borders differ in
    inside = (slice(reach, -reach),) * 2
    results = [function()[inside] for function in functions]
    assert (results[0] == results[1]).all(), name
    assert (results[0] == results[2]).all(), name
    return fastest(functions)


def components(
    mask: np.ndarray, connectivity: int, structure: np.ndarray | None
) -> list[float]:
    """Time the numbering of components by ours and by scipy."""
    count = label(mask, connectivity=connectivity)[1]
    assert count == ndimage.label(mask, structure)[1]
    return fastest(
        [
            lambda: label(mask, connectivity=connectivity),
            lambda: ndimage.label(mask, structure),
        ]
    )


def main() -> None:
    """Print a row for each, and fail if one of ours takes too long."""
    photo = np.tile(coins(), (2, 2))[:512, :512]
    images = {"bool": photo > 107, "uint8": photo, "float64": photo / 255}
    failed = []
    print("milliseconds, 512 x 512 pixels")
    print(f"{'':<28}{'ours':>9}{'scipy':>9}{'skimage':>9}  ours/faster")
    for kind, image in images.items():
        for title, element in ELEMENTS.items():
            for name in GREY if title in ("square 3", "disk 5") else ["erode"]:
                times = compare(image, name, element)
                ratio = times[0] / min(times[1:])
                row = f"{kind + '  ' + name + '  ' + title:<28}"
                print(row, *(f"{t:8.2f}" for t in times), f"{ratio:11.2f}")
                if ratio > LIMIT:
                    failed.append(f"{row.strip()}: {ratio:.1f} times")
    for connectivity, structure in ((4, None), (8, np.ones((3, 3)))):
        times = components(images["bool"], connectivity, structure)
        row = f"components, {connectivity} neighbours"
        print(f"{row:<28}", *(f"{t:8.2f}" for t in times))
    sys.exit("; ".join(failed) or None)


if __name__ == "__main__":
    main()
