"""Images that hypothesis makes up: grey and colour, bytes and fractions."""

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

shapes = st.tuples(st.integers(1, 7), st.integers(1, 7)) | st.tuples(
    st.integers(1, 7), st.integers(1, 7), st.integers(1, 4)
)
bytes_ = arrays(np.uint8, shapes)
fractions = arrays(np.float64, shapes, elements=st.floats(0, 1, width=32))
images = bytes_ | fractions
