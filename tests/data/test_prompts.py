import itertools

import pytest

from aibook.data.prompts import (
    LANGUAGES,
    MOTIONS,
    STYLES,
    Meaning,
    all_prompts,
    make_prompt,
    read_prompt,
    tokenize,
    unseen_pairs,
)
from aibook.scratch.vocabulary import UNKNOWN, Vocabulary

PAIRS = [("thin", "bold"), ("left", "right"), ("small", "large")]
CHOICES = [
    tuple(style for style in choice if style is not None)
    for choice in itertools.product(*((None, *pair) for pair in PAIRS))
]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", [0, 1])
def test_every_meaning_comes_back(language, template):
    for digit, styles, motion in itertools.product(
        range(10), CHOICES, (None, *MOTIONS)
    ):
        prompt = make_prompt(
            digit,
            reversed(styles),
            language=language,
            motion=motion,
            template=template,
        )
        assert read_prompt(prompt) == Meaning(digit, styles, motion)


def test_different_meanings_are_different_texts():
    prompts = {
        make_prompt(d, styles, language=language, template=i)
        for d in range(10)
        for styles in CHOICES
        for language in LANGUAGES
        for i in (0, 1)
    }
    assert len(prompts) == 10 * 27 * 2 * 2


def test_both_languages_mean_the_same():
    for digit, styles in itertools.product(range(10), CHOICES):
        ko, en = (
            read_prompt(make_prompt(digit, styles, language=language))
            for language in LANGUAGES
        )
        assert ko == en
    assert tokenize("숫자 3, 두껍게") == ["숫자", "3", "두껍게"]
    words = [
        {
            w
            for p in all_prompts()
            if p.isascii() == english
            for w in tokenize(p)
        }
        for english in (True, False)
    ]
    assert not words[0] & words[1]


def test_the_vocabulary_holds_every_word():
    vocabulary = Vocabulary(all_prompts(), tokenize=tokenize)
    prompts = [
        make_prompt(d, styles, language=language, motion=motion, template=i)
        for d in range(10)
        for styles in CHOICES
        for motion in (None, *MOTIONS)
        for language in LANGUAGES
        for i in (0, 1)
    ]
    rows = vocabulary.encode(prompts)
    assert (rows != UNKNOWN).all()
    names = {number: word for word, number in vocabulary.index.items()}
    for prompt, row in zip(prompts, rows, strict=True):
        assert [names[n] for n in row if n] == tokenize(prompt)


@pytest.mark.parametrize(
    ("digit", "expected"),
    list(
        enumerate(
            [
                "0을",
                "1을",
                "2를",
                "3을",
                "4를",
                "5를",
                "6을",
                "7을",
                "8을",
                "9를",
            ]
        )
    ),
)
def test_the_korean_ending_follows_the_sound(digit, expected):
    prompt = make_prompt(digit, language="ko", template=1)
    assert prompt.split()[0] == expected


def test_unseen_pairs_leave_most_of_every_style_and_digit():
    pairs = unseen_pairs()
    assert [digit for digit, _ in pairs] == list(range(10))
    counts = [sum(style == s for _, style in pairs) for s in STYLES]
    assert min(counts) >= 1
    assert max(counts) <= 2


@pytest.mark.parametrize(
    "options",
    [
        {"language": "de"},
        {"digit": 10},
        {"digit": True},
        {"template": 2},
        {"styles": ["blue"]},
        {"styles": ["bold", "bold"]},
        {"styles": ["bold", "thin"]},
        {"motion": "bold"},
    ],
)
def test_what_cannot_be_said_is_refused(options):
    options = {"digit": 3, "language": "en", **options}
    with pytest.raises(ValueError, match=r"expected|must be"):
        make_prompt(options.pop("digit"), **options)


@pytest.mark.parametrize(
    "prompt",
    [
        "",
        "bold",
        "digit ten",
        "digit one, digit two",
        "digit one, bold, thin",
        "digit one, moving up, moving down",
        "digit one bold",
    ],
)
def test_what_cannot_be_read_is_refused(prompt):
    with pytest.raises(ValueError, match=r"known part|expected"):
        read_prompt(prompt)
