import pytest

from aibook.data.texts import TEXTS, load_text


@pytest.mark.parametrize(
    ("name", "start", "end", "num_words"),
    [
        ("gettysburg", "Four score and seven years ago", "the earth.", 278),
        ("sowol", "나 보기가 역겨워", "강변 살자.", 116),
    ],
)
def test_the_texts_are_whole(name, start, end, num_words):
    text = load_text(name)
    assert text.startswith(start)
    assert text.endswith(end)
    assert len(text.split(" ")) == num_words
    assert "\n" not in text


def test_every_text_is_tested():
    assert set(TEXTS) == {"gettysburg", "sowol"}


def test_an_unknown_text_is_refused():
    message = "name is 'bible'; expected one of gettysburg, sowol"
    with pytest.raises(ValueError, match=message):
        load_text("bible")
