"""Draw the raster pictures of the site from its logo, ``_static/icon.svg``.

What: ``card.png``, which a preview of a link shows, with the book's titles; and
``icon-180.png``, the icon on a phone's home screen, which must not be transparent.
What not: no part of the build; it needs Playwright, Chromium and a Korean font
(Debian: fonts-noto-cjk), and is run by hand when the logo or a title changes::

    PYTHONPATH=code python -m aibook_sphinx.tools.draw_cards _static
"""

from __future__ import annotations

import argparse
import io
import shutil
from collections.abc import Sequence
from html import escape
from pathlib import Path

from PIL import Image

from aibook_sphinx.languages import LANGUAGES

CARD = (1200, 630)
ICON = (180, 180)

_STYLE = """
body { margin: 0; background: #fff; color: #14181e; height: 100vh; display: flex;
  align-items: center; justify-content: center; gap: 56px;
  font: 700 58px/1.35 "Noto Sans CJK KR"; word-break: keep-all; }
p { margin: 0 0 20px; max-width: 720px; }
p + p { font-size: 44px; font-weight: 400; color: #48566b; }
"""


def card(logo: str) -> str:
    """Return the card as HTML: the logo, and the book's title in each language."""
    titles = "".join(
        f'<p lang="{code}">{escape(language.title)}</p>'
        for code, language in LANGUAGES.items()
    )
    logo = logo.replace("<svg ", '<svg width="300" height="300" ', 1)
    return f"<style>{_STYLE}</style>{logo}<div>{titles}</div>"


def icon(logo: str) -> str:
    """Return the icon as HTML: the logo with a margin, on white."""
    logo = logo.replace("<svg ", '<svg width="132" height="132" ', 1)
    return f"<style>{_STYLE}</style>{logo}"


def draw(html: str, size: tuple[int, int]) -> Image.Image:
    """Return what a browser draws.

    Raises
    ------
    playwright.sync_api.Error
        If there is no Chromium.
    """
    from playwright.sync_api import sync_playwright

    width, height = size
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        page = browser.new_page(viewport={"width": width, "height": height})
        page.set_content(html)
        data = page.screenshot()
        browser.close()
    return Image.open(io.BytesIO(data)).convert("RGB")


def main(arguments: Sequence[str] | None = None) -> None:
    """Draw both pictures into the folder of the logo."""
    parser = argparse.ArgumentParser(description="Draw the site's pictures.")
    parser.add_argument("folder", type=Path, help="holds icon.svg")
    folder: Path = parser.parse_args(arguments).folder
    logo = (folder / "icon.svg").read_text(encoding="utf-8")
    for name, html, size in (
        ("card", card(logo), CARD),
        ("icon-180", icon(logo), ICON),
    ):
        picture = draw(html, size).quantize(32, dither=Image.Dither.NONE)
        picture.save(folder / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
