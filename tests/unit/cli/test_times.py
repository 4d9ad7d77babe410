"""What --from and --to take."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from stratagem.cli.times import parse, span
from stratagem.errors import UsageError

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def _parse(text: str) -> datetime:
    return parse(text, option="--from", now=NOW)


def test_a_day_is_its_first_moment_in_utc() -> None:
    assert _parse("2026-11-20") == datetime(2026, 11, 20, tzinfo=UTC)


def test_a_time_without_a_zone_is_utc() -> None:
    assert _parse("2026-11-20T14:30") == datetime(2026, 11, 20, 14, 30, tzinfo=UTC)


def test_a_zone_is_honoured() -> None:
    assert _parse("2026-11-20T14:30:00+01:00") == datetime(2026, 11, 20, 13, 30, tzinfo=UTC)


@pytest.mark.parametrize(("text", "ago"), [("7d", 7 * 24), ("36h", 36), ("-2w", 14 * 24)])
def test_a_number_and_a_unit_is_that_long_ago(text: str, ago: int) -> None:
    assert _parse(text) == NOW - timedelta(hours=ago)


@pytest.mark.parametrize("text", ["yesterday", "20.11.2026", "7", "", "7y"])
def test_anything_else_is_an_error_that_shows_what_would_do(text: str) -> None:
    with pytest.raises(UsageError, match="Write 2026-11-20"):
        _parse(text)


def test_an_empty_interval_is_an_error() -> None:
    with pytest.raises(UsageError, match="is not before"):
        span("2026-11-21", "2026-11-20", now=NOW)
