"""Text tests -> one fast yes-or-no over a text. Several tests on a field become one look at its value."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from stratagem.rules.model import Op, Test
from stratagem.rules.scalars import fold, text_of

Accept = Callable[[str], bool]

TEXT_OPS = frozenset({Op.EQUALS, Op.PATTERN, Op.CONTAINS, Op.STARTS_WITH, Op.ENDS_WITH, Op.REGEX})
_FLAGS = {"i": re.IGNORECASE, "m": re.MULTILINE, "s": re.DOTALL}


def accept_any(tests: Sequence[Test]) -> Accept:
    """Does the text satisfy one of the tests?"""
    accepts = []
    for cased in (False, True):
        group = [test for test in tests if test.op is not Op.REGEX and test.cased == cased]
        accepts += _group(group, cased)
    accepts += [_regex(test) for test in tests if test.op is Op.REGEX]
    if len(accepts) == 1:
        return accepts[0]
    return lambda text: any(accept(text) for accept in accepts)


def folded_equals(tests: Sequence[Test]) -> frozenset[str] | None:
    """The folded texts, where the tests are nothing but equality without case."""
    if any(test.op is not Op.EQUALS or test.cased for test in tests):
        return None
    return frozenset(fold(text_of(test.value) or "") for test in tests)


def _group(tests: Sequence[Test], cased: bool) -> list[Accept]:
    """One function for each kind of test in use, all with or all without case."""
    wanted: dict[Op, list[str]] = {}
    for test in tests:
        if test.op is not Op.PATTERN:
            text = text_of(test.value) or ""
            wanted.setdefault(test.op, []).append(text if cased else fold(text))
    accepts = [_MAKERS[op](texts, cased) for op, texts in wanted.items()]
    return accepts + [_pattern(test) for test in tests if test.op is Op.PATTERN]


def _equals(wanted: list[str], cased: bool) -> Accept:
    if cased:
        return frozenset(wanted).__contains__
    known, lengths = frozenset(wanted), frozenset(map(len, wanted))
    return lambda text: len(text) in lengths and fold(text) in known  # folding keeps the length


def _contains(wanted: list[str], cased: bool) -> Accept:
    if len(wanted) == 1:
        only = wanted[0]
        return (lambda text: only in text) if cased else (lambda text: only in fold(text))

    def accept(text: str) -> bool:
        folded = text if cased else fold(text)
        return any(piece in folded for piece in wanted)

    return accept


def _starts(wanted: list[str], cased: bool) -> Accept:
    prefixes = tuple(wanted)
    return (lambda text: text.startswith(prefixes)) if cased else (lambda text: fold(text).startswith(prefixes))


def _ends(wanted: list[str], cased: bool) -> Accept:
    suffixes = tuple(wanted)
    return (lambda text: text.endswith(suffixes)) if cased else (lambda text: fold(text).endswith(suffixes))


_MAKERS: dict[Op, Callable[[list[str], bool], Accept]] = {
    Op.EQUALS: _equals,
    Op.CONTAINS: _contains,
    Op.STARTS_WITH: _starts,
    Op.ENDS_WITH: _ends,
}


def _pattern(test: Test) -> Accept:
    """Wildcards as pieces between `*`: the first and the last are anchored, those between are found left to right.

    No backtracking: the leftmost place of each piece leaves the most room for the next.
    """
    pieces: list[list[str | int]] = [[]]
    for part in test.value:
        if part is None:
            pieces.append([])
        else:
            pieces[-1].append(fold(part) if isinstance(part, str) and not test.cased else part)
    expressions = [re.compile(_expression(piece), re.DOTALL) for piece in pieces]
    lengths = [sum(len(part) if isinstance(part, str) else 1 for part in piece) for piece in pieces]
    cased = test.cased

    def accept(text: str) -> bool:
        return _pieces_match(text if cased else fold(text), expressions, lengths)

    return accept


def _expression(piece: list[str | int]) -> str:
    return "".join(re.escape(part) if isinstance(part, str) else "." for part in piece)


def _pieces_match(text: str, expressions: Sequence[re.Pattern[str]], lengths: Sequence[int]) -> bool:
    if len(expressions) == 1:
        return expressions[0].fullmatch(text) is not None
    at, end = lengths[0], len(text) - lengths[-1]
    if at > end or expressions[0].match(text) is None or expressions[-1].match(text, end) is None:
        return False
    for expression, length in zip(expressions[1:-1], lengths[1:-1], strict=True):
        found = expression.search(text, at, end)
        if found is None:
            return False
        at = found.start() + length
    return True


def _regex(test: Test) -> Accept:
    flags = 0
    for flag in test.flags:
        flags |= _FLAGS[flag]
    search = re.compile(test.value, flags).search
    return lambda text: search(text) is not None
