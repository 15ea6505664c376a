"""LaTeX to MathML: structure, lines, annotation, errors."""

import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aibook_sphinx.latex import may_overflow, to_mathml

MATHML = "{http://www.w3.org/1998/Math/MathML}"


def parse(latex, **options):
    """Return the formula's tree without its annotation, and the annotation."""
    math = ET.fromstring(to_mathml(latex, **options))
    assert math.tag == f"{MATHML}math"
    (semantics,) = math
    assert semantics.tag == f"{MATHML}semantics"
    presentation, annotation = semantics
    assert annotation.get("encoding") == "application/x-tex"
    return presentation, annotation.text


def shape(tree):
    """Return a tree as nested names and texts, rows of one child left out."""
    children = [
        shape(child) for child in tree if child.tag != f"{MATHML}mspace"
    ]
    name = tree.tag.removeprefix(MATHML)
    if name == "mrow" and len(children) == 1:
        return children[0]
    text = re.sub("[\u2061-\u2064]", "", tree.text or "")
    if children:
        return (name, *children)
    return (name, text)


def find(tree, name):
    return list(tree.iter(MATHML + name))


x, y = ("mi", "x"), ("mi", "y")


@pytest.mark.parametrize(
    ("latex", "expected"),
    [
        (r"\frac{x}{y}", ("mfrac", x, y)),
        (r"x^2", ("msup", x, ("mn", "2"))),
        (r"\hat{y}", ("mover", y, ("mo", "ˆ"))),
        (r"\bar x_y", ("msub", ("mover", x, ("mo", "¯")), y)),
        (r"\sqrt{x}", ("msqrt", x)),
        (r"\sqrt[3]{x}", ("mroot", x, ("mn", "3"))),
        (r"\mathbf{x}^\top", ("msup", ("mi", "𝐱"), ("mi", "⊤"))),
        (r"\mathbb{E}", ("mi", "𝔼")),
        (r"\mathcal{L}", ("mi", "ℒ")),
        (r"\boldsymbol{\theta}", ("mi", "𝜽")),
        (r"\mathrm{ReLU}", ("mi", "ReLU")),
        (r"\operatorname{softmax}", ("mi", "softmax")),
        (r"\text{손실}", ("mtext", "손실")),
        (r"\underbrace{x}_{y}", ("munder", ("munder", x, ("mo", "⏟")), y)),
        (r"\lVert x\rVert", ("mrow", ("mo", "‖"), x, ("mo", "‖"))),
        (r"\left[x\right]", ("mrow", ("mo", "["), x, ("mo", "]"))),
        (r"\arg\min_x", ("mrow", ("mi", "arg"), ("mo", ""))),
        (r"x<y", ("mrow", x, ("mo", "<"), y)),
        (r"\text{x\&y}", ("mtext", "x&y")),
    ],
)
def test_structure(latex, expected):
    tree, annotation = parse(latex)
    assert annotation == latex
    if latex == r"\arg\min_x":  # the limit's place depends on the style
        assert shape(tree)[: len(expected)] == expected
        assert shape(parse(latex, display=True)[0])[3] == (
            "munder",
            ("mi", "min"),
            x,
        )
    else:
        assert shape(tree) == expected


@pytest.mark.parametrize(
    ("latex", "rows", "columns"),
    [
        (r"\begin{aligned} a &= b \\ c &= d \end{aligned}", 2, 2),
        (r"\begin{split} a &= b \\ c &= d \end{split}", 2, 2),
        (r"\begin{cases} 1 & x > 0 \\ 0 & \text{그 외} \end{cases}", 2, 2),
        (r"\begin{pmatrix} a & b & c \\ d & e & f \end{pmatrix}", 2, 3),
        (r"\begin{bmatrix} a \\ b \\ c \end{bmatrix}", 3, 1),
        (r"\begin{align} a &= b \notag \\ c &= d \label{two} \end{align}", 2, 2),
        (r"\begin{align*} a &= b \\ c &= d \end{align*}", 2, 2),
        (r"\begin{alignat}{2} a &= b \\ c &= d \end{alignat}", 2, 2),
        (r"\begin{gather} a \\ b \end{gather}", 2, 1),
        (r"\begin{equation}\begin{split}a &= b\\c &= d\end{split}\end{equation}", 2, 2),
        ("a = b \\\\ c = d", 2, 1),
        ("a &= b \\\\ c &= d \\\\ e &= f", 3, 2),
        ("a = b\n\nc = d", 2, 1),
    ],
)  # fmt: skip
def test_rows_and_columns(latex, rows, columns):
    tree, annotation = parse(latex, display=True)
    (table,) = find(tree, "mtable")
    assert [len(row) for row in table] == [columns] * rows
    assert annotation == latex
    # Sphinx writes the number; the formula holds none of its own.
    assert not any("(1)" in (text.text or "") for text in find(tree, "mtext"))


def test_brackets_around_a_table_stretch():
    tree, _ = parse(r"\begin{pmatrix} a \\ b \end{pmatrix}")
    assert [mo.get("stretchy") for mo in find(tree, "mo")] == [None, None]
    plain, _ = parse("(a)")
    assert [mo.get("stretchy") for mo in find(plain, "mo")] == [
        "false",
        "false",
    ]


def test_equation_environment_is_only_its_content():
    assert shape(parse(r"\begin{equation}x\end{equation}")[0]) == x


def test_break_inside_braces_is_no_line():
    tree, _ = parse(r"\begin{pmatrix} a \\ b \end{pmatrix} = c")
    assert len(find(tree, "mtable")) == 1


def test_display():
    assert 'display="block"' in to_mathml("x", display=True)
    assert "display" not in to_mathml("x")


def test_macros():
    tree, annotation = parse(r"\loss", macros={"loss": r"\mathcal{L}"})
    assert shape(tree) == ("mi", "ℒ")
    assert annotation == r"\loss"


@pytest.mark.parametrize(
    "latex",
    [
        "a < b > c",
        "\\text{'}",
        "\\begin{matrix}a & b\\end{matrix}",
        "a % <b>&amp;\n+ b",
    ],
)
def test_annotation_is_the_source(latex):
    assert parse(latex)[1] == latex


@given(st.text(alphabet="ab<>&'{}^_\\ 1+가\"", max_size=12))
def test_converts_or_raises_and_never_breaks_the_page(latex):
    try:
        _, annotation = parse(latex, display=True)
    except ValueError:
        return
    assert (annotation or "") == latex.strip()


@pytest.mark.parametrize(
    ("latex", "reason"),
    [
        (r"\frac{a}", "Expected argument"),
        (r"\nosuch{a}", r'Unknown command "\\nosuch"'),
        (r"\begin{nosuch}a\end{nosuch}", 'Unknown environment "nosuch"'),
        (r"\left( a", "."),
        ("{a", "closing"),
    ],
)
def test_bad_latex_raises(latex, reason):
    with pytest.raises(ValueError, match=reason) as caught:
        to_mathml(latex)
    assert latex in str(caught.value)


def test_only_long_formulas_may_overflow():
    assert not may_overflow(to_mathml(r"z = \mathbf{w}^\top\mathbf{x} + b"))
    assert may_overflow(
        to_mathml(r"\text{아주 긴 수식은 휴대전화의 한 줄보다 깁니다}")
    )
    # Neither the annotation nor the tags count.
    assert not may_overflow(
        to_mathml(r"\boldsymbol{\varepsilon}_{\mathrm{max}}")
    )
