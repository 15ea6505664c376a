"""The reviews: the numbers that the loader's documentation states."""

import pytest

from aibook.data.reviews import choose_reviews, load_reviews


def test_sizes_and_balance():
    for split, size in {"train": 3600, "test": 1000}.items():
        texts, y = load_reviews(split)
        assert len(texts) == len(y) == size
        assert y.tolist() == [0, 1] * (size // 2)


def test_no_review_occurs_twice():
    texts = load_reviews("train")[0] + load_reviews("test")[0]
    assert len(set(texts)) == 4600
    assert all(text == " ".join(text.split()) != "" for text in texts)


def test_an_unknown_split_is_refused():
    with pytest.raises(ValueError, match="split is 'val'"):
        load_reviews("val")


def test_choosing_leaves_out_what_is_empty_or_a_copy_or_in_between():
    stars = [1, 2, 2, 3, 4, 5, 5, 5]
    reviews = ["a", "b\nc", "a", "d", "e", "", "f", "g"]
    table = choose_reviews(stars, reviews, per_class=2)
    assert table["stars"].tolist()[1::2] == [5, 5]
    assert sorted(table["review"]) == ["a", "b c", "f", "g"]
    with pytest.raises(ValueError, match="2 reviews of a class; expected 3"):
        choose_reviews(stars, reviews, per_class=3)
