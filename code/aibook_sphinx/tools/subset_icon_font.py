"""Cut the book's icon font out of Font Awesome Free.

What: keeps the icons that `aibook_sphinx.icons` lists, from the font of solid icons
and that of brands, in one font under its own name, as the Open Font License asks of a
modified font whose name is reserved. What not: no part of the build; it needs
`fonttools` and `brotli`, and is run by hand when a test tells that an icon is missing.
``_static/fonts/README.md`` holds the exact command.
"""

import argparse
import tempfile
from pathlib import Path

from fontTools import merge, subset  # type: ignore[import-untyped]
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

from aibook_sphinx.icons import BRANDS, FAMILY, ICONS


def _subset(source: Path, icons: dict[str, str], target: Path) -> str:
    """Write a font with some icons; return the version of its source."""
    options = subset.Options(notdef_outline=True, glyph_names=False)
    with TTFont(source, recalcTimestamp=False) as font:
        missing = {ord(c) for c in icons.values()} - font.getBestCmap().keys()
        if missing:
            names = ", ".join(f"U+{point:04X}" for point in sorted(missing))
            raise ValueError(f"{source} has no glyph for {names}")
        version: str = font["name"].getDebugName(5)
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=map(ord, icons.values()))
        cutter.subset(font)
        font.flavor = None
        font.save(target)
    return version


def cut(solid: Path, brands: Path, target: Path) -> None:
    """Write the book's font.

    Parameters
    ----------
    solid, brands
        Font Awesome's fonts, in any format that fontTools reads.
    target
        The woff2 file to write.

    Raises
    ------
    ValueError
        If a font lacks an icon.
    """
    with tempfile.TemporaryDirectory() as folder:
        parts = [Path(folder, "solid.otf"), Path(folder, "brands.otf")]
        version = _subset(solid, ICONS, parts[0])
        _subset(brands, BRANDS, parts[1])
        with TTFont(parts[0]) as font:
            created, modified = font["head"].created, font["head"].modified
        font = merge.Merger().merge([str(part) for part in parts])
    # The source's own dates, so that the same source gives the same bytes.
    font["head"].created, font["head"].modified = created, modified
    font.recalcTimestamp = False
    names = font["name"]
    copyright_ = names.getDebugName(0)
    names.names = []
    for name_id, text in {
        0: copyright_,
        1: FAMILY,
        2: "Regular",
        3: f"{FAMILY}; cut from Font Awesome Free, {version}",
        4: FAMILY,
        5: f"{version}; cut",
        6: FAMILY.replace(" ", ""),
        13: "This Font Software is licensed under the SIL Open Font License, "
        "Version 1.1.",
    }.items():
        names.setName(text, name_id, 3, 1, 0x409)
    top = font["CFF "].cff
    top.fontNames = [FAMILY.replace(" ", "")]
    top[0].FullName = top[0].FamilyName = FAMILY
    font.flavor = "woff2"
    font.save(target)


def main() -> None:
    """Read the paths from the command line and cut the font."""
    parser = argparse.ArgumentParser(description="Cut the book's icon font.")
    parser.add_argument("solid", type=Path, help="fa-solid-900.woff2")
    parser.add_argument("brands", type=Path, help="fa-brands-400.woff2")
    parser.add_argument("target", type=Path, help="the woff2 file to write")
    arguments = parser.parse_args()
    cut(arguments.solid, arguments.brands, arguments.target)


if __name__ == "__main__":
    main()
