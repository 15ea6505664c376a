import pytest
from hypothesis import given
from hypothesis import strategies as st

from aibook_sphinx.labels import Labels, is_neutral, template

HEAD = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'


def write(folder, *pairs):
    path = folder / "figures.po"
    entries = [f'msgid "{a}"\nmsgstr "{b}"\n' for a, b in pairs]
    path.write_text(HEAD + "\n".join(entries), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "label",
    ["0", "−0.5", "+4.1", "10%", "x1", "x₁", "w", "η = 0.1", "p(5)", ""],
)
def test_numbers_and_symbols_are_neutral(label):
    assert is_neutral(label)


@pytest.mark.parametrize("label", ["loss", "AND", "ReLU 3", "lr = 1", "손실"])
def test_words_are_not(label):
    assert not is_neutral(label)


def test_numbers_of_a_label():
    assert template("hidden 1, −12.7") == ("hidden {0}, {1}", ["1", "−12.7"])
    assert template("x1 at 1,000 of 10%") == (
        "x1 at {0} of {1}",
        ["1,000", "10%"],
    )
    assert template("1e-3") == ("{0}", ["1e-3"])
    assert template("conv2d") == ("conv2d", [])


def test_reading_and_looking_up(tmp_path):
    labels = Labels.read(
        write(
            tmp_path,
            ("loss", "손실"),
            ("{0} of {1}", "{1} 중 {0}"),
            ("x1", "x₁"),
            ("step 1", "첫 단계"),
            ("step {0}", "{0}단계"),
            ("epoch", ""),
        )
    )
    assert labels("loss") == "손실"
    assert labels("3 of 10") == "10 중 3"
    assert labels("x1") == "x₁"
    # What is said of one label comes before what is said of all like it.
    assert (labels("step 1"), labels("step 2")) == ("첫 단계", "2단계")
    assert labels("unknown 5") == "unknown 5"
    # An entry that is still empty does not cover its label.
    assert labels("epoch") == "epoch"
    assert not labels.cover("epoch")
    assert labels.cover("7 of 8")
    assert labels.cover("0.25")


def test_no_catalogue_is_an_empty_one(tmp_path):
    assert Labels.read(tmp_path / "none.po").messages == {}


@pytest.mark.parametrize("text", ["단계", "{0}단계 {1}", "{1}단계"])
def test_a_translation_keeps_the_numbers(tmp_path, text):
    path = write(tmp_path, ("step {0}", text))
    with pytest.raises(ValueError, match=r"figures.po: 'step \{0\}' has"):
        Labels.read(path)


@given(st.text())
def test_any_label_passes_through_an_empty_catalogue(label):
    assert Labels({})(label) == label


@given(st.text(alphabet="ab 0123456789.,+-"))
def test_the_numbers_come_back(label):
    """An entry that changes nothing changes nothing."""
    pattern, numbers = template(label)
    assert Labels({pattern: pattern})(label) == label
    assert pattern.format(*numbers) == label
