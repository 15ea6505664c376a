"""A trained network as an ONNX file, in 32 and in 8 bits, run without PyTorch.

ONNX is a format of files for networks: a list of operations and the numbers they
use. ONNX Runtime is one of the programs that run such files, on servers, phones and
in browsers. These functions are thin: they say what is called, and leave nothing on
disk but the file that is named.

Not here: the arithmetic of 8 bits (`aibook.scratch.quantisation`).

Sources: https://onnx.ai, https://onnxruntime.ai.

Book page: labs/on-device
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import torch
from numpy.typing import ArrayLike, NDArray
from onnx import numpy_helper
from onnxruntime.quantization import QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process

__all__ = ["quantise_onnx", "run_onnx", "save_onnx", "stored_numbers"]


def save_onnx(program: torch.export.ExportedProgram, path: Path) -> None:
    """Write what `torch.export.export` gave as an ONNX file.

    Parameters
    ----------
    program
        The exported network.
    path
        Where to write; the weights stand in the same file.

    Examples
    --------
    >>> program = torch.export.export(torch.nn.Linear(3, 2), (torch.zeros(1, 3),))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "net.onnx")
    ...     save_onnx(program, path)
    ...     run_onnx(path, np.zeros((1, 3))).shape
    (1, 2)
    """
    model = torch.onnx.export(program, dynamo=True, verbose=False)
    assert model is not None
    model.save(path)


def run_onnx(path: Path, X: ArrayLike) -> NDArray[np.float32]:
    """Return the first output of an ONNX file for the input X.

    Parameters
    ----------
    path
        The file, with one input.
    X
        The input; it is given as 32-bit floating point.

    Raises
    ------
    FileNotFoundError
        There is no such file.
    """
    if not Path(path).is_file():
        raise FileNotFoundError(f"{path}: there is no such file")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(
        path, options, providers=["CPUExecutionProvider"]
    )
    name = session.get_inputs()[0].name
    X = np.asarray(X, dtype=np.float32)
    return np.asarray(session.run(None, {name: X})[0])


def quantise_onnx(source: Path, target: Path, samples: ArrayLike) -> None:
    """Write an 8-bit copy of an ONNX file.

    Weights are symmetric with a scale for each output, activations affine with a
    scale for each tensor, as in `aibook.models.int8_digits`; the last output is
    rounded too.

    Parameters
    ----------
    source, target
        The file, and where to write the copy.
    samples
        Inputs by which the ranges of the activations are measured.
    """
    with tempfile.TemporaryDirectory() as folder:
        prepared = Path(folder, "prepared.onnx")
        quant_pre_process(source, prepared)
        session = onnx.load(prepared)
        name = session.graph.input[0].name
        rows = [{name: np.asarray(samples, dtype=np.float32)}]
        quantize_static(
            prepared,
            target,
            _Reader(rows),
            per_channel=True,
            activation_type=QuantType.QInt8,
            weight_type=QuantType.QInt8,
        )


def stored_numbers(path: Path) -> dict[str, NDArray[Any]]:
    """Return all arrays that an ONNX file holds, by their names.

    Their bytes are the size of the network; the file has names and notes beside
    them.
    """
    model = onnx.load(path)
    return {
        tensor.name: numpy_helper.to_array(tensor)
        for tensor in model.graph.initializer
    }


class _Reader:
    """Hands out the samples once, as ONNX Runtime wants them."""

    def __init__(self, rows: Iterable[dict[str, Any]]) -> None:
        self.rows = iter(rows)

    def get_next(self) -> dict[str, Any] | None:
        return next(self.rows, None)
