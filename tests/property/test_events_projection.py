"""Whatever a record holds, it is projected or reported, and times agree with the scan's clock."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from stratagem.clock import parse_time
from stratagem.events.project import project
from stratagem.events.query import connect
from tests.unit.events.mini import MINI, batch

DUCK = connect()
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6) | st.just("2026-01-15T10:00:00Z"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
RECORDS = st.fixed_dictionaries({}, optional=dict.fromkeys(("when", "verb", "addr", "who", "things"), VALUES))
TEXTS = RECORDS.map(json.dumps) | st.text(max_size=30).filter(lambda text: text.isprintable())


@settings(max_examples=60, deadline=None)
@given(records=st.lists(TEXTS, max_size=6))
def test_every_record_is_projected_or_reported(records: list[Any]) -> None:
    projected = project("mini", MINI, batch(*records), DUCK, keep_raw=True)
    bad = {item.row for item in projected.bad}
    kept = [text for row, text in enumerate(records) if row not in bad]
    assert projected.table["raw_data"].to_pylist() == kept


@settings(max_examples=60, deadline=None)
@given(time=st.datetimes(min_value=datetime(1970, 1, 2), timezones=st.none() | st.timezones()))
def test_times_are_read_as_the_scan_reads_them(time: datetime) -> None:
    text = time.isoformat()
    row = project("mini", MINI, batch(json.dumps({"when": text})), DUCK).table.to_pylist()[0]
    assert row["time"] == parse_time(text)
