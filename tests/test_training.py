import random

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from aibook.training import (
    EpochResult,
    History,
    evaluate,
    fit,
    make_loader,
    pick_device,
    seed_everything,
    train_one_epoch,
)
from helpers import assert_same

BCE = nn.BCEWithLogitsLoss()
CE = nn.CrossEntropyLoss()


class Logits(nn.Module):
    """Gives its one parameter, whatever the batch: a loss known by hand."""

    def __init__(self, value):
        super().__init__()
        self.value = nn.Parameter(torch.tensor(value))

    def forward(self, X):
        return self.value * X


def sgd(model, lr=0.1):
    return torch.optim.SGD(model.parameters(), lr=lr)


def rows(values):
    return np.array(values, dtype=np.float32)


# seed_everything, pick_device


def test_seed_fixes_every_source():
    def draw(seed):
        generator = seed_everything(seed)
        return (
            random.random(),
            np.random.random(),  # noqa: NPY002
            torch.rand(1).item(),
            torch.rand(1, generator=generator).item(),
        )

    assert draw(3) == draw(3)
    assert all(a != b for a, b in zip(draw(3), draw(4), strict=True))
    assert seed_everything(0).device.type == "cpu"


@pytest.mark.parametrize("seed", [-1, 2**32])
def test_bad_seed(seed):
    with pytest.raises(ValueError, match=f"seed = {seed}"):
        seed_everything(seed)


@pytest.mark.parametrize(
    ("cuda", "mps", "expected"),
    [(True, True, "cuda"), (False, True, "mps"), (False, False, "cpu")],
)
def test_pick_device(monkeypatch, cuda, mps, expected):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: cuda)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: mps)
    assert pick_device() == torch.device(expected)


# make_loader


@given(
    st.integers(1, 20),
    st.integers(1, 25),
    st.booleans(),
    st.sampled_from([np.uint8, np.int32, np.float32, np.float64]),
)
def test_loader_yields_every_sample_once(num, batch_size, shuffle, dtype):
    X = np.arange(num * 2).reshape(num, 2).astype(dtype)
    y = np.arange(num)
    loader = make_loader(X, y, batch_size=batch_size, shuffle=shuffle)
    batches = list(loader)
    assert all(len(labels) == batch_size for _, labels in batches[:-1])
    inputs, labels = (torch.cat(parts) for parts in zip(*batches, strict=True))
    order = np.arange(num) if not shuffle else labels.numpy()
    assert sorted(order) == list(range(num))
    assert_same(inputs, torch.tensor(X[order].astype(np.float32)))
    assert_same(labels, torch.tensor(order))


@pytest.mark.parametrize(
    ("dtype", "expected"),
    [
        (np.int32, torch.int64),
        (np.uint8, torch.int64),
        (np.float64, torch.float32),
        (bool, torch.int64),
    ],
)
def test_loader_label_types(dtype, expected):
    _, y = next(iter(make_loader(np.eye(2), np.ones(2, dtype), batch_size=2)))
    assert y.dtype == expected


@pytest.mark.parametrize("shuffle", [True, False])
def test_loader_leaves_the_global_generator_alone(shuffle):
    # Else measuring on validation data would change the dropout of training.
    X = np.arange(8.0)
    loader = make_loader(X, X, batch_size=2, shuffle=shuffle)
    before = torch.get_rng_state()
    list(loader)
    assert torch.equal(torch.get_rng_state(), before)


def test_loader_order_comes_from_the_seed_alone():
    def orders(seed):
        torch.rand(random.randrange(1, 9))  # the global state must not matter
        X = np.arange(32.0)
        loader = make_loader(X, X, batch_size=32, shuffle=True, seed=seed)
        return [next(iter(loader))[1].tolist() for _ in range(2)]

    first, second = orders(0)
    assert [first, second] == orders(0)
    assert first != second
    assert orders(1) != orders(0)


def test_loader_copies_flipped_and_read_only_arrays():
    X = np.arange(6.0, dtype=np.float32).reshape(3, 2)[::-1]
    X.setflags(write=False)
    tensor = torch.ones(3, 1)
    loader = make_loader(X, tensor, batch_size=3)
    tensor += 1
    inputs, labels = next(iter(loader))
    assert_same(inputs, torch.tensor([[4.0, 5.0], [2.0, 3.0], [0.0, 1.0]]))
    assert_same(labels, torch.ones(3, 1))


@pytest.mark.parametrize(
    ("X", "y", "batch_size", "message"),
    [
        (np.ones((3, 2)), np.ones(2), 1, "same length"),
        (np.float64(1), np.ones(1), 1, "same length"),
        (np.ones((0, 2)), np.ones(0), 1, "empty"),
        (np.array([[np.nan]]), np.ones(1), 1, "NaN"),
        (np.ones((1, 1)), np.array([np.inf]), 1, "NaN or infinity"),
        (np.ones((1, 1)), np.ones(1), 0, "batch_size = 0"),
    ],
)
def test_bad_loader(X, y, batch_size, message):
    with pytest.raises(ValueError, match=message):
        make_loader(X, y, batch_size=batch_size)


# train_one_epoch, evaluate


def test_one_step_by_hand():
    # logit = v x, loss = log(1 + exp(-v)) at x = y = 1, gradient sigmoid(v) - 1
    model = Logits(0.0)
    loader = make_loader(rows([1]), rows([1]), batch_size=1)
    result = train_one_epoch(model, loader, BCE, sgd(model, lr=2.0))
    assert result.loss == pytest.approx(np.log(2), rel=1e-6)
    assert result.accuracy == 0.0  # a logit of 0 is class 0
    assert model.value.item() == pytest.approx(0 - 2.0 * (0.5 - 1))


def test_old_gradients_are_cleared():
    model = Logits(0.0)
    loader = make_loader(rows([1]), rows([1]), batch_size=1)
    model.value.grad = torch.tensor(1000.0)
    train_one_epoch(model, loader, BCE, sgd(model, lr=2.0))
    assert model.value.item() == pytest.approx(1.0)


def test_same_weights_as_a_loop_written_out():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(10, 3)).astype(np.float32), rng.integers(0, 4, 10)
    torch.manual_seed(0)
    model, twin = nn.Linear(3, 4), nn.Linear(3, 4)
    twin.load_state_dict(model.state_dict())
    loader = make_loader(X, y, batch_size=4)
    for _ in range(3):
        result = train_one_epoch(model, loader, CE, sgd(model))
    for _ in range(3):
        losses = []
        for start in (0, 4, 8):
            logits = twin(torch.tensor(X[start : start + 4]))
            each = nn.functional.cross_entropy(
                logits, torch.tensor(y[start : start + 4]), reduction="none"
            )
            losses.extend(each.tolist())
            gradients = torch.autograd.grad(
                each.mean(), list(twin.parameters())
            )
            with torch.no_grad():
                for p, g in zip(twin.parameters(), gradients, strict=True):
                    p -= 0.1 * g
    assert_same(model.weight.detach(), twin.weight.detach(), rtol=1e-5)
    assert_same(model.bias.detach(), twin.bias.detach(), rtol=1e-5, atol=1e-7)
    # The mean over 10 samples in batches of 4, 4 and 2, not over 3 batches.
    assert result.loss == pytest.approx(np.mean(losses), rel=1e-5)


@pytest.mark.parametrize("batch_size", [1, 3, 4, 7, 10])
def test_evaluate_does_not_depend_on_the_batches(batch_size):
    rng = np.random.default_rng(1)
    X, y = rng.normal(size=(10, 3)), rng.integers(0, 3, 10)
    whole = evaluate(nn.Identity(), make_loader(X, y, batch_size=10), CE)
    result = evaluate(
        nn.Identity(), make_loader(X, y, batch_size=batch_size), CE
    )
    assert result == pytest.approx(whole, rel=1e-6)
    assert result.accuracy == np.mean(X.argmax(axis=1) == y)


@pytest.mark.parametrize("shape", [(4,), (4, 1)])
def test_binary_accuracy(shape):
    logits = rows([0.5, -0.5, 0.1, 0.0]).reshape(shape)
    y = rows([1, 1, 1, 0]).reshape(shape)
    loader = make_loader(logits, y, batch_size=3)
    assert evaluate(nn.Identity(), loader, BCE).accuracy == 0.75


def test_evaluate_changes_nothing():
    model = nn.Sequential(nn.BatchNorm1d(2), nn.Linear(2, 2))
    before = {
        name: value.clone() for name, value in model.state_dict().items()
    }
    evaluate(model, make_loader(np.eye(2), np.arange(2), batch_size=2), CE)
    for name, value in model.state_dict().items():
        assert_same(value, before[name])
    assert all(p.grad is None for p in model.parameters())


@pytest.mark.parametrize("training", [True, False])
def test_modes_are_set_and_restored(training):
    seen = []

    class Spy(nn.Linear):
        def forward(self, X):
            seen.append(self.training)
            return super().forward(X)

    model = nn.Sequential(nn.BatchNorm1d(2), Spy(2, 2))
    model.train(training)
    model[0].eval()  # frozen by the caller: must be found so again
    loader = make_loader(np.eye(2), np.arange(2), batch_size=2)
    train_one_epoch(model, loader, CE, sgd(model))
    evaluate(model, loader, CE)
    assert seen == [True, False]
    assert [m.training for m in model.modules()] == [training, False, training]
    with pytest.raises(RuntimeError):
        evaluate(model, make_loader(np.eye(3), np.arange(3), batch_size=3), CE)
    assert [m.training for m in model.modules()] == [training, False, training]


def test_batches_follow_the_model_or_the_device():
    class Device(nn.Module):
        def forward(self, X):
            self.device = X.device
            return X

    loader = make_loader(np.eye(2), np.arange(2), batch_size=2)
    model = Device()
    evaluate(model, loader, CE)
    assert model.device.type == "cpu"

    def loss_fn(logits, y):
        assert logits.device.type == y.device.type == "meta"
        raise KeyError

    with pytest.raises(KeyError):
        evaluate(model, loader, loss_fn, device=torch.device("meta"))
    model.register_buffer("state", torch.zeros(1, device="meta"))
    with pytest.raises(KeyError):
        evaluate(model, loader, loss_fn)


def test_diverging_loss_is_refused_before_the_update():
    model = Logits(1.0)
    loader = [(torch.tensor([v]), torch.tensor([1.0])) for v in (1.0, np.nan)]
    with pytest.raises(FloatingPointError, match="step 2: the loss is nan"):
        train_one_epoch(model, loader, BCE, sgd(model))
    assert model.value.isfinite()
    with pytest.raises(FloatingPointError, match="step 2"):
        evaluate(model, loader, BCE)


@pytest.mark.parametrize(
    ("logits", "y", "loss_fn", "message"),
    [
        (
            torch.zeros(2),
            torch.tensor([0.0, 2.0]),
            BCE,
            "y holds 2; .* 0 and 1",
        ),
        (torch.zeros(2, 3), torch.zeros(2, 3), BCE, "do not fit"),
        (
            torch.zeros(2, 1),
            torch.zeros(2),
            lambda a, b: a.mean(),
            "do not fit",
        ),
        (
            torch.zeros(2),
            torch.zeros(2),
            lambda a, b: a,
            "must give one number",
        ),
    ],
)
def test_logits_and_labels_that_do_not_fit(logits, y, loss_fn, message):
    with pytest.raises(ValueError, match=message):
        evaluate(nn.Identity(), [(logits, y)], loss_fn)


def test_empty_loader():
    model = nn.Linear(1, 1)
    with pytest.raises(ValueError, match="loader is empty"):
        train_one_epoch(model, [], BCE, sgd(model))
    with pytest.raises(ValueError, match="loader is empty"):
        evaluate(model, [], BCE)


# fit


@pytest.fixture
def task():
    X, y = rows([[0, 0], [0, 1], [1, 0], [1, 1]]), np.array([0, 0, 0, 1])
    model = nn.Linear(2, 2)
    return {
        "model": model,
        "train_loader": make_loader(X, y, batch_size=3, shuffle=True),
        "loss_fn": CE,
        "optimizer": sgd(model),
    }


def test_fit_is_epochs_of_train_and_evaluate(task):
    seed_everything(0)
    model = task["model"]
    twin = nn.Linear(2, 2)
    twin.load_state_dict(model.state_dict())
    X, y = task["train_loader"].dataset.tensors
    train = make_loader(X, y, batch_size=3, shuffle=True)
    val = make_loader(X, y, batch_size=4)
    optimizer = sgd(twin)
    expected = History()
    for _ in range(3):
        loss, accuracy = train_one_epoch(twin, train, CE, optimizer)
        val_loss, val_accuracy = evaluate(twin, val, CE)
        expected.loss.append(loss)
        expected.accuracy.append(accuracy)
        expected.val_loss.append(val_loss)
        expected.val_accuracy.append(val_accuracy)
    assert fit(**task, val_loader=val, num_epochs=3) == expected


def test_log_columns(task, capsys, monkeypatch):
    results = iter([EpochResult(0.69314, 0.5), EpochResult(12.3, 1.0)] * 5)
    for name in ("train_one_epoch", "evaluate"):
        monkeypatch.setattr(
            f"aibook.training.{name}", lambda *a, **k: next(results)
        )
    fit(**task, val_loader=[], num_epochs=1, log_every=1)
    assert capsys.readouterr().out == (
        "epoch    1  loss 0.6931  accuracy 0.500  "
        "val_loss 12.3000  val_accuracy 1.000\n"
    )


def test_log_every(task, capsys):
    fit(**task, num_epochs=1, log_every=1)
    line = capsys.readouterr().out
    assert line.startswith("epoch    1  loss 0.")
    assert "val" not in line
    fit(**task, num_epochs=7, log_every=3)
    out = capsys.readouterr().out
    assert [line[:10] for line in out.splitlines()] == [
        f"epoch    {epoch}" for epoch in (3, 6, 7)
    ]
    fit(**task, num_epochs=2)
    assert capsys.readouterr().out == ""


def test_on_epoch_sees_each_epoch(task):
    seen = []
    history = fit(
        **task,
        num_epochs=3,
        on_epoch=lambda e, h: seen.append((e, h.loss[-1])),
    )
    assert seen == list(enumerate(history.loss, start=1))


def test_history_rows():
    history = History([0.5, 0.25], [0.5, 1.0], [0.75, 0.5], [0.0, 0.5])
    assert history.rows() == [
        {
            "epoch": 1,
            "loss": 0.5,
            "accuracy": 0.5,
            "val_loss": 0.75,
            "val_accuracy": 0,
        },
        {
            "epoch": 2,
            "loss": 0.25,
            "accuracy": 1.0,
            "val_loss": 0.5,
            "val_accuracy": 0.5,
        },
    ]
    assert History().rows() == []


def test_divergence_names_epoch_and_step():
    # Minimising -(v^2) makes v explode: 21 times larger at each step.
    model = Logits(1.0)
    loader = make_loader(np.ones(2), np.ones(2), batch_size=1)
    with pytest.raises(
        FloatingPointError, match=r"^epoch 8, step 2: the loss is -inf"
    ):
        fit(
            model,
            loader,
            loss_fn=lambda logits, y: -(logits**2).mean(),
            optimizer=sgd(model, lr=10.0),
            num_epochs=50,
        )


def test_bad_number_of_epochs(task):
    with pytest.raises(ValueError, match="num_epochs = 0"):
        fit(**task, num_epochs=0)
