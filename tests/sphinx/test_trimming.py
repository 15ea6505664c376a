"""Style sheets without the rules that no page needs."""

import pytest

from aibook_sphinx.trimming import trim

FONT = "@font-face{font-family:A;src:url(a.woff2)}"


@pytest.mark.parametrize(
    ("css", "expected"),
    [
        (".modal,.btn:not(.card){top:0}", ".btn:not(.card){top:0}"),
        (".modal{top:0}p{top:1px}", "p{top:1px}"),
        ("@media print{.toast{top:0}}", ""),
        (
            "@media print{.toast{top:0}p{top:0}}",
            "@media print{p{top:0}}",
        ),
        (FONT + ".modal{top:0}", FONT),
        ("/* a remark */p{top:0}", "p{top:0}"),
        ("/*! a licence */p{top:0}", "/*! a licence */p{top:0}"),
    ],
)
def test_what_is_left(css: str, expected: str) -> None:
    assert trim(css) == expected
