"""AIBOOK_DATA: the complete sets from a local copy, Debian, or a download."""

import contextlib
import functools
import gzip
import hashlib
import struct
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
import torchvision

from aibook.data import full
from aibook.data.fashion_mnist import load_fashion_mnist
from aibook.data.files import DataFileError
from aibook.data.full import data_mode, load_full
from aibook.data.mnist import load_mnist
from helpers import assert_same

DEBIAN = Path("/usr/share/datasets/fashion-mnist")
needs_debian = pytest.mark.skipif(
    not DEBIAN.is_dir(),
    reason="Debian's package dataset-fashion-mnist is not installed",
)


def idx(array: np.ndarray) -> bytes:
    head = bytes([0, 0, 8, array.ndim]) + struct.pack(
        f">{array.ndim}I", *array.shape
    )
    return head + array.tobytes()


def tiny(seed: int = 0) -> dict[str, np.ndarray]:
    """Make a set of 20 training and 10 test images."""
    rng = np.random.default_rng(seed)
    arrays = {}
    for stems, size in ((full.STEMS["train"], 20), (full.STEMS["test"], 10)):
        arrays[stems[0]] = rng.integers(0, 256, (size, 28, 28), dtype=np.uint8)
        arrays[stems[1]] = (np.arange(size) % 10).astype(np.uint8)
    return arrays


def put(
    folder: Path, arrays: dict[str, np.ndarray], packed: bool = False
) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for stem, array in arrays.items():
        content = gzip.compress(idx(array)) if packed else idx(array)
        (folder / (f"{stem}.gz" if packed else stem)).write_bytes(content)
    return folder


@contextlib.contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder over HTTP from this machine."""

    class Handler(SimpleHTTPRequestHandler):
        def log_message(self, *arguments: object) -> None:
            pass

    handler = functools.partial(Handler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Ask for the complete sets, where no set is installed and no network is."""
    monkeypatch.setenv("AIBOOK_DATA", "full")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setattr(full, "DEBIAN", {})
    for name in full.DATASETS:
        cls = getattr(torchvision.datasets, name)
        monkeypatch.setattr(cls, "mirrors", ["http://127.0.0.1:9/"])
    folder = tmp_path / "sets"
    folder.mkdir()
    monkeypatch.setenv("AIBOOK_DATA_DIR", str(folder))
    return folder


@pytest.mark.parametrize(
    ("value", "mode"),
    [(None, "bundled"), ("", "bundled"), ("bundled", "bundled")],
)
def test_bundled_by_default(
    monkeypatch: pytest.MonkeyPatch, value: str | None, mode: str
) -> None:
    monkeypatch.delenv("AIBOOK_DATA", raising=False)
    if value is not None:
        monkeypatch.setenv("AIBOOK_DATA", value)
    assert data_mode() == mode
    assert len(load_mnist("test")[1]) == 1000


@pytest.mark.parametrize("value", ["Full", "all", "1", " "])
def test_other_values_are_refused(
    monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("AIBOOK_DATA", value)
    for load in (load_mnist, load_fashion_mnist):
        with pytest.raises(
            ValueError, match=rf"'bundled' or 'full', got {value!r}"
        ):
            load()


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize(
    ("dataset", "load"),
    [("MNIST", load_mnist), ("FashionMNIST", load_fashion_mnist)],
)
def test_local_copy(
    root: Path, dataset: str, load: object, packed: bool
) -> None:
    arrays = tiny()
    put(root / dataset / "raw", arrays, packed)
    for split, (images, labels) in full.STEMS.items():
        X, y = load(split)
        assert_same(X, arrays[images])
        assert_same(y, arrays[labels].astype(np.int64))
        X, y = load(split, classes=[2, 5], limit=2)
        assert_same(X, arrays[images][[2, 5]])
        assert_same(y, np.array([2, 5], dtype=np.int64))


@pytest.mark.parametrize(
    "name", ["fashion-mnist", "FashionMNIST", "fashion_mnist/raw"]
)
def test_folder_of_one_set_serves_that_set_only(
    root: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    arrays = tiny()
    folder = put(root / name, arrays)
    monkeypatch.setenv("AIBOOK_DATA_DIR", str(folder))
    assert_same(
        load_fashion_mnist("test")[0], arrays["t10k-images-idx3-ubyte"]
    )
    with pytest.raises(DataFileError, match="the complete MNIST"):
        load_mnist("test")


def test_folder_of_an_unknown_set_is_refused(root: Path) -> None:
    put(root, tiny())
    with pytest.raises(
        ValueError, match=r"does not say of which data set; move them"
    ):
        load_mnist()


def test_named_folder_must_exist(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIBOOK_DATA_DIR", str(root / "nowhere"))
    with pytest.raises(
        ValueError, match=r"AIBOOK_DATA_DIR must name a folder, got .*no"
    ):
        load_mnist()


def test_half_a_pair_is_an_error(root: Path) -> None:
    arrays = tiny()
    folder = put(root / "MNIST" / "raw", arrays)
    (folder / "train-labels-idx1-ubyte").unlink()
    with pytest.raises(
        DataFileError, match=r"expected train-labels-idx1-ubyte\[\.gz\]"
    ):
        load_mnist("train")
    (folder / "t10k-images-idx3-ubyte").unlink()
    with pytest.raises(
        DataFileError, match=r"expected t10k-images-idx3-ubyte\[\.gz\]"
    ):
        load_mnist("test")


@pytest.mark.parametrize(
    ("stem", "array", "message"),
    [
        (
            "train-images-idx3-ubyte",
            np.zeros((20, 27, 28), np.uint8),
            "27, 28",
        ),
        (
            "train-images-idx3-ubyte",
            np.zeros((0, 28, 28), np.uint8),
            r"found \(0, 28",
        ),
        (
            "train-labels-idx1-ubyte",
            np.zeros(19, np.uint8),
            r"\(20,\), found \(19,\)",
        ),
        (
            "train-labels-idx1-ubyte",
            np.full(20, 10, np.uint8),
            "found label 10",
        ),
    ],
)
def test_files_that_do_not_fit(
    root: Path, stem: str, array: np.ndarray, message: str
) -> None:
    folder = put(root / "MNIST" / "raw", tiny() | {stem: array})
    with pytest.raises(DataFileError, match=message) as caught:
        load_mnist("train")
    assert str(folder / stem) in str(caught.value)
    assert "AIBOOK_DATA_DIR" in str(caught.value)


def test_truncated_local_copy(root: Path) -> None:
    path = put(root / "MNIST" / "raw", tiny()) / "train-images-idx3-ubyte"
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(
        DataFileError, match=r"expected 15,680 values .* found 15,679"
    ):
        load_mnist("train")


@pytest.mark.parametrize("named", [True, False])
def test_download_impossible(
    root: Path, monkeypatch: pytest.MonkeyPatch, named: bool
) -> None:
    if not named:
        monkeypatch.delenv("AIBOOK_DATA_DIR")
    with pytest.raises(DataFileError) as caught:
        load_mnist()
    folder = root if named else root.parent / "home" / ".cache" / "aibook"
    for part in (
        str(folder / "MNIST" / "raw"),
        "the download failed",
        "Put the four IDX files into MNIST/raw",
        "unset AIBOOK_DATA",
    ):
        assert part in str(caught.value)
    assert list(folder.iterdir()) == []  # nothing half-done stays


def test_unwritable_folder(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root.parent / "home").write_text("a file where a folder is wanted")
    monkeypatch.delenv("AIBOOK_DATA_DIR")
    with pytest.raises(DataFileError, match="the download failed"):
        load_mnist()


@pytest.mark.parametrize("named", [True, False])
def test_download_through_torchvision(
    root: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    named: bool,
) -> None:
    """torchvision's own code, with a server of this machine as its mirror."""
    if not named:
        monkeypatch.delenv("AIBOOK_DATA_DIR")
    arrays = tiny(1)
    mirror = put(root.parent / "mirror", arrays, packed=True)
    cls = torchvision.datasets.FashionMNIST
    sums = [
        (path.name, hashlib.md5(path.read_bytes()).hexdigest())
        for path in sorted(mirror.iterdir())
    ]
    monkeypatch.setattr(cls, "resources", sums)
    with served(mirror) as address:
        monkeypatch.setattr(cls, "mirrors", [address])
        X, y = load_fashion_mnist("test")
    assert_same(X, arrays["t10k-images-idx3-ubyte"])
    assert_same(y, np.arange(10))
    assert capfd.readouterr() == ("", "")
    monkeypatch.setattr(cls, "mirrors", [])
    assert_same(
        load_fashion_mnist("train")[0], arrays["train-images-idx3-ubyte"]
    )


def test_download_beside_files_that_are_there(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process may bring the files while this one downloads them."""
    arrays = tiny()
    target = root / "MNIST" / "raw"

    def bring(scratch: str, download: bool) -> None:
        assert download
        put(target, arrays)
        put(Path(scratch, "MNIST", "raw"), arrays)

    monkeypatch.setattr(torchvision.datasets, "MNIST", bring)
    assert_same(load_mnist("train")[0], arrays["train-images-idx3-ubyte"])
    assert [path.name for path in root.iterdir()] == ["MNIST"]


def test_download_without_the_files(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def bring(scratch: str, download: bool) -> None:
        put(Path(scratch, "MNIST", "raw"), {})

    monkeypatch.setattr(torchvision.datasets, "MNIST", bring)
    with pytest.raises(
        DataFileError, match=r"train-images-idx3-ubyte and .* neither"
    ):
        load_mnist("train")


@needs_debian
def test_debians_folder(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(full, "DEBIAN", {"FashionMNIST": DEBIAN})
    for name in (None, str(root), str(DEBIAN)):
        if name is None:
            monkeypatch.delenv("AIBOOK_DATA_DIR")
        else:
            monkeypatch.setenv("AIBOOK_DATA_DIR", name)
        X, y = load_fashion_mnist("test")
        assert X.shape == (10_000, 28, 28)
        assert np.bincount(y).tolist() == [1000] * 10
    X, y = load_fashion_mnist("train", classes=[9], limit=6000)
    assert X.shape == (6000, 28, 28)
    assert (y == 9).all()


def test_own_copy_comes_before_debians(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own, other = tiny(1), tiny(2)
    monkeypatch.setattr(
        full, "DEBIAN", {"FashionMNIST": put(root / "debian", other)}
    )
    assert_same(load_fashion_mnist("test")[0], other["t10k-images-idx3-ubyte"])
    put(root / "FashionMNIST" / "raw", own)
    assert_same(load_fashion_mnist("test")[0], own["t10k-images-idx3-ubyte"])


@pytest.mark.parametrize(
    "arguments", [("KMNIST", "train"), ("MNIST", "valid"), ("mnist", "train")]
)
def test_unknown_arguments(root: Path, arguments: tuple[str, str]) -> None:
    with pytest.raises(ValueError, match=r"must be '.*' or '.*', got"):
        load_full(*arguments)
