import pytest
import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode
from torchvision.models import VisionTransformer

from aibook.layers.patches import to_patches
from aibook.models.vit import ViT
from helpers import assert_same


def disturb(model: nn.Module) -> None:
    """Move every parameter, so that none is 0 or 1 by construction."""
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(0.1 * torch.randn_like(parameter))


def copy_block(layer: nn.Module, block: nn.Module, names: dict) -> None:
    """Copy a block's weights into an encoder layer of torch or torchvision."""
    attention = layer.get_submodule(names["attention"])
    parts = (block.attention.queries, block.attention.keys)
    parts += (block.attention.values,)
    with torch.no_grad():
        weights = torch.cat([part.weight for part in parts])
        attention.in_proj_weight.copy_(weights)
        attention.in_proj_bias.copy_(torch.cat([p.bias for p in parts]))
    attention.out_proj.load_state_dict(block.attention.out.state_dict())
    for name, source in (
        (names["norm_1"], block.attention_norm),
        (names["norm_2"], block.network_norm),
        (names["linear_1"], block.network[0]),
        (names["linear_2"], block.network[2]),
    ):
        layer.get_submodule(name).load_state_dict(source.state_dict())


TORCH = {
    "attention": "self_attn",
    "norm_1": "norm1",
    "norm_2": "norm2",
    "linear_1": "linear1",
    "linear_2": "linear2",
}
TORCHVISION = {
    "attention": "self_attention",
    "norm_1": "ln_1",
    "norm_2": "ln_2",
    "linear_1": "mlp.0",
    "linear_2": "mlp.3",
}


def assert_twins(model, twin, X):
    """Compare logits, and the gradients at the pixels."""
    ours, theirs = X.clone().requires_grad_(), X.clone().requires_grad_()
    logits, expected = model(ours), twin(theirs)
    weights = torch.randn_like(logits)
    (logits * weights).sum().backward()
    (expected * weights).sum().backward()
    assert_same(logits, expected)
    assert_same(ours, theirs)


@pytest.mark.parametrize("seed", range(3))
def test_is_torchvisions(seed):
    torch.manual_seed(seed)
    width, hidden, heads = 12, 20, 3
    model = ViT(
        5,
        patch=3,
        width=width,
        depth=2,
        num_heads=heads,
        hidden=hidden,
        size=9,
        num_channels=3,
    ).double()
    disturb(model)
    twin = VisionTransformer(
        image_size=9,
        patch_size=3,
        num_layers=2,
        num_heads=heads,
        hidden_dim=width,
        mlp_dim=hidden,
        num_classes=5,
        norm_layer=nn.LayerNorm,
    ).double()
    with torch.no_grad():
        kernels = model.embed.project.weight.view(width, 3, 3, 3)
        twin.conv_proj.weight.copy_(kernels)
        twin.conv_proj.bias.copy_(model.embed.project.bias)
        twin.class_token.copy_(model.class_token.view(1, 1, -1))
        twin.encoder.pos_embedding.copy_(model.positions.table[None])
    for layer, block in zip(twin.encoder.layers, model.blocks, strict=True):
        copy_block(layer, block, TORCHVISION)
    twin.encoder.ln.load_state_dict(model.norm.state_dict())
    twin.heads.head.load_state_dict(model.head.state_dict())
    assert_twins(model, twin, torch.randn(4, 3, 9, 9).double())
    ours = sum(p.numel() for p in model.parameters())
    assert ours == sum(p.numel() for p in twin.parameters())


@pytest.mark.parametrize("positions", [True, False])
def test_is_torchs_encoder_around_patches(positions):
    torch.manual_seed(0)
    model = ViT(
        4, patch=2, width=8, depth=3, num_heads=2, size=6, positions=positions
    ).double()
    disturb(model)
    layers = []
    for block in model.blocks:
        layer = nn.TransformerEncoderLayer(
            8, 2, 32, 0.0, "gelu", batch_first=True, norm_first=True
        )
        copy_block(layer.double(), block, TORCH)
        layers.append(layer)

    def twin(X):
        tokens = [
            [model.class_token]
            + [
                patch @ model.embed.project.weight.T + model.embed.project.bias
                for patch in patches
            ]
            for patches in to_patches(X, 2)
        ]
        h = torch.stack([torch.stack(row) for row in tokens])
        h = h + model.positions.table if positions else h
        for layer in layers:
            h = layer(h)
        return model.head(model.norm(h)[:, 0])

    assert_twins(model, twin, torch.randn(3, 1, 6, 6).double())


def test_gradients_are_the_slopes():
    torch.manual_seed(0)
    model = ViT(2, patch=2, width=4, depth=1, num_heads=2, size=4).double()
    disturb(model)
    X = torch.rand(2, 1, 4, 4, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(model, (X,))


def test_every_parameter_learns():
    torch.manual_seed(0)
    model = ViT(3, width=8, depth=2, num_heads=2)
    disturb(model)
    model(torch.rand(4, 28, 28)).square().sum().backward()
    silent = [
        name
        for name, p in model.named_parameters()
        if not p.grad.abs().max() > 0
    ]
    # A bias of the keys adds the same to every score of a query.
    assert all("keys.bias" in name for name in silent), silent


@pytest.mark.parametrize("positions", [True, False])
def test_without_positions_patches_are_a_bag(positions):
    torch.manual_seed(0)
    model = ViT(
        3, patch=2, width=8, depth=2, num_heads=2, size=6, positions=positions
    ).double()
    disturb(model)
    X = torch.rand(2, 1, 6, 6).double()
    order = torch.randperm(9)
    mixed = to_patches(X, 2)[:, order]
    Y = torch.empty_like(X)
    for place in range(9):
        i, j = 2 * (place // 3), 2 * (place % 3)
        Y[:, 0, i : i + 2, j : j + 2] = mixed[:, place].view(-1, 2, 2)
    same = torch.allclose(model(X), model(Y), rtol=1e-9)
    assert same is not positions


def test_attention_weights_are_those_of_each_block():
    torch.manual_seed(0)
    model = ViT(3, patch=7, width=8, depth=2, num_heads=2, dropout=0.5)
    weights = model.eval().attention_weights(torch.rand(5, 28, 28))
    assert weights.shape == (2, 5, 2, 17, 17)
    assert not weights.requires_grad
    assert_same(weights.sum(-1), torch.ones(2, 5, 2, 17), rtol=1e-5)


def test_dropout_acts_in_training_only():
    torch.manual_seed(0)
    model, X = ViT(10, width=8, depth=1, dropout=0.5), torch.rand(2, 28, 28)
    assert not torch.equal(model(X), model(X))
    model.eval()
    assert torch.equal(model(X), model(X))


@pytest.mark.parametrize("patch", [4, 7, 14])
@pytest.mark.parametrize("hidden", [None, 10])
def test_counts_are_those_of_the_formulas(patch, hidden):
    d, depth, k = 8, 2, 10
    model = ViT(k, patch=patch, width=d, depth=depth, hidden=hidden)
    m, t = hidden or 4 * d, 1 + (28 // patch) ** 2
    block = 4 * d * d + 4 * d + 2 * d * m + m + d + 4 * d
    num = patch**2 * d + d + d + t * d + depth * block + 2 * d + d * k + k
    assert sum(p.numel() for p in model.parameters()) == num
    products = 4 * d * d + 2 * t * d + 2 * d * m  # of a token in a block
    total = (t - 1) * patch**2 * d + depth * t * products + d * k
    with FlopCounterMode(display=False) as counter:
        model(torch.zeros(1, 28, 28))
    assert counter.get_total_flops() == 2 * total


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"num_outputs": 0}, "num_outputs 0"),
        ({"depth": 0}, "depth 0"),
        ({"size": 0}, "size 0"),
        ({"patch": 5}, "do not tile 28 x 28"),
        ({"patch": 0}, "side 0"),
        ({"dropout": 1.0}, "below 1"),
        ({"dropout": -0.1}, "below 1"),
        ({"width": 10}, "num_heads divides"),
        ({"width": 0}, "1 or more"),
        ({"num_heads": 0}, "1 or more"),
        ({"num_channels": 0}, "1 or more"),
    ],
)
def test_refuses_what_makes_no_network(options, message):
    given = {"num_outputs": 10, **options}
    with pytest.raises(ValueError, match=message):
        ViT(given.pop("num_outputs"), **given)


@pytest.mark.parametrize(
    "shape", [(0, 28, 28), (28, 28), (2, 784), (2, 3, 28, 28), (2, 1, 27, 28)]
)
def test_refuses_other_shapes(shape):
    with pytest.raises(ValueError, match=r"expected \(N, 1, 28, 28\)"):
        ViT(10, width=8, depth=1)(torch.zeros(shape))
