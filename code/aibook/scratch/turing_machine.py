"""A Turing machine: a tape, a head, a state, and a table that says what to do.

What: a machine given by its table runs on a tape that is blank and endless on
both sides; every configuration on the way is kept. Four tables come along:
counting on in binary, telling palindromes, the best busy beaver of four states,
and one that never halts.

What not: no universal machine and no machine of several tapes.

Source: A. M. Turing (1937), "On Computable Numbers, with an Application to the
Entscheidungsproblem", read in 1936, with today's form of the table: one rule for
every state and symbol.

Book page: ai/history
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

MOVES = {"L": -1, "N": 0, "R": 1}

INCREMENT = """
end    0  0 R  end
end    1  1 R  end
end    _  _ L  carry
carry  1  0 L  carry
carry  0  1 N  halt
carry  _  1 N  halt
"""

PALINDROME = """
first   a  _ R  seek-a
first   b  _ R  seek-b
first   _  _ N  accept
seek-a  a  a R  seek-a
seek-a  b  b R  seek-a
seek-a  _  _ L  want-a
seek-b  a  a R  seek-b
seek-b  b  b R  seek-b
seek-b  _  _ L  want-b
want-a  a  _ L  back
want-a  b  b N  reject
want-a  _  _ N  accept
want-b  b  _ L  back
want-b  a  a N  reject
want-b  _  _ N  accept
back    a  a L  back
back    b  b L  back
back    _  _ R  first
"""

BEAVER = """
A  _  1 R  B
A  1  1 L  B
B  _  1 L  A
B  1  _ L  C
C  _  1 R  halt
C  1  1 L  D
D  _  1 R  D
D  1  _ R  A
"""

PING_PONG = """
ping  _  _ R  pong
pong  _  _ L  ping
"""


class StepLimitError(RuntimeError):
    """A machine did not halt within the steps that it was given."""


@dataclass(frozen=True)
class Transition:
    """What to write, where to move the head, and the next state."""

    write: str
    move: str
    state: str


@dataclass(frozen=True)
class Configuration:
    """A moment of a run: the state, the head's cell, and the cells not blank."""

    state: str
    head: int
    cells: Mapping[int, str]

    def text(self) -> str:
        """Return what stands on the tape, from the first mark to the last.

        Examples
        --------
        >>> Configuration("halt", 0, {2: "b", 0: "a"}).text()
        'a_b'
        """
        if not self.cells:
            return ""
        places = range(min(self.cells), max(self.cells) + 1)
        return "".join(self.cells.get(place, "_") for place in places)


class TuringMachine:
    """A machine given by its table.

    Parameters
    ----------
    table
        One rule a line: state, symbol read, symbol written, move (``L``, ``R``
        or ``N`` for none) and next state, separated by spaces. A symbol is one
        character, and ``_`` is the blank cell.
    halting
        The states in which the machine stops.

    Attributes
    ----------
    rules : dict
        The `Transition` of every state and symbol read.
    start : str
        The state of the first line, in which every run begins.

    Raises
    ------
    ValueError
        If a line is no rule, two lines are for the same state and symbol, or a
        rule leads to a state that neither halts nor has rules.

    Examples
    --------
    >>> machine = TuringMachine(INCREMENT)
    >>> machine.run("1011")[-1].text()
    '1100'
    >>> TuringMachine(PALINDROME).run("abba")[-1].state
    'accept'
    """

    def __init__(
        self,
        table: str,
        *,
        halting: Iterable[str] = ("halt", "accept", "reject"),
    ) -> None:
        self.halting = frozenset(halting)
        self.rules: dict[tuple[str, str], Transition] = {}
        for line in filter(None, map(str.strip, table.splitlines())):
            fields = line.split()
            if (
                len(fields) != 5
                or len(fields[1]) != 1
                or len(fields[2]) != 1
                or fields[3] not in MOVES
            ):
                raise ValueError(
                    f"{line!r} is no rule; write state, symbol, symbol, one of "
                    f"{', '.join(MOVES)}, and state"
                )
            state, read, *rest = fields
            if (state, read) in self.rules:
                raise ValueError(f"two rules for state {state!r} on {read!r}")
            self.rules[state, read] = Transition(*rest)
        if not self.rules:
            raise ValueError("the table is empty; give at least one rule")
        self.start = next(iter(self.rules))[0]
        known = {state for state, _ in self.rules} | self.halting
        for rule in self.rules.values():
            if rule.state not in known:
                raise ValueError(
                    f"state {rule.state!r} has no rules and does not halt"
                )

    def step(self, now: Configuration) -> Configuration:
        """Obey one rule.

        Parameters
        ----------
        now
            A configuration whose state does not halt.

        Raises
        ------
        ValueError
            If the state halts, or the table has no rule for what is read.

        Examples
        --------
        >>> machine = TuringMachine(INCREMENT)
        >>> machine.step(Configuration("carry", 0, {0: "1"}))
        Configuration(state='carry', head=-1, cells={0: '0'})
        """
        read = now.cells.get(now.head, "_")
        if now.state in self.halting:
            raise ValueError(f"the machine has halted in state {now.state!r}")
        if (now.state, read) not in self.rules:
            raise ValueError(
                f"no rule for state {now.state!r} on {read!r} (cell {now.head})"
            )
        rule = self.rules[now.state, read]
        cells = {**now.cells, now.head: rule.write}
        if rule.write == "_":
            del cells[now.head]
        return Configuration(rule.state, now.head + MOVES[rule.move], cells)

    def run(
        self, tape: str = "", *, max_steps: int = 10_000
    ) -> list[Configuration]:
        """Run until the machine halts.

        Parameters
        ----------
        tape
            What stands on the tape; the head begins on its first symbol, cell 0.
        max_steps
            How many steps to allow: whether a machine halts at all cannot be
            told in general.

        Returns
        -------
        list of Configuration
            The configurations, from the first to the one that halts.

        Raises
        ------
        ValueError
            If `max_steps` is negative, or the table lacks a rule.
        StepLimitError
            If the machine has not halted after `max_steps`.

        Examples
        --------
        >>> TuringMachine(PING_PONG).run(max_steps=100)
        Traceback (most recent call last):
        aibook.scratch.turing_machine.StepLimitError: no halt within 100 steps...
        """
        if max_steps < 0:
            raise ValueError(f"max_steps is {max_steps}; it must be 0 or more")
        cells = {i: mark for i, mark in enumerate(tape) if mark != "_"}
        history = [Configuration(self.start, 0, cells)]
        while history[-1].state not in self.halting:
            if len(history) > max_steps:
                raise StepLimitError(
                    f"no halt within {max_steps} steps; "
                    f"the state is {history[-1].state!r}"
                )
            history.append(self.step(history[-1]))
        return history
