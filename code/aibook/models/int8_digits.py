"""The small network for digits in whole numbers of 8 bits.

Weights are quantised symmetrically with one scale for each output, activations with
one scale and one zero point for each layer, measured on sample images. Sums are
32-bit integers; a factor for each output turns them into the next layer's codes, and
cutting off at the code of 0 is ReLU. The last layer gives real logits. All layers are
convolutions here: a linear layer is one whose kernel covers its whole input.

``_static/recogniser.js`` computes the same from what `Int8Digits.pack` writes.

Letters: N images, C input channels, O outputs, K the kernel's side, S the side.

Not here: training that knows of the rounding.

Source: B. Jacob et al., "Quantization and Training of Neural Networks for Efficient
Integer-Arithmetic-Only Inference", CVPR 2018, section 2.

Book page: labs/on-device
"""

from __future__ import annotations

import base64
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import nn

from aibook.models.small_digits import SmallDigits
from aibook.scratch.quantisation import (
    affine_for,
    integer_product,
    quantise,
    round_half_up,
    symmetric_scales,
)
from aibook.scratch.softmax import softmax

__all__ = ["Int8Digits", "Int8Layer"]

_PIXELS = affine_for(0.0, 1.0)  # a byte less 128


class Int8Layer(NamedTuple):
    """One layer in whole numbers.

    Parameters
    ----------
    weight
        Codes (O, C, K, K), int8.
    bias
        Shape (O,), int32, in units of the sums.
    factor
        Shape (O,): turns a sum into codes of the output, or into logits.
    zero_in, zero_out
        Zero points of input and output; `zero_out` is None where the output is
        real.
    stride, padding
        Of the convolution.
    """

    weight: NDArray[np.int8]
    bias: NDArray[np.int32]
    factor: NDArray[np.float64]
    zero_in: int
    zero_out: int | None
    stride: int
    padding: int

    def sums(self, codes: NDArray[np.int32]) -> NDArray[np.int32]:
        """Return the sums with the bias, (N, O, S', S'), of codes (N, C, S, S)."""
        edge = (self.padding, self.padding)
        padded = np.pad(
            codes,
            ((0, 0), (0, 0), edge, edge),
            constant_values=self.zero_in,  # the code of 0
        )
        out, kernel = len(self.weight), self.weight.shape[2]
        windows = np.lib.stride_tricks.sliding_window_view(
            padded, (kernel, kernel), axis=(2, 3)
        )[:, :, :: self.stride, :: self.stride]  # (N, C, S', S', K, K)
        num, _, side = windows.shape[:3]
        rows = windows.transpose(0, 2, 3, 1, 4, 5).reshape(num * side**2, -1)
        sums = integer_product(
            rows, self.zero_in, self.weight.reshape(out, -1)
        )
        sums += self.bias
        return sums.reshape(num, side, side, out).transpose(0, 3, 1, 2)

    def __call__(self, codes: NDArray[np.int32]) -> NDArray[Any]:
        """Return codes of the output after ReLU, or real logits at the end."""
        scaled = self.sums(codes) * self.factor[:, None, None]
        if self.zero_out is None:
            return scaled
        moved = round_half_up(scaled) + self.zero_out
        return moved.clip(max(-128, self.zero_out), 127).astype(np.int32)


class Int8Digits:
    """The small network in whole numbers.

    Parameters
    ----------
    net
        A trained network.
    samples
        Images (N, 1, 28, 28), 0 to 1, by which the ranges of the activations are
        measured.

    Examples
    --------
    >>> net = Int8Digits(SmallDigits(), torch.rand(4, 1, 28, 28))
    >>> net.probabilities(np.zeros((2, 28, 28), np.uint8)).shape
    (2, 10)
    >>> net.num_bytes
    29336
    """

    def __init__(self, net: SmallDigits, samples: torch.Tensor) -> None:
        self.layers: list[Int8Layer] = []
        before, x, depth = _PIXELS, samples, 1
        for module in net.layers:
            with torch.no_grad():
                x = module(x)
            if not isinstance(module, (nn.Conv2d, nn.Linear)):
                continue
            W = module.weight.detach().double().numpy()
            padding = 0
            if isinstance(module, nn.Conv2d):
                stride, padding = module.stride[0], int(module.padding[0])
            else:  # a kernel as large as the input
                kernel = round((W.shape[1] / depth) ** 0.5)
                W, stride = W.reshape(-1, depth, kernel, kernel), 1
            largest = max(float(x.max()), 1e-6)  # ReLU follows
            after = affine_for(0.0, largest)
            is_last = module is net.layers[-1]
            assert module.bias is not None
            bias = module.bias.detach().double().numpy()
            scales = symmetric_scales(W)
            units = before.scale * scales  # what 1 of a sum is worth
            self.layers.append(
                Int8Layer(
                    quantise(W, scales[:, None, None, None]).astype(np.int8),
                    round_half_up(bias / units).astype(np.int32),
                    units if is_last else units / after.scale,
                    before.zero_point,
                    None if is_last else after.zero_point,
                    stride,
                    padding,
                )
            )
            before, depth = after, len(W)

    @property
    def num_bytes(self) -> int:
        """Bytes of all weights, biases and factors (4 bytes each)."""
        return sum(
            layer.weight.size + 4 * layer.bias.size + 4 * layer.factor.size
            for layer in self.layers
        )

    def logits(self, images: ArrayLike) -> NDArray[np.float64]:
        """Return the logits (N, 10) of images (N, 28, 28), whole numbers 0 to 255.

        Another shape or other values raise ValueError.
        """
        images = np.asarray(images)
        if images.shape[1:] != (28, 28) or images.ndim != 3:
            raise ValueError(
                f"images have shape {images.shape}; expected (N, 28, 28)"
            )
        if (
            images.dtype.kind not in "ui"
            or not ((images >= 0) & (images <= 255)).all()
        ):
            raise ValueError(
                f"images of {images.dtype}; expected whole numbers, 0 to 255"
            )
        x: NDArray[Any] = images[:, None].astype(np.int32) - 128
        for layer in self.layers:
            x = layer(x)
        return x.reshape(len(x), 10)

    def probabilities(self, images: ArrayLike) -> NDArray[np.float64]:
        """Return the probabilities (N, 10); `images` as for `logits`."""
        return softmax(self.logits(images))

    def pack(self) -> list[dict[str, Any]]:
        """Return the layers as JSON can hold them, the codes in base 64."""
        return [
            {
                "weight": base64.b64encode(layer.weight.tobytes()).decode(),
                "shape": list(layer.weight.shape),
                "bias": layer.bias.tolist(),
                "factor": layer.factor.tolist(),
                "zeroIn": layer.zero_in,
                "zeroOut": layer.zero_out,
                "stride": layer.stride,
                "padding": layer.padding,
            }
            for layer in self.layers
        ]
