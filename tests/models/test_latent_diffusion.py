import pytest
import torch
import torch.nn.functional as F

from aibook.diffusion_sampling import ddim_sample, guided
from aibook.diffusion_training import drop_conditions, train_diffusion
from aibook.layers.attention import attention
from aibook.models.image_autoencoder import ImageAutoencoder
from aibook.models.latent_diffusion import (
    CrossAttention,
    LatentDenoiser,
    TextEncoder,
)
from aibook.noise_schedules import cosine_schedule
from helpers import (
    assert_every_weight_learns,
    assert_same,
    assert_samples_apart,
    disturb,
)

BLANK = torch.zeros(4, dtype=torch.long)


def small():
    return disturb(LatentDenoiser(9, num_steps=50, hidden=16, width=8))


def inputs(N=3):
    generator = torch.Generator().manual_seed(1)
    z = torch.randn(N, 4, 7, 7, generator=generator)
    t = torch.arange(1, N + 1)
    return z, t, torch.tensor([[1, 2, 3, 0], [4, 5, 0, 0], [8, 0, 0, 0]])[:N]


def test_padding_changes_nothing():
    encoder = disturb(TextEncoder(9, width=8))
    short, _ = encoder(torch.tensor([[3, 4]]))
    long, mask = encoder(torch.tensor([[3, 4, 0, 0, 0]]))
    assert mask.tolist() == [[True] * 3 + [False] * 3]
    assert_same(long[:, :3], short, rtol=1e-5, atol=1e-6)
    model, (z, t, tokens) = small(), inputs()
    wide = F.pad(tokens, (0, 3))
    assert_same(model(z, t, wide), model(z, t, tokens), rtol=1e-4, atol=1e-5)


def test_words_and_their_order_count():
    encoder = disturb(TextEncoder(9, width=8))
    words, _ = encoder(torch.tensor([[3, 4], [4, 3], [3, 5]]))
    assert not torch.allclose(words[0].mean(0), words[1].mean(0), atol=1e-3)
    assert not torch.allclose(words[0].mean(0), words[2].mean(0), atol=1e-3)


def test_cross_attention_place_by_place():
    layer = disturb(CrossAttention(8, width=6))
    x, words = torch.randn(2, 8, 3, 5), torch.randn(2, 4, 6)
    mask = torch.tensor([[True] * 4, [True, True, False, False]])
    out = layer(x, words, mask)
    normed = F.group_norm(x, 8, layer.norm.weight, layer.norm.bias)
    ask = layer.ask
    for n in range(2):
        said = layer.words(words[n, mask[n]])
        keys, values = ask.keys(said), ask.values(said)
        for i in range(3):
            for j in range(5):
                query = ask.queries(normed[n, :, i, j])
                heads = [
                    attention(
                        query[None, 2 * h : 2 * h + 2],
                        keys[:, 2 * h : 2 * h + 2],
                        values[:, 2 * h : 2 * h + 2],
                    )[0]
                    for h in range(4)
                ]
                expected = x[n, :, i, j] + ask.out(torch.cat(heads, 1))[0]
                assert_same(out[n, :, i, j], expected, rtol=1e-4, atol=1e-5)


def test_a_new_network_is_silent_and_each_sample_by_itself():
    z, t, tokens = inputs()
    new = LatentDenoiser(9, num_steps=50, hidden=16, width=8)
    answer = new(z, t, tokens)
    assert (answer == answer[:, :, :1, :1]).all()
    model = small()
    together = model(z, t, tokens)
    assert together.shape == z.shape
    assert_samples_apart(model, z, t, tokens)
    for other in (
        model(z, t, tokens.flip(0)),
        model(z, t.flip(0), tokens),
    ):
        assert not torch.allclose(other[0], together[0], atol=1e-3)


def test_every_weight_learns():
    assert_every_weight_learns(small(), *inputs(), but=("keys.bias",))


def test_guidance_is_between_and_beyond_the_two_answers():
    model, (z, t, tokens) = small(), inputs()
    with torch.no_grad():
        told = model(z, t, tokens)
        blank = model(z, t, BLANK.expand(3, -1))
        for scale, expected in (
            (0.0, blank),
            (1.0, told),
            (3.0, 3 * told - 2 * blank),
        ):
            answer = guided(model, tokens, BLANK, scale=scale)(z, t)
            assert_same(answer, expected, rtol=1e-4, atol=1e-4)


def test_prompts_are_dropped_whole():
    tokens = torch.randint(1, 9, (4000, 4))
    out = drop_conditions(
        tokens, BLANK, share=0.2, generator=torch.Generator().manual_seed(0)
    )
    gone = (out == 0).all(dim=1)
    assert 0.17 < gone.float().mean() < 0.23
    assert torch.equal(out[~gone], tokens[~gone])


def test_a_word_decides_what_is_made():
    """Two words, two latents: after a short training each word makes its own."""
    torch.manual_seed(0)
    signs = torch.tensor([-1.0, 1.0])[torch.arange(64) % 2]
    z = signs.view(-1, 1, 1, 1) + 0.1 * torch.randn(64, 4, 7, 7)
    tokens = torch.tensor([[1, 3], [2, 3]]).repeat(32, 1)
    model = LatentDenoiser(4, num_steps=100, hidden=16, width=16)
    schedule, blank = cosine_schedule(100), torch.zeros(2, dtype=torch.long)
    train_diffusion(
        model,
        schedule,
        [(z, tokens)],
        optimizer=torch.optim.Adam(model.parameters(), 1e-2),
        num_epochs=150,
        target="velocity",
        blank=blank,
        share=0.1,
    )
    made = ddim_sample(
        guided(model, tokens, blank, scale=2.0),
        schedule,
        torch.randn(z.shape, generator=torch.Generator().manual_seed(9)),
        num_steps=10,
        target="velocity",
    )
    means = made.mean((1, 2, 3))
    assert ((means * signs) > 0.5).all()
    with torch.no_grad():
        images = ImageAutoencoder().decode(made)
    assert images.shape == (64, 1, 28, 28)
    assert images.isfinite().all()


def test_bad_input_is_refused():
    model, (z, t, tokens) = small(), inputs()
    for bad in (z[:, :3], z[0], z[:0]):
        with pytest.raises(ValueError, match="z has shape"):
            model(bad, t, tokens)
    for bad in (tokens[0], tokens[:, :0], tokens + 1, tokens - 1):
        with pytest.raises(ValueError, match="expected"):
            model(z, t, bad)
    with pytest.raises(ValueError, match="up to 15"):
        model(z, t, torch.ones(3, 16, dtype=torch.long))
    for options in ({"hidden": 12}, {"width": 6}, {"channels": 0}):
        with pytest.raises(ValueError, match="expected"):
            LatentDenoiser(9, num_steps=50, **options)
