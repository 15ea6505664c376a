"""Training and translating, on texts that are to be turned round."""

import pytest
import torch
from torch.nn.functional import cross_entropy

from aibook.models.transformer import Transformer
from aibook.models.translation import (
    exact_match,
    next_token,
    train,
    translate,
    translation_loss,
)

SOURCE = torch.tensor([[4, 5, 6, 1], [6, 4, 1, 0], [5, 1, 0, 0]])
TARGET = torch.tensor([[2, 6, 5, 4, 1], [2, 4, 6, 1, 0], [2, 5, 1, 0, 0]])


def small(seed=0, **options):
    torch.manual_seed(seed)
    return Transformer(7, width=16, num_heads=2, num_blocks=1, **options)


def test_the_loss_is_the_mean_over_tokens_that_are_no_padding():
    model = small().eval()
    terms = []
    for source, target in zip(SOURCE, TARGET, strict=True):
        length = int((target != 0).sum())
        logits = model(source[None], target[None, : length - 1])[0]
        terms += cross_entropy(logits, target[1:length], reduction="none")
    expected = torch.stack(terms).mean()
    assert torch.allclose(translation_loss(model, SOURCE, TARGET), expected)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("pre_norm", [True, False])
def test_learns_to_turn_texts_round(seed, pre_norm):
    model = small(seed, pre_norm=pre_norm)
    losses = train(
        model,
        [(SOURCE, TARGET)],
        num_steps=150,
        batch_size=6,
        lr=5e-3,
        seed=seed,
    )
    assert len(losses) == 150
    for beam_width in (None, 1, 3):
        y_hat = translate(model, SOURCE, 2, beam_width=beam_width)
        assert exact_match(y_hat, TARGET).all()
        assert y_hat.shape == (3, 17)


def test_training_is_fixed_by_its_seed_and_takes_turns():
    seen = []
    runs = []
    for seed in (0, 0, 1):
        model = small()
        runs.append(
            train(
                model,
                [(SOURCE, TARGET), (SOURCE[:1], TARGET[:1])],
                num_steps=4,
                seed=seed,
                on_step=lambda *given: seen.append(given),
            )
        )
    assert runs[0] == runs[1] != runs[2]
    assert [step for step, _ in seen] == 3 * [1, 2, 3, 4]
    assert [loss for _, loss in seen] == [*runs[0], *runs[1], *runs[2]]


def test_the_step_is_the_decoder_with_the_source_of_each_row():
    model = small().eval()
    rows = torch.tensor([2, 0, 2])
    prefixes = torch.tensor([[2, 5], [2, 6], [2, 4]])
    logs = next_token(model, SOURCE)(prefixes, rows)
    expected = model(SOURCE[rows], prefixes)[:, -1].log_softmax(dim=-1)
    assert torch.allclose(logs, expected, atol=1e-6)
    assert torch.allclose(logs.exp().sum(dim=-1), torch.ones(3))


def test_translating_in_parts_changes_nothing_and_restores_the_mode():
    model = small(dropout=0.2)
    model.train()
    whole = translate(model, SOURCE, 2, beam_width=2)
    assert model.training
    parts = translate(model, SOURCE, 2, beam_width=2, batch_size=1)
    assert torch.equal(whole, parts)
    model.eval()
    translate(model, SOURCE, 2)
    assert not model.training


@pytest.mark.parametrize(
    "options",
    [{"num_steps": 0}, {"batch_size": 0}, {"warmup": 1.0}, {"lr": 0.0}],
)
def test_training_refuses_what_is_out_of_range(options):
    with pytest.raises(ValueError, match="expected"):
        train(small(), [(SOURCE, TARGET)], **{"num_steps": 1, **options})


def test_refuses_no_texts_and_other_shapes():
    with pytest.raises(ValueError, match="one direction"):
        train(small(), [], num_steps=1)
    with pytest.raises(ValueError, match="batch_size is 0"):
        translate(small(), SOURCE, 2, batch_size=0)
    for y_hat in (TARGET[:2], TARGET[0]):
        with pytest.raises(ValueError, match="expected"):
            exact_match(y_hat, TARGET)


def test_exact_match_looks_at_every_token():
    longer = torch.nn.functional.pad(TARGET, (0, 2))
    assert exact_match(longer, TARGET).all()
    assert exact_match(TARGET, longer).all()
    wrong = TARGET.clone()
    wrong[1, 3] = 5
    assert exact_match(wrong, TARGET).tolist() == [True, False, True]
