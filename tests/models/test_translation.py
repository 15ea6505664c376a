"""Translating, on texts that are to be turned round."""

import pytest
import torch

from aibook.models.translation import exact_match, next_token, translate
from turned_texts import SOURCE, TARGET, small


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


def test_refuses_empty_batches_and_other_shapes():
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
