"""What each run into a lake read, beside its table: the lake holds events, and not what could not become one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

import msgspec

from stratagem.lake.store import Lake

_PLACE = "_stratagem/runs"
KEPT = 50
"""Runs that are looked at, the last ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """The account of one run."""

    at: str
    records: int = 0
    events: Mapping[str, int] = field(default_factory=dict)
    duplicates: int = 0
    excluded: int = 0
    quarantined: Mapping[str, int] = field(default_factory=dict)
    """By reason."""
    dropped: Mapping[str, int] = field(default_factory=dict)
    """By ingest rule."""


def note(lake: Lake, summary: Mapping[str, Any], now: datetime | None = None) -> None:
    """Keep a run's account."""
    moment = now or datetime.now(UTC)
    run = Run(
        at=moment.isoformat(),
        records=summary["records"],
        events=summary["events"]["by_source"],
        duplicates=summary["duplicates"],
        excluded=summary["excluded"],
        quarantined=summary["quarantined"]["reasons"],
        dropped=summary.get("dropped", {}).get("by_rule", {}),
    )
    lake.put(f"{_PLACE}/{moment:%Y%m%dT%H%M%S%f}.json", msgspec.json.encode(asdict(run)))
    lake.keep_last(_PLACE, KEPT)


def last(lake: Lake, count: int = KEPT) -> tuple[Run, ...]:
    """The accounts of the last runs, oldest first; damaged ones are left out."""
    found = []
    for text in lake.texts(_PLACE, count):
        try:
            found.append(msgspec.json.decode(text, type=Run))
        except msgspec.MsgspecError:
            continue
    return tuple(found)
