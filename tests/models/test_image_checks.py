import pytest
import torch

from aibook.models.image_checks import check_images


def test_adds_the_axis_of_a_single_channel_only():
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
def test_refuses_other_shapes(given, shape):
    with pytest.raises(ValueError, match="N of 1 or more"):
        check_images(torch.zeros(given), shape)
