import pytest
import torch
import torch.nn.functional as F

from aibook.data.mnist import load_mnist
from aibook.models.image_autoencoder import (
    ImageAutoencoder,
    autoencoder_loss,
    train_autoencoder,
)
from helpers import assert_same


def rng(seed=0):
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize("sides", [(28, 28), (4, 12)])
@pytest.mark.parametrize("channels", [1, 4])
def test_shapes_and_range(sides, channels):
    model = ImageAutoencoder(channels=channels, width=8)
    z = model.encode(torch.rand(3, 1, *sides))
    assert z.shape == (3, channels, sides[0] // 4, sides[1] // 4)
    X = model.decode(100 * torch.randn(z.shape))
    assert X.shape == (3, 1, *sides)
    assert 0 <= X.min() <= X.max() <= 1


def test_the_spread_cancels_between_encoder_and_decoder():
    torch.manual_seed(0)
    model, X = ImageAutoencoder(), torch.rand(2, 1, 28, 28)
    before = model.encode(X)
    image = model.decode(before)
    model.spread.copy_(torch.arange(1.0, 5.0).view(4, 1, 1))
    assert_same(model.encode(X), before / model.spread)
    assert_same(
        model.decode(before / model.spread), image, rtol=1e-5, atol=1e-6
    )


def test_the_loss_by_torch_distributions():
    torch.manual_seed(0)
    model, X = ImageAutoencoder(), torch.rand(3, 1, 28, 28)
    for pull in (0.0, 0.5):
        loss = autoencoder_loss(model, X, generator=rng(), pull=pull)
        mean, log_var = model.distribution(X)
        drawn = torch.distributions.Normal(mean, log_var.exp().sqrt())
        normal = torch.distributions.Normal(0.0, 1.0)
        gap = torch.distributions.kl_divergence(drawn, normal).mean()
        z = mean + drawn.stddev * torch.randn(mean.shape, generator=rng())
        pixels = F.binary_cross_entropy(model.decoder(z).sigmoid(), X)
        assert_same(loss, pixels + pull * gap, rtol=1e-5, atol=1e-6)


def test_a_short_training_learns_digits_and_measures_the_spread():
    images, _ = load_mnist("train", limit=600)
    X = torch.tensor(images[:, None] / 255, dtype=torch.float32)
    before = torch.get_rng_state()
    model = train_autoencoder(X[:500], num_steps=150)
    assert torch.equal(torch.get_rng_state(), before)
    assert not model.training
    with torch.no_grad():
        z = model.encode(X[:500])
        error = (model.decode(model.encode(X[500:])) - X[500:]).square().mean()
    assert_same(z.std(dim=(0, 2, 3)), torch.ones(4), rtol=0, atol=0.01)
    assert error < 0.2 * X[500:].var()


def test_the_seed_decides():
    X = torch.rand(40, 1, 28, 28, generator=rng())
    one, same, other = (
        train_autoencoder(X, num_steps=2, seed=seed).encode(X[:2])
        for seed in (0, 0, 1)
    )
    assert torch.equal(one, same)
    assert not torch.equal(one, other)


def test_bad_input_is_refused():
    model = ImageAutoencoder()
    for shape in ((1, 28, 28), (1, 2, 28, 28), (0, 1, 28, 28), (1, 1, 14, 14)):
        with pytest.raises(ValueError, match="has shape"):
            model.encode(torch.zeros(shape))
    with pytest.raises(ValueError, match="expected"):
        model.decode(torch.zeros(1, 3, 7, 7))
    with pytest.raises(ValueError, match="expected"):
        ImageAutoencoder(channels=0)
    X = torch.zeros(1, 1, 28, 28)
    with pytest.raises(ValueError, match="pull"):
        autoencoder_loss(model, X, generator=rng(), pull=-1.0)
    with pytest.raises(ValueError, match="num_steps"):
        train_autoencoder(X, num_steps=0)
