import pytest
import torch

from aibook.models.checks import check_images, check_inputs


def test_good_input_comes_back_itself():
    X = torch.zeros(1, 2)
    assert check_inputs(X, 2) is X


@pytest.mark.parametrize("shape", [(2,), (4, 3), (1, 2, 2), ()])
def test_wrong_shape(shape):
    with pytest.raises(ValueError, match=r"expected \(N, 2\)"):
        check_inputs(torch.zeros(shape), 2)


def test_empty():
    with pytest.raises(ValueError, match="empty"):
        check_inputs(torch.zeros(0, 2), 2)


def test_images_get_the_axis_of_a_single_channel_only():
    X = torch.rand(2, 5, 6)
    assert torch.equal(check_images(X, (1, 5, 6)), X[:, None])
    colour = torch.rand(2, 3, 5, 6)
    assert check_images(colour, (3, 5, 6)) is colour


@pytest.mark.parametrize(
    ("given", "shape"),
    [
        ((0, 5, 6), (1, 5, 6)),
        ((5, 6), (1, 5, 6)),
        ((2, 6, 5), (1, 5, 6)),
        ((2, 5, 6), (3, 5, 6)),
        ((2, 1, 5, 6), (3, 5, 6)),
        ((1, 2, 1, 5, 6), (1, 5, 6)),
    ],
)
def test_refuses_images_of_other_shapes(given, shape):
    with pytest.raises(ValueError, match="N of 1 or more"):
        check_images(torch.zeros(given), shape)
