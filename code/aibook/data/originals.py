"""The original of a bundled file: read, and compared with what it should be.

What: the hash of an original against that in `aibook.data.provenance`.

What not: no download; what is drawn from it (`aibook.data.drawn_images`,
`aibook.data.drawn_texts`).

Book page: reference/datasets
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from aibook.data.files import DataFileError
from aibook.data.idx import read_plain
from aibook.data.provenance import PROVENANCE

__all__ = ["REMEDY", "read_original"]

REMEDY = "Name the original that manifest.json describes under 'source'."
"""What to do about a file that is missing or another one."""


def read_original(
    name: str, original: str, path: Path, *, table: bool = False
) -> bytes:
    """Return the plain content of an original, after a look at its hash.

    Parameters
    ----------
    name
        The bundled file that is drawn from it.
    original
        What `provenance` calls the original.
    path
        Where it lies, plain or gzipped.
    table
        Whether carriage returns do not count, as in a table of text.

    Returns
    -------
    bytes
        The content, unpacked.

    Raises
    ------
    DataFileError
        If the file is missing or not the original.

    Examples
    --------
    >>> read_original("adult.csv.gz", "adult.data", Path("nowhere"))
    ... # doctest: +ELLIPSIS
    Traceback (most recent call last):
    aibook.data.files.DataFileError: nowhere: expected a readable file, ...
    """
    content = read_plain(path)
    if table:
        content = content.replace(b"\r", b"")
    expected = PROVENANCE[name]["originals"][original]
    digest = hashlib.sha256(content).hexdigest()
    if digest != expected:
        what = f"{original} with sha256 {expected} when unpacked"
        raise DataFileError.about(path, what, f"sha256 {digest}", REMEDY)
    return content
