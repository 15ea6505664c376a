"""The grammar: what it draws, and how much a bag of its words can know."""

from collections import Counter, defaultdict
from itertools import product

import numpy as np
import pytest

from aibook.data.adjectives import ADJECTIVES, ENDINGS, inflect
from aibook.data.opinions import (
    MOST,
    NEGATIONS,
    clause,
    draw_opinions,
    korean_forms,
)
from aibook.scratch.vocabulary import words

CHANCE = {"none": 0.5, "short": 0.25, "long": 0.25}


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("unseen", [False, True])
def test_sentences_are_distinct_balanced_and_of_fixed_kinds(language, unseen):
    drawn = draw_opinions(MOST[unseen], language=language, unseen=unseen)
    assert len(set(drawn.texts)) == len(drawn.y) == MOST[unseen]
    assert 0.42 < drawn.y.mean() < 0.58
    shares = {k: n / MOST[unseen] for k, n in Counter(drawn.kinds).items()}
    assert shares == {"one": 0.2, "and": 0.4, "but": 0.4}


@pytest.mark.parametrize("seed", range(5))
def test_no_clause_of_the_test_has_a_pair_that_training_has(seed):
    def pairs(unseen):
        found = set()
        drawn = draw_opinions(
            MOST[unseen], language="en", unseen=unseen, seed=seed
        )
        for text in drawn.texts:
            for part in text.rstrip(".").split(", "):
                row = words(part)
                found.add((row[row.index("the") + 1], row[-1]))
        return found

    seen, unseen = pairs(False), pairs(True)
    assert not seen & unseen
    assert (len(seen), len(unseen)) == (96, 32)
    assert {room for room, _ in seen} == {room for room, _ in unseen}


def test_a_seed_fixes_the_sentences():
    runs = [draw_opinions(50, language="en", seed=s).texts for s in (0, 0, 1)]
    assert runs[0] == runs[1] != runs[2]


def test_what_follows_but_decides():
    """Read each sentence anew, with the polarity of its words alone."""
    good = {word for _, _, word in ADJECTIVES[:8]}
    drawn = draw_opinions(600, language="en")
    for text, label, kind in zip(*drawn, strict=True):
        parts = text.lower().rstrip(".").split(", ")
        signs = [
            (part.split()[-1] in good) != ("not" in part or "n't" in part)
            for part in parts
        ]
        assert signs[-1] == label
        assert len(parts) == (1 if kind == "one" else 2)
        if kind != "one":
            assert parts[1].startswith(kind)
            assert (signs[0] == signs[1]) == (kind == "and")


@pytest.mark.parametrize(
    ("language", "limits"),
    [("en", (1.0, 0.75, 0.5)), ("ko", (1.0, 0.875, 0.5))],
)
def test_the_most_that_a_bag_can_know(language, limits):
    """All sentences about two rooms, weighted as they are drawn."""
    parts = [
        (
            clause(room, a, language=language, negation=n),
            (a < 8) == (n == "none"),
            CHANCE[n],
        )
        for room, a, n in product((0, 1), range(16), NEGATIONS)
    ]
    bags = {
        kind: defaultdict(lambda: [0.0, 0.0]) for kind in ("one", "and", "but")
    }
    for text, good, weight in parts:
        bags["one"][tuple(sorted(words(text)))][good] += weight
    half = len(parts) // 2
    for (i, a), (j, b) in product(enumerate(parts), repeat=2):
        if (i < half) == (j < half):
            continue  # a room with itself
        kind = "and" if a[1] == b[1] else "but"
        bag = tuple(sorted(words(a[0]) + words(b[0])))
        bags[kind][bag][b[1]] += a[2] * b[2]
    got = []
    for found in bags.values():
        weights = np.array(list(found.values()))
        got.append(weights.max(axis=1).sum() / weights.sum())
    assert got == pytest.approx(limits)


def test_korean_forms():
    known = {
        "좋": "좋다 좋아요 좋습니다 좋았어요 좋네요",
        "조용하": "조용하다 조용해요 조용합니다 조용했어요 조용하네요",
        "예쁘": "예쁘다 예뻐요 예쁩니다 예뻤어요 예쁘네요",
        "어둡": "어둡다 어두워요 어둡습니다 어두웠어요 어둡네요",
        "춥": "춥다 추워요 춥습니다 추웠어요 춥네요",
    }
    for stem, infinitive, _ in ADJECTIVES:
        forms = [inflect(stem, infinitive, ending) for ending in ENDINGS]
        assert len(set(forms)) == len(ENDINGS)
        if stem in known:
            assert " ".join(forms) == known[stem]
    assert clause(2, 5, language="ko", negation="long", ending="past") == (
        "로비는 따뜻하지 않았어요"
    )


def test_forms_are_split_such_that_all_parts_are_known():
    seen, unseen = (korean_forms(unseen=u) for u in (False, True))
    assert not set(seen.texts) & set(unseen.texts)
    assert len({*seen.texts, *unseen.texts}) == 16 * 5 * 3 * 8
    assert seen.y.mean() == unseen.y.mean() == 0.5
    last = [
        {text.split()[-1] for text in part.texts} for part in (seen, unseen)
    ]
    new = last[1] - last[0]
    assert len(new) == 32  # two forms of each adjective, none of 않다


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: draw_opinions(1201, language="en"),
            "from 1 to 1200, got 1201",
        ),
        (lambda: draw_opinions(401, language="en", unseen=True), "to 400"),
        (lambda: draw_opinions(5, language="fr"), "language is 'fr'"),
        (lambda: draw_opinions(5, language="en", seed=-1), "seed must be"),
        (lambda: clause(8, 0, language="en"), "room must be"),
        (lambda: clause(0, 16, language="en"), "adjective must be"),
        (lambda: clause(0, 0, language="en", negation="no"), "negation 'no'"),
        (lambda: clause(0, 0, language="en", ending="past"), "English has"),
        (lambda: inflect("좋", "좋아", "future"), "ending is 'future'"),
    ],
)
def test_bad_arguments_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
