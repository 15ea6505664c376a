"""The Transformer: what its parts see, how many weights it has."""

import pytest
import torch

from aibook.models.transformer import Transformer


def small(**options):
    torch.manual_seed(0)
    given = {"width": 8, "num_heads": 2, "num_blocks": 2, **options}
    return Transformer(11, **given).double().eval()


SOURCE = torch.tensor([[3, 4, 5, 1], [6, 1, 0, 0]])
TARGET = torch.tensor([[2, 7, 8, 9, 1], [2, 5, 1, 0, 0]])


@pytest.mark.parametrize("pre_norm", [True, False])
def test_no_place_sees_what_comes_after_it(pre_norm):
    model = small(pre_norm=pre_norm)
    logits = model(SOURCE, TARGET)
    assert logits.shape == (2, 5, 11)
    for place in range(1, 5):
        changed = TARGET.clone()
        changed[:, place:] = 10
        again = model(SOURCE, changed)
        assert torch.allclose(again[:, :place], logits[:, :place])
        assert not torch.allclose(again[:, place], logits[:, place])


def test_each_place_sees_all_of_the_source_but_not_its_padding():
    model = small()
    logits = model(SOURCE, TARGET)
    longer = torch.nn.functional.pad(SOURCE, (0, 3))
    assert torch.allclose(model(longer, TARGET), logits)
    alone = model(SOURCE[1:, :2], TARGET[1:])
    assert torch.allclose(alone, logits[1:])
    changed = SOURCE.clone()
    changed[0, 3] = 10
    assert (model(changed, TARGET)[0] != logits[0]).any(dim=-1).all()


def test_writing_token_by_token_gives_the_logits_of_training():
    model = small()
    logits = model(SOURCE, TARGET)
    memory, mask = model.encode(SOURCE)
    for length in range(1, 6):
        step = model.decode(TARGET[:, :length], memory, mask)[:, -1]
        assert torch.allclose(step, logits[:, length - 1])


@pytest.mark.parametrize("pre_norm", [True, False])
@pytest.mark.parametrize(("num_blocks", "hidden"), [(1, 5), (3, None)])
def test_the_number_of_weights_is_the_formula(pre_norm, num_blocks, hidden):
    D, F, V = 8, hidden or 32, 11
    model = small(pre_norm=pre_norm, num_blocks=num_blocks, hidden=hidden)
    attention, network = 4 * (D * D + D), 2 * D * F + F + D
    blocks = num_blocks * (
        (attention + network + 2 * 2 * D)
        + (2 * attention + network + 3 * 2 * D)
    )
    expected = V * D + blocks + (2 * 2 * D if pre_norm else 0)
    assert sum(p.numel() for p in model.parameters()) == expected


def test_the_last_layer_is_the_table_of_embeddings():
    model = small()
    logits = model(SOURCE, TARGET)
    with torch.no_grad():
        model.embedding.weight[10] = 0.0
    assert (model(SOURCE, TARGET)[..., 10] == 0).all()
    assert (logits[..., 10] != 0).all()


def test_gradients_are_the_slopes():
    model = small(num_blocks=1)
    weight = model.embedding.weight.detach().clone().requires_grad_()

    def loss(table):
        values = {"embedding.weight": table}
        return torch.func.functional_call(model, values, (SOURCE, TARGET))

    assert torch.autograd.gradcheck(loss, (weight,), fast_mode=True)


def test_dropout_only_when_training():
    model = small(dropout=0.5)
    assert torch.equal(model(SOURCE, TARGET), model(SOURCE, TARGET))
    model.train()
    assert not torch.equal(model(SOURCE, TARGET), model(SOURCE, TARGET))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"num_blocks": 0}, "num_blocks 0"),
        ({"padding": 11}, "padding is 11"),
        ({"width": 7}, "width"),
        ({"num_heads": 3}, "num_heads 3"),
        ({"max_length": 0}, "length is 0"),
    ],
)
def test_refuses_what_is_out_of_range(options, message):
    with pytest.raises(ValueError, match=message):
        small(**options)


def test_refuses_lengths_that_have_no_position():
    model = small(max_length=4)
    with pytest.raises(ValueError, match="L from 1 to 4"):
        model(SOURCE, TARGET)
    with pytest.raises(ValueError, match="expected"):
        model(SOURCE[:, :0], TARGET[:, :3])
    with pytest.raises(ValueError, match="expected"):
        model(SOURCE[0], TARGET)
