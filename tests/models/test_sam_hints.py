import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from aibook.data.scenes import load_scenes
from aibook.models.sam_hints import (
    HintEncoder,
    agreement,
    draw_hints,
    named_boxes,
    nearness,
    read_maps,
)
from aibook.models.sam_prompts import Prompts, box_prompts
from aibook.models.sam_targets import edge_targets
from aibook.vision.boxes import box_iou
from helpers import assert_same


def said(num=2, side=6, seed=0):
    """Random edges, with some boxes turned inside out."""
    torch.manual_seed(seed)
    edges = torch.rand(num, 5, side, side).double()
    edges[:, 0] = 4 * edges[:, 0] - 2
    edges[:, 1:] = edges[:, 1:] - 0.2
    return edges


def boxed(boxes):
    prompts = box_prompts(boxes)
    return Prompts(prompts.points.double(), prompts.kinds)


def test_the_truth_names_the_boxes_of_things():
    scenes = load_scenes(num=4, seed=2)
    targets = edge_targets(torch.tensor(scenes.masks), cell=2)
    boxes = named_boxes(targets)
    seen = set()
    for n in range(4):
        for row in range(32):
            for column in range(32):
                k = scenes.masks[n, 2 * row + 1, 2 * column + 1]
                if k:
                    seen.add((n, k))
                    expected = scenes.boxes[n][k - 1].tolist()
                    assert boxes[n, row, column].tolist() == expected
    assert len(seen) == sum(len(labels) for labels in scenes.labels)


@given(st.integers(0, 10**6))
def test_maps_are_read_between_their_pixels(seed):
    torch.manual_seed(seed)
    maps = torch.randn(2, 3, 5, 5).double()
    points = 2 + 6 * torch.rand(2, 4, 2).double()  # the middles: 1, 3, .. 9
    found = read_maps(maps, points)
    for b in range(2):
        for p in range(4):
            x, y = ((v - 1) / 2 for v in points[b, p].tolist())
            i, j = math.floor(y), math.floor(x)
            for a in range(3):
                m = maps[b, a]
                top = m[i, j] + (x - j) * (m[i, j + 1] - m[i, j])
                below = m[i + 1, j] + (x - j) * (m[i + 1, j + 1] - m[i + 1, j])
                expected = top + (y - i) * (below - top)
                assert_same(found[b, p, a], expected)


def test_at_the_middle_of_a_pixel_its_own_value_is_read():
    maps = torch.arange(16.0).reshape(1, 1, 4, 4)
    points = torch.tensor([[[5.0, 3.0], [1.0, 7.0]]])
    assert read_maps(maps, points)[0, :, 0].tolist() == [6.0, 12.0]


@given(st.integers(0, 10**6))
def test_agreement_is_the_iou_of_named_boxes(seed):
    edges = said(seed=seed)
    side = edges.shape[-1]
    rows, columns = np.random.default_rng(seed).integers(side, size=(2, 2))
    points = torch.tensor(np.stack([2 * columns + 1, 2 * rows + 1], -1))
    prompts = Prompts(
        points[None].expand(2, 2, 2).double(), torch.tensor([[1, 0], [0, 1]])
    )
    found = agreement(edges, prompts)
    boxes = named_boxes(edges)
    for b in range(2):
        for p in range(2):
            mine = boxes[b, rows[p], columns[p]].numpy()
            for i, j in ((0, 0), (3, 4), (rows[p], columns[p])):
                other = boxes[b, i, j].numpy()
                if min(*(mine[2:] - mine[:2]), *(other[2:] - other[:2])) < 0.1:
                    continue
                iou = box_iou(mine[None], other[None])[0, 0]
                on = edges[b, 0, i, j].sigmoid().item()
                assert found[b, p, i, j].item() == pytest.approx(iou * on)


def test_agreement_stays_between_0_and_1_even_with_boxes_inside_out():
    edges = said() - 0.5
    prompts = Prompts(
        12 * torch.rand(2, 3, 2).double(), torch.randint(2, (2, 3))
    )
    found = agreement(edges, prompts)
    assert found.isfinite().all()
    assert (found >= 0).all()
    assert (found <= 1).all()


def test_a_box_names_itself_whatever_the_image_says_below_it():
    edges = said()
    edges[:, 1:] += 0.3  # no box inside out
    boxes = torch.tensor([[2.0, 1.0, 9.0, 8.0], [0.0, 3.0, 5.0, 12.0]])
    prompts = boxed(boxes)
    click = torch.full((2, 1, 2), 5.0).double()
    more = Prompts(
        torch.cat([prompts.points, click], 1),
        torch.cat([prompts.kinds, torch.ones(2, 1).long()], 1),
    )
    for given_, clicks in ((prompts, 0), (more, 1)):
        found = agreement(edges, given_)
        assert found.shape == (2, 2 + clicks, 6, 6)
        for b in range(2):
            named = named_boxes(edges)[b, 3, 2]
            iou = box_iou(boxes[b : b + 1].numpy(), named[None].numpy())[0, 0]
            on = edges[b, 0, 3, 2].sigmoid().item()
            assert found[b, 0, 3, 2].item() == pytest.approx(iou * on)


def test_nearness_is_a_gaussian():
    edges = said()
    points = torch.tensor([[[3.0, 5.0]], [[0.5, 11.0]]]).double()
    found = nearness(edges, points, reach=3.0)
    for b, (x, y) in enumerate(points[:, 0].tolist()):
        for i, j in ((0, 0), (2, 1), (5, 5)):
            d = math.hypot(2 * j + 1 - x, 2 * i + 1 - y)
            expected = math.exp(-d * d / 18)
            assert found[b, 0, i, j].item() == pytest.approx(expected)


def test_hints_keep_what_is_meant_apart_from_what_is_not():
    edges = said()
    points = 12 * torch.rand(2, 3, 2).double()
    kinds = torch.tensor([[1, 0, 1], [0, 0, 0]])
    before = torch.randn(2, 6, 6).double()
    hints = draw_hints(edges, Prompts(points, kinds, before))
    agree = agreement(edges, Prompts(points, kinds))
    near = nearness(edges, points)
    assert_same(hints[0, 0], torch.maximum(agree[0, 0], agree[0, 2]))
    assert_same(hints[0, 1], agree[0, 1])
    assert_same(hints[0, 2], torch.maximum(near[0, 0], near[0, 2]))
    assert_same(hints[0, 3], near[0, 1])
    assert (hints[1, [0, 2]] == 0).all()
    assert_same(hints[1, 1], agree[1].amax(0))
    assert_same(hints[:, 4], 2 * before.sigmoid() - 1)
    without = draw_hints(edges, Prompts(points, kinds))
    assert (without[:, 4] == 0).all()
    assert (without[:, :4] == hints[:, :4]).all()


def test_a_box_alone_is_near_to_nothing():
    prompts = boxed(torch.tensor([[2.0, 1.0, 9.0, 8.0]] * 2))
    hints = draw_hints(said(), prompts)
    assert (hints[:, 0] > 0).any()
    assert (hints[:, 1:] == 0).all()


def test_each_cell_and_pixel_is_told_of_its_own_part_only():
    torch.manual_seed(0)
    encoder = HintEncoder(8, channels=6)
    hints = torch.randn(1, 5, 16, 16)
    before = encoder(hints)
    for row, column in ((0, 0), (1, 2), (3, 3)):
        other = hints.clone()
        y, x = 4 * row + 1, 4 * column + 2
        other[0, 4, y, x] += 1
        coarse, fine = encoder(other)
        cells = (coarse != before[0]).any(2)[0].nonzero().flatten()
        assert cells.tolist() == [4 * row + column]
        pixels = (fine != before[1]).any(1)[0].nonzero()
        assert pixels.tolist() == [[y, x]]
        expected = encoder.fine(other[0, :, y, x])
        assert_same(fine[0, :, y, x], expected, rtol=1e-4, atol=1e-5)
