"""Cut the book's mathematical font out of STIX Two Math.

What: keeps the characters that the book's formulas use, with their larger variants
and pieces (the font's ``MATH`` table), drops hinting and unused tables, mends two
things that browsers stumble over (`mend_accents`, `mend_radicals`), and gives the
result its own name, as the Open Font License asks of a modified font.
What not: no part of the build; it needs `fonttools` and `brotli`, and is run by hand
when a character is missing. ``_static/fonts/README.md`` holds the exact command.

Source: OpenType specification 1.9, the ``MATH`` table; SIL Open Font License 1.1.
"""

import argparse
from pathlib import Path

from fontTools import subset  # type: ignore[import-untyped]
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

FAMILY = "Book Math"

# Inclusive ranges of code points, and single ones.
CHARACTERS: tuple[tuple[int, int] | int, ...] = (
    (0x20, 0x7E),  # basic Latin
    *(0xA0, 0xA7, 0xAC, 0xAF, 0xB0, 0xB1, 0xB4, 0xB7, 0xD7, 0xF0, 0xF7),
    *(0x131, 0x237),  # dotless i and j
    *(0x2C6, 0x2C7, (0x2D8, 0x2DA), 0x2DC),  # accents that stand alone
    *((0x300, 0x304), (0x305, 0x308), 0x30A, 0x30C, 0x330, 0x332, 0x338),
    *((0x391, 0x3A1), (0x3A3, 0x3A9), (0x3B1, 0x3C9)),  # Greek
    *(0x3D1, 0x3D5, 0x3D6, 0x3F0, 0x3F1, 0x3F4, 0x3F5),
    *(
        (0x2000, 0x200B),
        (0x2010, 0x2016),
        (0x2018, 0x201D),
        0x2020,
        0x2021,
        0x2022,
    ),
    *(
        0x2026,
        (0x2032, 0x2037),
        0x203E,
        0x2044,
        0x2057,
        0x205F,
        (0x2061, 0x2064),
    ),
    *(0x20D6, 0x20D7, 0x20DB, 0x20E1),  # arrows and dots above
    *(
        0x2102,
        0x2107,
        (0x210A, 0x2113),
        0x2115,
        (0x2118, 0x211D),
        0x2124,
        0x2127,
    ),
    *((0x2128, 0x2129), (0x212B, 0x213A), (0x213C, 0x2140), (0x2145, 0x2149)),
    *(
        (0x2190, 0x219B),
        0x219E,
        0x21A0,
        0x21A3,
        0x21A6,
        0x21A9,
        0x21AA,
    ),  # arrows
    *((0x21BC, 0x21CC), (0x21D0, 0x21D5), 0x21DD, (0x27F5, 0x27FC)),
    *((0x2200, 0x2213), (0x2215, 0x222E), (0x2234, 0x2237), (0x223C, 0x223D)),
    *(
        (0x2240, 0x224D),
        0x2250,
        0x2254,
        0x2255,
        0x225C,
        0x225D,
        0x225F,
    ),  # relations
    *((0x2260, 0x226B), 0x226E, 0x226F, (0x2270, 0x2273), (0x227A, 0x227F)),
    *((0x2282, 0x228B), (0x228E, 0x229E), (0x22A0, 0x22A9), (0x22B2, 0x22B5)),
    *(0x22BA, (0x22C0, 0x22C6), (0x22D6, 0x22DB), (0x22EE, 0x22F1)),
    *(
        (0x2308, 0x230B),
        (0x239B, 0x23AE),
        (0x23B0, 0x23B5),
        0x23D0,
        (0x23DC, 0x23E1),
    ),
    *(0x25A0, 0x25A1, 0x25B2, 0x25B3, 0x25B6, 0x25B7, 0x25BC, 0x25BD, 0x25C6),
    *(0x25C7, 0x25CB, 0x25CF, 0x2605, 0x2606, 0x2713),
    *(0x27C2, (0x27E6, 0x27EB)),  # double brackets, angle brackets
    *(
        (0x2A00, 0x2A06),
        0x2A0C,
        0x2A3F,
        0x2A7D,
        0x2A7E,
        0x2AAF,
        0x2AB0,
        0x2AEB,
    ),
    (0x1D400, 0x1D4CF),  # Latin: bold, italic, bold italic, script
    (0x1D504, 0x1D56B),  # Latin: fraktur, double-struck
    (0x1D6A4, 0x1D755),  # Greek: bold, italic, bold italic
    (0x1D7CE, 0x1D7E1),  # digits: bold, double-struck
)

# Accents that stand alone over or under a formula, and stretch.
ACCENTS = "\u0302\u0303\u0305\u030c\u0330\u0332\u20d6\u20d7\u20db\u20e1"
RADICAL_WIDTH = 836


def code_points() -> list[int]:
    """Return the code points that the book's font keeps, in order.

    Returns
    -------
    Code points, each once, ascending.

    Examples
    --------
    >>> ord("∑") in code_points()
    True
    """
    ranges = (
        pair if isinstance(pair, tuple) else (pair, pair)
        for pair in CHARACTERS
    )
    return sorted(
        {point for low, high in ranges for point in range(low, high + 1)}
    )


def mend_accents(font: TTFont) -> None:
    """Give combining accents a width of their own.

    They have none and lie left of their origin, to fall on the letter before them.
    MathML sets them alone, so they would fall left of the formula.
    """
    for point in map(ord, ACCENTS):
        name = font.getBestCmap()[point]
        glyph = font["glyf"][name]
        glyph.coordinates.translate((-glyph.xMin, 0))
        glyph.recalcBounds(font["glyf"])
        font["hmtx"][name] = (glyph.xMax, 0)
    info = font["MATH"].table.MathGlyphInfo.MathTopAccentAttachment
    mended = {font.getBestCmap()[ord(accent)] for accent in ACCENTS}
    covered = zip(
        info.TopAccentCoverage.glyphs, info.TopAccentAttachment, strict=True
    )
    for name, attachment in covered:
        if name in mended:
            attachment.Value = font["hmtx"][name][0] // 2


def mend_radicals(font: TTFont) -> None:
    """Make large radicals no wider than the small one, up to a hair.

    Chromium reserves the width of the widest for each, which leaves a gap after a
    small radical in a line of text.
    """
    variants = font["MATH"].table.MathVariants
    place = variants.VertGlyphCoverage.glyphs.index(
        font.getBestCmap()[ord("√")]
    )
    radical = variants.VertGlyphConstruction[place]
    names = {record.VariantGlyph for record in radical.MathGlyphVariantRecord}
    names |= {part.glyph for part in radical.GlyphAssembly.PartRecords}
    for name in sorted(names):
        glyph, width = font["glyf"][name], font["hmtx"][name][0]
        if width > RADICAL_WIDTH:
            glyph.coordinates.scale((RADICAL_WIDTH / width, 1))
            glyph.coordinates.toInt()
            glyph.recalcBounds(font["glyf"])
            font["hmtx"][name] = (RADICAL_WIDTH, glyph.xMin)


def cut(source: Path, target: Path) -> None:
    """Write the book's font.

    Parameters
    ----------
    source
        STIX Two Math, in any format that fontTools reads.
    target
        The woff2 file to write.

    Raises
    ------
    ValueError
        If `source` has no ``MATH`` table: its brackets would not stretch.
    """
    options = subset.Options(
        flavor="woff2",
        hinting=False,
        layout_features=[],
        notdef_outline=True,
        name_IDs=[0, 1, 2, 3, 4, 5, 6, 14],
    )
    # The file's own date, so that the same source gives the same bytes.
    with TTFont(source, recalcTimestamp=False) as font:
        if "MATH" not in font:
            raise ValueError(
                f"{source} has no MATH table; give an OpenType math font"
            )
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=code_points())
        cutter.subset(font)
        mend_accents(font)
        mend_radicals(font)
        version = font["name"].getDebugName(5)
        for name_id, text in {
            1: FAMILY,
            3: f"{FAMILY}; cut from {version}",
            4: FAMILY,
            5: f"{version}; cut",
            6: FAMILY.replace(" ", ""),
        }.items():
            font["name"].setName(text, name_id, 3, 1, 0x409)
        font["name"].setName(
            "This Font Software is licensed under the SIL Open Font License, "
            "Version 1.1.",
            *(13, 3, 1, 0x409),
        )
        subset.save_font(font, target, options)


def main() -> None:
    """Read the two paths from the command line and cut the font."""
    parser = argparse.ArgumentParser(description="Cut the book's math font.")
    parser.add_argument(
        "source", type=Path, help="STIX Two Math (woff2, otf or ttf)"
    )
    parser.add_argument("target", type=Path, help="the woff2 file to write")
    arguments = parser.parse_args()
    cut(arguments.source, arguments.target)


if __name__ == "__main__":
    main()
