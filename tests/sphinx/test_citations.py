"""How each language cites."""

import pytest

from mini_sphinx import build_page

PAGE = """\
# Page

{cite:p}`two`; {cite:p}`many`; {cite:t}`one`; {cite:t}`many`.

```{bibliography}
```
"""
BIB = """\
@book{one, author = {Ada First}, title = {A}, publisher = {P}, year = {1950}}
@book{two, author = {Bea Second and Cy Third}, title = {B}, publisher = {P},
  year = {1960}}
@book{many, author = {Di Fourth and Ed Fifth and Fay Sixth}, title = {C},
  publisher = {P}, year = {1970}}
"""


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (
            "en",
            "(Second and Third, 1960); (Fourth et al., 1970); "
            "First (1950); Fourth et al. (1970).",
        ),
        (
            "ko",
            "(Second·Third, 1960); (Fourth 외, 1970); First (1950); Fourth 외 (1970).",
        ),
    ],
)
def test_author_and_year_in_round_brackets(tmp_path, language, expected):
    bib = tmp_path / "references.bib"
    bib.write_text(BIB, encoding="utf-8")
    page = build_page(
        tmp_path,
        PAGE,
        modules=["citations"],
        extensions=["myst_parser", "sphinxcontrib.bibtex"],
        bibtex_bibfiles=[str(bib)],
        language=language,
    )
    assert page.html.find("p").get_text() == expected
