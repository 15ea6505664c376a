import numpy as np
import pytest
import torch
from torch import nn

from aibook.pixel_losses import dice_loss
from aibook.pixel_training import predict_pixels, train_pixels
from aibook.training import seed_everything


def squares(num=48, seed=0):
    """Bright squares on a dark ground, with their maps."""
    rng = np.random.default_rng(seed)
    y = np.zeros((num, 8, 8), dtype=np.int64)
    for image in y:
        i, j = rng.integers(5, size=2)
        image[i : i + 3, j : j + 3] = 1
    X = y[:, None] + rng.normal(scale=0.2, size=(num, 1, 8, 8))
    return torch.tensor(X).float(), torch.tensor(y)


def new_net(seed, num_outputs=2):
    seed_everything(seed)
    return nn.Sequential(
        nn.Conv2d(1, 4, 3, padding=1),
        nn.BatchNorm2d(4),
        nn.ReLU(),
        nn.Conv2d(4, num_outputs, 1),
    )


@pytest.mark.parametrize("seed", range(3))
def test_learns_squares(seed):
    X, y = squares()
    net = new_net(seed)
    losses = train_pixels(net, X, y, num_epochs=8, lr=0.05, seed=seed)
    assert len(losses) == 8
    assert losses[-1] < 0.2 < losses[0]
    assert not net.training
    X, y = squares(seed=1)
    assert (predict_pixels(net, X).argmax(1) == y).float().mean() > 0.97


def test_one_class_and_another_loss():
    X, y = squares()
    net = nn.Sequential(new_net(0, 1), nn.Flatten(1, 2))
    train_pixels(net, X, y.float(), num_epochs=8, lr=0.05, loss_fn=dice_loss)
    assert ((predict_pixels(net, X) > 0) == y).float().mean() > 0.97


def test_equal_seeds_train_equally():
    X, y = squares()
    runs = [
        train_pixels(new_net(0), X, y, num_epochs=2, seed=s) for s in (0, 0, 1)
    ]
    assert runs[0] == runs[1] != runs[2]


class Spy(nn.Module):
    """Remembers the images that it was given."""

    def __init__(self):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(()))
        self.seen = []

    def forward(self, X):
        self.seen.append(X)
        return self.scale * torch.cat([X, -X], dim=1)


def test_images_and_maps_are_mirrored_together_about_half_the_time():
    y = torch.arange(400)[:, None, None].expand(-1, 1, 3) % 2
    y = y * torch.tensor([1, 1, 0])  # not symmetric
    X = torch.cat([torch.arange(400.0)[:, None, None], y[:, :, :2]], dim=2)
    maps = []

    def loss(logits, truth):
        maps.append(truth)
        return nn.functional.cross_entropy(logits, truth)

    for flip in (True, False):
        spy = Spy()
        maps.clear()
        train_pixels(spy, X[:, None], y, num_epochs=1, loss_fn=loss, flip=flip)
        images, truths = torch.cat(spy.seen)[:, 0], torch.cat(maps)
        turned = (images != X[images.amax((1, 2)).long()]).any(2)[:, 0]
        assert (0.4 < turned.float().mean() < 0.6) if flip else not any(turned)
        order = images.amax((1, 2)).long()
        assert sorted(order.tolist()) == list(range(400))
        expected = torch.where(
            turned[:, None, None], y[order].flip(-1), y[order]
        )
        assert torch.equal(truths, expected)


def test_the_rate_rises_and_falls(monkeypatch):
    rates = []
    step = torch.optim.Adam.step

    def spy(self, *args, **kwargs):
        rates.append(self.param_groups[0]["lr"])
        return step(self, *args, **kwargs)

    monkeypatch.setattr(torch.optim.Adam, "step", spy)
    X, y = squares()
    train_pixels(new_net(0), X, y, num_epochs=10, lr=0.1)
    assert len(rates) == 30
    peak = int(np.argmax(rates))
    assert rates[peak] == pytest.approx(0.1, rel=0.02)
    assert 4 <= peak <= 6
    assert np.all(np.diff(rates[: peak + 1]) > 0)
    assert np.all(np.diff(rates[peak:]) < 0)
    assert rates[-1] < 1e-4


def test_log(capsys):
    X, y = squares(8)
    losses = train_pixels(new_net(0), X, y, num_epochs=2, log=True)
    lines = capsys.readouterr().out.splitlines()
    assert lines == [
        f"epoch   {k}  loss {v:.4f}" for k, v in enumerate(losses, 1)
    ]


def test_prediction_leaves_the_model_and_does_not_depend_on_batches():
    X, _ = squares(10)
    net = new_net(0).train()
    one = predict_pixels(net, X, batch_size=3)
    assert net.training
    assert not one.requires_grad
    assert torch.equal(one, net.eval()(X)) or torch.allclose(one, net(X))


def test_refuses():
    X, y = squares(4)
    with pytest.raises(ValueError, match="num_epochs = 0"):
        train_pixels(new_net(0), X, y, num_epochs=0)
    with pytest.raises(ValueError, match="same length"):
        train_pixels(new_net(0), X, y[:2], num_epochs=1)
    with pytest.raises(FloatingPointError, match="epoch 1"):
        train_pixels(
            new_net(0),
            X,
            y,
            num_epochs=1,
            loss_fn=lambda z, t: z.mean() * float("nan"),
        )
