"""The two pages beside the languages' folders, in no language of their own.

``index.html`` sends readers to the language they read: with JavaScript to the one
that was chosen last (see ``_static/language.js``), else to the first of the
browser's languages that the book has, else to English. Without it the page offers
the choice. ``404.html`` is what servers show in place of a missing page, at any
depth, so its links must not depend on the folder that it is shown in.
"""

from __future__ import annotations

from html import escape
from pathlib import Path
from string import Template
from urllib.parse import quote, urlsplit

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
$head
<style>
body { display: flex; flex-wrap: wrap; gap: 1.5rem; align-items: center;
  justify-content: center; align-content: center; min-height: 100vh; margin: 0;
  padding: 1.5rem; box-sizing: border-box; background: #fff; color: #1d2025;
  font: 1.125rem/1.6 system-ui, "Apple SD Gothic Neo", "Malgun Gothic",
    "Noto Sans KR", "Noto Sans CJK KR", NanumGothic, sans-serif; }
h1, h2, p { flex-basis: 100%; margin: 0; line-height: 1.6; text-align: center;
  word-break: keep-all; }
h1, h2 { font-size: 1.25rem; font-weight: 600; }
h1 span { display: block; }
a { padding: .75rem 2rem; border: 1px solid; border-radius: .5rem; color: #0b56b3;
  font-weight: 600; text-decoration: none; }
a:hover { text-decoration: underline; }
a:focus-visible { outline: 3px solid; outline-offset: 3px; }
main { display: contents; }
section { display: flex; flex-wrap: wrap; gap: 1rem; flex-basis: 20rem;
  justify-content: center; }
@media (prefers-color-scheme: dark) {
  body { background: #121212; color: #e6e8eb; }
  a { color: #8ab8ff; }
}
</style>
$script
</head>
<body>
<main>
$body
</main>
</body>
</html>
""")

_SEND_ON = Template("""\
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
</script>""")

# Where the address of the site is not known: what precedes a language's folder in
# the address is the root, else the missing page lies in the root itself.
_FIND_ROOT = Template("""\
<script>
"use strict";
addEventListener("DOMContentLoaded", () => {
  const root = location.pathname.match(/^(.*?\\/)(?:$codes)(?:\\/|$$)/)?.[1] ?? "";
  for (const link of document.links) {
    link.setAttribute("href", root + link.getAttribute("href"));
  }
});
</script>""")


def write_entry_page(folder: Path, site_url: str = "") -> Path:
    """Write ``index.html`` into the folder that holds the languages' folders.

    Parameters
    ----------
    folder
        Where the languages were built to; made if it does not exist.
    site_url
        Where the folder is published, without a slash at its end, if it is. Then
        the page also tells search engines and previews of links about the site.

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
    up = f"{site_url}/" if site_url else ""
    alternates = {code: f"{up}{code}/index.html" for code in LANGUAGES}
    titles, head = [], []
    if site_url:
        alternates["x-default"] = up
        head += [f'<link rel="canonical" href="{escape(up)}">']
    for code, address in alternates.items():
        head.append(
            f'<link rel="alternate" hreflang="{code}" href="{escape(address)}">'
        )
    links = []
    for code, language in LANGUAGES.items():
        titles.append(f'<span lang="{code}">{escape(language.title)}</span>')
        links.append(_link(f"{code}/index.html", code, language.name))
    codes = ", ".join(f'"{code}"' for code in LANGUAGES)
    return _write(
        folder / "index.html",
        title=_title(),
        head=[*head, *_preview(site_url)],
        script=_SEND_ON.substitute(codes=codes, default=DEFAULT),
        body=[f"<h1>{''.join(titles)}</h1>", *links],
    )


def write_missing_page(folder: Path, site_url: str = "") -> Path:
    """Write ``404.html``, which stands in for any page that does not exist.

    Parameters
    ----------
    folder
        Where the languages were built to; made if it does not exist.
    site_url
        Where the folder is published, without a slash at its end. If it is not
        known, a script finds the root in the address of the missing page.

    Returns
    -------
    Path
        The page.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     page = write_missing_page(Path(folder), "https://example.org/book")
    ...     text = page.read_text(encoding="utf-8")
    >>> 'href="/book/ko/search.html"' in text
    True
    """
    root = quote(urlsplit(site_url).path) + "/" if site_url else ""
    body, titles = [], []
    for number, (code, language) in enumerate(LANGUAGES.items()):
        heading = "h2" if number else "h1"
        titles.append(language.missing)
        body += [
            f'<section lang="{code}">',
            f"<{heading}>{escape(language.missing)}</{heading}>",
            f"<p>{escape(language.missing_advice)}</p>",
            _link(f"{root}{code}/index.html", code, language.home),
            _link(f"{root}{code}/search.html", code, language.search),
            "</section>",
        ]
    find = _FIND_ROOT.substitute(codes="|".join(LANGUAGES))
    return _write(
        folder / "404.html",
        title=f"404 · {' · '.join(titles)}",
        head=['<meta name="robots" content="noindex">'],
        script="" if site_url else find,
        body=body,
        icon=f"{root}{DEFAULT}" if site_url else "",
    )


def _title() -> str:
    return " · ".join(language.title for language in LANGUAGES.values())


def _link(address: str, code: str, text: str) -> str:
    return (
        f'<a href="{escape(address)}" lang="{code}" hreflang="{code}">'
        f"{escape(text)}</a>"
    )


def _preview(site_url: str) -> list[str]:
    """Return what a preview of a link to the site shows."""
    said = " · ".join(language.description for language in LANGUAGES.values())
    properties = {"type": "website", "title": _title(), "description": said}
    if site_url:
        properties["url"] = f"{site_url}/"
        properties["image"] = f"{site_url}/{DEFAULT}/_static/card.png"
    return [
        f'<meta name="description" content="{escape(said)}">',
        *(
            f'<meta property="og:{name}" content="{escape(value)}">'
            for name, value in properties.items()
        ),
    ]


def _write(
    path: Path,
    *,
    title: str,
    head: list[str],
    script: str,
    body: list[str],
    icon: str = DEFAULT,
) -> Path:
    if icon:
        head = [f'<link rel="icon" href="{icon}/_static/icon.svg">', *head]
    page = _PAGE.substitute(
        default=DEFAULT,
        title=escape(title),
        head="\n".join(head),
        script=script,
        body="\n".join(body),
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page, encoding="utf-8", newline="\n")
    return path
