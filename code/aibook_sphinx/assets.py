"""How a page loads its style sheets and scripts.

What: all style sheets in one file, which the browser asks for once and before it
draws, without the rules that no page needs; scripts that wait until the page has been
read, and only those that the page needs; icons from the book's own small font. What
not: the sheets and scripts themselves, which the theme, the extensions and
``_static`` bring.
"""

from __future__ import annotations

import os
import re
import zlib
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from pydata_sphinx_theme.pygments import overwrite_pygments_css
from sphinx.application import Sphinx

from aibook_sphinx.icons import cut
from aibook_sphinx.trimming import trim

#: Linked by the theme's own template, before all others.
_THEME = ("_static/styles/theme.css", "_static/styles/pydata-sphinx-theme.css")

#: Files that a page loads only if its text holds the mark.
_WHERE = {
    "_static/clipboard.min.js": 'class="highlight',
    "_static/copybutton.js": 'class="highlight',
    "_static/design-tabs.js": "sd-tab-set",
    "_static/recogniser.js": 'class="book-recogniser"',
    "_static/slider.js": 'class="book-slider"',
    "_static/sphinx-design.min.css": "sd-",
    "_static/widgets.js": 'class="book-widget"',
}

#: Sheets that extensions copy only when all pages are written, by the beginning of
#: their name: where they come from.
_LATE = {
    "exercise": ("sphinx_exercise", "assets/html/exercise.css"),
    "mystnb": ("myst_nb", "static/mystnb.css"),
}

_IMPORT = re.compile(r"""@import\s+(?:url\()?["']?([^"')]+)["']?\)?\s*;""")
_URL = re.compile(r"""url\(\s*["']?([^"')]+)["']?\s*\)""")
_LEFT_OUT = re.compile(r'@charset "[^"]*";|/\*# sourceMappingURL=[^*]*\*/')


def _moved(url: str, old: Path, new: Path) -> str:
    """Return a relative address as it reads from another folder."""
    if re.match(r"[a-z]+:|[/#]", url):
        return url
    return Path(os.path.relpath(old / url, new)).as_posix()


def read(path: Path, folder: Path) -> str:
    """Return a style sheet with those that it imports, for use in `folder`.

    Addresses in it are made relative to `folder`.
    """
    css = _LEFT_OUT.sub("", path.read_text(encoding="utf-8-sig"))
    css = _URL.sub(
        lambda m: f'url("{_moved(m[1], path.parent, folder)}")', css
    )
    return _IMPORT.sub(lambda m: read(path.parent / m[1], folder), css).strip()


def _source(root: Path, name: str) -> Path:
    """Return the file that holds a style sheet's text."""
    late = _LATE.get(Path(name).name.split(".")[0])
    if late:
        return Path(str(resources.files(late[0]).joinpath(late[1])))
    return root / name


@cache
def _bundle(app: Sphinx, names: tuple[str, ...]) -> str:
    """Write the named style sheets as one file; return its name.

    Pages may be written in several processes: each writes the same bytes, and
    puts them in place at once.
    """
    root = Path(app.outdir)
    folder = root / "_static" / "styles"
    # The theme would write the colours of code only when all pages are written.
    overwrite_pygments_css(app)
    css = "\n".join(read(_source(root, name), folder) for name in names)
    name = f"book-{zlib.crc32(' '.join(names).encode()):08x}.css"
    fresh = folder / f"{name}.{os.getpid()}"
    fresh.write_text(f"{trim(cut(css))}\n", encoding="utf-8")
    fresh.replace(folder / name)
    return f"styles/{name}"


def _is_bundled(sheet: Any) -> bool:
    attributes = {k: v for k, v in sheet.attributes.items() if k != "digest"}
    plain = {"rel": "stylesheet", "type": "text/css"}
    return attributes == plain and "://" not in str(sheet.filename)


def _is_needed(asset: Any, body: str) -> bool:
    mark = _WHERE.get(str(asset.filename))
    return mark is None or mark in body


def _waiting(script: Any) -> Any:
    """Return the script as one that runs, in order, once the page is read."""
    attributes = dict(script.attributes)
    if not script.filename:
        attributes.setdefault("type", "module")
    elif not {"async", "type"} & attributes.keys():
        attributes["defer"] = "defer"
    return type(script)(
        script.filename, priority=script.priority, **attributes
    )


def _arrange(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: object,
) -> None:
    """Replace a page's style sheets and scripts, in place as themes do."""
    if app.builder.name != "html":
        return
    body = context.get("body", "")
    sheets, scripts = context["css_files"], context["script_files"]
    # What only some pages load stays a file of its own.
    joined = [
        sheet
        for sheet in sorted(sheets, key=lambda sheet: sheet.priority)
        if _is_bundled(sheet) and str(sheet.filename) not in _WHERE
    ]
    names = dict.fromkeys([*_THEME, *(str(s.filename) for s in joined)])
    sheets[:] = [s for s in sheets if s not in joined and _is_needed(s, body)]
    app.add_css_file(_bundle(app, tuple(names)), priority=0)
    scripts[:] = [s for s in scripts if _is_needed(s, body)]
    # The search page's own scripts do not wait, and need these.
    if pagename != "search":
        scripts[:] = map(_waiting, scripts)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the style sheet of the icons, and arrange every page's files."""
    app.add_css_file("icons.css")
    # After the theme and the extensions have added theirs.
    app.connect("html-page-context", _arrange, priority=950)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
