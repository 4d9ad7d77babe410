"""Lines of strategies' findings, which are written many at a time, are those of the findings made one by one."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from stratagem import content
from stratagem.detect.compile import Plan, compile
from stratagem.detect.model import Location
from stratagem.detect.report import Findings
from stratagem.detect.tally import Hit
from stratagem.events.finding_lines import line
from stratagem.library import load
from stratagem.sources import SOURCES
from stratagem.sources._contract import Labels
from stratagem.sources._json import encode
from tests.property.scanning import EXAMPLES, natives, quick

ODD = st.sampled_from(
    (None, "", 0, True, [], {}, "2026-01-15T10:00:00Z", "20000-01-01T00:00:00Z", "infinity", "10.0.0.300", "::1", "%b")
)
VALUES = ODD | st.text(max_size=12) | st.lists(st.text(max_size=3), max_size=2) | st.integers(0, 2**70)


@cache
def plan() -> Plan:
    library = load([content.folder("strategies")], [], None, {})
    return compile(library.rules, library.strategies, SOURCES)


def _leaves(record: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if isinstance(record, Mapping) and record:
        return [leaf for name, below in record.items() for leaf in _leaves(below, (*path, name))]
    if isinstance(record, list) and record:
        return [leaf for place, below in enumerate(record) for leaf in _leaves(below, (*path, place))]
    return [path]


def _with(record: Any, path: tuple[Any, ...], value: Any) -> Any:
    if not path:
        return value
    if isinstance(record, Mapping):
        return {**record, path[0]: _with(record[path[0]], path[1:], value)}
    return [_with(below, path[1:], value) if place == path[0] else below for place, below in enumerate(record)]


@st.composite
def hits(draw: st.DrawFn) -> Hit:
    """A hit of a packaged strategy on a record of which some values are others."""
    source_id = draw(st.sampled_from([source_id for source_id in SOURCES if plan().routes.get(source_id)]))
    native: Any = draw(st.sampled_from(natives(source_id)))
    for path in draw(st.lists(st.sampled_from(_leaves(native)), max_size=4, unique=True)):
        native = _with(native, path, draw(VALUES))
    return Hit(
        rule=draw(st.sampled_from(plan().routes[source_id])),
        source=source_id,
        event_uid=draw(st.text(min_size=1, max_size=5)),
        uid_hash=0,
        time="2026-01-15T10:00:00Z",
        location=Location(file=draw(st.sampled_from(("a%s.json", "b"))), offset=draw(st.integers(0, 2**40))),
        digest=0,
        raw=encode(native),
        labels=draw(st.builds(Labels, account=st.sampled_from((None, "1")), region=st.sampled_from((None, "", "x")))),
    )


@settings(quick, max_examples=EXAMPLES // 4)
@given(st.lists(hits(), max_size=8))
def test_a_line_is_what_the_finding_gives_one_by_one(some: list[Hit]) -> None:
    one_by_one = [line(finding) for finding in Findings(some, plan(), SOURCES, "18.1", detail=True)]
    assert list(Findings(some, plan(), SOURCES, "18.1", detail=False).lines()) == one_by_one


@settings(quick, max_examples=EXAMPLES // 10)
@given(st.lists(hits(), max_size=4))
def test_a_finding_that_is_read_back_from_its_line_gives_that_line(some: list[Hit]) -> None:
    found = Findings(some, plan(), SOURCES, "18.1", detail=False)
    in_full = Findings(some, plan(), SOURCES, "18.1", detail=True)
    assert [line(finding) for finding in found] == list(found.lines())
    for brief, whole in zip(found, in_full, strict=True):
        for name in ("uid", "title", "level", "level_because", "time", "principal", "next_steps", "attacks"):
            assert getattr(brief, name) == getattr(whole, name)
