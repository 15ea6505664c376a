"""PyTorch's transformer with the weights of one of ours."""

import torch
from torch import nn

from aibook.layers.blocks import TransformerBlock

__all__ = ["twin_of"]


def twin_of(
    blocks: nn.ModuleList, norm: nn.LayerNorm
) -> nn.TransformerEncoder:
    """Return an encoder of torch's own layers, in the precision of the blocks."""
    width = norm.normalized_shape[0]
    first = blocks[0]
    assert isinstance(first, TransformerBlock)
    layer = nn.TransformerEncoderLayer(
        width,
        first.attention.num_heads,
        4 * width,
        dropout=0.0,
        activation="gelu",
        batch_first=True,
        norm_first=True,
        dtype=norm.weight.dtype,
    )
    twin = nn.TransformerEncoder(
        layer, len(blocks), norm=norm, enable_nested_tensor=False
    )
    for ours, theirs in zip(blocks, twin.layers, strict=True):
        parts = [
            getattr(ours.attention, n) for n in ("queries", "keys", "values")
        ]
        with torch.no_grad():
            theirs.self_attn.in_proj_weight.copy_(
                torch.cat([part.weight for part in parts])
            )
            theirs.self_attn.in_proj_bias.copy_(
                torch.cat([part.bias for part in parts])
            )
        for a, b in (
            (ours.attention.out, theirs.self_attn.out_proj),
            (ours.network[0], theirs.linear1),
            (ours.network[2], theirs.linear2),
            (ours.attention_norm, theirs.norm1),
            (ours.network_norm, theirs.norm2),
        ):
            b.load_state_dict(a.state_dict())
    return twin
