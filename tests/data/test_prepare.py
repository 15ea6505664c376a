"""The bundled bytes drawn again, from the originals or from what is left of them."""

import gzip
import hashlib
import json
import shutil
import zlib
from pathlib import Path

import numpy as np
import pytest

from aibook.data.files import FOLDER, load_arrays, load_manifest
from aibook.data.idx import read_idx, read_plain
from aibook.data.packing import pack_arrays, pack_text
from aibook.data.prepare import main
from aibook.data.provenance import PROVENANCE
from helpers import assert_same

FILES = FOLDER / "files"
DEBIAN = Path("/usr/share/datasets/fashion-mnist")
needs_debian = pytest.mark.skipif(
    not DEBIAN.is_dir(),
    reason="Debian's package dataset-fashion-mnist is not installed",
)


@pytest.fixture(scope="module")
def mnist_original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Undo the drawing: all 5,000 digits are bundled, with their rows."""
    names = [f"{kind}_{split}" for split in ("train", "test") for kind in "Xy"]
    arrays = load_arrays(
        "files/mnist.npz", *names, "index_train", "index_test"
    )
    X, y = (np.concatenate([arrays[i], arrays[i + 2]]) for i in range(2))
    rows = np.argsort(np.concatenate(arrays[4:]))
    table = np.column_stack([X.reshape(len(X), -1), y])[rows]
    path = tmp_path_factory.mktemp("mnist") / "mnist_5k.csv"
    path.write_text(
        "".join(",".join(map(str, row)) + "\n" for row in table.tolist())
    )
    return path


@pytest.fixture(scope="module")
def adult_original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Undo the drawing: the rows are UCI's but for the spaces."""
    lines = read_plain(FILES / "adult.csv.gz").decode().splitlines()[1:]
    path = tmp_path_factory.mktemp("adult") / "adult.data"
    path.write_text("\n".join(lines).replace(",", ", ") + "\n\n")
    return path


def assert_bundled(folder: Path, name: str) -> None:
    """Compare a drawn file with the bundled one, packed and unpacked."""
    if name.endswith(".npz"):
        with np.load(folder / name) as drawn, np.load(FILES / name) as bundled:
            assert drawn.files == bundled.files
            for key in drawn.files:
                assert_same(drawn[key], bundled[key])
    else:
        assert read_plain(folder / name) == read_plain(FILES / name)
    if "ng" in zlib.ZLIB_RUNTIME_VERSION:
        return  # zlib-ng packs the same content differently
    assert (folder / name).read_bytes() == (FILES / name).read_bytes()
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest[name] == load_manifest()[name]


@needs_debian
def test_fashion_mnist_again(tmp_path: Path) -> None:
    assert main(["--fashion-mnist", str(DEBIAN), "--out", str(tmp_path)]) == 0
    assert_bundled(tmp_path, "fashion_mnist.npz")


@needs_debian
def test_fashion_mnist_rows_are_the_official_ones() -> None:
    for split, stem in (("train", "train"), ("test", "t10k")):
        names = (f"X_{split}", f"y_{split}", f"index_{split}")
        X, y, rows = load_arrays("files/fashion_mnist.npz", *names)
        assert len(set(rows.tolist())) == len(rows)
        assert_same(X, read_idx(DEBIAN / f"{stem}-images-idx3-ubyte.gz")[rows])
        assert_same(y, read_idx(DEBIAN / f"{stem}-labels-idx1-ubyte.gz")[rows])


def test_mnist_again(tmp_path: Path, mnist_original: Path) -> None:
    assert main(["--mnist", str(mnist_original), "--out", str(tmp_path)]) == 0
    assert_bundled(tmp_path, "mnist.npz")


@pytest.mark.parametrize("packed", [False, True])
def test_adult_again(
    tmp_path: Path, adult_original: Path, packed: bool
) -> None:
    content = adult_original.read_bytes()
    if packed:
        content = gzip.compress(content.replace(b"\n", b"\r\n"))
    original = tmp_path / "original"
    original.write_bytes(content)
    assert main(["--adult", str(original), "--out", str(tmp_path)]) == 0
    assert_bundled(tmp_path, "adult.csv.gz")


@pytest.fixture
def small_book(tmp_path: Path) -> Path:
    """Two pages, a section each; the book itself has changed since it was copied."""
    for language, text in (("ko", "글자"), ("en", "letters")):
        page = tmp_path / "book" / language / "ai" / "a.md"
        page.parent.mkdir(parents=True)
        page.write_text(f"(a)=\n# A\n\n{text}\n", encoding="utf-8")
    return tmp_path / "book"


def test_corpus_from_the_pages_that_are_known(
    tmp_path: Path, small_book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources = "".join(
        f"{language}/ai/a.md\n"
        + (small_book / language / "ai/a.md").read_text()
        for language in ("ko", "en")
    )
    digest = hashlib.sha256(sources.encode()).hexdigest()
    record = PROVENANCE["corpus.jsonl.gz"] | {"originals": {"pages": digest}}
    monkeypatch.setitem(PROVENANCE, "corpus.jsonl.gz", record)
    out = tmp_path / "out"
    assert main(["--book", str(small_book), "--out", str(out)]) == 0
    (line,) = read_plain(out / "corpus.jsonl.gz").decode().splitlines()
    assert json.loads(line) == {
        "page": "ai/a",
        "label": "a",
        "ko": "A\n글자",
        "en": "A\nletters",
    }
    manifest = json.loads((out / "manifest.json").read_text())
    assert manifest["corpus.jsonl.gz"]["contents"]["rows"] == 1


def test_pages_that_have_changed_are_refused(
    tmp_path: Path, small_book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert main(["--book", str(small_book), "--out", str(out)]) == 1
    assert "expected pages with sha256" in capsys.readouterr().err
    assert not out.exists()


def test_two_runs_give_the_same_bytes(
    tmp_path: Path, adult_original: Path
) -> None:
    for name in ("a", "b"):
        out = str(tmp_path / name)
        assert main(["--adult", str(adult_original), "--out", out]) == 0
    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()
    assert (tmp_path / "a" / "adult.csv.gz").read_bytes()[4:8] == bytes(
        4
    )  # mtime


def test_unnamed_sets_keep_their_record(
    tmp_path: Path, adult_original: Path
) -> None:
    shutil.copy(FILES / "manifest.json", tmp_path)
    assert main(["--adult", str(adult_original), "--out", str(tmp_path)]) == 0
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    assert list(manifest) == list(PROVENANCE)
    assert manifest["mnist.npz"] == load_manifest()["mnist.npz"]


@pytest.mark.parametrize("option", ["--mnist", "--adult"])
def test_other_file_is_refused_and_nothing_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], option: str
) -> None:
    other = tmp_path / "other.csv"
    other.write_bytes(b"1,2,3\n")
    out = tmp_path / "out"
    assert main([option, str(other), "--out", str(out)]) == 1
    message = capsys.readouterr().err
    assert message.startswith(f"error: {other}: expected ")
    assert hashlib.sha256(b"1,2,3\n").hexdigest() in message
    assert not out.exists()


def test_one_bad_original_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], adult_original: Path
) -> None:
    out = tmp_path / "out"
    arguments = [
        "--adult",
        str(adult_original),
        "--fashion-mnist",
        str(tmp_path),
    ]
    assert main([*arguments, "--out", str(out)]) == 1
    assert "train-images-idx3-ubyte" in capsys.readouterr().err
    assert not out.exists()


def test_nothing_named(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main([])
    assert "name at least one of" in capsys.readouterr().err


def test_packing_depends_on_the_content_alone() -> None:
    a, b = np.arange(6).reshape(2, 3), np.zeros(2)
    assert pack_arrays({"a": a, "b": b}) == pack_arrays(
        {"a": a.copy(), "b": b}
    )
    assert pack_arrays({"a": a.T}) == pack_arrays(
        {"a": np.ascontiguousarray(a.T)}
    )
    assert pack_arrays({"a": a}) != pack_arrays({"a": a + 1})
    assert pack_text("a") == pack_text("a")
    with pytest.raises(ValueError, match="allow_pickle"):
        pack_arrays({"a": np.array([object()])})


def test_manifest_holds_the_provenance_and_the_contents() -> None:
    manifest = load_manifest()
    assert list(manifest) == list(PROVENANCE)
    for name, facts in PROVENANCE.items():
        assert manifest[name] == manifest[name] | facts
        for key in (
            "title",
            "authors",
            "licence",
            "source",
            "drawn",
            "homepage",
        ):
            assert facts[key]
        assert all(len(digest) == 64 for digest in facts["originals"].values())
        if name.endswith(".npz"):
            with np.load(FILES / name) as archive:
                described = {
                    key: {
                        "shape": list(array.shape),
                        "dtype": array.dtype.name,
                    }
                    for key, array in archive.items()
                }
            assert manifest[name]["contents"] == described
    assert {facts["licence"]["spdx"] for facts in PROVENANCE.values()} == {
        "MIT",
        "CC-BY-SA-3.0",
        "CC-BY-4.0",
        "NONE",
        "CC0-1.0",
    }


def test_notices_name_every_file() -> None:
    text = (FILES / "LICENSES.md").read_text(encoding="utf-8")
    for name, facts in PROVENANCE.items():
        assert f"## {name}" in text
        assert all(author.split()[-1] in text for author in facts["authors"])
    assert "The above copyright notice and this permission notice" in text
