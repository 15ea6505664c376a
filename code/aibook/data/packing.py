"""Pack arrays and text such that the same content gives the same bytes.

What: ``.npz`` archives and gzip streams without time, user or file name.

What not: the bytes also depend on zlib; zlib-ng, which some builds of Python use,
packs the same content differently.

Book page: reference/datasets
"""

from __future__ import annotations

import gzip
import io
import zipfile
from typing import Any

import numpy as np
import numpy.typing as npt

# 9 takes nine times as long and saves one per cent.
LEVEL = 6


def pack_arrays(arrays: dict[str, npt.NDArray[Any]]) -> bytes:
    """Return an ``.npz`` archive whose bytes depend on the arrays alone.

    Parameters
    ----------
    arrays
        Name to array, of any plain type.

    Returns
    -------
    bytes
        The archive.

    Examples
    --------
    >>> packed = pack_arrays({"y": np.arange(3)})
    >>> np.load(io.BytesIO(packed))["y"]
    array([0, 1, 2])
    """
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, array in arrays.items():
            member = io.BytesIO()
            np.lib.format.write_array(
                member, np.ascontiguousarray(array), (1, 0), allow_pickle=False
            )
            info = zipfile.ZipInfo(f"{name}.npy", (1980, 1, 1, 0, 0, 0))
            info.create_system = 3
            archive.writestr(
                info, member.getvalue(), zipfile.ZIP_DEFLATED, LEVEL
            )
    return stream.getvalue()


def pack_text(text: str) -> bytes:
    """Return `text` gzipped, without name and time.

    Parameters
    ----------
    text
        The content, written as UTF-8.

    Returns
    -------
    bytes
        The gzip stream.

    Examples
    --------
    >>> gzip.decompress(pack_text("age"))
    b'age'
    """
    stream = io.BytesIO()
    with gzip.GzipFile("", "wb", LEVEL, stream, mtime=0) as packer:
        packer.write(text.encode())
    return stream.getvalue()
