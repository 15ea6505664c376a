import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from aibook.early_stopping import EarlyStopping
from aibook.training import fit, make_loader, seed_everything
from helpers import assert_same

BCE = nn.BCEWithLogitsLoss()
LOSSES = st.lists(st.integers(-5, 5), min_size=1, max_size=30)


def marked(value):
    """Return a model that carries a number, in a weight and in a buffer."""
    model = nn.Linear(1, 1, bias=False)
    nn.init.constant_(model.weight, value)
    model.register_buffer("mark", torch.tensor(float(value)))
    return model


@given(LOSSES, st.integers(1, 5), st.integers(0, 3))
def test_agrees_with_a_look_back_over_all_losses(losses, patience, min_delta):
    stopping = EarlyStopping(patience=patience, min_delta=min_delta)
    for epoch, loss in enumerate(losses, start=1):
        stop = stopping.update(marked(epoch), loss)
        best = 1  # looked for afresh, from the first epoch
        for k in range(2, epoch + 1):
            if losses[k - 1] < losses[best - 1] - min_delta:
                best = k
        assert stopping.best_epoch == best
        assert stopping.best_loss == losses[best - 1]
        assert stop == (epoch - best >= patience)
        assert stopping.num_epochs == epoch
    model = marked(-1)
    stopping.restore(model)
    assert model.weight.item() == model.mark.item() == best


def test_keeps_a_copy():
    model = marked(1)
    stopping = EarlyStopping(patience=1)
    stopping.update(model, 0.5)
    with torch.no_grad():
        model.weight.fill_(2)
        model.mark.fill_(2)
    stopping.restore(model)
    assert model.weight.item() == model.mark.item() == 1
    with torch.no_grad():
        model.weight.fill_(3)
    stopping.restore(model)  # as often as one likes
    assert model.weight.item() == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"patience": 0}, "patience = 0"),
        ({"patience": 1, "min_delta": -0.1}, r"min_delta = -0\.1"),
        ({"patience": 1, "min_delta": float("inf")}, "min_delta = inf"),
        ({"patience": 1, "min_delta": float("nan")}, "min_delta = nan"),
    ],
)
def test_bad_settings(arguments, message):
    with pytest.raises(ValueError, match=message):
        EarlyStopping(**arguments)


@pytest.mark.parametrize("loss", [float("nan"), float("inf"), -float("inf")])
def test_bad_loss(loss):
    with pytest.raises(ValueError, match="val_loss = "):
        EarlyStopping(patience=1).update(marked(0), loss)


def test_nothing_to_restore():
    with pytest.raises(ValueError, match="no epoch was seen"):
        EarlyStopping(patience=1).restore(marked(0))


# in the training loop


def noisy_task(seed):
    """Return a task that is soon overfitted: labels are coin flips."""
    draws = torch.Generator().manual_seed(seed)
    X = torch.randn(40, 10, generator=draws)
    y = torch.randint(2, (40,), generator=draws).float()
    seed_everything(seed)
    model = nn.Sequential(nn.Linear(10, 20), nn.Tanh(), nn.Linear(20, 1))
    return {
        "model": nn.Sequential(model, nn.Flatten(0)),
        "train_loader": make_loader(X[:20], y[:20], batch_size=5),
        "val_loader": make_loader(X[20:], y[20:], batch_size=20),
        "loss_fn": BCE,
        "num_epochs": 30,
    }


def run(seed, **arguments):
    task = noisy_task(seed)
    optimizer = torch.optim.SGD(task["model"].parameters(), lr=0.5)
    return task, fit(**task, optimizer=optimizer, **arguments)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("patience", [3, 100])
def test_fit_ends_with_the_best_weights(seed, patience):
    states = []

    def keep(epoch, history):
        states.append(
            {k: v.clone() for k, v in task["model"].state_dict().items()}
        )

    task = noisy_task(seed)
    stopping = EarlyStopping(patience=patience)
    history = fit(
        **task,
        optimizer=torch.optim.SGD(task["model"].parameters(), lr=0.5),
        early_stopping=stopping,
        on_epoch=keep,
    )
    best = history.val_loss.index(min(history.val_loss))
    assert stopping.best_epoch == best + 1
    assert len(history.loss) == min(30, best + 1 + patience)
    for name, tensor in task["model"].state_dict().items():
        assert_same(tensor, states[best][name])


def test_watching_changes_nothing_else():
    _, plain = run(0)
    _, watched = run(0, early_stopping=EarlyStopping(patience=100))
    assert watched == plain


def test_fit_needs_validation_data():
    task = noisy_task(0)
    del task["val_loader"]
    optimizer = torch.optim.SGD(task["model"].parameters(), lr=0.5)
    with pytest.raises(ValueError, match="needs a val_loader"):
        fit(
            **task,
            optimizer=optimizer,
            early_stopping=EarlyStopping(patience=1),
        )
