from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from stratagem.window import Window

NOON = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_a_window_includes_its_start_and_excludes_its_end() -> None:
    window = Window(NOON, NOON + HOUR)
    assert NOON in window
    assert NOON + HOUR not in window
    assert NOON - timedelta(microseconds=1) not in window


def test_an_open_side_holds_everything_on_that_side() -> None:
    assert NOON - 1000 * HOUR in Window(None, NOON)
    assert NOON + 1000 * HOUR in Window(NOON)
    assert NOON in Window()


def test_times_of_other_zones_are_kept_as_utc() -> None:
    window = Window(NOON.astimezone(timezone(2 * HOUR)))
    assert window.start == NOON
    assert window.start.tzinfo is UTC  # type: ignore[union-attr]


def test_a_time_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="start 2026-01-15T12:00:00 has no time zone"):
        Window(NOON.replace(tzinfo=None))


@pytest.mark.parametrize("end", [NOON, NOON - HOUR])
def test_a_window_that_holds_nothing_is_refused(end: datetime) -> None:
    with pytest.raises(ValueError, match="not after its start"):
        Window(NOON, end)
