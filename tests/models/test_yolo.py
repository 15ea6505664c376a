import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torchvision.ops import generalized_box_iou
from torchvision.ops import nms as torch_nms

from aibook.data.scenes import THINGS, load_scenes
from aibook.models.yolo import (
    CELL,
    Yolo,
    decode_boxes,
    detect,
    encode_boxes,
    giou,
    yolo_loss,
)
from aibook.training import seed_everything
from aibook.vision.average_precision import Truth, mean_average_precision
from helpers import assert_same

K = 3
corner = st.floats(0, 40)
side = st.floats(1, 20)
box = st.tuples(corner, corner, side, side).map(
    lambda b: (b[0], b[1], b[0] + b[2], b[1] + b[3])
)


def answers_for(target, *, sure=20.0):
    """Return what a faultless model would answer to a target of `encode_boxes`."""
    grid = target.shape[-1]
    answers = torch.zeros(len(target), 5 + K, grid, grid)
    answers[:, 0] = sure * (2 * target[:, 0] - 1)
    place = torch.arange(grid)
    x1, y1, x2, y2 = target[:, 1:5].unbind(dim=1)
    there = target[:, 0] == 1
    across = ((x1 + x2) / 2 / CELL - place).clamp(1e-6, 1 - 1e-6)
    down = ((y1 + y2) / 2 / CELL - place[:, None]).clamp(1e-6, 1 - 1e-6)
    answers[:, 1], answers[:, 2] = across.logit(), down.logit()
    answers[:, 3] = torch.where(there, (x2 - x1) / 24, 1).log()
    answers[:, 4] = torch.where(there, (y2 - y1) / 24, 1).log()
    for k in range(K):
        answers[:, 5 + k] = sure * (target[:, 5] == k)
    return answers


@given(box, st.integers(0, K - 1))
def test_decoding_undoes_encoding(one, label):
    target = encode_boxes([[one]], [[label]], grid=8)
    row, column = target[0, 0].nonzero()[0]
    found = decode_boxes(answers_for(target))[0, :, row, column]
    assert_same(found, torch.tensor(one), rtol=1e-3, atol=1e-2)


@given(st.lists(st.tuples(box, box), min_size=1, max_size=6))
def test_giou_is_torchvisions(pairs):
    a, b = torch.tensor(pairs, dtype=torch.float64).unbind(dim=1)
    a.requires_grad_()
    mine = giou(a, b)
    mine.sum().backward()
    twin = a.detach().clone().requires_grad_()
    theirs = generalized_box_iou(twin, b).diagonal()
    theirs.sum().backward()
    assert_same(mine, theirs, rtol=1e-9, atol=1e-9)
    assert_same(a.grad, twin.grad, rtol=1e-9, atol=1e-9)


def test_giou_by_hand():
    a = torch.tensor([[0.0, 0, 2, 2]] * 3)
    b = torch.tensor([[0.0, 0, 2, 2], [2, 0, 4, 2], [1, 0, 3, 2]])
    assert_same(giou(a, b), torch.tensor([1, 0, 1 / 3]))


def test_the_target_by_hand():
    target = encode_boxes(
        [[[0, 0, 16, 24], [40, 8, 64, 16]], []], [[2, 1], []], grid=8
    )
    assert target.shape == (2, 6, 8, 8)
    assert target[0, 0].nonzero().tolist() == [[1, 1], [1, 6]]
    assert target[0, :, 1, 1].tolist() == [1, 0, 0, 16, 24, 2]
    assert target[0, :, 1, 6].tolist() == [1, 40, 8, 64, 16, 1]
    assert target[1].abs().sum() == 0


def test_of_two_centres_in_a_cell_the_later_counts():
    target = encode_boxes([[[0, 0, 8, 8], [1, 1, 9, 9]]], [[0, 1]], grid=8)
    assert target[0, :, 0, 0].tolist() == [1, 1, 1, 9, 9, 1]
    assert target[0, 0].sum() == 1


def test_the_loss_by_hand():
    target = encode_boxes(
        [[[0, 0, 8, 8]], [[16, 16, 40, 40]]], [[0], [2]], grid=8
    )
    answers = torch.zeros(2, 5 + K, 8, 8)
    # 64 cells an image say one half; boxes of 24 in the cells' middles
    objectness = 128 * np.log(2) / 2
    first = 64 / 24**2  # the box (-8, -8, 16, 16) around (0, 0, 8, 8)
    box = (1 - first + 0) / 2  # the second fits exactly
    expected = torch.tensor([objectness, box, np.log(3)]).float()
    assert_same(yolo_loss(answers, target), expected, rtol=1e-5)


def test_a_faultless_answer_has_no_loss_and_is_found():
    boxes = [[[3, 4, 20, 30], [30, 30, 60, 50]], [], [[0, 0, 30, 30]]]
    labels = [[1, 0], [], [2]]
    target = encode_boxes(boxes, labels, grid=8)
    answers = answers_for(target)
    assert yolo_loss(answers, target).max() < 1e-3
    found = detect(lambda _: answers, torch.zeros(3, 1, 64, 64))
    for f, b, k in zip(found, boxes, labels, strict=True):
        order = np.argsort(f.regions[:, 0])
        expected = np.array(b, dtype=float).reshape(-1, 4)
        by_left = np.argsort(expected[:, 0])
        assert_same(f.regions[order], expected[by_left], rtol=1e-3, atol=1e-2)
        assert f.labels[order].tolist() == [k[i] for i in by_left]
        assert (f.scores > 0.99).all()


def test_without_a_thing_only_objectness_counts():
    answers = torch.zeros(2, 5 + K, 8, 8, requires_grad=True)
    loss = yolo_loss(answers, encode_boxes([[], []], [[], []], grid=8))
    assert loss[1:].tolist() == [0.0, 0.0]
    loss.sum().backward()
    assert answers.grad[:, 1:].abs().sum() == 0
    assert answers.grad[:, 0].min() > 0


def test_detect_as_by_hand():
    """Scores, classes, edges and suppression, with torchvision's for the last."""
    generator = torch.Generator().manual_seed(0)
    answers = torch.randn(4, 5 + K, 8, 8, generator=generator)
    X = torch.zeros(4, 1, 64, 64)
    found = detect(lambda _: answers, X, threshold=0.3, iou_threshold=0.4)
    boxes = decode_boxes(answers).clamp(0, 64).flatten(2).mT.double()
    for i, f in enumerate(found):
        chance = answers[i, 5:].flatten(1).softmax(dim=0)
        score = answers[i, 0].flatten().sigmoid() * chance.max(dim=0).values
        label = chance.argmax(dim=0)
        expected = []
        for k in range(K):
            mine = ((score >= 0.3) & (label == k)).nonzero()[:, 0]
            kept = torch_nms(boxes[i, mine], score[mine].double(), 0.4)
            expected += mine[kept].tolist()
        expected.sort(key=lambda c: -float(score[c]))
        assert_same(f.regions, boxes[i, expected].numpy())
        assert_same(f.scores, score[expected].double().numpy())
        assert_same(f.labels, label[expected].numpy())
        assert 0 < len(expected) < 64


def test_learning():
    """Each seed finds what few scenes hold: shift, size and class are learned."""
    scenes = load_scenes(num=24, things=(1, 2), seed=3)
    X, target = (
        torch.tensor(scenes.X),
        encode_boxes(scenes.boxes, scenes.labels, grid=8),
    )
    truth = [
        Truth(b, k) for b, k in zip(scenes.boxes, scenes.labels, strict=True)
    ]
    for seed in range(3):
        seed_everything(seed)
        model = Yolo(len(THINGS), width=32)
        optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
        for _ in range(80):
            optimizer.zero_grad()
            yolo_loss(model(X), target).sum().backward()
            optimizer.step()
        found = detect(model.eval(), X)
        score = mean_average_precision(found, truth, num_classes=len(THINGS))
        assert score > 0.9, (seed, score)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Yolo(0), "num_classes = 0"),
        (lambda: Yolo(5, width=6), "multiple of 4"),
        (lambda: Yolo(5, size=60), "size = 60; expected a multiple of 8"),
        (
            lambda: Yolo(5)(torch.zeros(2, 1, 32, 32)),
            r"expected \(N, 1, 64, 64\)",
        ),
        (
            lambda: encode_boxes([[]], [[], []], grid=8),
            "boxes of 1 images, labels of 2",
        ),
        (
            lambda: encode_boxes([[[0, 0, 8, 8]]], [[0, 1]], grid=8),
            "image 0 has 1 boxes and labels of shape",
        ),
        (
            lambda: encode_boxes([[[64, 0, 72, 8]]], [[0]], grid=8),
            "outside the 8 x 8",
        ),
        (
            lambda: detect(Yolo(5), torch.zeros(1, 1, 64, 64), threshold=2),
            "threshold = 2",
        ),
    ],
)
def test_refuses(make, message):
    with pytest.raises(ValueError, match=message):
        make()
