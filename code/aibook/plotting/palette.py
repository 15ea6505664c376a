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

Not here: the colour of text, which is black and follows the theme.

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

__all__ = ["CLASS_COLOURS", "CYCLE", "REGION_COLOURS"]

CYCLE = ("#1a70c8", "#e06c00", "#9025fa", "#bd7ba4", "#70754c")
"""The colours of successive curves: blue, orange, purple, pink, olive."""

CLASS_COLOURS = CYCLE[:2]
"""The colours of class 0 and class 1."""


def _two_sided(low: str, high: str, *, alpha: float) -> ListedColormap:
    """Return a map from ``low`` through transparent to ``high``."""
    t = np.linspace(-1, 1, 256)
    rgba = np.where(t[:, None] < 0, to_rgba(low), to_rgba(high))  # (256, 4)
    rgba[:, 3] = alpha * np.abs(t)
    return ListedColormap(rgba, name="aibook-regions")


REGION_COLOURS = _two_sided(*CLASS_COLOURS, alpha=0.4)
"""The map of probabilities: class 0, transparent at one half, class 1."""
