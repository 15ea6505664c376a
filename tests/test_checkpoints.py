import pytest
import torch
from torch import nn

from aibook.checkpoints import load_checkpoint, save_checkpoint
from aibook.training import fit, make_loader, seed_everything

CE = nn.CrossEntropyLoss()
OPTIMIZERS = {
    "sgd": lambda p: torch.optim.SGD(p, lr=0.1),
    "momentum": lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9),
    "adam": lambda p: torch.optim.Adam(p, lr=0.01),
    "adamw": lambda p: torch.optim.AdamW(p, lr=0.01),
}


def make_parts(optimizer, *, shuffle=True, width=8):
    """Return model, optimiser and loader; everything random is in them."""
    draws = torch.Generator().manual_seed(0)
    X = torch.randn(60, 5, generator=draws)
    y = torch.randint(3, (60,), generator=draws)
    model = nn.Sequential(
        nn.Linear(5, width),
        nn.BatchNorm1d(width),
        nn.ReLU(),
        nn.Dropout(0.5),
        nn.Linear(width, 3),
    )
    loader = make_loader(X, y, batch_size=8, shuffle=shuffle, seed=1)
    return {
        "model": model,
        "optimizer": OPTIMIZERS[optimizer](model.parameters()),
        "loader": loader,
    }


def train(parts, num_epochs):
    return fit(
        parts["model"],
        parts["loader"],
        loss_fn=CE,
        optimizer=parts["optimizer"],
        num_epochs=num_epochs,
    ).loss


@pytest.mark.parametrize("shuffle", [True, False])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_resumed_run_is_the_unbroken_run(tmp_path, optimizer, shuffle):
    seed_everything(0)
    unbroken = make_parts(optimizer, shuffle=shuffle)
    expected = train(unbroken, 6)

    seed_everything(0)
    first = make_parts(optimizer, shuffle=shuffle)
    losses = train(first, 2)
    path = tmp_path / "run.pt"
    save_checkpoint(path, epoch=2, **first)

    seed_everything(99)  # as in a new session
    second = make_parts(optimizer, shuffle=shuffle)
    assert load_checkpoint(path, **second) == 2
    losses += train(second, 4)
    assert losses == expected  # bit by bit
    for name, tensor in unbroken["model"].state_dict().items():
        assert torch.equal(second["model"].state_dict()[name], tensor), name


@pytest.mark.parametrize("part", ["optimizer", "order", "draws"])
def test_every_part_is_needed(tmp_path, part):
    seed_everything(0)
    expected = train(make_parts("momentum"), 4)
    seed_everything(0)
    first = make_parts("momentum")
    train(first, 2)
    path = tmp_path / "run.pt"
    save_checkpoint(path, epoch=2, **first)
    checkpoint = torch.load(path, weights_only=True)
    seed_everything(99)
    second = make_parts("momentum")
    fresh = {
        "optimizer": second["optimizer"].state_dict(),
        "order": torch.Generator().manual_seed(99).get_state(),
        "draws": torch.get_rng_state(),
    }
    torch.save(checkpoint | {part: fresh[part]}, path)
    load_checkpoint(path, **second)
    assert train(second, 2) != expected[2:]


def test_saving_changes_nothing(tmp_path):
    seed_everything(0)
    expected = train(make_parts("adam"), 2)
    seed_everything(0)
    parts = make_parts("adam")
    losses = train(parts, 1)
    save_checkpoint(tmp_path / "run.pt", epoch=1, **parts)
    assert losses + train(parts, 1) == expected


def test_bad_epoch(tmp_path):
    with pytest.raises(ValueError, match="epoch = -1"):
        save_checkpoint(tmp_path / "x.pt", epoch=-1, **make_parts("sgd"))


@pytest.mark.parametrize("content", [{"weights": torch.ones(2)}, [1, 2]])
def test_no_checkpoint(tmp_path, content):
    path = tmp_path / "other.pt"
    torch.save(content, path)
    with pytest.raises(ValueError, match=r"other\.pt is no checkpoint"):
        load_checkpoint(path, **make_parts("sgd"))


@pytest.mark.parametrize("shuffle", [True, False])
def test_loaders_that_differ(tmp_path, shuffle):
    path = tmp_path / "run.pt"
    save_checkpoint(path, epoch=0, **make_parts("sgd", shuffle=shuffle))
    with pytest.raises(ValueError, match="the saved loader's batches"):
        load_checkpoint(path, **make_parts("sgd", shuffle=not shuffle))


def test_another_model(tmp_path):
    path = tmp_path / "run.pt"
    save_checkpoint(path, epoch=0, **make_parts("sgd"))
    with pytest.raises(RuntimeError, match="size mismatch"):
        load_checkpoint(path, **make_parts("sgd", width=9))


class Intruder:
    def __reduce__(self):
        return (print, ("code from the file",))


def test_a_file_cannot_run_code(tmp_path, capsys):
    path = tmp_path / "bad.pt"
    torch.save({"epoch": Intruder()}, path)
    with pytest.raises(Exception, match="weights_only"):
        load_checkpoint(path, **make_parts("sgd"))
    assert capsys.readouterr().out == ""
