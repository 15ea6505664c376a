import numpy as np
import pytest
import torch

from aibook.models.sam import SAM, enlarge
from aibook.models.sam_answers import (
    add_clicks,
    answer_prompts,
    click_prompts,
)
from aibook.models.sam_prompts import Prompts, box_prompts
from aibook.vision.clicks import Click
from helpers import assert_same


@pytest.fixture(scope="module")
def asked():
    torch.manual_seed(0)
    model = SAM(width=16, depth=1, decoder_depth=1, channels=(4, 8)).eval()
    with torch.no_grad():
        return model, model.encode(torch.rand(3, 1, 64, 64))


CLICKS = [Click(5.5, 6.5), Click(40.5, 2.5, on=False), Click(33.5, 60.5)]
IMAGES = [2, 0, 2]


def test_clicks_become_points_and_kinds():
    prompts = click_prompts(CLICKS)
    assert prompts.points.tolist() == [
        [[5.5, 6.5]],
        [[40.5, 2.5]],
        [[33.5, 60.5]],
    ]
    assert prompts.kinds.tolist() == [[1], [0], [1]]
    assert prompts.masks is None


def test_further_clicks_come_after_the_first_ones():
    logits = torch.tensor([-20.0, 3.0, 12.0])[:, None, None].expand(3, 32, 32)
    more = add_clicks(click_prompts(CLICKS), CLICKS[::-1], logits)
    assert more.points[0].tolist() == [[5.5, 6.5], [33.5, 60.5]]
    assert more.kinds.tolist() == [[1, 1], [0, 0], [1, 1]]
    assert more.masks[:, 0, 0].tolist() == [-10, 3, 10]


@pytest.mark.parametrize("batch_size", [1, 2, 100])
def test_answers_are_those_of_the_model(asked, batch_size):
    model, embedding = asked
    prompts = click_prompts(CLICKS)
    found = answer_prompts(
        model, embedding, prompts, IMAGES, batch_size=batch_size
    )
    with torch.no_grad():
        logits, scores = model.decode(embedding, prompts, torch.tensor(IMAGES))
    assert_same(found.qualities, scores.sigmoid(), rtol=1e-4)
    near = enlarge(logits).abs() < 1e-4
    assert (found.masks == (enlarge(logits) > 0).numpy())[~near.numpy()].all()
    for b, scores_of_one in enumerate(found.qualities):
        best = 1 + scores_of_one[1:].argmax()
        assert found.chosen[b] == best
        assert (found.best[b] == found.masks[b, best]).all()
        assert_same(found.logits[b], logits[b, best], rtol=1e-3, atol=1e-5)


def test_all_but_a_single_click_is_answered_by_mask_0(asked):
    model, embedding = asked
    one = click_prompts(CLICKS)
    for prompts in (
        box_prompts(torch.tensor([[4.0, 4.0, 20.0, 20.0]] * 3)),
        add_clicks(one, CLICKS),
        Prompts(one.points, one.kinds, torch.zeros(3, 32, 32)),
    ):
        found = answer_prompts(model, embedding, prompts, np.array(IMAGES))
        assert found.chosen.tolist() == [0, 0, 0]


def test_refuses(asked):
    with pytest.raises(ValueError, match="no click"):
        click_prompts([])
    with pytest.raises(ValueError, match="2 clicks for 3 prompts"):
        add_clicks(click_prompts(CLICKS), CLICKS[:2])
    with pytest.raises(ValueError, match="batch_size = 0"):
        answer_prompts(*asked, click_prompts(CLICKS), IMAGES, batch_size=0)
    for images in ([0, 1], [0, 1, 2, 0]):
        with pytest.raises(ValueError, match="one for each prompt"):
            answer_prompts(*asked, click_prompts(CLICKS), images)
