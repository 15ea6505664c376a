import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn
from torchvision.ops import sigmoid_focal_loss

from aibook.data.scenes import load_scenes
from aibook.models.sam import SAM
from aibook.models.sam_losses import edge_loss, mask_losses, sam_loss
from aibook.models.sam_targets import (
    draw_clicks,
    draw_targets,
    edge_targets,
    mask_boxes,
)
from aibook.models.sam_training import train_edges, train_sam
from aibook.pixel_losses import dice_loss, focal_loss
from aibook.vision.clicks import find_heaps
from aibook.vision.masks import mask_iou, masks_to_boxes
from helpers import assert_same


@st.composite
def examples(draw):
    """Masks' logits, and targets that may be full or empty."""
    torch.manual_seed(draw(st.integers(0, 2**31)))
    b, m, h, w = (draw(st.integers(1, 3)) for _ in range(4))
    targets = torch.randint(draw(st.integers(1, 2)), (b, h, w)).double()
    return torch.randn(b, m, h, w).double(), targets


@given(examples(), st.sampled_from([0.0, 1.0, 2.0]))
def test_each_mask_has_the_books_own_losses(example, gamma):
    logits, targets = example
    ours, theirs = (logits.clone().requires_grad_() for _ in range(2))
    losses = mask_losses(ours, targets, gamma=gamma, focal=3.0)
    expected = torch.stack(
        [
            torch.stack(
                [
                    3
                    * focal_loss(
                        theirs[b, m : m + 1], y[None].long(), gamma=gamma
                    )
                    + dice_loss(theirs[b, m : m + 1], y[None].long())
                    for m in range(logits.shape[1])
                ]
            )
            for b, y in enumerate(targets)
        ]
    )
    weights = torch.randn_like(expected)
    (losses * weights).sum().backward()
    (expected * weights).sum().backward()
    assert_same(losses, expected)
    assert_same(ours, theirs, rtol=1e-6, atol=1e-8)


def test_shares_of_cells_are_targets_too():
    torch.manual_seed(0)
    logits, t = torch.randn(2, 3, 4, 5).double(), torch.rand(2, 4, 5).double()
    p, wide = logits.sigmoid(), t[:, None].expand(2, 3, 4, 5)
    focal = sigmoid_focal_loss(logits, wide, alpha=-1).mean((2, 3))
    both = 2 * (p * wide).sum((2, 3)) + 1
    dice = 1 - both / (p + wide).sum((2, 3)).add(1)
    assert_same(mask_losses(logits, t), 20 * focal + dice)


@pytest.mark.parametrize("one_click", [True, False])
def test_the_loss_by_hand(one_click):
    torch.manual_seed(0)
    logits = torch.randn(5, 4, 6, 6).double()
    qualities = torch.randn(5, 4).double()
    targets = torch.randint(2, (5, 6, 6)).double()
    each = mask_losses(logits, targets)
    total = 0.0
    for b in range(5):
        iou = mask_iou((logits[b] > 0).numpy(), targets[b : b + 1].numpy())
        said = qualities[b].sigmoid().numpy()
        total += each[b, 0].item() + ((said - iou[:, 0]) ** 2).mean()
        if one_click:
            total += min(each[b, m].item() for m in (1, 2, 3))
    found = sam_loss(logits, qualities, targets, one_click=one_click)
    assert found.item() == pytest.approx(total / 5)


def test_only_the_best_of_three_learns_and_mask_0_always():
    torch.manual_seed(0)
    targets = torch.randint(2, (2, 6, 6)).double()
    signs = torch.tensor([[0, -1, 1, 0.5], [1, 0.5, 0, -1]]).double()
    logits = signs[:, :, None, None] * (2 * targets[:, None] - 1)
    logits.requires_grad_()
    qualities = torch.zeros(2, 4).double()
    for one_click, expected in (
        (True, [[True, False, True, False], [True, True, False, False]]),
        (False, [[True, False, False, False]] * 2),
    ):
        loss = sam_loss(logits, qualities, targets, one_click=one_click)
        (gradient,) = torch.autograd.grad(loss, logits)
        assert (gradient != 0).any(3).any(2).tolist() == expected


def test_losses_refuse():
    logits = torch.zeros(2, 4, 6, 6)
    with pytest.raises(ValueError, match=r"expected \(B, M, H, W\)"):
        mask_losses(logits, torch.zeros(2, 6, 5))
    with pytest.raises(ValueError, match="one for each mask"):
        sam_loss(
            logits, torch.zeros(2, 3), torch.zeros(2, 6, 6), one_click=True
        )


# --- clicks and targets ------------------------------------------------------


def test_clicks_reach_all_of_a_mask_and_nothing_else():
    mask = torch.zeros(1, 5, 5, dtype=torch.bool)
    mask[0, 1, 3] = mask[0, 4, 0] = mask[0, 2, 2] = True
    generator = torch.Generator().manual_seed(0)
    clicks = draw_clicks(mask.expand(3000, 5, 5), generator=generator)
    found, counts = clicks.unique(dim=0, return_counts=True)
    assert found.tolist() == [[0.5, 4.5], [2.5, 2.5], [3.5, 1.5]]
    assert (counts - 1000).abs().max() < 150


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_targets_are_things_or_heaps_under_the_click(share):
    scenes = load_scenes(num=6, seed=3)
    things = torch.tensor(scenes.masks)
    heaps = torch.tensor(np.stack([find_heaps(m) for m in scenes.masks]))
    images, masks, clicks = draw_targets(
        things,
        heaps,
        prompts=50,
        heap_share=share,
        generator=torch.Generator().manual_seed(0),
    )
    assert images.tolist() == [i for i in range(6) for _ in range(50)]
    seen, larger = set(), 0
    for i, mask, (x, y) in zip(
        images.tolist(), masks, clicks.long().tolist(), strict=True
    ):
        k = things[i, y, x].item()
        seen.add((i, k))
        thing, heap = things[i] == k, heaps[i] == heaps[i, y, x]
        assert k > 0
        options = [thing] * (share < 1) + [heap] * (share > 0)
        assert any(torch.equal(mask, option) for option in options)
        larger += not torch.equal(mask, thing)
    assert len(seen) == sum(len(labels) for labels in scenes.labels)
    assert (larger > 0) is (share > 0)


@pytest.mark.parametrize("cell", [2, 4, 8])
def test_edges_are_those_of_the_boxes(cell):
    scenes = load_scenes(num=5, seed=2)
    targets = edge_targets(torch.tensor(scenes.masks), cell=cell)
    side = 64 // cell
    assert targets.shape == (5, 5, side, side)
    for n in range(5):
        for row in range(side):
            for column in range(side):
                y, x = row * cell + cell // 2, column * cell + cell // 2
                k = scenes.masks[n, y, x]
                expected = [0.0] * 5
                if k:
                    x1, y1, x2, y2 = scenes.boxes[n][k - 1]
                    gaps = [x - x1, y - y1, x2 - x, y2 - y]
                    expected = [1.0] + [gap / 8 for gap in gaps]
                assert targets[n, :, row, column].tolist() == expected


def test_boxes_of_masks_are_numpys():
    scenes = load_scenes(num=3, seed=4)
    masks = np.stack(
        [
            numbers == k
            for numbers, labels in zip(
                scenes.masks, scenes.labels, strict=True
            )
            for k in range(1, len(labels) + 1)
        ]
    )
    assert (
        mask_boxes(torch.tensor(masks)).numpy() == masks_to_boxes(masks)
    ).all()


@pytest.mark.parametrize("empty", [False, True])
def test_the_edge_loss_by_hand(empty):
    torch.manual_seed(0)
    found = torch.randn(2, 5, 3, 3).double()
    shape = found[:, :1].shape
    on = torch.zeros(shape) if empty else torch.randint(2, shape)
    targets = torch.cat([on, 2 * found[:, 1:].abs()], 1)
    entropies, gaps = [], [0.0] if empty else []
    for z, t in zip(
        found.movedim(1, -1).reshape(-1, 5).tolist(),
        targets.movedim(1, -1).reshape(-1, 5).tolist(),
        strict=True,
    ):
        p = 1 / (1 + math.exp(-z[0]))
        entropies.append(-math.log(p if t[0] else 1 - p))
        if t[0]:
            for a, b in zip(z[1:], t[1:], strict=True):
                d = abs(a - b)
                gaps.append(d * d if d < 0.5 else d - 0.25)
    expected = np.mean(entropies) + np.mean(gaps)
    assert edge_loss(found, targets).item() == pytest.approx(expected)


def test_edges_refuse():
    with pytest.raises(ValueError, match="expected one shape"):
        edge_loss(torch.zeros(1, 5, 2, 2), torch.zeros(1, 5, 3, 3))
    for things, cell in ((torch.ones(4, 4), 2), (torch.ones(1, 8, 8), 3)):
        with pytest.raises(ValueError, match="divides S"):
            edge_targets(things.long(), cell=cell)


# --- training ----------------------------------------------------------------


def small(seed=0):
    torch.manual_seed(seed)
    return SAM(width=16, depth=1, decoder_depth=1, channels=(4, 8))


@pytest.fixture(scope="module")
def scenes():
    return load_scenes(num=8, seed=1)


SHORT = {"num_steps": 3, "batch_size": 2, "prompts": 2}


def test_training_on_edges_touches_nothing_but_the_encoder(scenes):
    model = small()
    before = {k: v.clone() for k, v in model.state_dict().items()}
    train_edges(model, scenes, num_steps=2, batch_size=2)
    changed = {
        name.split(".")[0]
        for name, value in model.state_dict().items()
        if not torch.equal(value, before[name])
    }
    assert changed == {"encoder"}
    assert not model.training


def test_the_encoder_learns_where_things_end(scenes):
    first, second = (
        train_edges(small(), scenes, num_steps=80, batch_size=8)
        for _ in range(2)
    )
    assert first == second
    assert np.mean(first[-10:]) < 0.65 * np.mean(first[:10])
    with pytest.raises(ValueError, match="num_steps = 0"):
        train_edges(small(), scenes, num_steps=0)


def test_the_same_seed_gives_the_same_training(scenes):
    first, second = (train_sam(small(), scenes, **SHORT) for _ in range(2))
    assert first == second
    assert train_sam(small(), scenes, seed=1, **SHORT) != first


def test_an_image_is_encoded_once_however_many_prompts_and_rounds(scenes):
    model = small()
    calls = {"encoder": 0, "decoder": 0}
    for name in calls:
        model.get_submodule(name).register_forward_hook(
            lambda *_, name=name: calls.__setitem__(name, calls[name] + 1)
        )
    train_sam(model, scenes, rounds=3, **SHORT)
    assert calls == {"encoder": 3, "decoder": 9}
    assert not model.training


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_the_loss_falls(scenes, share):
    losses = train_sam(
        small(),
        scenes,
        num_steps=60,
        batch_size=8,
        prompts=2,
        lr=5e-3,
        box_share=share,
    )
    assert np.mean(losses[-10:]) < 0.8 * np.mean(losses[:10])


def test_a_broken_model_is_noticed(scenes):
    model = small()
    nn.init.constant_(model.decoder.own, torch.nan)
    with pytest.raises(FloatingPointError, match="step 1"):
        train_sam(model, scenes, **SHORT)


@pytest.mark.parametrize(
    "options",
    [
        {"num_steps": 0},
        {"num_steps": 1, "rounds": 0},
        {"num_steps": 1, "lr": 0},
        {"num_steps": 1, "heap_share": 1.5},
        {"num_steps": 1, "box_share": -0.1},
        {"num_steps": 1, "edges": -1.0},
    ],
)
def test_training_refuses(scenes, options):
    with pytest.raises(ValueError, match="expected"):
        train_sam(small(), scenes, **options)
