"""What `backtest` and `tune` show."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from stratagem.cli.render._contract import Listing, Screen
from stratagem.cli.safe import printable

if TYPE_CHECKING:
    from stratagem.forecast.backtest import Backtest, Change
    from stratagem.forecast.tune import Tuning

_WIDTH = 44


def backtest(found: Backtest) -> Listing:
    """Strategies with their alerts a day; the busy ones with their entities."""
    rows = [_row(one, found) for one in found.changes]
    columns = tuple(rows[0]) if rows else ("strategy",)

    def lines(screen: Screen) -> Iterator[str]:
        before = f"{'before':>9}" if found.is_compared else ""
        yield f"{'strategy':<{_WIDTH}}{'status':<8}{'findings':>9}{before}{'a day':>9}{'worst day':>11}{'budget':>8}\n"
        quiet = 0
        for row in rows:
            if not row["findings"] and not row.get("alerts_per_day_before"):
                quiet += 1
                continue
            over = "  over budget" if row["over_budget"] else ""
            was = f"{_number(row['alerts_per_day_before']):>9}" if found.is_compared else ""
            yield (
                f"{printable(row['strategy']):<{_WIDTH}}{row['status'] or '':<8}{row['findings']:>9,}{was}"
                f"{_number(row['alerts_per_day']):>9}{row['worst_day']:>11,}{_number(row['budget_per_day']):>8}{over}\n"
            )
            for entity in row["entities"][:3]:
                yield f"    {entity['findings']:>7,}  {printable(entity['key'])}\n"
        if quiet:
            yield f"{quiet} more strategies would have reported nothing.\n"

    summary = {"from": found.start, "to": found.end, "alerts_per_day": round(found.alerts_per_day, 3)}
    return Listing(name="strategies", columns=columns, rows=rows, summary=summary, lines=lines)


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}" if value < 10 else f"{value:,.0f}"


def _row(one: Change, found: Backtest) -> dict[str, Any]:
    after, before = one.after, one.before
    row: dict[str, Any] = {
        "strategy": one.strategy,
        "status": after.status if after else None,
        "findings": after.findings if after else 0,
        "alerts": after.alerts if after else 0,
        "alerts_per_day": round(after.per_day, 3) if after else None,
        "worst_day": after.busiest if after else 0,
        "budget_per_day": after.budget if after else None,
        "over_budget": bool(after and after.is_over),
        "levels": dict(after.levels) if after else {},
        "entities": [{"key": key, "findings": count} for key, count in after.entities] if after else [],
        "by_day": {day.isoformat(): count for day, count in after.by_day.items()} if after else {},
    }
    if found.is_compared:
        row["alerts_per_day_before"] = round(before.per_day, 3) if before else None
        row["findings_before"] = before.findings if before else None
    return row


def tuning(found: Tuning) -> Listing:
    """Proposals with what each would have removed, and the change itself."""
    columns = ("strategy", "removes", "of", "days", "conditions", "overlay", "context")
    rows = [
        {
            "strategy": one.strategy,
            "removes": one.removes,
            "of": one.of,
            "days": one.days,
            "conditions": dict(one.conditions),
            "overlay": one.text,
            "context": one.context,
        }
        for one in found.proposals
    ]

    def lines(screen: Screen) -> Iterator[str]:
        if not rows:
            yield "Nothing to propose: no pair of an actor and a second field covers enough of the findings.\n"
        for number, one in enumerate(found.proposals, start=1):
            yield f"{number}. removes {one.removes:,} of {one.of:,} findings, on {one.days} days\n"
            for line in one.text.splitlines():
                yield f"    {printable(line)}\n"
            if one.context:
                yield f"    or, for every strategy that reads the list: {printable(one.context)}\n"
        for what, why in found.dropped:
            yield f"Not offered: {printable(what)}: {printable(why)}.\n"

    dropped = [{"conditions": what, "reason": why} for what, why in found.dropped]
    summary = {"findings": found.findings, "dropped": dropped}
    return Listing(name="proposals", columns=columns, rows=rows, summary=summary, lines=lines)
