"""A lake's health as of a moment: what stopped, shrank, lost a field or a level, comes late, or was never there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from stratagem.context.estate import Member
from stratagem.context.known import Context
from stratagem.detect.compile import Plan
from stratagem.health import gather, volume
from stratagem.health.dropped import dropped
from stratagem.health.fields import Drift, by_source
from stratagem.health.gather import Volume
from stratagem.health.model import Complaint, Health, Scope, SourceHealth, Trouble
from stratagem.health.sight import sights
from stratagem.lake.runs import Run
from stratagem.sources import SOURCES
from stratagem.sources._contract import Native
from stratagem.sources._json import decode

_WRITES = frozenset({"create", "update", "patch"})
_TELLING = frozenset({"Request", "RequestResponse"})
_MANY = 200
_WRITES_SEEN = 20
"""Writes from which on the level of all of them says something of the policy."""
_QUARANTINED = 0.01
GRAPH = "graph_activity"
_ENTRA = frozenset({"entra_signin", "entra_audit"})
KUBERNETES, CLOUDTRAIL = "kubernetes_audit", "aws_cloudtrail"


def check(connection: Any, plan: Plan, context: Context, as_of: datetime, runs: Iterable[Run] = ()) -> Health:
    """The health of a lake by its DuckDB views; `plan` says which fields and sources strategies need.

    Recordings of earlier runs tell what could not be read.
    """
    wanted = by_source(plan.rules, plan.routes)
    found = gather.volumes(connection, as_of)
    sources = [_source(connection, one, wanted.get(one.source, ()), as_of) for one in found.values()]
    sources = [_with_graph(one, sources) for one in sources]
    sources += _never_seen(context, found, as_of)
    sources.sort(key=lambda one: (one.state == "ok", one.source, one.scope))
    accounts = tuple(runs)
    reasons, share = _quarantined(accounts)
    if share > _QUARANTINED:
        message = f"{share:.0%} of the records of the last runs could not be read"
        complaint = Complaint(trouble=Trouble.QUARANTINED, message=message)
        sources.insert(0, SourceHealth(source="(any)", scope=Scope(), complaints=(complaint,)))
    return Health(
        as_of=as_of,
        sources=tuple(sources),
        strategies=tuple(sights(plan, sources, as_of)),
        quarantined=dict(reasons),
        dropped=tuple(dropped(plan, as_of, accounts)),
    )


def _source(connection: Any, one: Volume, fields: Iterable[str], as_of: datetime) -> SourceHealth:
    days = one.days(as_of)
    today = days.get(as_of - volume.DAY, 0)
    middle, smallest = volume.usual(days, as_of)
    complaints: list[Complaint] = []
    levels: Mapping[str, float] = {}
    hours = [hour for hour, _ in one.hours]
    assert one.last is not None
    silent = volume.silence(hours, one.last, SOURCES[one.source].lateness, as_of) if one.source in SOURCES else None
    if silent:
        complaints.append(silent)
    else:
        if low := volume.low(today, middle, smallest, as_of):
            complaints.append(low)
        if late := _late(one):
            complaints.append(late)
        more, levels = _within(connection, one, tuple(fields), as_of)
        complaints += more
    return SourceHealth(
        source=one.source,
        scope=one.scope,
        events=one.events,
        first=one.first,
        last=one.last,
        last_day=today,
        usual_day=middle,
        lag_p95=one.lag_recent,
        duplicates=max(0, one.copies - one.events),
        levels=levels,
        complaints=tuple(complaints),
    )


def _late(one: Volume) -> Complaint | None:
    """Later than declared, and later than before: a lake that was filled from old files has old lags all over."""
    lateness = SOURCES[one.source].lateness
    if one.lag_recent is None or one.lag_earlier is None or one.lag_recent <= max(lateness, 2 * one.lag_earlier):
        return None
    message = (
        f"one event in twenty takes longer than {volume.span(one.lag_recent)} to arrive; "
        f"it was {volume.span(one.lag_earlier)}, and {volume.span(lateness)} is allowed for"
    )
    return Complaint(trouble=Trouble.LATE, message=message)


def _within(
    connection: Any, one: Volume, fields: tuple[str, ...], as_of: datetime
) -> tuple[list[Complaint], Mapping[str, float]]:
    """What the records themselves say: fields, levels, and kinds of events that are not there at all."""
    source = SOURCES[one.source]
    drift = Drift(source, fields)
    earlier, recent, kinds = Counter[str](), Counter[str](), Counter[str]()
    for raw, is_recent in gather.sample(connection, one.source, one.scope, as_of):
        native = decode(raw)
        drift.add(native, is_recent=is_recent)
        kinds.update(_kinds(one.source, native))
        if one.source == KUBERNETES and native.get("verb") in _WRITES:
            (recent if is_recent else earlier)[str(native.get("level"))] += 1
    complaints = list(_level(earlier, recent, as_of))
    objects = {
        name for name, derived in source.derived.items() if any("requestObject" in path for path in derived.fields)
    }
    for complaint in drift.complaints():
        name = complaint.field or ""
        if complaints and (name.startswith(("requestObject", "responseObject")) or _below(name, objects)):
            continue  # The level says it already.
        complaints.append(complaint)
    complaints += _absent(one.source, kinds)
    total = recent.total()
    return complaints, {level: count / total for level, count in recent.items()} if total else {}


def _below(name: str, parents: Iterable[str]) -> bool:
    return any(name == parent or name.startswith(f"{parent}.") for parent in parents)


def _level(earlier: Counter[str], recent: Counter[str], as_of: datetime) -> Iterator[Complaint]:
    before, now = (sum(counts[level] for level in _TELLING) for counts in (earlier, recent))
    if earlier.total() >= 20 and recent.total() >= 5 and before >= 0.5 * earlier.total() and not now:
        level = recent.most_common(1)[0][0]
        message = (
            f"writes are logged at level {level} now; {before / earlier.total():.0%} of them told their object before"
        )
        yield Complaint(trouble=Trouble.LEVEL, message=message, since=as_of - volume.DAY)
    elif not before and not now and earlier.total() + recent.total() >= _WRITES_SEEN:
        level = (earlier + recent).most_common(1)[0][0]
        message = f"every write is logged at level {level}: what it carries cannot be seen"
        yield Complaint(trouble=Trouble.OBJECTS_ABSENT, message=message)


def _kinds(source: str, native: Native) -> Iterator[str]:
    yield "all"
    if source == KUBERNETES and native.get("verb") in ("get", "list"):
        yield "read"
    if source == CLOUDTRAIL:
        if native.get("readOnly") is True:
            yield "read"
        if native.get("managementEvent") is False:
            yield "data"
    if source == "gcp_audit" and "data_access" in str(native.get("logName")):
        yield "read"


def _absent(source: str, kinds: Counter[str]) -> Iterator[Complaint]:
    if kinds["all"] < _MANY:
        return
    if source in (KUBERNETES, CLOUDTRAIL, "gcp_audit") and not kinds["read"]:
        message = "no read or list among the events: discovery and reads of secrets cannot be seen"
        yield Complaint(trouble=Trouble.READS_ABSENT, message=message)
    if source == CLOUDTRAIL and not kinds["data"]:
        message = "management events alone: reads of objects and calls of functions cannot be seen"
        yield Complaint(trouble=Trouble.DATA_EVENTS_ABSENT, message=message)


def _with_graph(one: SourceHealth, sources: Iterable[SourceHealth]) -> SourceHealth:
    """Entra's logs of a tenant, and word of it where its calls of Microsoft Graph are in no log."""
    if one.source not in _ENTRA or any(other.source == GRAPH and other.scope == one.scope for other in sources):
        return one
    message = f"no event of {GRAPH} from this tenant: reads of the directory cannot be seen"
    complaint = Complaint(trouble=Trouble.GRAPH_ABSENT, message=message)
    return replace(one, complaints=(*one.complaints, complaint))


def _never_seen(context: Context, found: Mapping[tuple[str, Scope], Volume], as_of: datetime) -> Iterator[SourceHealth]:
    for member in context.estate.members:
        if as_of not in member.valid:
            continue
        scope = Scope(member.kind, member.id)
        for source in member.sources or ("",):
            if not any(_is(member, where) and source in ("", name) for name, where in found):
                what = f"no event of {source}" if source else "no event"
                complaint = Complaint(
                    trouble=Trouble.NEVER_SEEN, message=f"{what} from it in the lake; estate.yml expects it"
                )
                yield SourceHealth(source=source or "(any)", scope=scope, complaints=(complaint,))


def _is(member: Member, scope: Scope) -> bool:
    """Is a scope of the lake this member; a cluster may be written with its account before it."""
    return scope.kind == member.kind and (
        scope.id == member.id or scope.id == member.id.rpartition("/")[2] or scope.id.rpartition("/")[2] == member.id
    )


def _quarantined(runs: Iterable[Run]) -> tuple[Counter[str], float]:
    reasons: Counter[str] = Counter()
    records = 0
    for one in runs:
        reasons.update(one.quarantined)
        records += one.records
    return reasons, reasons.total() / records if records else 0.0
