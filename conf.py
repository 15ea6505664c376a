"""Sphinx configuration shared by both languages.

The language comes from the command line (``-D language=ko``); what depends on
it is set by ``aibook_sphinx.languages`` once Sphinx knows it.
"""

import os
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent
sys.path.insert(0, str(ROOT / "code"))
# A grammar that jsonschema loads where it is installed: it takes two seconds, and
# notebooks hold nothing that it would check.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

project = (
    "aibook"  # the book's title in each language: aibook_sphinx.languages
)
with (ROOT / "pyproject.toml").open("rb") as file:
    version = tomllib.load(file)["project"]["version"]
del file  # Sphinx would keep it in its settings

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.doctest",
    "sphinx.ext.napoleon",
    "sphinxcontrib.bibtex",
    "sphinx_copybutton",
    "sphinx_design",
    "sphinx_exercise",
    "aibook_sphinx",
]

root_doc = "index"
locale_dirs = [str(ROOT / "book" / "locale")]
gettext_auto_build = False

# --- publishing: where the site and its sources can be reached, if anywhere -----
aibook_site_url = os.environ.get("AIBOOK_SITE_URL", "")
aibook_repository_url = os.environ.get("AIBOOK_REPOSITORY_URL", "")

# --- text -------------------------------------------------------------------
myst_enable_extensions = ["amsmath", "colon_fence", "deflist", "dollarmath"]
myst_dmath_double_inline = True
numfig = True
math_numfig = True
numfig_secnum_depth = 2

# --- execution (see aibook_sphinx.execution) ----------------------------------
nb_execution_mode = "cache"
nb_execution_raise_on_error = True
nb_execution_timeout = 900

# --- examples -----------------------------------------------------------------
# They show what a reader's notebook prints, not what the book stores of its cells.
doctest_global_setup = "import os; os.environ.pop('AIBOOK_BUILD', None)"

# --- references ---------------------------------------------------------------
bibtex_bibfiles = [str(ROOT / "book" / "references.bib")]
bibtex_default_style = "plain"

# --- package reference --------------------------------------------------------
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
autodoc_preserve_defaults = True
autodoc_type_aliases = {
    name: name
    for name in [
        "Array",
        "ArrayLike",
        "Batches",
        "Floats",
        "Image",
        "Images",
        "Labels",
        "Loss",
        "Overlap",
        "Tokenize",
    ]
}
autodoc_member_order = "bysource"
autodoc_default_options = {"members": True}
napoleon_google_docstring = False
napoleon_use_rtype = False

# --- HTML -----------------------------------------------------------------------
html_theme = "sphinx_book_theme"
html_static_path = ["_static"]
html_css_files = ["book.css", ("print.css", {"media": "print"})]
html_favicon = "_static/icon.svg"
html_copy_source = False
html_show_copyright = False
html_show_sphinx = False
html_theme_options = {
    "show_toc_level": 2,
    "show_navbar_depth": 1,
    "use_download_button": False,
    "use_fullscreen_button": False,
    "article_header_end": [
        "language-switch",
        "notebook-links",
        "article-header-buttons",
    ],
    "navbar_persistent": [],
    "footer_content_items": [],
    "primary_sidebar_end": [],
    "toc_title": "On this page",
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
}
