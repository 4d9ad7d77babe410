"""`stratagem health`: is what arrives what is needed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from stratagem.cli import times
from stratagem.cli.options import FormatName, Output, Quiet, Strategies
from stratagem.cli.render._contract import Listing, Screen
from stratagem.cli.safe import printable
from stratagem.cli.session import begin
from stratagem.errors import UsageError
from stratagem.health.model import ADVICE

if TYPE_CHECKING:
    from stratagem.health.model import Dropped, Health, SourceHealth

ILL = 1


def health(
    ctx: typer.Context,
    lake: Annotated[str | None, typer.Option(metavar="URI", help="The Delta lake that runs filled.")] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="T", help="The moment to judge. Default: the newest event's.")
    ] = None,
    strategies: Strategies = None,
    format_name: FormatName = None,
    file: Output = None,
    quiet: Quiet = False,
) -> None:
    """Say which sources stopped, shrank, lost a field or a level, come late or never came, and who is blind for it.

    What `context/estate.yml` expects is compared with what is there. Something wrong exits with 1.
    """
    session = begin(ctx, strategies=strategies, lake=lake, format=format_name, quiet=quiet)
    if session.settings.lake is None:
        raise UsageError("which lake? Name it: stratagem health --lake URI")
    now = datetime.now(UTC)
    moment = times.parse(as_of, option="--as-of", now=now) if as_of else None
    found = session.workspace().health(session.settings.lake, as_of=moment, strategies=session.settings.strategies)
    session.show(listing(found), file)
    wrong = sum(one.state != "ok" for one in found.sources)
    blind = len({one.strategy for one in found.strategies if one.sight == "blind"})
    session.note(
        f"As of {found.as_of:%Y-%m-%d %H:%M} UTC: {len(found.sources)} sources, {wrong} with something to say; "
        f"{blind} strategies are blind somewhere."
    )
    raise typer.Exit(0 if found.is_well else ILL)


def listing(found: Health) -> Listing:
    """Sources with what is wrong, then the strategies that see less than they need."""
    rows = [_row(one) for one in found.sources]

    def lines(screen: Screen) -> Iterator[str]:
        advice: dict[tuple[str, str], list[str]] = {}
        for one in found.sources:
            yield f"{one.state:<20}{printable(one.source):<28}{printable(str(one.scope)):<45}{_volume(one)}\n"
            for complaint in one.complaints:
                if complaint.trouble in ADVICE:
                    advice.setdefault((one.source, complaint.message), []).append(str(one.scope))
                    continue
                since = f" (since {complaint.since:%Y-%m-%d %H:%M})" if complaint.since else ""
                yield f"    {printable(complaint.message)}{since}\n"
        for (source, message), scopes in advice.items():
            where = scopes[0] if len(scopes) == 1 else f"{len(scopes)} scopes"
            yield f"note: {printable(source)}, {printable(where)}: {printable(message)}\n"
        for drop in found.dropped:
            yield f"{_drop_line(drop)}\n"
        yield from _poor(found)

    summary: dict[str, Any] = {
        "as_of": found.as_of,
        "well": found.is_well,
        "quarantined": dict(found.quarantined),
        "dropped": [asdict(one) for one in found.dropped],
        "strategies": [
            {
                "strategy": one.strategy,
                "scope_kind": one.scope.kind,
                "scope": one.scope.id,
                "sight": one.sight,
                "since": one.since,
                "reasons": list(one.reasons),
            }
            for one in found.strategies
        ],
    }
    return Listing(
        name="sources", columns=tuple(rows[0]) if rows else ("source",), rows=rows, summary=summary, lines=lines
    )


def _poor(found: Health) -> Iterator[str]:
    """The strategies that see less than they need; those that only ingest rules blind are told by rule."""
    by_drop: dict[str, dict[str, str]] = {}
    lines: list[str] = []
    for each in found.strategies:
        if each.sight == "evaluable":
            continue
        if len(each.reasons) == len(each.dropped):
            for one in each.dropped:
                by_drop.setdefault(one.drop, {})[each.strategy] = one.clauses
            continue
        since = f" since {each.since:%Y-%m-%d %H:%M}" if each.since else ""
        lines.append(f"{each.sight:<10}{printable(each.strategy)}, {printable(str(each.scope))}{since}\n")
        lines += [f"    {printable(reason)}\n" for reason in each.reasons]
    for drop, strategies in by_drop.items():
        lines.append(f"partly    {len(strategies)} strategies, by ingest rule '{printable(drop)}'\n")
        lines += [f"    {printable(name)}: {printable(clauses)}\n" for name, clauses in strategies.items()]
    yield from ("\n", *lines) if lines else ()


def _drop_line(drop: Dropped) -> str:
    """An ingest rule: what it is for, how much it took, and why."""
    name = f"ingest rule '{printable(drop.name)}'"
    took = f"{drop.records:,} records in the last runs"
    if drop.state == "gone":
        return f"note: {name} of earlier runs dropped {took}; it is no longer declared"
    until = f", until {drop.expires}" if drop.expires else ""
    did = "expired" if drop.state == "expired" else "drops"
    return f"{did:<10}{name} ({', '.join(drop.sources)}{until}): {took}; {printable(drop.reason)}"


def _volume(one: SourceHealth) -> str:
    usual = f" (usually {one.usual_day:,.0f})" if one.usual_day is not None else ""
    last = f", last {one.last:%Y-%m-%d %H:%M}" if one.last else ""
    return f"{one.last_day:,} a day{usual}{last}" if one.last else ""


def _row(one: SourceHealth) -> dict[str, Any]:
    return {
        "source": one.source,
        "scope_kind": one.scope.kind,
        "scope": one.scope.id,
        "state": one.state,
        "events": one.events,
        "first": one.first,
        "last": one.last,
        "last_day": one.last_day,
        "usual_day": one.usual_day,
        "lag_p95_seconds": one.lag_p95.total_seconds() if one.lag_p95 else None,
        "duplicates": one.duplicates,
        "levels": dict(one.levels),
        "complaints": [
            {"trouble": each.trouble.value, "message": each.message, "since": each.since, "field": each.field}
            for each in one.complaints
        ],
    }
