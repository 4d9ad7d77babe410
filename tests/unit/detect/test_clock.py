"""Event times as logs write them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from stratagem.detect.clock import NoTime, parse_time


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
