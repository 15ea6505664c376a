import numpy as np
import pytest
import torch
from torch.nn import functional as F

from aibook.data.canvases import load_canvases
from aibook.models.tiny_detector import (
    TinyDetector,
    detection_loss,
    encode,
)
from helpers import assert_same


class Oracle(TinyDetector):
    """Answers what it is told, through the detector's own decoding."""

    def __init__(self, answers):
        super().__init__(10, width=4)
        self.answers = answers

    def forward(self, X):
        return self.answers


def told(scenes, grid=6):
    """Return answers that say exactly what is on the scenes."""
    target = encode(scenes.boxes, scenes.labels, grid=grid)
    answers = torch.full((len(target), 15, grid, grid), -20.0)
    answers[:, 0] += 40 * target[:, 0]
    answers[:, 1:5] = target[:, 1:5]
    index = target[:, 5:].long()
    answers[:, 5:].scatter_(1, index, 20.0)
    return target, answers


def test_what_is_encoded_is_detected_again():
    scenes = load_canvases(num=20, digits=(1, 1), seed=0)
    _, answers = told(scenes)
    for find, boxes, labels in zip(
        Oracle(answers).detect(torch.zeros(20, 48, 48)),
        scenes.boxes,
        scenes.labels,
        strict=True,
    ):
        assert np.allclose(find.boxes.numpy(), boxes, atol=1e-4)
        assert find.labels.tolist() == labels.tolist()


def test_a_right_answer_costs_nothing():
    target, answers = told(load_canvases(num=10, seed=1))
    assert detection_loss(answers, target).item() < 1e-4


def test_the_loss_is_the_sum_over_cells_one_by_one():
    torch.manual_seed(0)
    target = encode([[[0, 0, 14, 18]], [[20, 8, 40, 30]]], [[3], [1]], grid=6)
    answers = torch.randn(2, 15, 6, 6, dtype=torch.float64, requires_grad=True)
    twin = answers.detach().clone().requires_grad_()
    total, num = torch.zeros((), dtype=torch.float64), 0
    for n, i, j in np.ndindex(2, 6, 6):
        a, t = twin[n, :, i, j], target[n, :, i, j].double()
        total = total + F.binary_cross_entropy_with_logits(a[0], t[0])
        if t[0] == 1:
            total = total + F.smooth_l1_loss(a[1:5], t[1:5], reduction="sum")
            total = total + F.cross_entropy(a[None, 5:], t[5:].long())
            num += 1
    (total / num).backward()
    loss = detection_loss(answers, target.double())
    loss.backward()
    assert_same(loss.detach(), (total / num).detach(), rtol=1e-9)
    assert_same(answers, twin, rtol=1e-9)


def test_only_the_surest_of_neighbours_is_heard():
    answers = torch.zeros(1, 15, 6, 6)
    answers[0, 0] = -9
    answers[0, 0, 2, 2], answers[0, 0, 2, 3], answers[0, 0, 5, 5] = 3, 2, 1
    answers[0, 1:5] = 1
    (find,) = Oracle(answers).detect(torch.zeros(1, 48, 48))
    assert find.scores.tolist() == pytest.approx(
        torch.tensor([3.0, 1.0]).sigmoid().tolist()
    )
    assert find.boxes[0].tolist() == [12, 12, 28, 28]


def test_no_object_gives_an_objectness_loss_only():
    target = encode([[]], [[]], grid=6)
    answers = torch.zeros(1, 15, 6, 6)
    expected = 36 * np.log(2)
    assert detection_loss(answers, target).item() == pytest.approx(expected)


@pytest.mark.parametrize("seed", [0, 1])
def test_it_overfits_four_scenes(seed):
    scenes = load_canvases(num=4, digits=(2, 2), seed=seed)
    torch.manual_seed(seed)
    model = TinyDetector(10, width=32)
    target = encode(scenes.boxes, scenes.labels, grid=6)
    X = torch.as_tensor(scenes.X).float()
    optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)
    for _ in range(150):
        optimizer.zero_grad()
        loss = detection_loss(model(X), target)
        loss.backward()
        optimizer.step()
    assert loss.item() < 0.1


@pytest.mark.parametrize(
    "call",
    [
        lambda: TinyDetector(0),
        lambda: TinyDetector(3, width=6),
        lambda: TinyDetector(3)(torch.zeros(1, 47, 48)),
        lambda: TinyDetector(3)(torch.zeros(48, 48)),
        lambda: TinyDetector(3).detect(torch.zeros(1, 48, 48), threshold=1.0),
        lambda: encode([[[0, 0, 99, 99]]], [[1]], grid=6),
        lambda: encode([[[0, 0, 9, 9]]], [[1, 2]], grid=6),
        lambda: encode([[]], [], grid=6),
    ],
)
def test_refuses(call):
    with pytest.raises(ValueError, match=r"expected|outside|labels"):
        call()
