"""The colours of every figure, legible on white and on near-black.

A figure's background is transparent, so each colour has to stand out from the
page of both themes. The contrast ratios of WCAG 2.2 (3 or more for graphics):

=========  ========  =========  ==========  ==========
colour     value     #ffffff    #14181e     #121212
=========  ========  =========  ==========  ==========
blue       #1a70c8   5.01       3.56        3.74
orange     #e06c00   3.33       5.36        5.63
purple     #9025fa   5.48       3.25        3.42
pink       #bd7ba4   3.21       5.54        5.83
olive      #70754c   4.84       3.68        3.87
=========  ========  =========  ==========  ==========

Any two of them stay apart for a reader with protanopia, deuteranopia or
tritanopia: the least distance in CIELAB is 29 under the simulation of Machado et
al. Colour is never the only sign: classes differ by marker too, curves by dash.

Text is black and follows the theme, unless it stands on a coloured ground: then
`ink_on` gives a black or a white that stays as it is.

References
----------
W3C, *Web Content Accessibility Guidelines 2.2*, success criterion 1.4.11 (2023).

G. M. Machado, M. M. Oliveira, L. A. F. Fernandes, "A physiologically-based model
for simulation of color vision deficiency", *IEEE Transactions on Visualization
and Computer Graphics* 15(6), 2009.

Book page: networks/perceptron.

Examples
--------
>>> CLASS_COLOURS
('#1a70c8', '#e06c00')
"""

from __future__ import annotations

import numpy as np
from matplotlib.colors import ListedColormap, to_rgba
from matplotlib.typing import ColorType

__all__ = ["CLASS_COLOURS", "CYCLE", "INKS", "REGION_COLOURS", "ink_on"]

CYCLE = ("#1a70c8", "#e06c00", "#9025fa", "#bd7ba4", "#70754c")
"""The colours of successive curves: blue, orange, purple, pink, olive."""

CLASS_COLOURS = CYCLE[:2]
"""The colours of class 0 and class 1."""

INKS = ("#010101", "#fefefe")
"""Black and white that do not follow the theme, for text on a coloured ground."""


def luminance(colour: ColorType) -> float:
    """Return the relative luminance of WCAG 2.2, 0 (black) to 1 (white).

    Parameters
    ----------
    colour
        Any colour of Matplotlib; its transparency is left out.

    Examples
    --------
    >>> luminance("white"), luminance("black")
    (1.0, 0.0)
    """
    c = np.array(to_rgba(colour)[:3])
    linear = np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def contrast(a: ColorType, b: ColorType) -> float:
    """Return the contrast ratio of WCAG 2.2, 1 (none) to 21 (black on white).

    Parameters
    ----------
    a, b
        Any colours of Matplotlib; their transparency is left out.

    Examples
    --------
    >>> contrast("black", "white")
    21.0
    """
    low, high = sorted([luminance(a), luminance(b)])
    return (high + 0.05) / (low + 0.05)


def ink_on(colour: ColorType) -> str:
    """Return the one of `INKS` that is easier to read on a colour.

    Parameters
    ----------
    colour
        The ground, opaque: any colour of Matplotlib.

    Examples
    --------
    >>> ink_on("#440154"), ink_on("#fde725")  # viridis, its ends
    ('#fefefe', '#010101')
    """
    return max(INKS, key=lambda ink: contrast(ink, colour))


def _two_sided(low: str, high: str, *, alpha: float) -> ListedColormap:
    """Return a map from ``low`` through transparent to ``high``."""
    t = np.linspace(-1, 1, 256)
    rgba = np.where(t[:, None] < 0, to_rgba(low), to_rgba(high))  # (256, 4)
    rgba[:, 3] = alpha * np.abs(t)
    return ListedColormap(rgba, name="aibook-regions")


REGION_COLOURS = _two_sided(*CLASS_COLOURS, alpha=0.4)
"""The map of probabilities: class 0, transparent at one half, class 1."""
