r"""Draw the e-books' covers.

A cover is a picture, since libraries and shops show only pictures, so its letters
are drawn once, here, with a Korean font; the build copies the result. With Debian's
package fonts-noto-cjk, whose fonts are under the SIL Open Font License::

    python code/aibook_sphinx/tools/draw_covers.py \
      /usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc --face 1
"""

from __future__ import annotations

import argparse
import itertools
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from aibook_sphinx.languages import LANGUAGES

FOLDER = Path(__file__).parents[1] / "ebook" / "files"
# Shops ask for a height of 1.6 widths. Drawn larger first, so that edges are smooth.
SIZE = (1000, 1600)
SCALE = 2
# The colours of _static/icon.svg.
INK, BLUE, ORANGE, PAPER = "#12233d", "#176de8", "#e89217", "#ffffff"
LAYERS = (3, 4, 4, 1)
TITLES = {
    "ko": ("실행하며 배우는", "인공지능"),
    "en": ("Artificial", "Intelligence", "You Can Run"),
}


def _network(draw: ImageDraw.ImageDraw) -> None:
    """Draw a network of neurons over the lower half."""
    width, height = (SCALE * side for side in SIZE)
    places = [
        [
            (
                width * (0.14 + 0.24 * layer),
                height * (0.7 + 0.1 * (row - (count - 1) / 2)),
            )
            for row in range(count)
        ]
        for layer, count in enumerate(LAYERS)
    ]
    for before, after in itertools.pairwise(places):
        for start in before:
            for end in after:
                draw.line([start, end], fill="#9dc0f3", width=5 * SCALE)
    for layer, column in enumerate(places):
        last = layer == len(places) - 1
        radius = (54 if last else 38) * SCALE
        for place in column:
            draw.circle(place, radius, fill=ORANGE if last else BLUE)


def cover(language: str, font: Path, face: int) -> Image.Image:
    """Return the cover in one language.

    Parameters
    ----------
    language
        One of the book's.
    font
        A font file with Korean letters.
    face
        Which of the file's faces, from 0.

    Raises
    ------
    ValueError
        The title here is not the book's.
    """
    lines = TITLES[language]
    if " ".join(lines) != LANGUAGES[language].title:
        raise ValueError(
            f"the cover says {' '.join(lines)!r}, "
            f"the book {LANGUAGES[language].title!r}"
        )
    width, height = (SCALE * side for side in SIZE)
    image = Image.new("RGB", (width, height), PAPER)
    draw = ImageDraw.Draw(image)
    draw.rectangle([0, 0, width, 24 * SCALE], fill=BLUE)
    letters = ImageFont.truetype(font, 124 * SCALE, index=face)
    for number, line in enumerate(lines):
        place = (90 * SCALE, (130 + 170 * number) * SCALE)
        draw.text(place, line, font=letters, fill=INK)
    _network(draw)
    small = image.resize(SIZE, Image.Resampling.LANCZOS)
    return small.quantize(64, dither=Image.Dither.NONE)


def main() -> None:
    """Draw both covers."""
    parser = argparse.ArgumentParser(description="Draw the e-books' covers.")
    parser.add_argument("font", type=Path, help="a font with Korean letters")
    parser.add_argument("--face", type=int, default=0, help="default: 0")
    options = parser.parse_args()
    for language in LANGUAGES:
        path = FOLDER / f"cover-{language}.png"
        cover(language, options.font, options.face).save(path, optimize=True)
        print(f"{path.name}: {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
