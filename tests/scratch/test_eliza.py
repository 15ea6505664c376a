"""ELIZA: templates against regular expressions, ranks, memory, both scripts."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aibook.data.dialogues import LANGUAGES, load_script
from aibook.scratch.eliza import Eliza, fits, match, reflect, split_clauses

word = st.sampled_from(["a", "b", "ab", "c"])


def tiny(**changes):
    script = {
        "hello": "Hello.",
        "none": ["One.", "Two."],
        "exchange": {"i": "you", "my": "your"},
        "replace": {"i'm": "i am"},
        "groups": {},
        "keywords": [
            {
                "words": ["sad"],
                "rank": 1,
                "rules": [{"match": "* sad *", "say": ["S1 {3}.", "S2."]}],
            },
            {
                "words": ["dog~"],
                "rank": 2,
                "rules": [{"match": "* my dog~ *", "say": ["Dog {4}."]}],
            },
        ],
        "memory": [{"match": "* my dog~ *", "say": ["Your dog?"]}],
    }
    return script | changes


@given(
    st.lists(st.one_of(word, st.just("*")), max_size=4),
    st.lists(word, max_size=6),
)
def test_templates_are_lazy_regular_expressions(template, words):
    pattern = "".join(
        r"((?:\w+ )*?)" if element == "*" else f"({element} )"
        for element in template
    )
    found = re.fullmatch(pattern, "".join(f"{w} " for w in words))
    parts = match(template, words, {})
    if found is None:
        assert parts is None
    else:
        assert parts == [group.strip() for group in found.groups()]


@pytest.mark.parametrize(
    ("element", "given_word", "kept"),
    [
        ("dream", "dream", "dream"),
        ("dream", "dreams", None),
        ("dream~", "dreams", "dream"),
        ("@pet", "cat", "cat"),
        ("@pet", "cats", None),
        ("@pet~", "cats", "cat"),
        ("+", "고양이가", "고양이"),
        ("+", "word", "word"),
    ],
)
def test_elements(element, given_word, kept):
    assert fits(element, given_word, {"pet": ["cat", "dog"]}) == kept


def test_exchanging_takes_the_longest_phrase_and_exchanges_once():
    pairs = {"i": "you", "you": "me", "i am": "you are", "you are": "I am"}
    assert reflect("i am sure you are as i was", pairs) == (
        "you are sure I am as you was"
    )
    assert reflect("", pairs) == ""


def test_clauses():
    assert split_clauses("  One, two.three!? ... ") == [
        ["one"],
        ["two"],
        ["three"],
    ]


def test_a_higher_rank_wins_and_a_rule_without_fit_gives_way():
    eliza = Eliza(tiny())
    assert eliza.answer("Sad, my dog is ill.") == "S1 ."  # the first clause
    assert eliza.answer("i am sad my dog is ill") == "Dog is ill."
    assert eliza.answer("a sad dog") == "S2."


def test_answers_take_turns():
    eliza = Eliza(tiny())
    said = [eliza.answer("sad i'm") for _ in range(3)]
    assert said == ["S1 you am.", "S2.", "S1 you am."]


def test_what_was_remembered_comes_once_then_the_empty_answers():
    eliza = Eliza(tiny())
    eliza.answer("my dog barks")
    said = [eliza.answer("hm") for _ in range(4)]
    assert said == ["Your dog?", "One.", "Two.", "One."]


def test_nothing_said():
    assert Eliza(tiny()).answer("  ...  ") == "One."


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"memory": [{"match": "* a", "say": ["{3}"]}]},
            r"'\{3\}' names part 3, but '\* a' has 2",
        ),
        (
            {"memory": [{"match": "* a", "say": ["{0}"]}]},
            "names part 0",
        ),
    ],
)
def test_a_bad_script_is_refused(change, message):
    with pytest.raises(ValueError, match=message):
        Eliza(tiny(**change))


def test_a_script_without_a_part_is_refused():
    script = tiny()
    del script["memory"], script["none"]
    with pytest.raises(ValueError, match="the script lacks memory, none"):
        Eliza(script)


# --- the scripts of the book ---------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_conversation_is_the_same_every_time(language):
    script = load_script(language)
    said = [
        [Eliza(script).answer(line) for line in script["visitor"]]
        for _ in range(2)
    ]
    assert said[0] == said[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_visitor_meets_rank_memory_and_computers(language):
    script = load_script(language)
    eliza = Eliza(script)
    answers = [eliza.answer(line) for line in script["visitor"]]
    assert len(set(answers)) == len(answers)
    assert not set(answers) & set(script["none"])
    memory = script["memory"][0]["say"][0].split("{")[0]
    assert sum(answer.startswith(memory) for answer in answers) == 1


@pytest.mark.parametrize("language", LANGUAGES)
@given(data=st.data())
def test_whatever_is_said_is_answered(language, data):
    script = load_script(language)
    vocabulary = [w for line in script["visitor"] for w in line.split()]
    eliza = Eliza(script)
    lines = st.lists(
        st.one_of(st.sampled_from(vocabulary), st.text(max_size=5)),
        max_size=8,
    ).map(" ".join)
    for line in data.draw(st.lists(lines, max_size=4)):
        answer = eliza.answer(line)
        assert answer
        assert not re.search(r"\{\d", answer.replace(line, ""))


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("시험이 걱정돼요.", "시험을 떠올리면 어떤 생각이 드시나요?"),
        ("발표가 무서워요.", "발표를 떠올리면 어떤 생각이 드시나요?"),
        ("나는 집에 가고 싶어.", "왜 집에 가고 싶으신가요?"),
        (
            "제가 틀린 것 같아요.",
            "왜 당신이 틀린 것 같다고 생각하시나요?",
        ),
        ("동생이 아파요.", "동생과 당신은 어떤 사이인가요?"),
        ("언니가 아파요.", "언니와 당신은 어떤 사이인가요?"),
        ("비 때문에 늦었어요.", "정말 비 때문인가요?"),
    ],
)
def test_korean_particles_and_pronouns(said, answer):
    assert Eliza(load_script("ko")).answer(said) == answer


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("I'm lonely.", "How long have you been lonely?"),
        ("I am afraid of my boss.", "Why are you afraid of your boss?"),
        ("You are kind.", "What makes you think I am kind?"),
        ("You hate me", "Why do you think I hate you?"),
        (
            "I want my money",
            "What would it mean to you if you got your money?",
        ),
    ],
)
def test_english_pronouns(said, answer):
    assert Eliza(load_script("en")).answer(said) == answer


def test_an_unknown_language_is_refused():
    with pytest.raises(
        ValueError, match="must be one of 'en', 'ko', got 'fr'"
    ):
        load_script("fr")
