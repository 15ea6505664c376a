"""What kind of mistake each find is: its name, its place, a double, or nothing there.

Average precision says how good a list of finds is, not what is wrong with it. So each
wrong find gets one of five kinds, and each true thing that no find speaks of is missed.

Not here: by how much the mAP would rise without the mistakes of a kind.

Sources: D. Hoiem, Y. Chodpathumwan and Q. Dai, "Diagnosing error in object
detectors", ECCV 2012; D. Bolya, S. Foley, J. Hays and J. Hoffman, "TIDE: a general
toolbox for identifying object detection errors", ECCV 2020.

Book page: scenes/detection.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from aibook.vision.average_precision import Overlap
from aibook.vision.boxes import box_iou
from aibook.vision.matching import (
    Found,
    Truth,
    check_found,
    check_truth,
    match,
)

__all__ = ["KINDS", "Errors", "sort_errors"]

KINDS = ("right", "double", "class", "place", "both", "ground")
"""The kinds of finds, in the order in which they are tried."""


class Errors(NamedTuple):
    """What became of the finds and of the true things of one image.

    Parameters
    ----------
    kinds
        For each find, by falling score, one of `KINDS`.
    missed
        Places of the true things that no find speaks of.
    """

    kinds: list[str]
    missed: NDArray[np.int64]


def sort_errors(
    found: Found,
    truth: Truth,
    *,
    num_classes: int,
    iou_threshold: float = 0.5,
    near: float = 0.1,
    overlap: Overlap = box_iou,
) -> Errors:
    """Name the kind of each find in an image.

    A find is *right* if it is paired with a thing of its class. Otherwise it is
    the first of these that fits: a *double* overlaps a thing of its class enough,
    which a surer find has taken; wrong in *class* overlaps a thing of another
    class enough; wrong in *place* lies near a thing of its class; *both* lies near
    one of another class; *ground* lies near nothing.

    Parameters
    ----------
    found
        Of one image.
    truth
        Of the same image.
    num_classes
        K; labels run from 0 to K - 1.
    iou_threshold
        The overlap that is enough, above 0, at most 1.
    near
        The overlap that is near, above 0, at most ``iou_threshold``.
    overlap
        As for `aibook.vision.average_precision.average_precisions`.

    Returns
    -------
    Errors. Missed is what has neither a right find, nor one of the kinds class,
    place or both that overlaps it most.

    Raises
    ------
    ValueError
        As for `aibook.vision.matching.check_found` and `check_truth`, and for
        thresholds out of range.

    References
    ----------
    Bolya et al. (2020), section 2.2.

    Examples
    --------
    >>> boxes = np.array([[0, 0, 4, 4], [0, 0, 4, 5], [9, 9, 12, 12]])
    >>> found = Found(boxes, np.array([0.9, 0.7, 0.5]), np.array([1, 1, 0]))
    >>> truth = Truth(np.array([[0, 0, 4, 4], [20, 0, 24, 4]]), np.array([1, 0]))
    >>> sort_errors(found, truth, num_classes=2)
    Errors(kinds=['right', 'double', 'ground'], missed=array([1]))
    """
    if not 0 < near <= iou_threshold:
        raise ValueError(
            f"near = {near}; expected above 0, at most iou_threshold = "
            f"{iou_threshold}"
        )
    found = check_found(found, num_classes=num_classes)
    truth = check_truth(truth, num_classes=num_classes)
    table = np.zeros((len(found.labels), len(truth.labels)))  # (N, M)
    if table.size:
        table[:] = overlap(found.regions, truth.regions)
    alike = found.labels[:, None] == truth.labels[None]
    own, other = np.where(alike, table, 0), np.where(alike, 0, table)
    partner = match(own, iou_threshold=iou_threshold)
    kinds, seen = [], set(partner.tolist())
    for i, mate in enumerate(partner):
        mine, theirs = own[i].max(initial=0), other[i].max(initial=0)
        if mate >= 0:
            kind = "right"
        elif mine >= iou_threshold:
            kind = "double"
        elif theirs >= iou_threshold:
            kind = "class"
        elif mine >= near:
            kind = "place"
        else:
            kind = "both" if theirs >= near else "ground"
        kinds.append(kind)
        if kind in ("class", "both"):
            seen.add(int(other[i].argmax()))
        elif kind == "place":
            seen.add(int(own[i].argmax()))
    missed = [j for j in range(len(truth.labels)) if j not in seen]
    return Errors(kinds, np.array(missed, dtype=np.int64))
