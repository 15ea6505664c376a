import numpy as np
import pytest

from aibook.data.captions import (
    GARMENTS,
    LANGUAGES,
    PATTERNS,
    SHADE,
    TEMPLATES,
    add_pattern,
    caption,
    unseen_pairs,
)
from aibook.data.fashion_mnist import CLASS_NAMES


def test_every_class_has_a_name_in_each_language():
    assert list(GARMENTS) == list(range(len(CLASS_NAMES)))
    for names in [*GARMENTS.values(), *PATTERNS.values()]:
        assert tuple(names) == LANGUAGES


def test_no_caption_says_two_things():
    said = [
        caption(garment, pattern, language=language, template=template)
        for garment in GARMENTS
        for pattern in PATTERNS
        for language in LANGUAGES
        for template in range(len(TEMPLATES[language]))
    ]
    assert len(set(said)) == len(said) == 10 * 5 * 2 * 4


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_pattern_darkens_half_of_the_garment_or_nothing(pattern):
    X = np.ones((50, 24, 24))
    patterned = add_pattern(X, pattern, rng=np.random.default_rng(0))
    assert patterned.dtype == np.float32
    share = (patterned == SHADE).mean()
    assert share == pytest.approx(0.0 if pattern == "plain" else 0.5, abs=0.03)
    assert set(np.unique(patterned)) <= {SHADE, 1.0}


def test_the_directions_of_the_stripes():
    X, rng = np.ones((1, 12, 12)), np.random.default_rng(0)
    rows = add_pattern(X, "horizontal", rng=rng)[0]
    columns = add_pattern(X, "vertical", rng=rng)[0]
    slanted = add_pattern(X, "diagonal", rng=rng)[0]
    assert (rows == rows[:, :1]).all()
    assert len(np.unique(rows[:, 0])) == 2
    assert (columns == columns[:1]).all()
    assert len(np.unique(columns[0])) == 2
    assert (slanted[1:, :-1] == slanted[:-1, 1:]).all()


def test_the_background_stays_and_the_input_too():
    X = np.zeros((2, 5, 5))
    X[:, 2, 2] = 1
    before = X.copy()
    Y = add_pattern(X, "checks", rng=np.random.default_rng(0))
    assert (Y[X == 0] == 0).all()
    assert np.array_equal(X, before)


@pytest.mark.parametrize("shape", [(0, 4, 4), (4, 4), (1, 1, 4, 4)])
def test_refuses_other_images(shape):
    with pytest.raises(ValueError, match=r"expected \(N, H, W\)"):
        add_pattern(np.zeros(shape), "plain", rng=np.random.default_rng(0))


def test_refuses_another_pattern():
    with pytest.raises(ValueError, match="'dots'"):
        add_pattern(np.zeros((1, 4, 4)), "dots", rng=np.random.default_rng(0))


@pytest.mark.parametrize("per_garment", [1, 2, 3, 4])
def test_unseen_pairs_leave_every_part_seen(per_garment):
    garments = [0, 1, 3, 4, 5, 7, 8, 9]
    unseen = unseen_pairs(garments, per_garment=per_garment)
    assert len(set(unseen)) == len(garments) * per_garment
    seen = {(g, p) for g in garments for p in PATTERNS} - set(unseen)
    assert {g for g, _ in seen} == set(garments)
    assert {p for _, p in seen} == set(PATTERNS)


@pytest.mark.parametrize("bad", [([], 1), ([0], 0), ([0], 5)])
def test_refuses_numbers_out_of_range(bad):
    with pytest.raises(ValueError, match="integer"):
        unseen_pairs(bad[0], per_garment=bad[1])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((10, "plain", "en", 0), "garment 10"),
        ((0, "dots", "en", 0), "'dots'"),
        ((0, "plain", "fr", 0), "'fr'"),
        ((0, "plain", "ko", 4), "template"),
        ((0, "plain", "ko", -1), "template"),
    ],
)
def test_refuses_what_the_grammar_lacks(arguments, message):
    garment, pattern, language, template = arguments
    with pytest.raises(ValueError, match=message):
        caption(garment, pattern, language=language, template=template)
