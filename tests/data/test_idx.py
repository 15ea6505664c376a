"""The IDX reader against torchvision's, and on damaged files."""

import gzip
import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from torchvision.datasets.mnist import read_image_file, read_label_file

from aibook.data.files import DataFileError
from aibook.data.idx import read_idx, read_plain
from helpers import assert_same


def idx(array: np.ndarray) -> bytes:
    head = bytes([0, 0, 8, array.ndim]) + struct.pack(
        f">{array.ndim}I", *array.shape
    )
    return head + array.tobytes()


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("idx") / "file"


@given(
    shape=st.lists(st.integers(1, 6), min_size=1, max_size=3),
    packed=st.booleans(),
)
def test_round_trip(file: Path, shape: list[int], packed: bool) -> None:
    array = np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)
    content = idx(array)
    file.write_bytes(gzip.compress(content) if packed else content)
    result = read_idx(file)
    assert_same(result, array)
    result[...] = 0  # writable


def test_as_torchvision_reads(file: Path) -> None:
    images = np.random.default_rng(0).integers(
        0, 256, (7, 28, 28), dtype=np.uint8
    )
    file.write_bytes(idx(images))
    assert_same(read_idx(file), read_image_file(str(file)).numpy())
    labels = np.array([3, 1, 4, 1, 5], dtype=np.uint8)
    file.write_bytes(idx(labels))
    assert_same(
        read_idx(file).astype(np.int64), read_label_file(str(file)).numpy()
    )


def test_a_file_may_hold_no_values(file: Path) -> None:
    empty = np.zeros((0, 28, 28), np.uint8)
    file.write_bytes(idx(empty))
    assert_same(read_idx(file), empty)


@pytest.mark.parametrize("packed", [False, True])
def test_a_file_cut_anywhere_is_refused(file: Path, packed: bool) -> None:
    content = idx(np.arange(12, dtype=np.uint8).reshape(2, 2, 3))
    content = gzip.compress(content) if packed else content
    for length in range(len(content)):
        file.write_bytes(content[:length])
        with pytest.raises(DataFileError, match=str(file)):
            read_idx(file)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            idx(np.zeros(3, np.uint8)) + b"x",
            r"expected 3 values for shape \(3,\), found 4",
        ),
        (bytes([0, 0, 13, 1, 0, 0, 0, 1]) + bytes(4), "00 00 0d 01"),
        (bytes([0, 0, 8, 0]), "00 00 08 00"),
        (bytes([0, 0, 8, 4]) + bytes(20), "00 00 08 04"),
        (b"<html>", "3c 68 74 6d"),
        (b"", "0 bytes that begin nowhere"),
    ],
)
def test_other_content_is_refused(
    file: Path, content: bytes, message: str
) -> None:
    file.write_bytes(content)
    with pytest.raises(DataFileError, match=message):
        read_idx(file)


def test_missing_file_and_folder(tmp_path: Path) -> None:
    with pytest.raises(
        DataFileError, match=r"nowhere: expected a readable file"
    ):
        read_idx(tmp_path / "nowhere")
    with pytest.raises(DataFileError, match=r"expected a readable file"):
        read_plain(tmp_path)
