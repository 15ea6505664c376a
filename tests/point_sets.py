"""Sets of points for tests."""

from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays


@st.composite
def two_sets(draw):
    """Return two sets of points on a small grid: with ties and copies."""
    size = draw(st.integers(1, 3))
    values = st.integers(-3, 3).map(float)
    return tuple(
        draw(arrays(float, (draw(st.integers(3, 9)), size), elements=values))
        for _ in range(2)
    )
