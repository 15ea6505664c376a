"""Otsu's threshold and the thresholds of windows, beside scikit-image.

Run it with ``python tests/benchmarks/thresholding.py``; it takes a few seconds. All
run in turns on the same images of 512 x 512 bytes, on one thread, and the fastest of
many rounds counts: that is the time without what else the machine does.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import numpy as np
from skimage import data
from skimage.filters import threshold_niblack, threshold_otsu
from threadpoolctl import threadpool_limits

sys.path.insert(0, str(Path(__file__).parents[2] / "code"))

from aibook.vision.local_thresholds import niblack_threshold
from aibook.vision.thresholding import otsu_threshold

ROUNDS, LIMIT = 60, 5.0


def fastest(
    ours: Callable[[], object], theirs: Callable[[], object]
) -> tuple[float, float]:
    """Return the least time of each in milliseconds, run in turns."""
    best = [float("inf")] * 2
    for _ in range(ROUNDS):
        for k, function in enumerate((ours, theirs)):
            start = perf_counter()
            function()
            best[k] = min(best[k], 1000 * (perf_counter() - start))
    return best[0], best[1]


def main() -> None:
    """Print a row for each, and fail if Otsu's threshold takes too long."""
    threadpool_limits(1)
    noise = np.random.default_rng(0).integers(0, 256, (512, 512), np.uint8)
    failed = []
    print(f"{'milliseconds':<22}{'ours':>9}{'skimage':>9}{'ratio':>8}")
    for name, image in {"photograph": data.camera(), "noise": noise}.items():
        assert otsu_threshold(image) == threshold_otsu(image)
        ours, theirs = fastest(
            lambda image=image: otsu_threshold(image),
            lambda image=image: threshold_otsu(image),
        )
        ratio = ours / theirs
        print(f"{'Otsu, ' + name:<22}{ours:>9.2f}{theirs:>9.2f}{ratio:>8.2f}")
        if ratio > LIMIT:
            failed.append(f"Otsu, {name}: more than {LIMIT:g} times the time")
    photo = data.camera().astype(float)
    for window in (15, 151):
        ours, theirs = fastest(
            lambda window=window: niblack_threshold(photo, window=window),
            lambda window=window: threshold_niblack(photo, window),
        )
        name = f"Niblack, window {window}"
        print(f"{name:<22}{ours:>9.2f}{theirs:>9.2f}{ours / theirs:>8.2f}")
    sys.exit("; ".join(failed) or None)


if __name__ == "__main__":
    main()
