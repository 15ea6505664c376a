"""Find a bundled data file, check its hash, and read it.

What: the file is compared with ``files/manifest.json`` before its first use in
a process, and archives are read without unpickling. Anything missing,
truncated or changed raises `DataFileError`.

What not: no download (see ``full``), no choice of rows (see ``images``).

Book page: reference/datasets
"""

from __future__ import annotations

import hashlib
import json
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

MANIFEST = "files/manifest.json"
FOLDER = Path(__file__).parent
REMEDY = "Restore the file from the book's repository, or reinstall aibook."

_verified: set[tuple[Path, int, int, str]] = set()


class DataFileError(OSError):
    """A data file is missing, damaged, or not the file that was expected.

    Examples
    --------
    >>> print(DataFileError.about("a.npz", "a file", "none", "Put it back."))
    a.npz: expected a file, found none. Put it back.
    """

    @classmethod
    def about(
        cls, path: str | Path, expected: str, found: str, remedy: str
    ) -> DataFileError:
        """Build the error for one file.

        Parameters
        ----------
        path
            The file at fault.
        expected, found
            What should have been there, and what was.
        remedy
            One sentence that says what to do.

        Returns
        -------
        DataFileError
            The error, to be raised by the caller.
        """
        return cls(f"{path}: expected {expected}, found {found}. {remedy}")


def sha256(path: Path) -> str:
    """Return the SHA-256 digest of a file as 64 hexadecimal digits.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    str
        The digest.

    Raises
    ------
    OSError
        If the file cannot be read.

    Examples
    --------
    >>> len(sha256(FOLDER / MANIFEST))
    64
    """
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def load_manifest() -> dict[str, dict[str, Any]]:
    """Return what is known of every bundled file.

    Returns
    -------
    dict
        File name to its record: ``title``, ``authors``, ``licence``, ``source``,
        ``drawn``, ``sha256``, ``bytes``, ``contents`` and more.

    Raises
    ------
    DataFileError
        If the manifest is missing or damaged.

    Examples
    --------
    >>> load_manifest()["adult.csv.gz"]["licence"]["spdx"]
    'CC-BY-4.0'
    """
    path = FOLDER / MANIFEST
    if not path.is_file():
        raise DataFileError.about(
            path, "the list of bundled files", "no file", REMEDY
        )
    try:
        records = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise DataFileError.about(
            path, "valid JSON", str(error), REMEDY
        ) from error
    if not isinstance(records, dict):
        found = type(records).__name__
        raise DataFileError.about(path, "a JSON object", found, REMEDY)
    return records


def verified(file: str) -> Path:
    """Return the path of a bundled file whose hash is the manifest's.

    The file is hashed once in a process, and again when its size or its time of
    change differs.

    Parameters
    ----------
    file
        Path relative to this module's folder, such as ``files/mnist.npz``.

    Returns
    -------
    pathlib.Path
        The file, which exists and is unchanged.

    Raises
    ------
    DataFileError
        If the file is missing, not listed, truncated or changed.

    Examples
    --------
    >>> verified("files/adult.csv.gz").name
    'adult.csv.gz'
    """
    path = FOLDER / file
    record = load_manifest().get(path.name)
    if record is None:
        raise DataFileError.about(
            path, f"a record in {MANIFEST}", "none of that name", REMEDY
        )
    if not path.is_file():
        raise DataFileError.about(
            path, f"a file of {record['bytes']:,} bytes", "no file", REMEDY
        )
    status = path.stat()
    if status.st_size != record["bytes"]:
        raise DataFileError.about(
            path,
            f"{record['bytes']:,} bytes",
            f"{status.st_size:,} bytes",
            REMEDY,
        )
    key = (path, status.st_size, status.st_mtime_ns, record["sha256"])
    if key not in _verified:
        digest = sha256(path)
        if digest != record["sha256"]:
            raise DataFileError.about(
                path, f"sha256 {record['sha256']}", f"sha256 {digest}", REMEDY
            )
        _verified.add(key)
    return path


def load_arrays(file: str, *names: str) -> tuple[npt.NDArray[Any], ...]:
    """Read arrays from a bundled ``.npz`` file, never unpickling.

    Parameters
    ----------
    file
        Path relative to this module's folder.
    *names
        Names of the arrays in the archive.

    Returns
    -------
    tuple of numpy.ndarray
        The arrays in the order of `names`, writable and not shared.

    Raises
    ------
    DataFileError
        If the file fails its check, is no archive, lacks a name, or holds
        pickled objects.

    Examples
    --------
    >>> load_arrays("files/mnist.npz", "X_test", "y_test")[0].shape
    (1000, 28, 28)
    """
    path = verified(file)
    try:
        # NumPy leaves a file that it opened itself open when it is no archive.
        with (
            path.open("rb") as stream,
            np.load(stream, allow_pickle=False) as archive,
        ):
            return tuple(archive[name] for name in names)
    except (
        AttributeError,  # np.load returned a bare array: the file is a .npy
        EOFError,
        KeyError,
        OSError,
        TypeError,
        ValueError,  # pickled objects, or a header that is not NumPy's
        zipfile.BadZipFile,
        zlib.error,
    ) as error:
        expected = f"an .npz archive of plain arrays {', '.join(names)}"
        raise DataFileError.about(
            path, expected, str(error), REMEDY
        ) from error
