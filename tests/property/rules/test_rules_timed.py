"""Lists expanded once and asked at event time give what lists read on the day of the event would give."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from stratagem.context.entry import Entry, Lists
from stratagem.rules.load import load_condition
from stratagem.rules.matcher import compile
from stratagem.rules.model import Node
from stratagem.rules.reference import matches
from stratagem.rules.resolve import PLAIN
from stratagem.rules.timed import is_timed, loose
from stratagem.window import Window
from tests.property.rules.strategies import EXAMPLES

START = datetime(2026, 3, 1, tzinfo=UTC)
DETECTIONS = (
    {"selection": {"image|expand": "%images%"}, "condition": "selection"},
    {"selection": {"image|expand": "%images%"}, "other": {"kind": "pod"}, "condition": "other and not selection"},
    {"selection": {"image|expand|startswith": ["%images%", "x-%images%"]}, "condition": "selection"},
    {"selection": {"image|expand": "%images%:%tags%"}, "condition": "not (not selection)"},
    {"selection": {"containers[all]": {"image|expand": "%images%"}}, "condition": "selection"},
    {"selection": {"containers[none]": {"image|expand": "%images%"}}, "condition": "not selection"},
)
WORDS = ("a", "b", "a*")
hours = st.integers(-3, 3)


def _time(hour: int) -> datetime:
    return START + timedelta(hours=hour)


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    start, end = draw(st.none() | hours), draw(st.none() | hours)
    if start is not None and end is not None and start >= end:
        end = start + 1
    span = Window(None if start is None else _time(start), None if end is None else _time(end))
    return Entry(value=draw(st.sampled_from(WORDS)), valid=span)


lists = st.fixed_dictionaries({name: st.lists(entries(), max_size=4).map(tuple) for name in ("images", "tags")})
images = st.sampled_from(("a", "b", "ab", "x-a", "a:a", "b:a", "c"))
records = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(("pod", "job")),
        "image": images,
        "containers": st.lists(st.fixed_dictionaries({"image": images}), max_size=2),
        "time": hours.map(lambda hour: _time(hour).isoformat()),
    }
)


def _on_the_day(said: Lists, time: datetime) -> Mapping[str, tuple[str, ...]]:
    """The lists as somebody would have read them at that time."""
    return {
        name: tuple(entry.value for entry in values if isinstance(entry, Entry) and time in entry.valid)
        for name, values in said.items()
    }


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.sampled_from(DETECTIONS), lists, records)
def test_an_event_meets_the_lists_of_its_own_time(
    detection: dict[str, Any], said: Lists, record: dict[str, Any]
) -> None:
    then = _on_the_day(said, datetime.fromisoformat(record["time"]))
    wanted = matches(_condition(detection, then), record, PLAIN)
    node = _condition(detection, said)
    assert compile(node, PLAIN)(record) == wanted
    assert matches(node, record, PLAIN) == wanted


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.sampled_from(DETECTIONS), lists, records)
def test_the_first_step_lets_through_everything_that_holds(
    detection: dict[str, Any], said: Lists, record: dict[str, Any]
) -> None:
    node = _condition(detection, said)
    first = loose(node)
    assert not is_timed(first)
    if matches(node, record, PLAIN):
        assert matches(first, record, PLAIN)


def _condition(detection: dict[str, Any], said: Lists) -> Node:
    return load_condition(detection, lists=said)[0]
