"""Read IDX files, the format in which MNIST and Fashion-MNIST are published.

What: unsigned bytes of one to three dimensions, plain or gzipped, with a
complete check of the header against the length.

What not: IDX files of other element types; no writer.

Source: the format's description on the MNIST page, LeCun, Cortes and Burges,
http://yann.lecun.com/exdb/mnist/

Book page: reference/datasets
"""

from __future__ import annotations

import gzip
import math
import struct
import zlib
from pathlib import Path

import numpy as np
import numpy.typing as npt

from aibook.data.files import DataFileError

REMEDY = "Copy or download the file again."
UNSIGNED_BYTE = 8


def read_plain(path: Path) -> bytes:
    """Return a file's content, unpacked if it is gzipped.

    Parameters
    ----------
    path
        The file; its first two bytes tell whether it is gzipped, not its name.

    Returns
    -------
    bytes
        The content.

    Raises
    ------
    DataFileError
        If the file cannot be read, or its compressed stream is damaged.

    Examples
    --------
    >>> from aibook.data.files import FOLDER
    >>> read_plain(FOLDER / "files/adult.csv.gz")[:13]
    b'age,workclass'
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        found = error.strerror or str(error)
        raise DataFileError.about(
            path, "a readable file", found, REMEDY
        ) from error
    if not content.startswith(b"\x1f\x8b"):
        return content
    try:
        return gzip.decompress(content)
    except (EOFError, OSError, zlib.error) as error:
        raise DataFileError.about(
            path, "a complete gzip stream", str(error), REMEDY
        ) from error


def read_idx(path: Path) -> npt.NDArray[np.uint8]:
    """Read one IDX file of unsigned bytes.

    Parameters
    ----------
    path
        The file, plain or gzipped.

    Returns
    -------
    numpy.ndarray
        The array of the header's shape: (N, 28, 28) for images, (N,) for labels;
        values 0 to 255.

    Raises
    ------
    DataFileError
        If the file cannot be read, is no IDX file of unsigned bytes, or is
        shorter or longer than its header says.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "labels")
    ...     _ = path.write_bytes(bytes([0, 0, 8, 1, 0, 0, 0, 3, 7, 2, 1]))
    ...     read_idx(path)
    array([7, 2, 1], dtype=uint8)
    """
    content = read_plain(path)
    num_dims = content[3] if len(content) > 3 else 0
    start = 4 + 4 * num_dims
    if (
        content[:3] != bytes([0, 0, UNSIGNED_BYTE])
        or num_dims not in (1, 2, 3)
        or len(content) < start
    ):
        raise DataFileError.about(
            path,
            "an IDX header (0, 0, 8, number of dimensions 1 to 3, sizes)",
            f"{len(content):,} bytes that begin {content[:4].hex(' ') or 'nowhere'}",
            REMEDY,
        )
    shape = struct.unpack(f">{num_dims}I", content[4:start])
    size = math.prod(shape)
    if len(content) - start != size:
        raise DataFileError.about(
            path,
            f"{size:,} values for shape {shape}",
            f"{len(content) - start:,}",
            REMEDY,
        )
    return np.frombuffer(content, np.uint8, offset=start).reshape(shape).copy()
