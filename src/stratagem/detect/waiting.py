"""Matches of which a filter asks the context: decided together, because making columns of one event costs as much as of
many.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from stratagem.clock import parse_time
from stratagem.detect.compile import Plan
from stratagem.detect.informed import NEEDED, beside, taken_out_by
from stratagem.detect.reading import Waits
from stratagem.events.project import project_many
from stratagem.sources._contract import Source
from stratagem.sources._json import decode


def decided(waiting: Sequence[Waits], plan: Plan, sources: Mapping[str, Source], connection: Any) -> list[str | None]:
    """For each match the filter that takes it out, or None."""
    columns = _columns(waiting, sources, connection)
    return [_decide(one, found, plan) for one, found in zip(waiting, columns, strict=True)]


def _columns(waiting: Sequence[Waits], sources: Mapping[str, Source], connection: Any) -> list[dict[str, Any]]:
    """The columns by which the context is asked; empty where the projection could not read the record."""
    found: list[dict[str, Any]] = [{} for _ in waiting]
    for source_id in sorted({one.lane.source_id for one in waiting}):
        places = [place for place, one in enumerate(waiting) if one.lane.source_id == source_id]
        events = [waiting[place].event for place in places]
        records = [(event.raw, event.uid, event.labels) for event in events]
        rows = project_many(source_id, sources[source_id], records, connection, only=NEEDED)
        for place, row in zip(places, rows, strict=True):
            found[place] = row
    return found


def _decide(one: Waits, columns: Mapping[str, Any], plan: Plan) -> str | None:
    event = one.event
    rule = plan.rules[one.lane.rules[one.position]]
    time = parse_time(event.time)
    record = beside(decode(event.raw), plan.context, columns, event.labels, time, rule.strategy)
    return taken_out_by(one.lane.asking(one.position), record, time)
