"""Training to translate, on texts that are to be turned round."""

import pytest
import torch
from torch.nn.functional import cross_entropy

from aibook.models.teacher_forcing import train, translation_loss
from aibook.models.translation import exact_match, translate
from turned_texts import SOURCE, TARGET, small


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


def test_without_warmup_the_first_step_is_a_whole_one():
    """Adam's first step is as long as the learning rate."""
    model = small()
    before = [p.detach().clone() for p in model.parameters()]
    train(model, [(SOURCE, TARGET)], num_steps=1, warmup=0.0, lr=0.01)
    moved = max(
        (p - q).abs().max().item()
        for p, q in zip(before, model.parameters(), strict=True)
    )
    assert moved == pytest.approx(0.01, rel=1e-3)


@pytest.mark.parametrize(
    "options",
    [{"num_steps": 0}, {"batch_size": 0}, {"warmup": 1.0}, {"lr": 0.0}],
)
def test_training_refuses_what_is_out_of_range(options):
    with pytest.raises(ValueError, match="expected"):
        train(small(), [(SOURCE, TARGET)], **{"num_steps": 1, **options})


def test_refuses_no_texts():
    with pytest.raises(ValueError, match="one direction"):
        train(small(), [], num_steps=1)
