import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn import functional as F

from aibook.vision.pasting import paste_masks
from aibook.vision.roi_align import roi_align
from helpers import assert_same

places = st.floats(-10, 20)
sides = st.floats(0.5, 30)


@given(st.lists(st.tuples(places, places, sides, sides), max_size=4))
def test_grid_sample_agrees(values):
    """Detectron2 pastes with it."""
    x, y, w, h = torch.tensor(values, dtype=torch.float64).reshape(-1, 4).T
    boxes = torch.stack([x, y, x + w, y + h], dim=1)
    generator = torch.Generator().manual_seed(0)
    masks = torch.rand(len(boxes), 5, 5, generator=generator).double()
    middle = torch.arange(12, dtype=torch.float64) + 0.5
    across = (middle - x[:, None]) / w[:, None] * 2 - 1  # (R, S)
    down = (middle - y[:, None]) / h[:, None] * 2 - 1
    grid = torch.stack(
        [
            across[:, None].expand(-1, 12, -1),
            down[..., None].expand(-1, -1, 12),
        ],
        dim=-1,
    )
    expected = F.grid_sample(masks[:, None], grid, align_corners=False)[:, 0]
    pasted = paste_masks(masks, boxes, size=12)
    assert_same(pasted, expected, rtol=1e-8, atol=1e-9)


def test_a_mask_cut_out_and_pasted_back_is_the_same():
    """Cells that are pixels: nothing is lost."""
    generator = torch.Generator().manual_seed(1)
    masks = (torch.rand(6, 20, 20, generator=generator) < 0.5).float()
    box = torch.tensor([[4.0, 6.0, 12.0, 14.0]]).repeat(6, 1)
    cut = roi_align(masks[:, None], box, torch.arange(6), bins=8, points=1)
    back = paste_masks(cut[:, 0], box, size=20) >= 0.5
    inside = torch.zeros(20, 20, dtype=torch.bool)
    inside[6:14, 4:12] = True
    assert torch.equal(back, masks.bool() & inside)


def test_refuses():
    box = torch.tensor([[0.0, 0, 2, 2]])
    with pytest.raises(ValueError, match=r"expected \(R, M, M\)"):
        paste_masks(torch.zeros(1, 2, 3), box, size=4)
    with pytest.raises(ValueError, match=r"expected \(2, 4\)"):
        paste_masks(torch.zeros(2, 2, 2), box, size=4)
    with pytest.raises(ValueError, match="without an area"):
        paste_masks(torch.zeros(1, 2, 2), box[:, [0, 1, 0, 3]], size=4)
    with pytest.raises(ValueError, match="without an area"):
        paste_masks(torch.zeros(1, 2, 2), box * torch.nan, size=4)
    with pytest.raises(ValueError, match="size = 0"):
        paste_masks(torch.zeros(1, 2, 2), box, size=0)
