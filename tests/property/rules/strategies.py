"""Random rules and records that meet often: few names, few values, awkward characters."""

from __future__ import annotations

import os
from datetime import datetime
from typing import Any

from hypothesis import strategies as st

from stratagem.rules.model import And, Elements, Node, Not, Op, Or, Test, Timed
from stratagem.rules.resolve import Resolver
from stratagem.window import Window

EXAMPLES = int(os.environ.get("STRATAGEM_EXAMPLES", "150"))
"""Examples for each property; a long run is STRATAGEM_EXAMPLES=20000."""

NAMES = ("a", "b", "a.b", "b.c", "c", "a.b.c")
FIELDS = (*NAMES, "a.b.a", "c.a.b", "a[0]", "a[-1].b", "derived", "derived.a", "Alias", "alias.b", ".")
WORDS = (
    "", "a", "A", "ab", "AbC", "abc", "K", "\u212a", "k", "\u0130", "i", "\u0131", "\u017f", "s", "ß", "SS",
    "\u03a3", "\u03c3a\u03c2",
    "a\nb", "*", "a*", "?", "\\", '"a"', "/", "<b>", "true", "True", "false", "null", "1", "01", "1.0", "1.5", "-1",
    "18446744073709551617", "é", "\U0001f600", "192.0.2.7", "::ffff:192.0.2.7", "2001:db8::1", "fe80::1%eth0",
    "2024-02-03T04:05:06Z", "2024-02-03T23:05:06.123456789-05:00", '{"a":1}', "[1,2]",
)  # fmt: skip
NUMBERS = (0, 1, -1, 2, 1.0, 1.5, -0.0, 2**53, 2**53 + 1, float(2**53), 2**64 + 1, 10**17, 1e17, 1e300, 1_700_000_000)

words = st.sampled_from(WORDS) | st.text(alphabet="aAbB.*?Kki\u212a\u0130\u03a3 \n1", max_size=4)
scalars = st.none() | st.booleans() | st.sampled_from(NUMBERS) | words
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=3),
    max_leaves=6,
)
TIMES = (
    "2026-01-31T00:00:00Z",
    "2026-01-31T23:59:59.999999Z",
    "2026-02-01T00:00:00+00:00",
    "2026-02-01T01:00:00+02:00",
)
records = st.builds(
    lambda record, time: record if time is None else {**record, "time": time},
    st.dictionaries(st.sampled_from(NAMES) | words, values, max_size=4),
    st.none() | st.sampled_from((*TIMES, "no time")),
)
"""Some have an event time, around the start of 2026-02-01."""

SPANS = tuple(
    Window(*(bound and datetime.fromisoformat(bound) for bound in bounds))
    for bounds in ((None, TIMES[2]), (TIMES[2], None), (TIMES[0], TIMES[1]), (None, None), (TIMES[3], TIMES[2]))
)


def _pattern(draw: st.DrawFn) -> tuple[str | int | None, ...]:
    parts = draw(st.lists(words.filter(bool) | st.sampled_from([None, 1]), min_size=1, max_size=4))
    merged: list[str | int | None] = []
    for part in parts:
        if part is None and merged and merged[-1] is None:
            continue
        merged.append(part)
    return tuple(merged)


REGEXES = ("a", "^a$", "[a-c]+", "(?!a)b", "k", "i", "s", ".b", "^$", "a|b", "1", "ab?c", "(ab|k)c?", r"\.\d")


@st.composite
def field_tests(draw: st.DrawFn, fields: tuple[str, ...] = FIELDS) -> Test:
    field: str | None = draw(st.sampled_from(fields))
    keyword = draw(st.integers(0, 9)) == 0
    op = draw(st.sampled_from(list(Op)))
    cased = draw(st.booleans())
    if keyword:
        op = draw(st.sampled_from([Op.CONTAINS, Op.PATTERN, Op.REGEX, Op.STARTS_WITH, Op.CIDR]))
        field = None
    value: Any
    flags = ""
    if op is Op.EQUALS:
        value = draw(words | st.sampled_from(NUMBERS) | st.booleans())
    elif op is Op.PATTERN:
        value = _pattern(draw)
    elif op in (Op.CONTAINS, Op.STARTS_WITH, Op.ENDS_WITH):
        value = draw(words)
    elif op is Op.REGEX:
        value, flags = draw(st.sampled_from(REGEXES)), draw(st.sampled_from(["", "i", "im", "s"]))
    elif op is Op.CIDR:
        value = draw(st.sampled_from(["192.0.2.0/24", "2001:db8::/32", "::ffff:0:0/96", "0.0.0.0/0"]))
    elif op in (Op.LT, Op.LTE, Op.GT, Op.GTE):
        value = draw(st.sampled_from(NUMBERS))
    elif op is Op.EXISTS:
        value = draw(st.booleans())
    elif op is Op.IS_NULL:
        value = None
    elif op is Op.TIMESTAMP_PART:
        value = draw(st.sampled_from([0, 3, 4, 5, 23, 2024]))
        unit = draw(st.sampled_from(["minute", "hour", "day", "week", "month", "year"]))
        flags = unit + draw(st.sampled_from(["", " lt", " gte"]))
    else:
        value = draw(st.sampled_from(fields))
    return Test(field=field, op=op, value=value, cased=cased, flags=flags)


def nodes(leaves: st.SearchStrategy[Node] | None = None) -> st.SearchStrategy[Node]:
    def grow(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
        several = st.lists(inner, min_size=1, max_size=3).map(tuple)
        element = st.builds(
            Elements,
            field=st.sampled_from(FIELDS),
            quantifier=st.sampled_from(["any", "all", "none", "all_or_empty"]),
            part=inner,
        )
        timed = st.builds(Timed, part=inner, valid=st.sampled_from(SPANS))
        return (
            st.builds(And, parts=several) | st.builds(Or, parts=several) | st.builds(Not, part=inner) | element | timed
        )

    return st.recursive(field_tests() if leaves is None else leaves, grow, max_leaves=5)


def _derive(record: Any) -> Any:
    return record.get("b") if isinstance(record, dict) and "a" in record else None


RESOLVER = Resolver(
    derived={"derived": _derive},
    aliases={"alias": ("c", "derived", "a.b")},
    nested=frozenset({"a.b", "a.b.c"}),
)
