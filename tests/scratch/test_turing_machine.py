"""The machines against plain Python, known records, and bad tables."""

from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aibook.scratch.turing_machine import (
    BEAVER,
    INCREMENT,
    PALINDROME,
    PING_PONG,
    Configuration,
    StepLimitError,
    TuringMachine,
)

BEAVER_2 = """
A _ 1 R B
A 1 1 L B
B _ 1 L A
B 1 1 R halt
"""


@given(st.integers(0, 2**60), st.integers(0, 3))
def test_increment_counts_on(number, num_zeros):
    tape = "0" * num_zeros + f"{number:b}"
    last = TuringMachine(INCREMENT).run(tape)[-1]
    assert last.state == "halt"
    assert int(last.text(), 2) == number + 1
    assert len(last.text()) == max(len(tape), len(f"{number + 1:b}"))


@pytest.mark.parametrize("number", range(64))
def test_increment_takes_the_steps_that_carrying_needs(number):
    digits = f"{number:b}"
    ones = len(digits) - len(digits.rstrip("1"))
    history = TuringMachine(INCREMENT).run(digits)
    assert len(history) - 1 == len(digits) + 1 + ones + 1


@pytest.mark.parametrize("length", range(10))
def test_every_palindrome_and_nothing_else_is_accepted(length):
    machine = TuringMachine(PALINDROME)
    for letters in product("ab", repeat=length):
        word = "".join(letters)
        expected = "accept" if word == word[::-1] else "reject"
        assert machine.run(word)[-1].state == expected, word


@pytest.mark.parametrize("length", range(12))
def test_an_accepted_palindrome_takes_quadratic_time(length):
    steps = len(TuringMachine(PALINDROME).run("a" * length)) - 1
    assert steps == (length + 1) * (length + 2) // 2


@pytest.mark.parametrize(
    ("table", "num_steps", "num_ones"), [(BEAVER_2, 6, 4), (BEAVER, 107, 13)]
)
def test_busy_beavers_reach_their_records(table, num_steps, num_ones):
    history = TuringMachine(table).run()
    assert len(history) - 1 == num_steps
    assert history[-1].text().count("1") == num_ones


@pytest.mark.parametrize("limit", [0, 1, 1000])
def test_a_machine_that_never_halts_is_stopped(limit):
    with pytest.raises(StepLimitError, match=f"no halt within {limit} steps"):
        TuringMachine(PING_PONG).run(max_steps=limit)


def test_the_limit_is_exact():
    machine = TuringMachine(BEAVER)
    assert len(machine.run(max_steps=107)) == 108
    with pytest.raises(StepLimitError):
        machine.run(max_steps=106)


def test_each_step_changes_the_head_s_cell_only():
    history = TuringMachine(PALINDROME).run("abbaabba")
    for before, after in pairwise(history):
        places = set(before.cells) | set(after.cells)
        changed = {
            p for p in places if before.cells.get(p) != after.cells.get(p)
        }
        assert changed <= {before.head}
        assert abs(after.head - before.head) <= 1


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("", "the table is empty"),
        ("a 0 1 R", "is no rule"),
        ("a 00 1 R halt", "is no rule"),
        ("a 0 11 R halt", "is no rule"),
        ("a 0 1 X halt", "one of L, N, R"),
        ("a 0 1 R halt\na 0 0 L halt", "two rules for state 'a' on '0'"),
        ("a 0 1 R b", "state 'b' has no rules and does not halt"),
    ],
)
def test_a_bad_table_is_refused(table, message):
    with pytest.raises(ValueError, match=message):
        TuringMachine(table)


def test_a_symbol_without_a_rule():
    message = r"no rule for state 'end' on '2' \(cell 1\)"
    with pytest.raises(ValueError, match=message):
        TuringMachine(INCREMENT).run("12")


def test_a_halted_machine_makes_no_step():
    with pytest.raises(ValueError, match="has halted in state 'halt'"):
        TuringMachine(INCREMENT).step(Configuration("halt", 0, {}))


def test_a_negative_limit_is_refused():
    with pytest.raises(ValueError, match="max_steps is -1"):
        TuringMachine(INCREMENT).run(max_steps=-1)
