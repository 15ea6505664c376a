from aibook.data.sentences import NUM_TRAIN, SENTENCES


def test_the_flaws_that_the_page_speaks_of():
    train, test = SENTENCES[:NUM_TRAIN], SENTENCES[NUM_TRAIN:]
    assert (len(train), len(test)) == (10, 8)
    assert sum(pair in train for pair in test) == 4
    unique = dict(SENTENCES)
    assert (len(unique), sum(unique.values())) == (14, 7)
    known = {word for text, _ in train for word in text.split()}
    new = {word for text, _ in test for word in text.split()} - known
    assert new == {
        *("An", "It", "a", "bad", "day"),
        *("excellent", "not", "very", "was"),
    }
    assert max(len(text.split()) for text, _ in train) == 4
    assert max(len(text.split()) for text, _ in test) == 5
