"""The page in front of the languages: it sends readers to the one they read.

With JavaScript the reader goes on to the language that was chosen last (see
``_static/language.js``), else to the first of the browser's languages that the
book has, else to English. Without it the page offers the choice.
"""

from __future__ import annotations

from html import escape
from pathlib import Path
from string import Template

from aibook_sphinx.languages import LANGUAGES

DEFAULT = "en"

_PAGE = Template("""\
<!DOCTYPE html>
<html lang="$default">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>$title</title>
<link rel="icon" href="$default/_static/icon.svg">
$alternates
<style>
body { display: flex; flex-wrap: wrap; gap: 1.5rem; align-items: center;
  justify-content: center; align-content: center; min-height: 100vh; margin: 0;
  padding: 1.5rem; box-sizing: border-box; background: #fff; color: #1d2025;
  font: 1.125rem/1.6 system-ui, "Apple SD Gothic Neo", "Malgun Gothic",
    "Noto Sans KR", "Noto Sans CJK KR", NanumGothic, sans-serif; }
h1 { flex-basis: 100%; margin: 0; font-size: 1.25rem; font-weight: 600;
  line-height: 1.6; text-align: center; word-break: keep-all; }
h1 span { display: block; }
a { padding: .75rem 2rem; border: 1px solid; border-radius: .5rem; color: #0b56b3;
  font-weight: 600; text-decoration: none; }
a:hover { text-decoration: underline; }
a:focus-visible { outline: 3px solid; outline-offset: 3px; }
main { display: contents; }
@media (prefers-color-scheme: dark) {
  body { background: #121212; color: #e6e8eb; }
  a { color: #8ab8ff; }
}
</style>
<script>
"use strict";
const codes = [$codes];
let chosen = null;
try {
  chosen = localStorage.getItem("aibook-language");
} catch {
  // Storage may be forbidden; the browser's languages decide.
}
const wanted = [chosen, ...navigator.languages]
  .map((tag) => String(tag).toLowerCase().split("-")[0])
  .find((code) => codes.includes(code));
location.replace(`$${wanted || "$default"}/index.html`);
</script>
</head>
<body>
<main>
<h1>$heading</h1>
$links
</main>
</body>
</html>
""")


def write_entry_page(folder: Path) -> Path:
    """Write ``index.html`` into the folder that holds the languages' folders.

    Parameters
    ----------
    folder
        Where the languages were built to; made if it does not exist.

    Returns
    -------
    Path
        The page.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     page = write_entry_page(Path(folder)).read_text(encoding="utf-8")
    >>> '<a href="ko/index.html" lang="ko" hreflang="ko">한국어</a>' in page
    True
    """
    address = '<link rel="alternate" hreflang="{0}" href="{0}/index.html">'
    link = '<a href="{0}/index.html" lang="{0}" hreflang="{0}">{1}</a>'
    name = '<span lang="{}">{}</span>'
    languages = LANGUAGES.items()
    page = _PAGE.substitute(
        default=DEFAULT,
        title=escape(" · ".join(language.title for _, language in languages)),
        alternates="\n".join(address.format(code) for code in LANGUAGES),
        codes=", ".join(f'"{code}"' for code in LANGUAGES),
        heading="".join(
            name.format(c, escape(lang.title)) for c, lang in languages
        ),
        links="\n".join(
            link.format(c, escape(lang.name)) for c, lang in languages
        ),
    )
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "index.html"
    path.write_text(page, encoding="utf-8", newline="\n")
    return path
