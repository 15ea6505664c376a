"""Draw the bundled files from the original data sets.

``python -m aibook.data.prepare --fashion-mnist DIR --mnist FILE --adult FILE
--book DIR --reviews FILE``

What: draws the bundled files and writes ``manifest.json``. Data sets that are not
named keep their file. The same originals give the same bytes: random choices come
from NumPy's frozen generator, and ``packing`` keeps times out of the files.

What not: no download; what is drawn (`aibook.data.drawn_images`,
`aibook.data.drawn_texts`).

Book page: reference/datasets
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy.typing as npt

from aibook.data.adult import COLUMNS
from aibook.data.drawn_images import draw_fashion_mnist, draw_mnist
from aibook.data.drawn_texts import draw_adult, draw_corpus, draw_reviews
from aibook.data.files import FOLDER, MANIFEST, DataFileError
from aibook.data.packing import pack_arrays, pack_text
from aibook.data.provenance import PROVENANCE
from aibook.data.reviews import COLUMNS as REVIEW_COLUMNS

__all__ = ["main"]

Array = npt.NDArray[Any]
Draw = Callable[[Path], dict[str, Array] | str]

# For each option the file, what draws it, what the option names, and what the
# manifest says of a text beside its rows.
_SETS: dict[str, tuple[str, Draw, str, dict[str, Any]]] = {
    "fashion-mnist": ("fashion_mnist.npz", draw_fashion_mnist, "DIR", {}),
    "mnist": ("mnist.npz", draw_mnist, "FILE", {}),
    "adult": ("adult.csv.gz", draw_adult, "FILE", {"columns": list(COLUMNS)}),
    "book": (
        "corpus.jsonl.gz",
        draw_corpus,
        "DIR",
        {"keys": ["page", "label", "ko", "en"]},
    ),
    "reviews": (
        "reviews.csv.gz",
        draw_reviews,
        "FILE",
        {"columns": list(REVIEW_COLUMNS)},
    ),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Draw the data sets that are named on the command line.

    Parameters
    ----------
    arguments
        The command line without the program; `sys.argv` if None.

    Returns
    -------
    int
        0 if all is written, 1 if an original is missing or another file.
    """
    parser = argparse.ArgumentParser(
        prog="aibook.data.prepare", description=__doc__
    )
    for option, (_, _, kind, _) in _SETS.items():
        parser.add_argument(f"--{option}", type=Path, metavar=kind)
    parser.add_argument("--out", type=Path, default=(FOLDER / MANIFEST).parent)
    named = vars(parser.parse_args(arguments))
    out = named.pop("out")
    if not any(named.values()):
        names = ", ".join(f"--{option}" for option in _SETS)
        parser.error(f"name at least one of {names}")
    drawn: dict[str, tuple[bytes, dict[str, Any]]] = {}
    try:
        for option, (name, draw, _, facts) in _SETS.items():
            original = named[option.replace("-", "_")]
            if original is not None:
                drawn[name] = _pack(draw(original), facts)
    except DataFileError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    _write(out, drawn)
    return 0


def _pack(
    content: dict[str, Array] | str, facts: dict[str, Any]
) -> tuple[bytes, dict[str, Any]]:
    """Return the file's bytes, and what the manifest says of its contents."""
    if isinstance(content, str):
        rows = content.count("\n") - ("columns" in facts)  # a line of names
        return pack_text(content), {"rows": rows} | facts
    shapes = {
        key: {"shape": list(array.shape), "dtype": array.dtype.name}
        for key, array in content.items()
    }
    return pack_arrays(content), shapes


def _write(
    folder: Path, drawn: dict[str, tuple[bytes, dict[str, Any]]]
) -> None:
    """Write the files, then the manifest with what was known of the others."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / Path(MANIFEST).name
    known = (
        json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    )
    for name, (content, contents) in drawn.items():
        (folder / name).write_bytes(content)
        known[name] = PROVENANCE[name] | {
            "bytes": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
            "contents": contents,
        }
        print(f"{name}  {len(content):,} bytes")
    ordered = {name: known[name] for name in PROVENANCE if name in known}
    path.write_text(
        json.dumps(ordered, indent=2) + "\n", encoding="utf-8", newline="\n"
    )


if __name__ == "__main__":
    sys.exit(main())
