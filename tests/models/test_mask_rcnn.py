import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st
from torch import nn
from torchvision.models.detection._utils import Matcher
from torchvision.ops import box_iou as torch_iou
from torchvision.ops import nms as torch_nms

from aibook.data.scenes import STUFF, THINGS, load_scenes
from aibook.models.mask_rcnn import MASK, SMALLEST, MaskRCNN
from aibook.models.mask_rcnn_results import segment
from aibook.models.mask_rcnn_targets import (
    FAR,
    NEAR,
    Things,
    anchor_targets,
    sample,
    things_of,
)
from aibook.models.mask_rcnn_training import (
    head_losses,
    proposal_losses,
    train_mask_rcnn,
)
from aibook.training import seed_everything
from aibook.vision.anchors import decode_steps
from aibook.vision.average_precision import (
    Found,
    Truth,
    mean_average_precision,
)
from aibook.vision.masks import mask_iou
from aibook.vision.panoptic import VOID, Panoptic, merge_panoptic
from aibook.vision.panoptic_quality import panoptic_quality
from helpers import assert_same


@pytest.fixture(scope="module")
def scenes():
    return load_scenes(num=8, seed=3)


def truth_of(scenes, flip=False):
    for i in range(len(scenes.X)):
        maps = torch.tensor(np.stack([scenes.masks[i], scenes.classes[i]]))
        both = maps.flip(-1) if flip else maps
        yield things_of(*both, num_stuff=len(STUFF))


def new_model(seed=0, **options):
    seed_everything(seed)
    return MaskRCNN(len(THINGS), num_stuff=len(STUFF), **options)


def test_things_are_those_of_the_scenes(scenes):
    for i, things in enumerate(truth_of(scenes)):
        assert_same(things.boxes, scenes.boxes[i].astype(np.float32))
        assert_same(things.labels, scenes.labels[i])
        for k, mask in enumerate(things.masks):
            assert torch.equal(mask, torch.tensor(scenes.masks[i] == k + 1))
    for i, things in enumerate(truth_of(scenes, flip=True)):
        x1, y1, x2, y2 = scenes.boxes[i].T
        expected = np.stack([64 - x2, y1, 64 - x1, y2], axis=1)
        assert_same(things.boxes, expected.astype(np.float32))
        assert_same(things.labels, scenes.labels[i])


def test_an_image_without_things():
    ground = torch.zeros(16, 16, dtype=torch.int64)
    things = things_of(ground, ground, num_stuff=2)
    assert [len(part) for part in things] == [0, 0, 0]
    assert things.masks.shape == (0, 16, 16)


numbers = st.integers(0, 60)
box = st.tuples(numbers, numbers, st.integers(1, 40), st.integers(1, 40))


@given(st.lists(box, min_size=1, max_size=5))
def test_torchvision_matches_anchors_alike(values):
    x, y, w, h = torch.tensor(values, dtype=torch.float32).T
    boxes = torch.stack([x, y, x + w, y + h], dim=1)
    anchors = new_model().anchors
    says, thing = anchor_targets(anchors, boxes)
    iou = torch_iou(boxes.double(), anchors.double())
    matches = Matcher(NEAR, FAR, allow_low_quality_matches=True)(iou)
    touched = iou.amax(dim=0) > 0  # it also takes anchors that touch nothing
    expected = torch.where(
        matches >= 0, 1.0, torch.where(matches == -1, 0.0, -1.0)
    )
    assert torch.equal(says[touched], expected[touched])
    assert not says[~touched].any()
    on = touched & (matches >= 0)
    best = iou.amax(dim=0)
    assert_same(iou[thing[on], on.nonzero()[:, 0]], best[on])


@given(
    st.lists(box, max_size=12),
    st.lists(box, max_size=3),
    st.integers(1, 9),
    st.integers(0, 5),
)
def test_what_is_sampled(some, true, num, seed):
    proposals, boxes = (
        torch.tensor([(x, y, x + w, y + h) for x, y, w, h in values])
        .float()
        .reshape(-1, 4)
        for values in (some, true)
    )
    generator = torch.Generator().manual_seed(seed)
    chosen, thing = sample(proposals, boxes, num=num, generator=generator)
    assert len(chosen) == len(thing) <= num
    on = thing >= 0
    assert on.sum() <= num // 2
    if len(boxes):
        iou = torch_iou(chosen.double(), boxes.double())
        assert torch.equal(iou.amax(dim=1) >= NEAR, on)
        best = iou[on].amax(dim=1)
        assert_same(iou[on, thing[on]], best)
    else:
        assert not on.any()
    candidates = {tuple(row) for row in torch.cat([proposals, boxes]).tolist()}
    assert {tuple(row) for row in chosen.tolist()} <= candidates


def test_proposals_are_the_surest_that_are_left(scenes):
    model = new_model().eval()
    with torch.no_grad():
        maps = model(torch.tensor(scenes.X))
    proposals = model.propose(maps, most=6)
    for i in range(len(scenes.X)):
        boxes = decode_steps(maps.steps[i], model.anchors).clamp(0, 64)
        wide = (boxes[:, 2:] - boxes[:, :2]).amin(dim=1) >= SMALLEST
        boxes, scores = boxes[wide], maps.objectness[i][wide]
        first = scores.argsort(descending=True, stable=True)[:18]
        kept = torch_nms(boxes[first], scores[first], 0.7)[:6]
        mine = proposals.boxes[proposals.images == i]
        assert_same(mine, boxes[first][kept])
    with pytest.raises(ValueError, match="most = 0"):
        model.propose(maps, most=0)


def test_every_part_learns(scenes):
    model = new_model()
    truth = list(truth_of(scenes))
    maps = model(torch.tensor(scenes.X))
    parts = [
        *proposal_losses(maps, model.anchors, truth),
        *head_losses(model, maps.fine, model.propose(maps), truth, num=16),
        maps.ground.square().mean(),
    ]
    sum(parts).backward()
    for name, parameter in model.named_parameters():
        assert parameter.grad is not None, name
        assert parameter.grad.isfinite().all(), name
        assert parameter.grad.abs().max() > 0, name


def test_scenes_without_things_have_losses_too():
    model = new_model()
    ground = torch.zeros(64, 64, dtype=torch.int64)
    truth = [things_of(ground, ground, num_stuff=2)] * 2
    maps = model(torch.rand(2, 1, 64, 64))
    first = proposal_losses(maps, model.anchors, truth)
    second = head_losses(model, maps.fine, model.propose(maps), truth, num=8)
    assert torch.stack([*first, *second[:2]]).isfinite().all()
    assert first[1] == second[1] == 0
    assert second[2] == 0


def test_only_the_mask_of_the_true_class_counts(scenes):
    model = new_model()
    truth = [
        Things(t.boxes, torch.full_like(t.labels, 2), t.masks)
        for t in truth_of(scenes)
    ]
    maps = model(torch.tensor(scenes.X))
    proposals = model.propose(maps)
    head_losses(model, maps.fine, proposals, truth, num=16)[2].backward()
    last = model.mask_head[-1].weight.grad
    touched = last.abs().amax(dim=(1, 2, 3)) > 0
    assert touched.tolist() == [False, False, True, False, False]


def test_what_is_found_keeps_the_rules(scenes):
    model = new_model(2).eval()
    X = torch.tensor(scenes.X)
    for found in segment(model, X, threshold=0.0):
        num = len(found.scores)
        assert 0 < num <= 16
        assert (np.diff(found.scores) <= 0).all()
        assert found.masks.shape == (num, 64, 64)
        assert set(np.unique(found.ground)) <= {VOID, 0, 1}
        assert (found.boxes >= 0).all()
        assert (found.boxes <= 64).all()
    for found in segment(model, X, threshold=1.0):
        assert len(found.scores) == 0
        assert found.masks.shape == (0, 64, 64)
    with pytest.raises(ValueError, match="threshold = 2"):
        segment(model, X, threshold=2)


def test_every_kind_of_thing_can_be_found_but_not_nothing(scenes):
    """The same logits everywhere; the last of them is nothing's."""
    model, X = new_model().eval(), torch.tensor(scenes.X[:1])
    num = len(THINGS)
    nn.init.zeros_(model.classes.weight)
    for k in range(num):
        logits = 2.0 * F.one_hot(torch.tensor(k), num + 1).float()
        logits[num] = 3.0
        model.classes.bias.data = logits
        [found] = segment(model, X, threshold=0.0)
        assert len(found.labels) > 0
        assert set(found.labels.tolist()) == {k}
        score = logits.softmax(dim=0)[k].expand(len(found.scores))
        assert_same(found.scores, score.double().numpy())


def test_refuses(scenes):
    for bad in ({"width": 4}, {"size": 60}):
        with pytest.raises(ValueError, match="expected"):
            MaskRCNN(5, num_stuff=2, **bad)
    with pytest.raises(ValueError, match="num_stuff = 0"):
        MaskRCNN(5, num_stuff=0)
    with pytest.raises(ValueError, match="X has shape"):
        new_model()(torch.zeros(1, 1, 32, 32))
    maps = torch.zeros(2, 64, 64, dtype=torch.int64)
    with pytest.raises(ValueError, match="num_epochs = 0"):
        train_mask_rcnn(
            new_model(), maps[:, None], maps, maps, num_stuff=2, num_epochs=0
        )
    assert MASK % 2 == 0


@pytest.mark.parametrize("seed", range(3))
def test_it_learns_a_few_scenes_by_heart(scenes, seed):
    model = new_model(seed)
    X, numbers, classes = (
        torch.tensor(part) for part in (scenes.X, scenes.masks, scenes.classes)
    )
    history = train_mask_rcnn(
        model,
        X,
        numbers,
        classes,
        num_stuff=len(STUFF),
        num_epochs=40,
        batch_size=4,
        seed=seed,
    )
    assert sum(history[-1]) < sum(history[0]) / 4
    found = segment(model, X)
    truth = [
        Truth(things.masks.numpy(), things.labels.numpy())
        for things in truth_of(scenes)
    ]
    precision = mean_average_precision(
        [Found(f.masks, f.scores, f.labels) for f in found],
        truth,
        num_classes=len(THINGS),
        overlap=mask_iou,
    )
    assert precision > 0.6
    merged = [
        merge_panoptic(f.masks, f.labels + len(STUFF), f.scores, f.ground)
        for f in found
    ]
    true = [
        Panoptic(*both)
        for both in zip(scenes.classes, scenes.masks, strict=True)
    ]
    quality = panoptic_quality(merged, true, num_classes=7)
    assert np.nanmean(quality.pq) > 0.5
