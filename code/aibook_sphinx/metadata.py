"""What search engines and previews of links read of a page and of the site.

What: on every page a description, its addresses in the other languages, and Open
Graph; at the root, beside the languages' folders, the page that sends readers on
and the one for missing pages (see `aibook_sphinx.entry`). Canonical addresses, a
sitemap and ``robots.txt`` must be absolute, so they exist only where
``aibook_site_url`` says under which address the site is published.
What not: the text of a description (`aibook_sphinx.summary`).

Extensions exist for this, but none knows a site of two builds: sphinx-sitemap
writes one map a language, inside it, and sphinxext-opengraph needs an address.

Source: sitemaps.org protocol 0.9; the Open Graph protocol, ogp.me.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xml.sax.saxutils import escape, quoteattr

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ConfigError
from sphinx.locale import _

from aibook_sphinx.entry import DEFAULT, write_entry_page, write_missing_page
from aibook_sphinx.languages import LANGUAGES, has_page
from aibook_sphinx.summary import description, plain, shorten

# Neither in the sitemap nor in an engine's index: it shows nothing by itself.
UNLISTED = ("search",)
CARD = "_static/card.png"

_SITEMAP = """\
<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" \
xmlns:xhtml="http://www.w3.org/1999/xhtml">
{}
</urlset>
"""
_ROBOTS = """\
User-agent: *
Allow: /
Sitemap: {}/sitemap.xml
"""


def site_url(text: str) -> str:
    """Return the address of the site without a slash at its end.

    Raises
    ------
    ConfigError
        If the text is neither empty nor an absolute address.

    Examples
    --------
    >>> site_url("https://example.org/book/")
    'https://example.org/book'
    """
    parts = urlsplit(text)
    is_address = parts.scheme in {"http", "https"} and parts.netloc
    if text and (not is_address or parts.query or parts.fragment):
        raise ConfigError(
            "aibook_site_url (AIBOOK_SITE_URL) must be empty or an address such as "
            f"https://example.org/book, got {text!r}"
        )
    return text.rstrip("/")


def sitemap(pages: Iterable[Mapping[str, str]]) -> str:
    """Return the sitemap of pages, each the absolute address in every language.

    A page's languages name each other. There is no date of a last change: the time
    of a build says nothing about a page.

    Examples
    --------
    >>> text = sitemap([{"ko": "https://a.b/ko/c.html", "en": "https://a.b/en/c.html"}])
    >>> text.count("<loc>"), text.count('hreflang="ko"')
    (2, 2)
    """
    entries = []
    for addresses in pages:
        links = "".join(
            f'\n  <xhtml:link rel="alternate" hreflang={quoteattr(code)} '
            f"href={quoteattr(address)}/>"
            for code, address in addresses.items()
        )
        entries += [
            f"<url>\n  <loc>{escape(address)}</loc>{links}\n</url>"
            for code, address in addresses.items()
            if code in LANGUAGES
        ]
    return _SITEMAP.format("\n".join(entries))


def _absolute(app: Sphinx, pagename: str) -> dict[str, str]:
    """Return the page's absolute address in every language that has it."""
    url = site_url(app.config.aibook_site_url)
    target = app.builder.get_target_uri(pagename)
    found = {
        code: f"{url}/{code}/{target}"
        for code in LANGUAGES
        if has_page(app, code, pagename)
    }
    # Who reads none of the languages: at the beginning he chooses.
    is_root = pagename == app.config.root_doc
    default = f"{url}/" if is_root else found.get(DEFAULT)
    return found | ({"x-default": default} if default else {})


def _configure(app: Sphinx, config: Config) -> None:
    """Let Sphinx write the canonical address."""
    url = site_url(config.aibook_site_url)
    if url and not config.html_baseurl:
        config.html_baseurl = f"{url}/{config.language}/"


def _generated_title(pagename: str) -> str | None:
    """Return the title of a page that Sphinx makes from no source."""
    return {
        "genindex": _("Index"),
        "py-modindex": _("Python Module Index"),
        "search": _("Search"),
    }.get(pagename)


def _describe_page(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Give ``metadata.html`` what it writes."""
    url = site_url(app.config.aibook_site_url)
    language = LANGUAGES[app.config.language]
    others = [v.locale for v in LANGUAGES.values() if v is not language]
    if pagename in app.env.titles:
        # The title without its number; a formula in it is left out.
        title = plain(app.env.titles[pagename]).replace("\0", "")
    else:
        title = _generated_title(pagename) or language.title
    if doctree is not None:
        said = description(doctree, otherwise=language.description)
    else:
        said = shorten(f"{title}: {language.description}")
    is_chapter = doctree is not None and pagename != app.config.root_doc
    context["book_meta"] = {
        "title": " ".join(title.split()),
        "description": said,
        "type": "article" if is_chapter else "website",
        "locales": [language.locale, *others],
        "listed": pagename not in UNLISTED,
        # Search engines take absolute addresses only: without one, readers have
        # the switch, which names the language, too.
        "alternates": _absolute(app, pagename) if url else {},
        "url": context.get("pageurl"),
        "image": f"{url}/{app.config.language}/{CARD}" if url else None,
    }


def _write(path: Path, text: str | None) -> None:
    """Write a file, or remove what an earlier build left."""
    if text is None:
        path.unlink(missing_ok=True)
    else:
        path.write_text(text, encoding="utf-8", newline="\n")


def _write_root(app: Sphinx, exception: Exception | None) -> None:
    """Write what stands beside the languages' folders; each language writes it all."""
    if exception is not None or app.builder.name != "html":
        return
    root, url = Path(app.outdir).parent, site_url(app.config.aibook_site_url)
    write_entry_page(root, url)
    write_missing_page(root, url)
    generated = [
        name
        for name in ("genindex", "py-modindex")
        if Path(app.outdir, f"{name}.html").is_file()
    ]
    names = [*sorted(app.env.found_docs), *generated]
    pages = [_absolute(app, name) for name in names if name not in UNLISTED]
    _write(root / "sitemap.xml", sitemap(pages) if url else None)
    _write(root / "robots.txt", _ROBOTS.format(url) if url else None)


def setup(app: Sphinx) -> None:
    """Register the site's address and the hooks."""
    app.add_config_value("aibook_site_url", "", "html", str)
    app.connect("config-inited", _configure)
    # After the languages' hook, whose addresses this one uses.
    app.connect("html-page-context", _describe_page, priority=600)
    app.connect("build-finished", _write_root)
