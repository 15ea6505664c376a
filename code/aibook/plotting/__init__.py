"""Figures: one style, one palette, and helpers that draw on a given Axes.

The style is loaded with ``plt.style.use("aibook.plotting.style")``.

=============================  ===================================================
`aibook.plotting.palette`      the colours, and why these
`aibook.plotting.points`       two classes of points in the plane
`aibook.plotting.boundaries`   a line, the regions of a classifier and their border
`aibook.plotting.curves`       loss and accuracy over the epochs
`aibook.plotting.diagrams`     a network of units; the graph of a computation
=============================  ===================================================

No helper creates a figure or changes ``rcParams``.
"""
