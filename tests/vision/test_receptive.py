import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from aibook.models.cnn import CNN
from aibook.vision.receptive import (
    maximise_activation,
    receptive_field,
    strongest_patches,
)
from helpers import assert_same

windows = st.lists(
    st.tuples(
        st.booleans(),  # pooling, or a convolution
        st.integers(1, 4),  # kernel
        st.integers(1, 3),  # stride
        st.integers(0, 2),  # padding
        st.integers(1, 2),  # dilation
    ),
    min_size=1,
    max_size=3,
)


@given(windows)
def test_the_gradient_finds_the_same_pixels(settings):
    layers: list[nn.Module] = []
    for pool, kernel, stride, padding, dilation in settings:
        if pool:
            layers.append(
                nn.AvgPool2d(kernel, stride, min(padding, kernel // 2))
            )
        else:
            conv = nn.Conv2d(
                1, 1, kernel, stride, padding, dilation, bias=False
            )
            nn.init.ones_(conv.weight)
            layers.append(conv)
    chain = nn.Sequential(*layers)
    field = receptive_field(chain)
    X = torch.zeros(1, 1, 120, 120, requires_grad=True)
    maps = chain(X)
    unit = maps.shape[2] // 2
    (gradient,) = torch.autograd.grad(maps[0, 0, unit, unit], X)
    seen = gradient[0, 0].sum(dim=1).nonzero().flatten()
    first = field.start + unit * field.step
    assert seen[0] == first
    assert seen[-1] == first + field.size - 1


def test_two_convolutions_of_three_see_five():
    first = nn.Sequential(nn.Conv2d(1, 1, 3, padding=1), nn.ReLU())
    nested = nn.Sequential(first, nn.Conv2d(1, 1, 3))
    assert receptive_field(nested) == (5, 1, -1)
    assert receptive_field(nn.Sequential()) == (1, 1, 0)


def test_refuses_windows_that_are_not_square():
    with pytest.raises(ValueError, match="alike"):
        receptive_field(nn.Sequential(nn.Conv2d(1, 1, (3, 1))))


def test_the_pieces_alone_give_the_values():
    torch.manual_seed(0)
    layers = nn.Sequential(
        nn.Conv2d(1, 2, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(2, 3, 3, 2)
    )
    X = torch.rand(9, 1, 28, 28)
    patches, values = strongest_patches(layers, X, 1, num_patches=4)
    assert patches.shape == (4, 8, 8)
    assert_same(values, layers(X)[:, 1].amax(dim=(1, 2)).topk(4).values)
    assert_same(layers(patches[:, None])[:, 1, 0, 0], values, rtol=1e-5)


def test_where_a_unit_sees_padding_its_piece_has_zeros():
    conv = nn.Conv2d(1, 1, 3, padding=1, bias=False)
    nn.init.zeros_(conv.weight)
    conv.weight.data[0, 0, 1, 1] = 1
    X = torch.ones(1, 1, 4, 4)
    X[0, 0, 0, 0] = 2  # the strongest unit sits in the corner
    patches, _ = strongest_patches(nn.Sequential(conv), X, 0, num_patches=1)
    assert patches[0].tolist() == [[0, 0, 0], [0, 2, 1], [0, 1, 1]]


def test_refuses_images_numbers_and_channels_out_of_range():
    body, X = nn.Sequential(nn.Conv2d(1, 2, 3)), torch.rand(3, 1, 8, 8)
    with pytest.raises(ValueError, match="expected"):
        strongest_patches(body, X[:, 0], 0)
    with pytest.raises(ValueError, match="give 1 to 3"):
        strongest_patches(body, X, 0, num_patches=4)
    with pytest.raises(ValueError, match="give 0 to 1"):
        strongest_patches(body, X, 2, num_patches=1)
    with pytest.raises(ValueError, match="give 0 to 1"):
        maximise_activation(body, -1, size=8)
    with pytest.raises(ValueError, match="lr"):
        maximise_activation(body, 0, size=8, lr=0)


def test_the_image_of_a_linear_unit_is_its_kernel_in_black_and_white():
    torch.manual_seed(1)
    conv = nn.Conv2d(1, 3, 5)
    image = maximise_activation(conv, 2, size=5)
    assert torch.equal(image, (conv.weight[2, 0] > 0).float())


def test_logits_rise_the_parameters_stay_and_the_seed_repeats():
    torch.manual_seed(0)
    model = CNN(10, widths=(4, 4)).eval()
    before = nn.utils.parameters_to_vector(model.parameters()).clone()
    for channel in (0, 7):
        short = maximise_activation(model, channel, num_steps=1)
        image = maximise_activation(model, channel, smoothness=0.01)
        assert model(image[None])[0, channel] > model(short[None])[0, channel]
        again = maximise_activation(model, channel, smoothness=0.01)
        assert torch.equal(image, again)
        assert image.min() >= 0
        assert image.max() <= 1
    after = nn.utils.parameters_to_vector(model.parameters())
    assert torch.equal(before, after)
    assert all(p.grad is None for p in model.parameters())


def test_smoothness_makes_smooth():
    torch.manual_seed(0)
    model = CNN(10, widths=(4, 4)).eval()
    rough = [
        maximise_activation(model, 0, smoothness=s).diff(dim=0).abs().sum()
        for s in (0.0, 1.0)
    ]
    assert rough[1] < rough[0]
