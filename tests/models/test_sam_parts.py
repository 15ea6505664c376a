import math

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from aibook.layers.attention import MultiHeadAttention
from aibook.models.sam_decoder import (
    MaskDecoder,
    TwoWayBlock,
    own_estimate,
)
from aibook.models.sam_encoder import ImageEncoder
from aibook.models.sam_prompts import (
    FourierPositions,
    PromptEncoder,
    Prompts,
    box_prompts,
)
from helpers import assert_same


def disturb(model: nn.Module) -> None:
    """Move every parameter, so that none is 0 or 1 by construction."""
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(0.1 * torch.randn_like(parameter))


def attention_twin(ours: MultiHeadAttention) -> nn.MultiheadAttention:
    """Return torch's attention with our weights."""
    width = ours.out.in_features
    twin = nn.MultiheadAttention(
        width, ours.num_heads, batch_first=True, dtype=ours.out.weight.dtype
    )
    parts = ours.queries, ours.keys, ours.values
    with torch.no_grad():
        twin.in_proj_weight.copy_(torch.cat([p.weight for p in parts]))
        twin.in_proj_bias.copy_(torch.cat([p.bias for p in parts]))
    twin.out_proj.load_state_dict(ours.out.state_dict())
    return twin


# --- the image encoder -------------------------------------------------------


def test_the_encoder_is_convolutions_patches_and_blocks():
    torch.manual_seed(0)
    encoder = ImageEncoder(
        width=12, depth=2, num_heads=3, channels=(4, 8), size=24
    ).double()
    disturb(encoder)
    encoder.eval()
    X = torch.rand(2, 1, 24, 24).double()
    tokens, middle, fine, edges = encoder(X)

    def convolve(x, stage, stride=1):
        conv, norm, _ = stage
        x = F.conv2d(x, conv.weight, conv.bias, stride=stride, padding=1)
        return F.relu(F.group_norm(x, 4, norm.weight, norm.bias))

    def double(x, layer):
        return F.conv_transpose2d(x, layer.weight, layer.bias, stride=2)

    A = convolve(X, encoder.first, stride=2)
    B = convolve(A, encoder.second, stride=2)
    kernel = encoder.embed.project.weight.view(12, 8, 2, 2)
    grid = F.conv2d(B, kernel, encoder.embed.project.bias, stride=2)
    x = grid.flatten(2).transpose(1, 2) + encoder.positions.table
    for block in encoder.blocks:
        h = block.attention_norm(x)
        x = x + attention_twin(block.attention)(h, h, h)[0]
        x = x + block.network(block.network_norm(x))
    x = encoder.norm(x)
    assert_same(tokens, x)
    coarse = x.transpose(1, 2).reshape(2, 12, 3, 3)
    B = convolve(B + double(coarse, encoder.enlarge), encoder.mix)
    assert_same(middle, B)
    A = convolve(A + double(B, encoder.enlarge_again), encoder.mix_again)
    assert_same(fine, A)
    one = encoder.edges.weight[:, :, 0, 0] @ A[1, :, 3, 5]
    assert_same(edges[1, :, 3, 5], one + encoder.edges.bias)


@pytest.mark.parametrize("options", [{"depth": 0}, {"size": 60}, {"size": 0}])
def test_the_encoder_refuses(options):
    with pytest.raises(ValueError, match="expected"):
        ImageEncoder(**options)


def test_the_encoder_refuses_other_images():
    with pytest.raises(ValueError, match="expected"):
        ImageEncoder(width=8, depth=1)(torch.zeros(2, 1, 32, 32))


# --- prompts -----------------------------------------------------------------


@given(st.floats(0, 40), st.floats(0, 40), st.sampled_from([0.5, 1.0, 3.0]))
def test_places_are_sines_and_cosines(x, y, scale):
    torch.manual_seed(1)
    place = FourierPositions(6, size=40, scale=scale, strength=3).double()
    found = place(torch.tensor([x, y], dtype=torch.double)).tolist()
    for k, (f, g) in enumerate(place.frequencies.T.tolist()):
        angle = 2 * math.pi * (f * (x / 20 - 1) + g * (y / 20 - 1))
        assert found[k] == pytest.approx(3 * math.sin(angle), abs=3e-6)
        assert found[3 + k] == pytest.approx(3 * math.cos(angle), abs=3e-6)


@pytest.mark.parametrize("scale", [0.5, 1.0])
def test_likeness_falls_with_the_distance_as_a_gaussian(scale):
    torch.manual_seed(0)
    place = FourierPositions(50_000, size=64, scale=scale, strength=1).double()
    start = torch.tensor([30.0, 20.0]).double()
    for step in ([0.0, 0.0], [4.0, 0.0], [3.0, -9.0], [20.0, 20.0]):
        d = math.hypot(*step) / 32
        product = place(start) @ place(start + torch.tensor(step)) / 25_000
        expected = math.exp(-2 * (math.pi * scale * d) ** 2)
        assert product.item() == pytest.approx(expected, abs=0.02)


def test_a_prompt_is_a_place_and_a_kind():
    torch.manual_seed(0)
    encoder = PromptEncoder(8, size=32)
    points = 32 * torch.rand(3, 4, 2)
    kinds = torch.randint(4, (3, 4))
    tokens = encoder(Prompts(points, kinds))
    for b in range(3):
        for p in range(4):
            expected = (
                encoder.places(points[b, p]) + encoder.kinds[kinds[b, p]]
            )
            assert_same(tokens[b, p], expected)


def test_a_box_is_its_corners():
    boxes = torch.tensor([[1, 2, 3, 4], [5, 6, 7, 9]])
    points, kinds, masks = box_prompts(boxes)
    assert points.tolist() == [[[1, 2], [3, 4]], [[5, 6], [7, 9]]]
    assert kinds.tolist() == [[2, 3], [2, 3]]
    assert masks is None


def test_cells_are_named_by_their_centres_row_by_row():
    torch.manual_seed(0)
    encoder = PromptEncoder(8, size=24)
    cells = encoder.cells()
    assert cells.shape == (9, 8)
    for k in range(9):
        centre = torch.tensor([k % 3 * 8 + 4.0, k // 3 * 8 + 4.0])
        assert_same(cells[k], encoder.places(centre), rtol=1e-4, atol=1e-5)


POINT, KIND = torch.zeros(2, 1, 2), torch.ones(2, 1).long()


@pytest.mark.parametrize(
    ("prompts", "message"),
    [
        (Prompts(torch.zeros(2, 2), KIND), "points has shape"),
        (Prompts(torch.zeros(2, 0, 2), KIND[:, :0]), "points has shape"),
        (Prompts(POINT, KIND[:1]), "kinds has shape"),
        (Prompts(POINT, KIND.float()), "integers"),
        (Prompts(POINT, 4 * KIND), "places in KINDS"),
        (Prompts(POINT, -KIND), "places in KINDS"),
        (Prompts(POINT, KIND, torch.zeros(2, 32, 32)), "half of the image"),
    ],
)
def test_the_prompt_encoder_refuses(prompts, message):
    with pytest.raises(ValueError, match=message):
        PromptEncoder(8, size=32)(prompts)


def test_prompts_refuse():
    with pytest.raises(ValueError, match="xyxy"):
        box_prompts(torch.zeros(4))
    with pytest.raises(ValueError, match="even width"):
        FourierPositions(7, size=32)
    with pytest.raises(ValueError, match="above 0"):
        FourierPositions(8, size=32, scale=0)
    with pytest.raises(ValueError, match="above 0"):
        FourierPositions(8, size=32, strength=0)
    with pytest.raises(ValueError, match=r"expected \(\.\.\., 2\)"):
        FourierPositions(8, size=32)(torch.zeros(3))


# --- the decoder -------------------------------------------------------------


def test_a_two_way_block_is_torchs_decoder_layer_and_attention():
    torch.manual_seed(0)
    block = TwoWayBlock(12, num_heads=3, hidden=20).double()
    disturb(block)
    ours = block.to_tokens
    twin = nn.TransformerDecoderLayer(
        12, 3, 20, 0.0, "gelu", batch_first=True, norm_first=True
    ).double()
    twin.self_attn = attention_twin(ours.attention)
    twin.multihead_attn = attention_twin(ours.cross)
    for a, b in (
        (ours.attention_norm, twin.norm1),
        (ours.cross_norm, twin.norm2),
        (ours.network_norm, twin.norm3),
        (ours.network[0], twin.linear1),
        (ours.network[2], twin.linear2),
    ):
        b.load_state_dict(a.state_dict())
    tokens = torch.randn(2, 5, 12).double()
    image = torch.randn(2, 9, 12).double().requires_grad_()
    other = image.detach().clone().requires_grad_()
    places = torch.randn(9, 12).double()
    found = block(tokens, image, places)
    expected = twin(tokens, other + places)
    back = attention_twin(block.to_image)
    assert_same(found[0], expected)
    query = block.norm(other + places)
    changed = other + back(query, expected, expected)[0]
    assert_same(found[1], changed)
    found[1].square().sum().backward()
    changed.square().sum().backward()
    assert_same(image, other)


def test_like_looks_at_like_from_the_start():
    torch.manual_seed(0)
    block = TwoWayBlock(64, num_heads=4, hidden=8)
    place = FourierPositions(64, size=64)
    cells = place(8 * torch.rand(1, 64, 2) * 8)
    for layer in (block.to_tokens.cross, block.to_image):
        layer(cells, cells)
        weights = layer.weights[0].mean(0)  # over the heads
        own = weights.diagonal()
        assert (own > 3 / 64).all()
        assert (own > 0.5 * weights.amax(1)).all()


def decoder_and_inputs():
    torch.manual_seed(0)
    decoder = MaskDecoder(
        8, num_masks=3, depth=2, num_heads=2, channels=(4, 6)
    )
    disturb(decoder)
    inputs = [torch.randn(2, 3, 8), torch.randn(2, 9, 8), torch.randn(9, 8)]
    inputs += [torch.randn(2, 6, 6, 6), torch.randn(2, 4, 12, 12)]
    return decoder.double(), [part.double() for part in inputs]


def test_a_logit_is_the_product_of_a_masks_and_a_pixels_vector():
    decoder, inputs = decoder_and_inputs()
    kept = {}
    parts = {"map": decoder.enlarge_again}
    parts |= {f"mask {m}": part for m, part in enumerate(decoder.weights)}
    for name, part in parts.items():
        part.register_forward_hook(
            lambda *a, name=name: kept.__setitem__(name, a[-1].detach())
        )
    logits, _ = decoder(*inputs)
    pixels = F.relu(kept["map"] + inputs[4])
    for b, m, i, j in ((0, 0, 0, 0), (1, 2, 11, 3), (1, 1, 5, 7)):
        expected = sum(
            kept[f"mask {m}"][b, c] * pixels[b, c, i, j] for c in range(4)
        )
        assert_same(logits[b, m, i, j].detach(), expected)


def test_the_order_of_clicks_and_the_neighbours_in_a_batch_do_not_matter():
    decoder, inputs = decoder_and_inputs()
    logits, qualities = decoder(*inputs)
    turned = [inputs[0][:, [2, 0, 1]], *inputs[1:]]
    assert_same(decoder(*turned)[0], logits, rtol=1e-8, atol=1e-10)
    alone = decoder(*(part if part.ndim == 2 else part[1:] for part in inputs))
    assert_same(alone[0], logits[1:], rtol=1e-8, atol=1e-10)
    assert_same(alone[1], qualities[1:], rtol=1e-8, atol=1e-10)


def test_every_click_reaches_every_pixel():
    decoder, inputs = decoder_and_inputs()
    prompt = inputs[0].requires_grad_()
    logits, _ = decoder(prompt, *inputs[1:])
    for i, j in ((0, 0), (11, 11), (6, 2)):
        (gradient,) = torch.autograd.grad(
            logits[0, 1, i, j], prompt, retain_graph=True
        )
        assert (gradient[0].abs().amax(dim=1) > 0).all()
        assert (gradient[1] == 0).all()


@pytest.mark.parametrize(
    "options", [{"num_masks": 0}, {"num_masks": 1, "depth": 0}]
)
def test_the_decoder_refuses(options):
    with pytest.raises(ValueError, match="1 or more"):
        MaskDecoder(8, **options)


def test_the_own_estimate_is_an_iou_of_probabilities():
    torch.manual_seed(0)
    logits = 3 * torch.randn(2, 3, 4, 5).double()
    found = own_estimate(logits)
    for b in range(2):
        for m in range(3):
            p = logits[b, m].sigmoid().flatten().tolist()
            right = sum(v for v in p if v > 0.5)
            union = sum(1 if v > 0.5 else v for v in p)
            assert found[b, m].item() == pytest.approx(right / (union + 1))


def test_an_empty_mask_is_worth_nothing_and_a_sure_one_much():
    empty, sure = torch.full((1, 1, 9, 9), -30.0), torch.zeros(1, 1, 9, 9)
    assert own_estimate(empty).item() == pytest.approx(0, abs=1e-9)
    sure[..., :4] = 30
    sure[..., 4:] = -30
    assert own_estimate(sure).item() == pytest.approx(36 / 37)
