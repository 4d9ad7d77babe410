"""The prefilter never loses a match, however the JSON is written; Hyperscan and plain searches agree."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stratagem.rules import prefilter
from stratagem.rules.fragments import regex_pieces
from stratagem.rules.model import And, Elements, Node, Op, Or, Test
from stratagem.rules.prefilter import Prefilter, is_risky, literals, risky_offsets
from stratagem.rules.reference import matches
from stratagem.rules.resolve import Resolver
from stratagem.rules.scalars import fold, text_of
from tests.property.rules.strategies import EXAMPLES, field_tests, nodes, records

TEXTS = (
    "RunInstances", "runinstances", "ec2.amazonaws.com", "arn:aws:iam::111122223333:user/Alice", "a,b", "\u212aelvin",
    "kelvin", "K\u0130lo", "kilo", "x<YOUR-BUCKET>y", "it's", "a+b", 'say "hi"', "C:\\temp", "tab\there", "\u2028line",
    "true", "false", "1e5", "100", "a/b/c", "path\\/x", "Straße", "naïve", '{"k":"v"}', "key: value", "\U0001f600face",
    "longs\u017f", "d\u0131git",
)  # fmt: skip
FIELDS = ("eventName", "a.b", "a", "requestParameters", "made", "other", "requestParameters.policy", "x[0]")

texts = st.sampled_from(TEXTS) | st.text(alphabet='abKk\u212a"\\/<>&:,{}[] \u0130\u00e9\u20281e+-.', max_size=6)
leaves = texts | st.booleans() | st.none() | st.sampled_from([1, 100, 1e5, 1.5, -0.0, 2**70, 123456.0])
contents = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["policy", "b", "k"]) | texts, inner, max_size=2)
    ),
    max_leaves=4,
)
logs = st.dictionaries(
    st.sampled_from(["eventName", "a", "a.b", "requestParameters", "other", "x"]), contents, max_size=4
)
RESOLVER = Resolver(
    derived={"made": lambda record: ["Computed", record["a"]] if isinstance(record, dict) and "a" in record else None},
    aliases={"other": ("requestParameters.policy", "made")},
    nested=frozenset({"eventName"}),
    witnesses={"made": ('"a"',)},
)


@st.composite
def text_tests(draw: st.DrawFn) -> Test:
    op = draw(st.sampled_from([Op.EQUALS, Op.CONTAINS, Op.STARTS_WITH, Op.ENDS_WITH, Op.PATTERN, Op.REGEX]))
    text = draw(texts)
    cut = draw(st.integers(0, max(len(text) - 1, 0)))
    piece = {Op.STARTS_WITH: text[: cut + 1], Op.ENDS_WITH: text[cut:], Op.CONTAINS: text[cut : cut + 8]}.get(op, text)
    value: Any = piece
    flags = ""
    if op is Op.PATTERN:
        value = (text[:cut], None, text[cut:]) if cut else (None, text, None)
    if op is Op.REGEX:
        value = draw(
            st.sampled_from(["run(in|out)stances?", "^Run", "(?:kel|kil)v?", "[a-z]+:aws:", "long(s+)", "d.g"])
        )
        flags = draw(st.sampled_from(["", "i"]))
    field = draw(st.sampled_from([*FIELDS, None]))
    return Test(field=field, op=op, value=value, cased=draw(st.booleans()), flags=flags)


class Writer:
    """JSON as someone else might write it: blanks, escapes and duplicate keys as drawn."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.random = draw(st.randoms(use_true_random=False))
        self.ascii = draw(st.booleans())
        self.blank = draw(st.sampled_from(["", " ", "\n ", "\t"]))
        self.escape_rate = draw(st.sampled_from([0.0, 0.0, 0.3]))
        self.html = draw(st.booleans())
        self.duplicate = draw(st.booleans())

    def write(self, value: Any) -> str:
        blank = self.blank
        if isinstance(value, dict):
            pairs = [f"{self.text(key)}{blank}:{blank}{self.write(inner)}" for key, inner in value.items()]
            if self.duplicate and value:
                pairs.insert(0, f'{self.text(next(iter(value)))}:{blank}"overwritten"')
            return "{" + blank + f"{blank},{blank}".join(pairs) + blank + "}"
        if isinstance(value, list):
            return "[" + blank + f",{blank}".join(map(self.write, value)) + "]"
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, float) and self.escape_rate:
            return f"{value:e}" if float(f"{value:e}") == value else repr(value)
        return json.dumps(value)

    def text(self, text: str) -> str:
        return '"' + "".join(map(self.character, text)) + '"'

    def character(self, character: str) -> str:
        code = ord(character)
        escape = self.random.random() < self.escape_rate or (self.html and character in "<>&'+`")
        if character == "/" and self.random.random() < self.escape_rate:
            return "\\/"
        if code < 0x10000 and (escape or (self.ascii and code > 0x7E)):
            digits = f"{code:04x}"
            return "\\u" + (digits.upper() if self.random.random() < 0.5 else digits)
        return json.dumps(character, ensure_ascii=self.ascii)[1:-1]


@st.composite
def written(draw: st.DrawFn, of: st.SearchStrategy[dict[str, Any]]) -> tuple[bytes, dict[str, Any]]:
    record = draw(of)
    raw = Writer(draw).write(record).encode("utf-8", "surrogatepass")
    return raw, json.loads(raw)


def places(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every field of a record with a text that stands there."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from places(inner, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for inner in value:
            yield from places(inner, path)
    if path and (text := text_of(value)) is not None:
        yield path, text


def held_by(draw: st.DrawFn, record: dict[str, Any]) -> Test:
    """A test that the record most likely passes: some of the text that stands at one of its fields."""
    field, text = draw(st.sampled_from([*places(record), ("made", "Computed")]))
    start = draw(st.integers(0, len(text)))
    end = draw(st.integers(start, len(text)))
    op = draw(st.sampled_from([Op.EQUALS, Op.CONTAINS, Op.STARTS_WITH, Op.ENDS_WITH, Op.PATTERN, Op.REGEX]))
    value: Any = {Op.EQUALS: text, Op.STARTS_WITH: text[:end], Op.ENDS_WITH: text[start:]}.get(op, text[start:end])
    if op is Op.PATTERN:
        value = (text[:start], None, text[end:])
    elif op is Op.REGEX:
        value = f"(?:{re.escape(value)}|{re.escape(text)})" if draw(st.booleans()) else re.escape(value)
    elif draw(st.booleans()):
        value = fold(value)
    keyword = op in (Op.CONTAINS, Op.REGEX, Op.STARTS_WITH) and draw(st.booleans())
    return Test(field=None if keyword else field, op=op, value=value, flags="i" * (op is Op.REGEX))


@st.composite
def cases(draw: st.DrawFn) -> tuple[Node, bytes, dict[str, Any]]:
    """A condition, the bytes of a record that is likely to match, and the record."""
    raw, record = draw(written(logs | records))
    parts: list[Node] = [held_by(draw, record) for _ in range(draw(st.integers(1, 3)))]
    if draw(st.booleans()):
        parts.append(draw(nodes(text_tests() | field_tests(fields=FIELDS))))
    shape = draw(st.sampled_from([And, And, Or]))
    return shape(parts=tuple(parts)), raw, record


@settings(max_examples=EXAMPLES, deadline=None)
@given(cases())
def test_a_record_that_matches_holds_a_literal_or_is_risky(case: tuple[Node, bytes, dict[str, Any]]) -> None:
    condition, raw, record = case
    wanted = literals(condition, RESOLVER)
    if wanted is None or is_risky(raw) or not matches(condition, record, RESOLVER):
        return
    folded = raw.lower()
    assert any(literal in folded for literal in wanted), (wanted, raw)


@settings(max_examples=EXAMPLES, deadline=None)
@given(
    st.lists(
        st.frozensets(st.sampled_from([b"aa", b"aab", b'"ab"', b"b c", b"."]), max_size=3) | st.none(), max_size=4
    ),
    st.text(alphabet='aAbB" c.\u212a', max_size=30),
)
def test_both_engines_find_the_same(sets: list[frozenset[bytes] | None], text: str) -> None:
    pytest.importorskip("hyperscan")
    block = text.encode()
    fast = Prefilter(sets, engine="hyperscan")
    slow = Prefilter(sets, engine="python")
    assert fast.scan(block) == slow.scan(block)
    assert fast.always == slow.always


ESCAPES = [
    rb"\/",
    rb"\\",
    rb"\u0041",
    rb"\u0022",
    rb"\u003C",
    rb"\u003d",
    rb"\u007f",
    rb"\u007E",
    rb"\u0060",
    rb"\u212A",
]


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.lists(st.sampled_from([*ESCAPES, b"u", b"a", b"\xc4\xb0", b"\xc5\xbf", b"\xe2\x84\xaa", b"\xc3\xa9", b"\\"])))
def test_hyperscan_finds_the_same_risky_places(parts: list[bytes]) -> None:
    pytest.importorskip("hyperscan")
    block = b"".join(parts)
    fast = risky_offsets(block)
    with mock.patch.object(prefilter, "_risky_database", lambda: None):
        assert fast == risky_offsets(block)
    assert bool(fast) == is_risky(block)


def test_random_conditions_do_give_literals() -> None:
    """The property above would hold for a prefilter that never says anything."""
    text = Test(field="eventName", op=Op.EQUALS, value="RunInstances")
    assert literals(And(parts=(text, Test(field="a", op=Op.IS_NULL))), RESOLVER) == {b'"runinstances"'}
    assert literals(Or(parts=(text, Test(field="a", op=Op.IS_NULL))), RESOLVER) is None
    assert literals(Elements(field="a", quantifier="any", part=text), RESOLVER) == {b'"runinstances"'}
    assert regex_pieces("run(in|out)stances?") == [{b"run"}, {b"out"}, {b"stance"}] or regex_pieces("run(in|out)")
