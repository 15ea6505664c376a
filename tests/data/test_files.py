"""The check of bundled files: missing, changed, truncated, pickled, unlisted."""

import gzip
import hashlib
import io
import json
import os
from pathlib import Path

import numpy as np
import pytest

from aibook.data import files
from aibook.data.adult import load_adult
from aibook.data.corpus import load_corpus
from aibook.data.fashion_mnist import load_fashion_mnist
from aibook.data.files import (
    DataFileError,
    load_arrays,
    load_manifest,
    verified,
)
from aibook.data.mnist import load_mnist
from aibook.data.reviews import load_reviews

LOADERS = {
    "fashion_mnist.npz": load_fashion_mnist,
    "mnist.npz": load_mnist,
    "adult.csv.gz": load_adult,
    "corpus.jsonl.gz": lambda: load_corpus("ko", "train"),
    "reviews.csv.gz": lambda: load_reviews("train"),
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in for the package's folder; no file of it is known as verified."""
    (tmp_path / "files").mkdir()
    monkeypatch.setattr(files, "FOLDER", tmp_path)
    monkeypatch.setattr(files, "_verified", set())
    monkeypatch.delenv("AIBOOK_DATA", raising=False)
    return tmp_path


def put(folder: Path, name: str, content: bytes) -> Path:
    """Write a file with a record that fits it."""
    path = folder / "files" / name
    path.write_bytes(content)
    record = {
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    (folder / files.MANIFEST).write_text(
        json.dumps({name: record}), encoding="utf-8"
    )
    return path


def archive(**arrays: np.ndarray) -> bytes:
    stream = io.BytesIO()
    np.savez_compressed(stream, **arrays)
    return stream.getvalue()


def test_every_bundled_file_matches_its_record() -> None:
    for name, record in load_manifest().items():
        content = verified(f"files/{name}").read_bytes()
        assert hashlib.sha256(content).hexdigest() == record["sha256"]
        assert len(content) == record["bytes"]


def test_every_file_in_the_folder_is_listed() -> None:
    present = {path.name for path in (files.FOLDER / "files").iterdir()}
    assert present == {*load_manifest(), "manifest.json", "LICENSES.md"}
    assert set(LOADERS) == set(load_manifest())


@pytest.mark.parametrize("name", LOADERS)
def test_hash_mismatch_names_file_hashes_and_remedy(
    folder: Path, name: str
) -> None:
    path = put(folder, name, b"abc")
    expected = hashlib.sha256(b"abc").hexdigest()
    found = hashlib.sha256(b"abd").hexdigest()
    path.write_bytes(b"abd")
    with pytest.raises(DataFileError) as caught:
        LOADERS[name]()
    for part in (str(path), expected, found, "Restore the file"):
        assert part in str(caught.value)


@pytest.mark.parametrize("name", LOADERS)
def test_truncated_file(folder: Path, name: str) -> None:
    content = bytes(1000)
    path = put(folder, name, content)
    path.write_bytes(content[:-1])
    with pytest.raises(
        DataFileError, match=r"expected 1,000 bytes, found 999 bytes"
    ):
        LOADERS[name]()


@pytest.mark.parametrize("name", LOADERS)
def test_missing_file(folder: Path, name: str) -> None:
    put(folder, name, b"abc").unlink()
    with pytest.raises(
        DataFileError, match=rf"{name}: expected a file .*no file"
    ):
        LOADERS[name]()


@pytest.mark.parametrize("name", LOADERS)
@pytest.mark.parametrize(
    "content", [b"", b"no archive", b"\x1f\x8b\x08", b"PK\x03\x04"]
)
def test_damage_that_the_hash_does_not_tell(
    folder: Path, name: str, content: bytes
) -> None:
    put(folder, name, content)
    with pytest.raises(DataFileError, match=name):
        LOADERS[name]()


def test_archive_cut_anywhere_is_refused(folder: Path) -> None:
    whole = archive(X_train=np.arange(999), y_train=np.arange(9))
    put(folder, "a.npz", whole)
    X, _ = load_arrays("files/a.npz", "X_train", "y_train")
    assert np.array_equal(X, np.arange(999))
    for length in range(0, len(whole), 97):
        put(folder, "a.npz", whole[:length])
        with pytest.raises(DataFileError, match=r"a\.npz"):
            load_arrays("files/a.npz", "X_train", "y_train")


def test_pickled_objects_are_refused_and_never_run(
    folder: Path, tmp_path: Path
) -> None:
    marker = tmp_path / "ran"

    class Trap:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return os.mkdir, (str(marker),)

    trap = np.empty(1, dtype=object)
    trap[0] = Trap()
    put(folder, "mnist.npz", archive(X_train=trap, y_train=np.zeros(1)))
    with pytest.raises(DataFileError, match=r"mnist\.npz.*pickle"):
        load_mnist()
    assert not marker.exists()


def test_absent_array_and_bare_array(folder: Path) -> None:
    put(folder, "a.npz", archive(X=np.zeros(1)))
    with pytest.raises(DataFileError, match=r"plain arrays y, found .*y"):
        load_arrays("files/a.npz", "y")
    stream = io.BytesIO()
    np.save(stream, np.zeros(3))
    put(folder, "a.npz", stream.getvalue())
    with pytest.raises(
        DataFileError, match=r"a\.npz: expected an \.npz archive"
    ):
        load_arrays("files/a.npz", "y")


def test_other_columns_are_refused(folder: Path) -> None:
    put(folder, "adult.csv.gz", gzip.compress(b"age,sex\n1,Male\n"))
    with pytest.raises(DataFileError, match=r"adult\.csv\.gz.*found"):
        load_adult()


def test_file_without_a_record(folder: Path) -> None:
    put(folder, "other.npz", b"abc")
    (folder / "files" / "mnist.npz").write_bytes(b"abc")
    with pytest.raises(
        DataFileError, match=r"a record in files/manifest\.json"
    ):
        verified("files/mnist.npz")


@pytest.mark.parametrize("text", ["", "{", "[]", '{"a": '])
def test_damaged_manifest(folder: Path, text: str) -> None:
    (folder / files.MANIFEST).write_text(text, encoding="utf-8")
    with pytest.raises(DataFileError, match=r"manifest\.json: expected"):
        load_manifest()


def test_missing_manifest(folder: Path) -> None:
    with pytest.raises(
        DataFileError, match=r"manifest\.json: expected .*no file"
    ):
        verified("files/mnist.npz")


def test_a_file_is_hashed_once_and_again_after_a_change(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed = []

    def counting(path: Path) -> str:
        hashed.append(path)
        return hashlib.sha256(path.read_bytes()).hexdigest()

    monkeypatch.setattr(files, "sha256", counting)
    path = put(folder, "a.npz", b"abc")
    for _ in range(3):
        verified("files/a.npz")
    assert len(hashed) == 1
    path.write_bytes(b"abd")
    os.utime(path, ns=(1, 1))
    with pytest.raises(DataFileError, match="sha256"):
        verified("files/a.npz")
    assert len(hashed) == 2


def test_errors_are_os_errors() -> None:
    assert issubclass(DataFileError, OSError)
