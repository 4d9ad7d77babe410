"""What unwrapping holds for any JSON, and for events in any stack of envelopes."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stratagem.sources._contract import Malformed
from stratagem.sources.unwrap import DEPTH_LIMIT, decode, encode, records

MEMBERS = [
    "Records",
    "records",
    "items",
    "events",
    "logEvents",
    "message",
    "log",
    "event",
    "detail",
    "body",
    "data",
    "_raw",
    "tables",
    "columns",
    "rows",
    "protoPayload",
    "properties",
    "category",
    "kind",
    "apiVersion",
    "verb",
    "objectRef",
    "eventSource",
    "eventName",
]
EVENT = {
    "kind": "Event",
    "apiVersion": "audit.k8s.io/v1",
    "auditID": "a",
    "verb": "get",
    "objectRef": {"resource": "pods"},
}
scalars = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=12)
)
words = st.sampled_from(
    ["kube-audit", "audit.k8s.io/v1", "Event", "EventList", "k8s.io", '{"a":1}', "[1]", '{"', "e30="]
)
values = st.recursive(
    scalars | words,
    lambda below: (
        st.lists(below, max_size=4) | st.dictionaries(st.sampled_from(MEMBERS) | st.text(max_size=6), below, max_size=5)
    ),
    max_leaves=25,
)
wrappers = st.sampled_from(
    [
        lambda value: {"Records": [value]},
        lambda value: {"message": json.dumps(value)},
        lambda value: {"log": json.dumps(value)},
        lambda value: {"event": {"original": json.dumps(value)}},
        lambda value: {"detail-type": "x", "detail": value},
        lambda value: {"body": value, "headers": {}},
        lambda value: {"theirs": value, "rule": 1},
        lambda value: {"logEvents": [{"id": "1", "message": json.dumps(value)}]},
        lambda value: {"rows": [value]},
    ]
)
quick = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


@quick
@given(values)
def test_any_value_gives_records_with_a_reason_and_never_raises(value: Any) -> None:
    for found in records(value):
        assert isinstance(found.native, dict)
        if found.status == "event":
            assert found.source_id
        else:
            assert found.reason


@quick
@given(values)
def test_unwrapping_is_a_function_of_the_value_and_leaves_it_alone(value: Any) -> None:
    before = json.dumps(value)
    assert list(records(value)) == list(records(value))
    assert json.dumps(value) == before


@quick
@given(st.lists(wrappers, max_size=DEPTH_LIMIT // 2))
def test_an_event_is_found_in_any_stack_of_envelopes(stack: list[Any]) -> None:
    value: Any = EVENT
    for wrap in stack:
        value = wrap(value)
    (found,) = records(value)
    assert (found.status, found.native) == ("event", EVENT)


@quick
@given(values)
def test_a_canonical_record_unwraps_to_itself(value: Any) -> None:
    for found in records(value):
        if found.status == "event":
            (again,) = records(found.native)
            assert (again.source_id, again.native, again.status) == (found.source_id, found.native, "event")


@quick
@given(values)
def test_reading_what_was_written_gives_the_value(value: Any) -> None:
    assert decode(encode(value)) == value


@quick
@given(st.binary(max_size=64) | st.text(alphabet='{}[]":,0123456789eE+-.\\u \n', max_size=64))
def test_any_text_is_read_or_malformed(text: bytes | str) -> None:
    try:
        decode(text)
    except Malformed as reason:
        assert str(reason)
