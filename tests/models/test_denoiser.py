import pytest
import torch
import torch.nn.functional as F

from aibook.layers.positions import sinusoids
from aibook.models.denoiser import (
    Denoiser,
    PointDenoiser,
    ResidualBlock,
    TimeEmbedding,
)
from helpers import (
    assert_every_weight_learns,
    assert_same,
    assert_samples_apart,
    disturb,
)


def test_the_embedding_goes_through_the_waves():
    embed = TimeEmbedding(50, width=8)
    first, _, last = embed.layers
    t = torch.tensor([0, 7, 50])
    assert_same(embed(t), last(F.silu(first(sinusoids(51, 8)[t]))))
    assert "waves" not in embed.state_dict()


@pytest.mark.parametrize(("before", "after"), [(8, 8), (8, 16)])
def test_the_block_by_its_formula(before, after):
    block = disturb(ResidualBlock(before, after, width=4))
    x, told = torch.randn(3, before, 5, 6), torch.randn(3, 4)
    h = F.group_norm(x, 8, block.first[0].weight, block.first[0].bias)
    h = block.first[2](F.silu(h))
    both = block.tell[1](F.silu(told))
    h = F.group_norm(h, 8, block.norm.weight, block.norm.bias)
    h = h * (1 + both[:, :after, None, None]) + both[:, after:, None, None]
    expected = block.bypass(x) + block.second(F.silu(h))
    assert_same(block(x, told), expected, rtol=1e-5, atol=1e-6)
    assert isinstance(block.bypass, torch.nn.Identity) == (before == after)


def test_a_new_block_passes_on_and_a_new_network_is_silent():
    x = torch.randn(2, 8, 6, 6)
    block = ResidualBlock(8, 8, width=4)
    block.second.bias.data.zero_()
    assert_same(block(x, torch.randn(2, 4)), x)
    net = Denoiser(1, num_steps=10, widths=(8,))
    answer = net(torch.randn(2, 1, 6, 6), torch.tensor([1, 10]))
    assert (answer == answer[0, 0, 0, 0]).all()


@pytest.mark.parametrize("widths", [(8,), (8, 16), (8, 16, 24)])
@pytest.mark.parametrize("sides", [(14, 14), (7, 9), (1, 1)])
def test_any_size_comes_out_as_it_went_in(widths, sides):
    net = disturb(Denoiser(3, num_steps=10, widths=widths))
    x = torch.randn(2, 3, *sides)
    assert net(x, torch.tensor([1, 2])).shape == x.shape


def test_each_sample_is_treated_by_itself_and_told_its_own():
    net = disturb(Denoiser(1, num_steps=10, widths=(8, 16), num_classes=3))
    x = torch.randn(4, 1, 8, 8)
    t, told = torch.tensor([1, 5, 5, 10]), torch.tensor([0, 1, 2, 3])
    together = net(x, t, told)
    assert_samples_apart(net, x, t, told)
    assert not torch.allclose(net(x, t, told.flip(0)), together, atol=1e-3)
    assert not torch.allclose(net(x, t.flip(0), told), together, atol=1e-3)


def test_patches_lie_in_the_channels():
    net = disturb(Denoiser(2, num_steps=10, widths=(8, 16), patch=2))
    twin = disturb(Denoiser(8, num_steps=10, widths=(8, 16)))
    twin.load_state_dict(net.state_dict())
    x, t = torch.randn(2, 2, 6, 8), torch.tensor([3, 4])
    squares = torch.stack(
        [x[:, :, i::2, j::2] for i in (0, 1) for j in (0, 1)], dim=2
    ).flatten(1, 2)
    answer = twin(squares, t)
    out = net(x, t)
    for k, (i, j) in enumerate([(0, 0), (0, 1), (1, 0), (1, 1)]):
        assert_same(out[:, :, i::2, j::2], answer[:, k::4])
    with pytest.raises(ValueError, match="multiples of 2"):
        net(torch.zeros(1, 2, 5, 6), t[:1])


def test_untold_is_the_last_class():
    net = disturb(Denoiser(1, num_steps=10, widths=(8,), num_classes=3))
    x, t = torch.randn(2, 1, 4, 4), torch.tensor([3, 4])
    assert_same(net(x, t), net(x, t, torch.tensor([3, 3])))


def test_every_weight_learns():
    net = disturb(Denoiser(1, num_steps=10, widths=(8, 16), num_classes=2))
    x, t = torch.randn(3, 1, 8, 8), torch.tensor([1, 4, 9])
    assert_every_weight_learns(net, x, t, torch.tensor([0, 1, 2]))


def test_points_by_the_formula():
    net = disturb(PointDenoiser(3, num_steps=20, hidden=16))
    x, t = torch.randn(5, 3), torch.arange(1, 6)
    told, h = F.silu(net.time(t)), x
    for i in range(3):
        both = net.tell[i](told)
        h = F.silu(net.layers[i](h) * (1 + both[:, :16]) + both[:, 16:])
    assert_same(net(x, t), net.last(h), rtol=1e-5, atol=1e-6)
    with pytest.raises(ValueError, match="no classes"):
        net(x, t, torch.zeros(5))


@pytest.mark.parametrize(
    "options",
    [
        {"in_channels": 0},
        {"num_steps": 0},
        {"widths": ()},
        {"widths": (12,)},
        {"widths": (8, 0)},
        {"num_classes": -1},
        {"patch": 0},
    ],
)
def test_bad_options_are_refused(options):
    options = {"in_channels": 1, "num_steps": 10, "widths": (8,), **options}
    with pytest.raises(ValueError, match="expected"):
        Denoiser(options.pop("in_channels"), **options)


def test_bad_input_is_refused():
    net = Denoiser(1, num_steps=10, widths=(8,))
    t = torch.tensor([1])
    for shape in ((1, 2, 4, 4), (1, 4, 4), (0, 1, 4, 4)):
        with pytest.raises(ValueError, match="expected"):
            net(torch.zeros(shape), t)
    with pytest.raises(ValueError, match="no classes"):
        net(torch.zeros(1, 1, 4, 4), t, t)
