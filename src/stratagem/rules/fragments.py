"""Text -> the pieces of it that must stand, letter by letter, in the raw JSON of a record that holds the text.

JSON may write a character in several ways. Pieces therefore keep to printable ASCII without the characters that
common writers escape, and to what no number could be (1e2 and 100.0 are one value). Records that escape other
characters are risky (`prefilter.is_risky`) and skip the prefilter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from re import _constants, _parser  # type: ignore[attr-defined]
from typing import Any

SHORTEST = 3
"""Shorter pieces stand in every record anyway."""

# Never letter by letter: " \ < > & ' + ` are escaped by one writer or another; , { } [ ] may be an object's own marks
# around which the raw text may have blanks. A colon of an object's own follows a quote, so it can only come first.
_SAFE = re.compile(r"[ !#$%()*\-./0-9:;=?@A-Z^_a-z|~]+")
_NUMBER_LIKE = re.compile(r"[0-9eE.\-]+")
_WORDS = ("true", "false", "null")
_REPEATS = (_constants.MAX_REPEAT, _constants.MIN_REPEAT, _constants.POSSESSIVE_REPEAT)


def pieces(text: str, *, from_start: bool = False, to_end: bool = False) -> list[bytes]:
    """Pieces of a text that a value contains, in lower case.

    With `from_start` the value begins with the text, with `to_end` it ends with it: the piece there then carries the
    quote that JSON puts around it.
    """
    found = []
    for match in _SAFE.finditer(text):
        piece = match[0].lstrip(":")
        if _NUMBER_LIKE.fullmatch(piece) or not piece:
            continue
        lower = piece.lower()
        is_word = any(lower in word for word in _WORDS)
        opens = from_start and match.start() == 0 and len(piece) == len(match[0]) and not is_word
        closes = to_end and match.end() == len(text) and not is_word
        if len(lower) >= SHORTEST:
            found.append(('"' * opens + lower + '"' * closes).encode())
    return found


def regex_pieces(expression: str) -> list[frozenset[bytes]]:
    """Sets of pieces of which, for each set, one stands in every text that the expression matches."""
    try:
        return _sequence(_parser.parse(expression))
    except (re.error, RecursionError, OverflowError, TypeError, ValueError):
        return []


def _sequence(sequence: Iterable[tuple[Any, Any]]) -> list[frozenset[bytes]]:
    found: list[frozenset[bytes]] = []
    run = ""
    for op, argument in sequence:
        if op is _constants.LITERAL:
            run += chr(argument)
            continue
        if op is _constants.AT:
            continue
        found += _literal(run) + _inner(op, argument)
        run = ""
    return found + _literal(run)


def _literal(run: str) -> list[frozenset[bytes]]:
    return [frozenset({piece}) for piece in pieces(run)]


def _inner(op: Any, argument: Any) -> list[frozenset[bytes]]:
    if op is _constants.SUBPATTERN:
        return _sequence(argument[3])
    if op is _constants.ATOMIC_GROUP:
        return _sequence(argument)
    if op in _REPEATS and argument[0] > 0:
        return _sequence(argument[2])
    if op is _constants.BRANCH:
        return _branches(argument[1])
    return []


def _branches(branches: Sequence[Any]) -> list[frozenset[bytes]]:
    """One set for all branches, from the longest piece of each; none where a branch has none."""
    union: frozenset[bytes] = frozenset()
    for branch in branches:
        sets = _sequence(branch)
        if not sets:
            return []
        union |= max(sets, key=lambda choice: min(map(len, choice)))
    return [union]
