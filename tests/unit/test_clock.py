"""Event times as logs write them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stratagem.clock import NoTime, iso_text, not_plainly_utc, parse_time


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-01-15T10:00:00Z", datetime(2026, 1, 15, 10, tzinfo=UTC)),
        ("2026-01-15T12:00:00+02:00", datetime(2026, 1, 15, 10, tzinfo=UTC)),
        ("2026-01-15T10:00:00", datetime(2026, 1, 15, 10, tzinfo=UTC)),
        ("2026-01-15T10:00:00.1234567Z", datetime(2026, 1, 15, 10, 0, 0, 123456, tzinfo=UTC)),
        ("1/15/2026 1:48:53 PM", datetime(2026, 1, 15, 13, 48, 53, tzinfo=UTC)),
        ("1/15/2026 12:00:00 AM", datetime(2026, 1, 15, 0, tzinfo=UTC)),
        (1768471200, datetime(2026, 1, 15, 10, tzinfo=UTC)),
        (1768471200000, datetime(2026, 1, 15, 10, tzinfo=UTC)),
        (1768471200000001, datetime(2026, 1, 15, 10, 0, 0, 1, tzinfo=UTC)),
        (1768471200000001999, datetime(2026, 1, 15, 10, 0, 0, 1, tzinfo=UTC)),
        ("1768471200.5", datetime(2026, 1, 15, 10, 0, 0, 500000, tzinfo=UTC)),
    ],
)
def test_a_time_is_read_as_aware_utc(written: object, meant: datetime) -> None:
    assert parse_time(written) == meant
    assert parse_time(written).tzinfo is UTC


@pytest.mark.parametrize("written", [None, True, "", "yesterday", "2026-13-40T00:00:00Z", {}, 1e30, "99/99/2026 1:00"])
def test_what_is_no_time_says_so(written: object) -> None:
    with pytest.raises(NoTime):
        parse_time(written)


@given(
    st.lists(
        st.one_of(
            st.datetimes().map(lambda time: f"{time:%Y-%m-%dT%H:%M:%SZ}"),
            st.text(alphabet="0123456789-:TZ", min_size=20, max_size=20),
            st.sampled_from(["2026-02-31T00:00:00Z", "2026-13-01T00:00:00Z", "2026-01-15T10:00:60Z", "", None, 5]),
        )
    )
)
def test_a_time_that_looks_plain_in_a_column_is_one_that_can_be_read(times: list[object]) -> None:
    doubtful = set(not_plainly_utc(times))
    for row, time in enumerate(times):
        if row not in doubtful:
            assert parse_time(time).isoformat() == str(time).replace("Z", "+00:00")


@given(
    st.datetimes().map(lambda time: f"{time:%Y-%m-%dT%H:%M:%SZ}")
    | st.sampled_from(["2026-W03-4T10:00:00Z", "2026-01-15 10:00:00Z", "2026-01-15T100000.5Z", "2026-01-15T10:00:00z"])
    | st.integers(0, 2 * 10**9)
)
def test_the_text_of_a_time_is_its_iso_format(written: object) -> None:
    try:
        time = parse_time(written)
    except NoTime:
        return
    assert iso_text(written, time) == time.isoformat()
