"""The judges of translations."""

import numpy as np
import pytest
import torch

from aibook.data.stripes import draw_stripes, load_unpaired
from aibook.models.translation_judge import (
    kept_content,
    stripe_share,
    train_stripe_judge,
)


@pytest.mark.parametrize("seed", range(3))
def test_judge_knows_stripes_on_garments_it_never_saw(seed):
    before = torch.get_rng_state()
    judge = train_stripe_judge(seed=seed)
    assert torch.equal(torch.get_rng_state(), before)
    plain, striped = map(torch.tensor, load_unpaired("test", num=200))
    assert stripe_share(judge, striped) >= 0.95
    assert stripe_share(judge, plain) <= 0.05


def test_drawn_stripes_keep_the_content():
    plain = load_unpaired("test", num=200).plain
    drawn = torch.tensor(draw_stripes(plain, depth=0.7, phase=1.0))
    assert kept_content(drawn, torch.tensor(plain)) >= 0.95


def test_content_by_a_slow_loop():
    torch.manual_seed(0)
    originals = torch.rand(12, 1, 8, 12)
    made = originals + 1.2 * torch.randn(originals.shape)
    hits = 0
    for i, image in enumerate(made.numpy()):
        cells = image.reshape(2, 4, 3, 4).mean(axis=(1, 3)).ravel()
        scores = [
            np.corrcoef(
                cells, other.reshape(2, 4, 3, 4).mean(axis=(1, 3)).ravel()
            )[0, 1]
            for other in originals.numpy()
        ]
        hits += int(np.argmax(scores) == i)
    assert kept_content(made, originals) == pytest.approx(hits / 12)
    assert kept_content(originals.roll(1, 0), originals) == 0


def test_bad_input():
    with pytest.raises(ValueError, match="expected the same"):
        kept_content(torch.rand(2, 1, 8, 8), torch.rand(3, 1, 8, 8))
    with pytest.raises(ValueError, match="multiples of 4"):
        kept_content(torch.rand(2, 1, 6, 8), torch.rand(2, 1, 6, 8))
