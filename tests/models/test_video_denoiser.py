import pytest
import torch
import torch.nn.functional as F

from aibook.models.video_denoiser import TimeAttention, VideoDenoiser
from helpers import (
    assert_every_weight_learns,
    assert_same,
    assert_samples_apart,
    disturb,
)


def build(**options):
    return disturb(
        VideoDenoiser(
            9, num_steps=50, num_frames=5, hidden=16, width=8, **options
        )
    )


def inputs(N=2):
    generator = torch.Generator().manual_seed(1)
    z = torch.randn(N, 5, 4, 7, 7, generator=generator)
    return z, torch.arange(1, N + 1), torch.tensor([[1, 2, 0], [4, 5, 6]])[:N]


def test_time_attention_place_by_place():
    layer = disturb(TimeAttention(8, num_frames=3))
    x = torch.randn(2, 3, 8, 2, 4)
    out = layer(x)
    for n in range(2):
        for i in range(2):
            for j in range(4):
                line = x[n, :, :, i, j]  # (K, D)
                h = F.layer_norm(
                    line, (8,), layer.norm.weight, layer.norm.bias
                )
                expected = line + layer.look((h + layer.frames)[None])[0]
                assert_same(out[n, :, :, i, j], expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("over_time", [True, False])
def test_frames_see_each_other_only_with_attention_over_time(over_time):
    model, (z, t, tokens) = build(over_time=over_time), inputs()
    before = model(z, t, tokens)
    assert before.shape == z.shape
    changed = z.clone()
    changed[:, 4] += 1
    after = model(changed, t, tokens)
    assert not torch.allclose(after[:, 4], before[:, 4], atol=1e-3)
    same = torch.allclose(after[:, :4], before[:, :4], atol=1e-4)
    assert same is not over_time


def test_frames_know_which_they_are_and_clips_stay_apart():
    model, (z, t, tokens) = build(over_time=False), inputs()
    still = z[:, :1].expand(-1, 5, -1, -1, -1)
    out = model(still, t, tokens)
    assert not torch.allclose(out[:, 0], out[:, 4], atol=1e-3)
    model = build()
    together = model(z, t, tokens)
    assert_samples_apart(model, z, t, tokens)
    for other in (model(z, t, tokens.flip(0)), model(z, t.flip(0), tokens)):
        assert not torch.allclose(other[0], together[0], atol=1e-3)


def test_every_weight_learns():
    assert_every_weight_learns(build(), *inputs(), but=("keys.bias",))


def test_bad_input_is_refused():
    model, (z, t, tokens) = build(), inputs()
    for bad in (z[0], z[:, :4], z[:, :, :3], z[:0]):
        with pytest.raises(ValueError, match="z has shape"):
            model(bad, t, tokens)
    for options in ({"hidden": 12}, {"width": 6}, {"num_frames": 0}):
        options = {"num_frames": 5, **options}
        with pytest.raises(ValueError, match="expected"):
            VideoDenoiser(9, num_steps=50, **options)
