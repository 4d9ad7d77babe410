"""Changes to a condition line: `selection and not 1 of filter_*`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

_TOKEN = re.compile(r"[\w.*?-]+|[()]")


class _Operand(NamedTuple):
    """What `and` and `or` join: a name, `N of pattern` or a group, with its `not`. Token numbers, the last included."""

    first: int
    last: int


def changed_lines(line: str, names: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """Kind, what was done, and the line with it."""
    words = _TOKEN.findall(line)
    for number, word in enumerate(words):
        low = word.lower()
        if word in names:
            if not (number and words[number - 1].lower() == "not") and not _is_pattern(words, number):
                yield "negate", f"not {word}", _with(words, number, ["not", word])
        elif low in ("and", "or"):
            other = "or" if low == "and" else "and"
            yield "swap", f"'{other}' in place of '{low}' ({_around(words, number)})", _with(words, number, [other])
        elif low == "not":
            yield "negate", f"without 'not' before '{_next(words, number)}'", _with(words, number, [])
        elif low == "of":
            quantity = words[number - 1]
            other = "1" if quantity.lower() == "all" else "all"
            pattern = words[number + 1] if number + 1 < len(words) else ""
            what = f"'{other} of {pattern}' in place of '{quantity} of {pattern}'"
            yield "swap", what, _with(words, number - 1, [other])
    for operand, joint in _droppable(words):
        gone = set(range(operand.first, operand.last + 1)) | {joint}
        dropped = " ".join(words[operand.first : operand.last + 1])
        rest = " ".join(word for number, word in enumerate(words) if number not in gone)
        kind = "narrow" if words[joint].lower() == "or" else "drop"
        yield kind, f"without '{cut(dropped)}' in the condition", rest


def _droppable(words: Sequence[str]) -> Iterator[tuple[_Operand, int]]:
    """Each operand with the `and` or `or` that goes with it: the one before, else the one behind."""
    for operand in _operands(words):
        before, behind = operand.first - 1, operand.last + 1
        for joint in (before, behind):
            if 0 <= joint < len(words) and words[joint].lower() in ("and", "or"):
                yield operand, joint
                break


def _operands(words: Sequence[str]) -> Iterator[_Operand]:
    for number, word in enumerate(words):
        low = word.lower()
        if low in ("and", "or", "not", ")", "of") or (number and words[number - 1].lower() == "of"):
            continue
        first = number - 1 if number and words[number - 1].lower() == "not" else number
        if word == "(":
            yield _Operand(first, _closing(words, number))
        elif number + 1 < len(words) and words[number + 1].lower() == "of":
            yield _Operand(first, min(number + 2, len(words) - 1))
        else:
            yield _Operand(first, number)


def _closing(words: Sequence[str], opening: int) -> int:
    depth = 0
    for number in range(opening, len(words)):
        depth += {"(": 1, ")": -1}.get(words[number], 0)
        if not depth:
            return number
    return len(words) - 1


def _is_pattern(words: Sequence[str], number: int) -> bool:
    return bool(number) and words[number - 1].lower() == "of"


def _with(words: Sequence[str], number: int, new: Sequence[str]) -> str:
    return " ".join([*words[:number], *new, *words[number + 1 :]])


def _around(words: Sequence[str], number: int) -> str:
    return cut(" ".join(words[max(0, number - 1) : number + 2]))


def _next(words: Sequence[str], number: int) -> str:
    return words[number + 1] if number + 1 < len(words) else ""


def cut(text: str) -> str:
    """As much of a text as a line of output has room for."""
    return text if len(text) <= 60 else text[:57] + "..."
