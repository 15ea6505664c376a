"""Digits as strokes: what a simulated hand draws."""

import math

Point = tuple[float, float]
Stroke = list[Point]


def arc(
    x: float, y: float, wide: float, high: float, start: float, end: float
) -> Stroke:
    """Return points on an ellipse; angles in degrees, clockwise from the right."""
    angles = [start + (end - start) * k / 16 for k in range(17)]
    return [
        (
            x + wide * math.cos(math.radians(a)),
            y + high * math.sin(math.radians(a)),
        )
        for a in angles
    ]


#: By digit, in a square of side 1, from the left and from the top.
STROKES: dict[int, list[Stroke]] = {
    0: [arc(0.5, 0.5, 0.2, 0.32, -90, 270)],
    1: [[(0.52, 0.18), (0.48, 0.82)]],
    2: [
        [
            *arc(0.5, 0.36, 0.2, 0.18, -170, 30),
            (0.3, 0.8),
            (0.72, 0.78),
        ]
    ],
    3: [
        [
            *arc(0.48, 0.33, 0.18, 0.16, -140, 90),
            *arc(0.48, 0.66, 0.21, 0.17, -90, 140),
        ]
    ],
    4: [
        [(0.4, 0.2), (0.28, 0.55), (0.72, 0.53)],
        [(0.64, 0.2), (0.6, 0.84)],
    ],
    5: [
        [(0.68, 0.2), (0.4, 0.21), (0.37, 0.46)],
        [(0.37, 0.46), *arc(0.48, 0.62, 0.2, 0.19, -100, 140)],
    ],
    6: [[(0.6, 0.17), (0.42, 0.4), *arc(0.5, 0.65, 0.16, 0.17, -180, 180)]],
    7: [[(0.28, 0.22), (0.7, 0.22), (0.46, 0.82)]],
    8: [
        [
            *arc(0.5, 0.34, 0.15, 0.15, 90, 450),
            *arc(0.5, 0.66, 0.18, 0.17, -90, 270),
        ]
    ],
    9: [[*arc(0.5, 0.36, 0.17, 0.17, 0, -360), (0.66, 0.4), (0.6, 0.83)]],
}
