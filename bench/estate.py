"""`python -m bench.estate`: alerts and pages a day over the reference estate, and which placed attacks are found.

The packaged strategies run over the same month twice: without any context, and with what `context suggest` proposes
from the two quiet weeks, accepted as it is, and the names of the persons who are attacked.
What comes of an attack's events is recall, what comes of all others is noise.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench import machine
from bench.report import table
from stratagem.detect.model import Finding
from stratagem.emulate.detonate.verify import of_findings, verify
from stratagem.emulate.estate.attacks import QUIET_DAYS, SETTLED, truth_file
from stratagem.emulate.estate.calendar import FIRST
from stratagem.emulate.techniques import TECHNIQUES
from stratagem.emulate.techniques._contract import Expected
from stratagem.forecast.alerts import Forecast, forecast
from stratagem.strategy.model import Strategy
from stratagem.workspace import Workspace

PAGE = Path(__file__).parent.parent / "docs" / "explain" / "noise.md"

PAGING = ("high", "critical")
"""Levels of a live strategy's alert that wake somebody."""
MOST_ALERTS, MOST_PAGES = 20.0, 2.0
"""A day, over the whole estate: what a small team can read, and what it can bear."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attack:
    """A line of the estate's ground truth."""

    technique: str
    start: datetime
    end: datetime
    expected: tuple[Expected, ...]
    events: frozenset[str]
    """Ids of its events, as `source/uid`."""
    identities: Mapping[str, Sequence[str]]
    """Actor -> principals, of whom a strategy must know that they are one person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One strategy: its noise before and after the context, and the attacks that it must find."""

    strategy: str
    status: str
    budget: float | None
    before: float
    after: float
    pages: float
    placed: int = 0
    found: int = 0

    @property
    def is_over(self) -> bool:
        """Does it cost more alerts a day than it allows itself, with the context in place."""
        return self.budget is not None and self.after > self.budget


def truth(logs: Path) -> list[Attack]:
    """The attacks in an estate."""
    return [
        Attack(
            technique=said["technique"],
            start=datetime.fromisoformat(said["start"]),
            end=datetime.fromisoformat(said["end"]),
            expected=tuple(Expected(**one) for one in said["expected"]),
            identities=said["identities"],
            events=frozenset(f"{one['source']}/{one['uid']}" for one in said["events"]),
        )
        for said in map(json.loads, truth_file(logs).read_text(encoding="utf-8").splitlines())
    ]


def benign(findings: Sequence[Finding], attacks: Sequence[Attack]) -> list[Finding]:
    """The findings to which no event of an attack belongs."""
    theirs = frozenset[str]().union(*(one.events for one in attacks))
    return [one for one in findings if not any(f"{e.source}/{e.event_uid}" in theirs for e in one.evidences)]


def missed(attacks: Sequence[Attack], findings: Sequence[Finding]) -> Iterator[tuple[Attack, Expected, str]]:
    """Each expected finding that is not there, and why."""
    seen = list(of_findings(findings))
    for one in attacks:
        for told in verify(one.expected, seen, after=one.start, before=one.end + SETTLED, marker=""):
            if not told.passed:
                yield one, told.expected, told.why


def rows(
    strategies: Sequence[Strategy],
    before: Sequence[Finding],
    after: Sequence[Finding],
    attacks: Sequence[Attack],
    start: datetime,
    end: datetime,
) -> list[Row]:
    """A row a strategy; `before` and `after` are all findings without and with the context."""
    plain, context = (forecast(benign(some, attacks), strategies, start, end) for some in (before, after))
    paging = [one for one in benign(after, attacks) if one.level in PAGING]
    woken = forecast(paging, [one for one in strategies if one.status == "live"], start, end)
    placed = [expected.strategy for one in attacks for expected in one.expected]
    lost = [expected.strategy for _, expected, _ in missed(attacks, after)]
    return [
        Row(
            strategy=one.id,
            status=one.status,
            budget=one.priority.budget_per_day if one.priority else None,
            before=plain[one.id].per_day,
            after=context[one.id].per_day,
            pages=_per_day(woken.get(one.id)),
            placed=placed.count(one.id),
            found=placed.count(one.id) - lost.count(one.id),
        )
        for one in sorted(strategies, key=lambda one: one.id)
    ]


def _per_day(one: Forecast | None) -> float:
    return one.per_day if one else 0.0


def totals(found: Sequence[Row]) -> dict[str, float]:
    """Sums over live strategies, which notify, and shadow ones, which only record; and the recall."""
    live = [one for one in found if one.status == "live"]
    shadow = [one for one in found if one.status == "shadow"]
    return {
        "live_before": sum(one.before for one in live),
        "live_after": sum(one.after for one in live),
        "pages": sum(one.pages for one in live),
        "shadow_before": sum(one.before for one in shadow),
        "shadow_after": sum(one.after for one in shadow),
        "placed": sum(one.placed for one in found),
        "found": sum(one.found for one in found),
    }


def measure(people: int, nodes: int, days: int, seed: int, home: Path, say: Callable[[str], None]) -> dict[str, Any]:
    """Make the estate below `home`, run it without and with context, and give the report."""
    start, end = FIRST + timedelta(days=QUIET_DAYS), FIRST + timedelta(days=days)
    size: dict[str, Any] = {"seed": seed, "people": people, "nodes": nodes}
    bare, ours = Workspace(), Workspace(_workspace(home / "workspace"))
    attacks = list(TECHNIQUES)
    say(f"an estate of {people} people and {nodes} nodes, {days} days, {len(attacks)} attacks")
    estate = bare.estate(home / "logs", days=days, attacks=attacks, **size)
    say("its two quiet weeks propose a context")
    bare.estate(home / "quiet", days=QUIET_DAYS, **size)
    suggested = ours.suggest_context([home / "quiet"])
    ours.write_context(suggested)
    placed = truth(home / "logs")
    _name(placed, home / "workspace")
    found = []
    for name, workspace in (("without context", bare), ("with it", Workspace(ours.root))):
        say(f"{estate.events:,} events {name}")
        found.append(workspace.run([home / "logs"], as_of=end, learn_until=start).findings)
    before, after = found
    strategies = bare.emulator(home).strategies()
    made = rows(strategies, before, after, placed, start, end)
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": machine.describe(),
        "size": {**size, "days": days, "measured_days": days - QUIET_DAYS, "events": estate.events},
        "proposals": len(suggested.proposals),
        "rows": [asdict(one) for one in made],
        "totals": totals(made),
        "missed": [
            {"technique": one.technique, "strategy": expected.strategy, "why": why}
            for one, expected, why in missed(placed, after)
        ],
    }


def _workspace(folder: Path) -> Path:
    """A workspace that has nothing of its own but a context."""
    folder.mkdir(parents=True)
    (folder / "stratagem.toml").touch()
    return folder


def _name(attacks: Sequence[Attack], workspace: Path) -> None:
    """Add the persons of attacks to the workspace's identities: which principals are one person no log says."""
    file = workspace / "context" / "identities.yml"
    lines = file.read_text(encoding="utf-8") if file.is_file() else "identities:\n"
    for actor, names in {actor: names for one in attacks for actor, names in one.identities.items()}.items():
        lines += f"  - actor: {actor}\n    class: human\n    names: {json.dumps(list(names))}\n"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(lines, encoding="utf-8")


def markdown(report: Mapping[str, Any]) -> str:
    """The tables of a report."""
    return "\n".join(_lines(report))


def _lines(report: Mapping[str, Any]) -> Iterator[str]:
    size, sums = report["size"], report["totals"]
    yield f"Measured on {report['date']}: {size['people']:,} people, {size['nodes']} nodes, {size['events']:,} events,"
    yield f"{size['measured_days']} days after {QUIET_DAYS} that teach; seed {size['seed']};"
    yield f"{report['proposals']} entries of context, accepted as `context suggest` proposed them."
    yield ""
    verdicts = (
        ("alerts a day of live strategies", sums["live_before"], sums["live_after"], MOST_ALERTS),
        ("of these, pages a day (high or critical)", None, sums["pages"], MOST_PAGES),
        (
            "alerts a day of shadow strategies, recorded and not notified",
            sums["shadow_before"],
            sums["shadow_after"],
            None,
        ),
    )
    yield from table(
        ("what", "without context", "with context", "at most"),
        [
            (what, _number(plain), _number(after), "" if most is None else f"{most:g}")
            for what, plain, after, most in verdicts
        ],
    )
    yield ""
    yield f"{sums['found']} of {sums['placed']} placed attacks are found, by the rule and about the entity expected."
    yield ""
    yield "Strategies that cost an alert, or that must find an attack:"
    yield ""
    found = [Row(**one) for one in report["rows"]]
    body = [
        (
            f"`{one.strategy}`",
            one.status,
            _number(one.before),
            _number(one.after) + (" **over**" if one.is_over else ""),
            "" if one.budget is None else f"{one.budget:g}",
            _number(one.pages) if one.status == "live" else "",
            f"{one.found} of {one.placed}" if one.placed else "",
        )
        for one in found
        if one.before or one.after or one.placed
    ]
    yield from table(("strategy", "status", "alerts a day", "with context", "budget", "pages", "attacks found"), body)
    quiet = sum(not (one.before or one.after or one.placed) for one in found)
    yield ""
    yield f"{quiet} further strategies are silent, and no attack was placed for them."
    if report["missed"]:
        yield ""
        yield "Not found:"
        yield ""
        yield from table(
            ("technique", "strategy", "why"),
            [(f"`{one['technique']}`", f"`{one['strategy']}`", one["why"]) for one in report["missed"]],
        )


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def main(arguments: list[str] | None = None, say: Callable[[str], None] = print) -> int:
    asked = _parser().parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="bench-estate-") as home:
        report = measure(
            asked.people,
            asked.nodes or max(10, asked.people // 10),
            asked.days,
            asked.seed,
            Path(home),
            lambda line: print(line, file=sys.stderr, flush=True),
        )
    if asked.json:
        asked.json.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    if asked.write:
        from bench.docs import replaced

        PAGE.write_text(replaced(PAGE.read_text(encoding="utf-8"), markdown(report)), encoding="utf-8")
    say(markdown(report))
    sums = report["totals"]
    return 0 if sums["live_after"] <= MOST_ALERTS and sums["pages"] <= MOST_PAGES else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.estate", description="Noise and recall over the estate.")
    parser.add_argument("--people", type=int, default=200, help="default 200; the whole estate has 2000")
    parser.add_argument("--nodes", type=int, help="default a tenth of the people")
    parser.add_argument("--days", type=int, default=28, help=f"default 28; the first {QUIET_DAYS} teach")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the report here as well")
    parser.add_argument("--write", action="store_true", help=f"put the tables into {PAGE.name}")
    return parser


if __name__ == "__main__":
    sys.exit(main())
