import pytest
import torch

from aibook.models.sam import SAM, choose, enlarge
from aibook.models.sam_encoder import Embedding
from aibook.models.sam_prompts import Prompts, box_prompts
from helpers import assert_same


@pytest.fixture(scope="module")
def model():
    torch.manual_seed(0)
    return SAM(width=16, depth=1, decoder_depth=1, channels=(4, 8)).eval()


def clicks(num, points=2, masks=False):
    return Prompts(
        64 * torch.rand(num, points, 2),
        torch.randint(2, (num, points)),
        torch.randn(num, 32, 32) if masks else None,
    )


@pytest.mark.parametrize("masks", [False, True])
def test_many_prompts_at_once_are_those_prompts_one_by_one(model, masks):
    torch.manual_seed(1)
    X, prompts = torch.rand(3, 1, 64, 64), clicks(5, masks=masks)
    images = torch.tensor([2, 0, 0, 1, 2])
    logits, qualities = model.decode(model.encode(X), prompts, images)
    for b, i in enumerate(images.tolist()):
        one = Prompts(*(p if p is None else p[b : b + 1] for p in prompts))
        alone = model.decode(
            model.encode(X[i : i + 1]), one, torch.tensor([0])
        )
        assert_same(logits[b : b + 1], alone[0], rtol=1e-4, atol=1e-5)
        assert_same(qualities[b : b + 1], alone[1], rtol=1e-4, atol=1e-5)


def test_a_prompt_sees_its_own_image_only(model):
    torch.manual_seed(1)
    embedding = model.encode(torch.rand(2, 1, 64, 64))
    edges = embedding.edges + torch.tensor([0, 2, 2, 2, 2])[:, None, None]
    embedding = embedding._replace(edges=edges)  # boxes that overlap
    embedding = Embedding(*(p.detach().requires_grad_() for p in embedding))
    logits, _ = model.decode(embedding, clicks(3), torch.tensor([1, 0, 1]))
    for part in embedding:
        (gradient,) = torch.autograd.grad(
            logits[1].sum(), part, retain_graph=True
        )
        assert (gradient[1] == 0).all()
        assert (gradient[0] != 0).any()


def test_a_click_that_the_image_agrees_with_reaches_its_thing(model):
    """All else equal, the hints alone tell two things apart."""
    embedding = model.encode(torch.rand(1, 1, 64, 64))
    same = torch.full((1, 5, 32, 32), 1.0)
    other = same.clone()
    other[..., 16:] += 2  # the right half names other boxes
    prompt = Prompts(torch.tensor([[[8.0, 8.0]]]), torch.ones(1, 1).long())
    found = [
        model.decode(embedding._replace(edges=e), prompt, torch.tensor([0]))[0]
        for e in (same, other)
    ]
    assert (found[0] - found[1]).abs().max() > 1e-4


def test_places_reach_the_answer(model):
    X = torch.zeros(1, 1, 64, 64)  # nothing but the prompt tells places apart
    boxes = torch.tensor([[8.0, 8.0, 24.0, 24.0], [40.0, 8.0, 56.0, 24.0]])
    logits, _ = model.decode(
        model.encode(X), box_prompts(boxes), torch.tensor([0, 0])
    )
    assert (logits[0] - logits[1]).abs().max() > 1e-4


def test_enlarging_keeps_a_slope():
    ramp = (torch.arange(6.0) + 0.5).expand(1, 1, 6, 6)
    wide = enlarge(ramp)[0, 0]
    expected = (torch.arange(12.0) + 0.5) / 2
    assert_same(wide[:, 1:-1], expected[1:-1].expand(12, 10))
    assert_same(wide[:, 0], torch.full((12,), 0.5))


def test_one_click_asks_masks_1_to_3_and_more_ask_mask_0():
    qualities = torch.tensor([[9.0, 1.0, 3.0, 2.0], [0.0, -1.0, -1.0, -2.0]])
    assert choose(qualities, one_click=True).tolist() == [2, 1]
    assert choose(qualities, one_click=False).tolist() == [0, 0]


@pytest.mark.parametrize(
    ("images", "message"),
    [
        (torch.tensor([0]), "one for each prompt"),
        (torch.tensor([0, 2]), "there are 2, counted from 0"),
        (torch.tensor([-1, 0]), "there are 2, counted from 0"),
    ],
)
def test_refuses(model, images, message):
    embedding = model.encode(torch.zeros(2, 1, 64, 64))
    with pytest.raises(ValueError, match=message):
        model.decode(embedding, clicks(2), images)
