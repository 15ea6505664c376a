"""The remarks: that they follow their rule, and keep to their pairs."""

from collections import Counter

import pytest

from aibook.data.adjectives import ADJECTIVES, inflect
from aibook.data.opinions import ROOMS
from aibook.data.remarks import KINDS, draw_remarks
from aibook.scratch.vocabulary import words

NAMES = {
    "en": [name for _, _, name in ADJECTIVES],
    "ko": [inflect(stem, form, "plain") for stem, form, _ in ADJECTIVES],
}


def parse(text: str, language: str) -> list[tuple[int, int]]:
    """Return the room and the adjective of each clause."""
    rooms, names = ROOMS[language], NAMES[language]
    found = []
    for word in words(text):
        for r, room in enumerate(rooms):
            if word == room or (language == "ko" and word[:-1] == room):
                found.append(r)
        if word in names:
            found.append(names.index(word))
    return list(zip(found[::2], found[1::2], strict=True))


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("unseen", [False, True])
def test_remarks_follow_the_rule_and_keep_to_their_pairs(language, unseen):
    drawn = draw_remarks(2000, language=language, unseen=unseen)
    assert drawn.kinds == list(KINDS) * 500
    pairs = Counter()
    for text, label, kind in zip(*drawn, strict=True):
        clauses = parse(text, language)
        assert len(clauses) == 2
        said = [adjective < 8 for _, adjective in clauses]
        assert said[-1] == label
        assert (said[0] == said[1]) == (kind == "and")
        assert clauses[0][0] != clauses[1][0]
        pairs.update(clauses)
    assert {(r + a) % 4 == 0 for r, a in pairs} == {unseen}
    assert len(pairs) == (32 if unseen else 96)
    assert drawn.y.mean() == pytest.approx(0.5, abs=4 * 0.5 / 2000**0.5)


def test_a_seed_fixes_the_remarks():
    runs = [draw_remarks(50, language="ko", seed=s).texts for s in (0, 0, 1)]
    assert runs[0] == runs[1] != runs[2]


def test_kinds_can_be_chosen():
    drawn = draw_remarks(5, language="en", kinds=["and", "but"])
    assert drawn.kinds == ["and", "but", "and", "but", "and"]
    joined_by_and = [" and " in text for text in drawn.texts]
    assert joined_by_and == [True, False, True, False, True]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"language": "fr"}, "language is 'fr'"),
        ({"num_sentences": 0}, "num_sentences must be"),
        ({"seed": -1}, "seed must be"),
        ({"kinds": ()}, "kinds are"),
        ({"kinds": ["one"]}, "kinds are"),
    ],
)
def test_bad_arguments_are_refused(options, message):
    with pytest.raises(ValueError, match=message):
        draw_remarks(**{"num_sentences": 5, "language": "en", **options})
