"""Solutions fold without a script."""

from mini_sphinx import build_page

PAGE = """\
# Page

```{exercise} Add
:label: add

What is $1 + 1$?
```

````{solution-start} add
:class: dropdown
````

It is 2.

```python
1 + 1
```

````{solution-end}
````

```{exercise} Subtract
:label: subtract

And $1 - 1$?
```

```{solution} subtract
It is 0.
```
"""


def build(folder):
    (folder / "code").mkdir(parents=True)
    return build_page(
        folder,
        PAGE,
        modules=["exercises", "mathml"],
        extensions=["myst_parser", "sphinx_exercise"],
        myst_enable_extensions=["dollarmath"],
    ).html


def test_solutions_are_details_with_a_plain_summary(tmp_path):
    solutions = build(tmp_path).select("details.solution")
    assert len(solutions) == 2
    for solution, title in zip(solutions, ["Add", "Subtract"], strict=True):
        summary = solution.find("summary")
        assert title in summary.get_text()
        assert summary.find("a") is None
        assert not solution.has_attr("open")


def test_contents_stay_in_order(tmp_path):
    first, second = build(tmp_path).select("details.solution")
    assert "It is 2." in first.get_text()
    assert first.get_text().index("It is 2.") < first.get_text().index("1 + 1")
    assert "It is 0." in second.get_text()
    assert "It is 0." not in first.get_text()
