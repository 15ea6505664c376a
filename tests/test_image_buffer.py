"""The buffer of earlier images."""

import pytest
import torch

from aibook.image_buffer import ImageBuffer


def test_first_images_pass_and_are_kept():
    buffer = ImageBuffer(4)
    images = torch.rand(4, 1, 2, 2, requires_grad=True)
    shown = buffer.exchange(images)
    assert torch.equal(shown, images)
    assert not shown.requires_grad
    assert len(buffer) == 4


def test_nothing_is_lost_or_made():
    buffer = ImageBuffer(10, seed=3)
    given = torch.arange(200.0)[:, None]
    shown = torch.cat([buffer.exchange(part) for part in given.split(7)])
    kept = torch.stack(buffer.stored)
    everything = torch.cat([shown, kept])[:, 0]
    # what is kept was given back too when it first came in, if there was room
    assert shown.shape == given.shape
    assert set(everything.tolist()) == set(range(200))


def test_about_half_are_earlier_ones():
    buffer = ImageBuffer(50, seed=1)
    buffer.exchange(torch.zeros(50, 1))
    given = torch.arange(1.0, 2001.0)[:, None]
    shown = torch.cat([buffer.exchange(part) for part in given.split(20)])
    share = (shown != given).float().mean().item()
    assert share == pytest.approx(0.5, abs=0.05)  # 4 standard deviations


def test_without_room_nothing_changes():
    buffer = ImageBuffer(0)
    images = torch.rand(3, 2)
    assert torch.equal(buffer.exchange(images), images)
    assert len(buffer) == 0
    assert buffer.exchange(torch.empty(0, 2)).shape == (0, 2)


def test_stored_images_are_copies():
    buffer = ImageBuffer(2)
    images = torch.ones(2, 3)
    buffer.exchange(images)
    images.zero_()
    assert torch.stack(buffer.stored).min() == 1


def test_bad_size():
    with pytest.raises(ValueError, match="size = -1"):
        ImageBuffer(-1)
