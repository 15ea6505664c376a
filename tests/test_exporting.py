import numpy as np
import pytest
import torch

from aibook.exporting import (
    quantise_onnx,
    run_onnx,
    save_onnx,
    stored_numbers,
)
from aibook.models.int8_digits import Int8Digits
from aibook.models.small_digits import SmallDigits
from aibook.scratch.quantisation import quantise, symmetric_scales
from helpers import assert_same


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    torch.manual_seed(0)
    net, X = SmallDigits().eval(), torch.rand(6, 1, 28, 28)
    program = torch.export.export(
        net, (X[:2],), dynamic_shapes=({0: torch.export.Dim("N")},)
    )
    path = tmp_path_factory.mktemp("onnx") / "net.onnx"
    save_onnx(program, path)
    return net, X, path


def test_the_file_computes_what_pytorch_does(exported):
    net, X, path = exported
    with torch.no_grad():
        for num in (1, 6):
            assert_same(run_onnx(path, X[:num]), net(X[:num]), atol=1e-6)
    assert [file.name for file in path.parent.iterdir()] == ["net.onnx"]
    found = stored_numbers(path)
    for name, parameter in net.named_parameters():
        assert_same(found[name], parameter.detach(), rtol=0)


def test_its_8_bits_are_ours(exported, tmp_path):
    net, X, path = exported
    target = tmp_path / "net8.onnx"
    quantise_onnx(path, target, X)
    assert [file.name for file in tmp_path.iterdir()] == ["net8.onnx"]
    found = stored_numbers(target)
    for name, parameter in net.named_parameters():
        if name.endswith("weight"):
            W = parameter.detach().numpy()
            scales = symmetric_scales(W).reshape(-1, *[1] * (W.ndim - 1))
            codes = found[f"{name}_quantized"]
            assert codes.dtype == np.int8
            # They divide in 32 bits: a half may fall to the other side.
            difference = np.abs(codes - quantise(W, scales))
            assert difference.max() <= 1
            assert difference.mean() < 1e-3
    zeros = [v for k, v in found.items() if k.startswith("relu_")]
    assert sum(v.dtype == np.int8 and v == -128 for v in zeros) == 3
    images = (X[:, 0] * 255).round().numpy().astype(np.uint8)
    ours = Int8Digits(net, X).logits(images)
    theirs = run_onnx(target, images[:, None] / 255)
    # Their last output is rounded to 256 steps as well.
    step = float(found["linear_1_scale"])
    assert np.abs(ours - theirs).max() < 3 * step


def test_a_missing_file(tmp_path):
    with pytest.raises(FileNotFoundError, match="no such file"):
        run_onnx(tmp_path / "none.onnx", np.zeros((1, 3)))
