import numpy as np
import pytest
import skimage.morphology
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from scipy import ndimage
from skimage.data import coins

from aibook.vision.elements import cross, disk, square
from aibook.vision.morphology import (
    bottom_hat,
    closing,
    dilate,
    erode,
    gradient,
    opening,
    top_hat,
)
from helpers import assert_same
from reference import extremes_loop

PAIRS = [(erode, dilate), (opening, closing)]
SCIPY_MODES = {"edge": "nearest", "symmetric": "reflect"}
BOTH = {
    "grey": {
        erode: ndimage.grey_erosion,
        dilate: ndimage.grey_dilation,
        opening: ndimage.grey_opening,
        closing: ndimage.grey_closing,
    },
    "bool": {
        erode: ndimage.binary_erosion,
        dilate: ndimage.binary_dilation,
    },
}

shapes = array_shapes(min_dims=2, max_dims=2, max_side=7)
# Few values, so that ties are common; the ends of the type, too.
bytes_ = arrays(
    np.uint8, shapes, elements=st.sampled_from([0, 1, 2, 200, 255])
)
floats = arrays(np.float64, shapes, elements=st.floats(-1e3, 1e3, width=16))
masks = arrays(np.bool_, shapes)
images = st.one_of(bytes_, floats, masks)


@st.composite
def elements(draw, *, middle=False):
    """Draw an element that covers a cell, and one of its cells as origin."""
    sides = array_shapes(min_dims=2, max_dims=2, max_side=5)
    element = draw(arrays(np.bool_, sides))
    h, w = element.shape
    origin = draw(st.tuples(st.integers(0, h - 1), st.integers(0, w - 1)))
    element[draw(st.integers(0, h - 1)), draw(st.integers(0, w - 1))] = True
    if middle:
        element[h // 2, w // 2] = True
    return element, origin


def ends(image):
    """Return the least and the greatest value of the image's type."""
    if image.dtype.kind == "f":
        return -np.inf, np.inf
    if image.dtype.kind == "b":
        return False, True
    return np.iinfo(image.dtype).min, np.iinfo(image.dtype).max


def scipys_origin(element, origin):
    return tuple(
        o - n // 2 for o, n in zip(origin, element.shape, strict=True)
    )


# --- by oracle --------------------------------------------------------------------


@given(images, elements(), st.booleans())
def test_the_definition_by_loops(image, chosen, ignored):
    element, origin = chosen
    low, high = ends(image)
    border = "ignore" if ignored else image[0, 0]
    outside = None if ignored else image[0, 0]
    for function, greatest, nothing in (
        (erode, False, high),
        (dilate, True, low),
    ):
        expected = extremes_loop(
            image, element, origin, outside, greatest=greatest, nothing=nothing
        )
        ours = function(image, element, origin=origin, border=border)
        assert_same(ours, np.array(expected, dtype=image.dtype))


@given(
    st.one_of(bytes_, floats),
    elements(),
    st.sampled_from(["edge", "symmetric", 0, 7]),
)
def test_scipy_agrees_on_grey_images_and_borders(image, chosen, border):
    element, origin = chosen
    named = isinstance(border, str)
    mode = SCIPY_MODES[border] if named else "constant"
    for function, twin in BOTH["grey"].items():
        if function in (opening, closing) and origin != tuple(
            n // 2 for n in element.shape
        ):
            continue  # scipy's opening turns the origin, but not the element's
        theirs = twin(
            image,
            footprint=element,
            mode=mode,
            cval=0 if named else border,
            origin=scipys_origin(element, origin),
        )
        ours = function(image, element, origin=origin, border=border)
        assert_same(ours, theirs)


@given(masks, elements(), st.booleans())
def test_scipy_agrees_on_masks_and_borders(mask, chosen, border):
    element, origin = chosen
    for function, twin in BOTH["bool"].items():
        theirs = twin(
            mask,
            element,
            border_value=int(border),
            origin=scipys_origin(element, origin),
        )
        ours = function(mask, element, origin=origin, border=border)
        assert_same(ours, theirs)


@given(st.one_of(bytes_, masks), elements())
def test_scikit_image_agrees_where_outside_is_ignored(image, chosen):
    element, _ = chosen
    # Its default origin, and its dilation with the element as it is.
    origin = tuple((n - 1) // 2 for n in element.shape)
    far = tuple(n - 1 - o for n, o in zip(element.shape, origin, strict=True))
    turned = element[::-1, ::-1]
    footprint, skim = element.astype(np.uint8), skimage.morphology
    assert_same(
        erode(image, element, origin=origin),
        skim.erosion(image, footprint, mode="ignore"),
    )
    assert_same(
        dilate(image, turned, origin=far),
        skim.dilation(image, footprint, mode="ignore"),
    )
    assert_same(
        opening(image, element, origin=origin),
        skim.opening(image, footprint, mode="ignore"),
    )
    assert_same(
        closing(image, turned, origin=far),
        skim.closing(image, footprint, mode="ignore"),
    )


@pytest.mark.parametrize(
    "element", [cross(1), square(3), square(4), disk(5)], ids="+348"
)
def test_a_photograph(element):
    image = coins()
    twins = [
        (erode, ndimage.grey_erosion),
        (dilate, ndimage.grey_dilation),
        (opening, ndimage.grey_opening),
        (closing, ndimage.grey_closing),
    ]
    for ours, theirs in twins:
        expected = theirs(image, footprint=element)
        assert_same(ours(image, element, border="symmetric"), expected)
    for ours, theirs in [
        (top_hat, skimage.morphology.white_tophat),
        (bottom_hat, skimage.morphology.black_tophat),
    ]:
        if len(element) % 2:
            expected = theirs(image, element.astype(np.uint8), mode="ignore")
            assert_same(ours(image, element), expected)


def test_the_gradient_is_scipys_away_from_the_border():
    image, element = coins(), disk(2)
    theirs = ndimage.morphological_gradient(image, footprint=element)
    assert_same(gradient(image, element)[2:-2, 2:-2], theirs[2:-2, 2:-2])


# --- by law -----------------------------------------------------------------------


@given(images, elements())
def test_erosion_of_the_opposite_is_the_opposite_of_dilation(image, chosen):
    element, origin = chosen
    h, w = element.shape
    far = (h - 1 - origin[0], w - 1 - origin[1])
    opposite = 255 - image if image.dtype == np.uint8 else None
    if image.dtype.kind == "b":
        opposite = ~image
    elif image.dtype.kind == "f":
        opposite = -image
    eroded = erode(opposite, element[::-1, ::-1], origin=far)
    dilated = dilate(image, element, origin=origin)
    if image.dtype == np.uint8:
        dilated = 255 - dilated
    else:
        dilated = ~dilated if image.dtype.kind == "b" else -dilated
    assert_same(eroded, dilated)


@given(images, elements())
def test_opening_and_closing_twice_are_as_once(image, chosen):
    element, origin = chosen
    opened = opening(image, element, origin=origin)
    closed = closing(image, element, origin=origin)
    assert (opened <= image).all()
    assert (closed >= image).all()
    assert_same(opening(opened, element, origin=origin), opened)
    assert_same(closing(closed, element, origin=origin), closed)


@given(images, elements(middle=True))
def test_what_covers_its_middle_shrinks_and_grows(image, chosen):
    element, _ = chosen
    eroded, dilated = erode(image, element), dilate(image, element)
    assert (eroded <= image).all()
    assert (dilated >= image).all()
    if image.dtype.kind == "b":
        assert_same(gradient(image, element), dilated & ~eroded)
        assert_same(top_hat(image, element), image & ~opening(image, element))
    else:
        assert_same(gradient(image, element), dilated - eroded)
        assert_same(top_hat(image, element), image - opening(image, element))
        closed = closing(image, element)
        assert_same(bottom_hat(image, element), closed - image)


@given(bytes_, st.integers(1, 4), st.integers(1, 4))
def test_one_after_the_other_is_once_with_their_sum(image, a, b):
    """A square is taken down and across; two of them are one larger one."""
    once = erode(image, square(a + b - 1), origin=(a + b - 2, a + b - 2))
    low = {"origin": (a - 1, a - 1)}
    twice = erode(
        erode(image, square(a), **low), square(b), origin=(b - 1, b - 1)
    )
    assert_same(once, twice)


def test_a_shape_without_cells_outside_keeps_the_image_and_its_memory():
    image = np.arange(6, dtype=np.int16).reshape(2, 3)
    for function in (erode, dilate, opening, closing):
        result = function(image, [[1]])
        assert_same(result, image)
        assert not np.shares_memory(result, image)


def test_the_square_with_hole_and_speck():
    """Opening takes the speck and keeps the hole, closing the other way round."""
    image = np.zeros((12, 12), bool)
    image[2:8, 2:8] = True
    image[4, 5], image[9, 9] = False, True
    whole = image.copy()
    whole[4, 5] = True
    alone = image.copy()
    alone[9, 9] = False
    assert_same(closing(image, square(2)), whole)
    assert_same(opening(image, square(2)), alone)


@given(elements())
def test_nothing_there(chosen):
    element, origin = chosen
    empty = np.zeros((4, 5), bool)
    for function in (dilate, opening, closing):
        result = function(empty, element, origin=origin)
        assert not result[2:3, 2:3].any() or function is closing
    assert not dilate(empty, element, origin=origin).any()
    assert erode(~empty, element, origin=origin).all()


# --- bad input --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("image", "message"),
    [
        (np.zeros(3), "expected \\(H, W\\)"),
        (np.zeros((0, 3)), "expected \\(H, W\\)"),
        (np.zeros((2, 2, 3)), "expected \\(H, W\\)"),
        ([["a"]], "bool or real numbers"),
        ([[1j]], "bool or real numbers"),
        ([[0.0, np.nan]], "holds NaN"),
    ],
)
def test_refuses_images(image, message):
    for function in (erode, dilate, opening, closing, gradient, top_hat):
        with pytest.raises(ValueError, match=message):
            function(image, [[1]])


@pytest.mark.parametrize(
    "element",
    [[], [[]], [1, 1], [[0, 0]], [[2]], [[0.5]], [["x"]], [[np.nan]]],
)
def test_refuses_elements(element):
    for function in (erode, dilate, opening, closing, gradient, bottom_hat):
        with pytest.raises(ValueError, match="element has shape"):
            function([[1, 2]], element)


@pytest.mark.parametrize(
    "origin", [(0, 2), (1, 0), (-1, 0), (0, 0.5), 0, (0,)]
)
def test_refuses_origins(origin):
    with pytest.raises(ValueError, match=r"origin is .*; expected a cell"):
        erode([[1]], [[1, 1]], origin=origin)


@pytest.mark.parametrize(
    ("image", "border"),
    [
        (np.zeros((2, 2), np.uint8), 256),
        (np.zeros((2, 2), np.uint8), -1),
        (np.zeros((2, 2), np.uint8), 0.5),
        (np.zeros((2, 2), bool), 2),
        (np.zeros((2, 2)), np.nan),
        (np.zeros((2, 2)), "mirror"),
    ],
)
def test_refuses_borders(image, border):
    for function in (erode, dilate):
        with pytest.raises(ValueError, match="border is"):
            function(image, [[1]], border=border)


def test_differences_need_the_middle_and_room():
    steps = np.indices((3, 3)).sum(axis=0) % 2
    spread = (255 * steps - 128).astype(np.int8)
    for function in (gradient, top_hat, bottom_hat):
        with pytest.raises(ValueError, match="holds infinity"):
            function([[0.0, np.inf]], [[1]])
        with pytest.raises(ValueError, match="leaves out its middle cell"):
            function([[1, 2, 3]], [[1, 0, 1]])
        with pytest.raises(ValueError, match="does not fit into int8"):
            function(spread, square(3))
