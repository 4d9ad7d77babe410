"""Which entries do nothing: those that have ended, those that no event and no rule meets, and what none is about."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from stratagem.context.addresses import plain
from stratagem.context.known import Context
from stratagem.errors import Problem, Severity
from stratagem.places import Place
from stratagem.window import Window


def ended(context: Context, now: datetime) -> Iterator[Problem]:
    """Entries that hold no more. They still say what was so at the time of older events."""
    for what, valid, file, place in _entries(context):
        if valid.end is not None and valid.end <= now:
            message = f"{what} has not been valid since {valid.end:%Y-%m-%d}"
            fix = "Renew it, or keep it for the events of its time."
            yield _problem("C-ENDED", message, file, place, fix=fix, severity=Severity.INFO)


def _entries(context: Context) -> Iterator[tuple[str, Window, str, Place]]:
    written: dict[tuple[str, Place], tuple[str, Window]] = {}
    for name in context.names:  # one line may stand for several accounts
        at = name.file, name.place
        before = written.get(at)
        if before is None or (before[1].end is not None and (name.valid.end is None or name.valid.end > before[1].end)):
            written[at] = f"name '{name.written}'", name.valid
    for (file, place), (what, valid) in written.items():
        yield what, valid, file, place
    for member in context.estate.members:
        yield f"{member.kind} '{member.id}'", member.valid, member.file, member.place
    for one in context.networks.ranges:
        yield f"range {one.range} of '{one.name}'", one.valid, one.file, one.place
    for flow in context.flows:
        yield f"flow '{flow.name}'" if flow.name else "the flow", flow.valid, flow.file, flow.place
    for list_name, entries in context.lists.items():
        for entry in entries:
            yield f"'{entry.value}' of list '{list_name}'", entry.valid, entry.file, entry.place


def unread_lists(context: Context, documents: str) -> Iterator[Problem]:
    """Lists that no rule of these documents (their text, joined) names."""
    for name, entries in context.lists.items():
        if f"%{name}%" not in documents and entries:
            yield _problem(
                "C-UNUSED", f"no rule reads the list '{name}'", entries[0].file, fix=f"`|expand: '%{name}%'`."
            )


def unmet(context: Context, connection: Any) -> Iterator[Problem]:
    """What the events in the view `events` never meet, and clusters, accounts and tenants that estate.yml lacks."""
    yield from _names(context, connection)
    yield from _ranges(context, connection)
    yield from _members(context, connection)


def _names(context: Context, connection: Any) -> Iterator[Problem]:
    rows = connection.execute(
        "SELECT principal, min(time), max(time) FROM events WHERE principal IS NOT NULL GROUP BY principal"
    ).fetchall()
    met: set[tuple[str, Place]] = set()
    for principal, first, last in rows:
        for name in context.names_of(principal):
            if name.valid.overlaps(Window(first, None)) and (name.valid.start is None or name.valid.start <= last):
                met.add((name.file, name.place))
    told: set[tuple[str, Place]] = set()
    for name in context.names:
        at = name.file, name.place
        if at not in met and at not in told:
            told.add(at)
            message = f"no event has a principal '{name.written}' while it is valid"
            yield _problem("C-UNUSED", message, name.file, name.place, fix="Look for the name as events have it.")


def _ranges(context: Context, connection: Any) -> Iterator[Problem]:
    if not context.networks.ranges:
        return
    rows = connection.execute(
        "SELECT src_endpoint.ip FROM events WHERE src_endpoint.ip IS NOT NULL "
        "UNION SELECT dst_endpoint.ip FROM events WHERE dst_endpoint.ip IS NOT NULL"
    ).fetchall()
    found = [address for (ip,) in rows if (address := plain(ip)) is not None]
    for one in context.networks.ranges:
        if not any(address in one.range for address in found if address.version == one.range.version):
            message = f"no event has an address in {one.range} ('{one.name}')"
            yield _problem("C-UNUSED", message, one.file, one.place)


def _members(context: Context, connection: Any) -> Iterator[Problem]:
    rows = connection.execute(
        "SELECT cluster, account, tenant, source, max(time) FROM events GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    seen: dict[tuple[str, str], dict[str, datetime]] = {}
    accounts_of: dict[str, set[str]] = {}
    for cluster, account, tenant, source, last in rows:
        full = f"{account}/{cluster}" if cluster and account else None
        for kind, name in (("cluster", cluster), ("cluster", full), ("account", account), ("tenant", tenant)):
            if name:
                sources = seen.setdefault((kind, name), {})
                sources[source] = max(last, sources.get(source, last))
        if cluster and account:
            accounts_of.setdefault(cluster, set()).add(account)
    known = {(member.kind, member.id) for member in context.estate.members}
    for member in context.estate.members:
        sources = seen.get((member.kind, member.id), {})
        if not sources:
            yield _problem("C-UNSEEN", f"no event is of {member.kind} '{member.id}'", member.file, member.place)
        for source in member.sources if sources else ():
            if source not in sources:
                message = f"no event of {source} is of {member.kind} '{member.id}', though it is expected"
                yield _problem("C-UNSEEN", message, member.file, member.place)
        several = accounts_of.get(member.id, set()) if member.kind == "cluster" else set()
        if len(several) > 1:
            fix = f"Write {' and '.join(sorted(f'{account}/{member.id}' for account in several))}."
            message = f"{len(several)} accounts have a cluster '{member.id}'"
            yield _problem("C-AMBIGUOUS", message, member.file, member.place, fix=fix)
    file = next((member.file for member in context.estate.members), "estate.yml")
    for kind, name in sorted(seen):
        short = name.rpartition("/")[2]
        is_half = kind == "cluster" and name in accounts_of and (kind, name) not in known
        if (kind, name) in known or (kind == "cluster" and (kind, short) in known) or is_half:
            continue
        yield _problem("C-UNLISTED", f"{kind} '{name}' is not in estate.yml", file, severity=Severity.INFO)


def _problem(
    code: str, message: str, file: str, place: Place = (0, 0), *, fix: str = "", severity: Severity = Severity.WARNING
) -> Problem:
    line, column = place
    return Problem(code=code, severity=severity, file=file, line=line, column=column, message=f"{message}.", fix=fix)
