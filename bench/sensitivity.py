"""`python -m bench.sensitivity STRATEGY...`: what a threshold finds and what it costs, as a Markdown table.

Recall is over the strategy's own positive scenarios, each at several intensities: the same attack with fewer or more
events. Alerts a day are those of a benign estate, with and without the strategy's filters; its first two weeks teach.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from bench.report import table
from stratagem import content
from stratagem.baselines._contract import Baseline
from stratagem.detect.compile import compile
from stratagem.detect.run import run
from stratagem.detect.times import Times
from stratagem.engines.local import Job
from stratagem.errors import UsageError
from stratagem.forecast.alerts import forecast
from stratagem.ingest.files import expand
from stratagem.library import load
from stratagem.proving import Prover, tested
from stratagem.rules.correlation import Correlation
from stratagem.sources import SOURCES
from stratagem.strategy.model import Scenario, Strategy
from stratagem.window import Window
from stratagem.workspace import Workspace

HERE = Path(__file__).parent
BEGIN = datetime(2026, 2, 2, tzinfo=UTC)
"""The estate's first day."""
TEACHING = timedelta(days=14)
INTENSITIES = (0.25, 0.5, 0.75, 1.0, 2.0)
"""Times as many events as the scenario has."""
STEPS = (0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 4.0)
"""Times the threshold that the document has."""
_LOWER = ("gte", "gt")
_TELLING = ("threshold", "count", "max_share", "times")
"""Options that are a kind's threshold; where it has none, it is `min_observations`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """The number of an analytic that is varied."""

    analytic: str
    option: str
    value: float

    @property
    def name(self) -> str:
        return f"{self.analytic} {self.option}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What one value of the setting gives."""

    value: float
    found: int
    placed: int
    unfiltered_per_day: float
    per_day: float


def setting_of(strategy: Strategy, analytic: str | None = None, option: str | None = None) -> Setting:
    """The number to vary: a correlation's lower bound, or a baseline's threshold. Raises UsageError without one."""
    for correlation in strategy.correlations:
        for bound in correlation.bounds:
            if analytic in (None, correlation.name) and bound.op in _LOWER:
                return Setting(analytic=correlation.name, option=bound.op, value=float(bound.limit))
    for baseline in strategy.baselines:
        if analytic in (None, baseline.name):
            known = [name for name in _TELLING if name in baseline.options]
            chosen = option or next(iter(known), "min_observations")
            value = baseline.options.get(chosen, baseline.min_observations)
            return Setting(analytic=baseline.name, option=chosen, value=float(value))
    raise UsageError(f"{strategy.id}: no correlation or baseline {analytic or 'with a threshold'}.")


def with_value(strategy: Strategy, setting: Setting, value: float) -> Strategy:
    """The strategy with another threshold."""
    return replace(
        strategy,
        correlations=tuple(_correlation(one, setting, value) for one in strategy.correlations),
        baselines=tuple(_baseline(one, setting, value) for one in strategy.baselines),
    )


def _correlation(one: Correlation, setting: Setting, value: float) -> Correlation:
    if one.name != setting.analytic:
        return one
    bounds = [
        replace(bound, limit=Decimal(str(value))) if bound.op == setting.option else bound for bound in one.bounds
    ]
    return replace(one, bounds=tuple(bounds))


def _baseline(one: Baseline, setting: Setting, value: float) -> Baseline:
    if one.name != setting.analytic:
        return one
    if setting.option == "min_observations":
        return replace(one, min_observations=int(value))
    kept = type(one.options[setting.option]) if setting.option in one.options else float
    return replace(one, options={**one.options, setting.option: kept(value)})


def unfiltered(strategy: Strategy) -> Strategy:
    """The strategy as it is where nobody has said what is known."""
    return replace(strategy, rules=tuple(replace(rule, filters=()) for rule in strategy.rules))


def values_of(setting: Setting) -> list[float]:
    """The values to try, each once, in order."""
    whole = setting.value == int(setting.value)
    tried = [max(1.0, round(setting.value * step)) if whole else setting.value * step for step in STEPS]
    return sorted(set(tried))


def placed(strategy: Strategy) -> Iterator[Scenario]:
    """The positive scenarios that repeat an event, at every intensity."""
    for scenario in strategy.scenarios:
        if scenario.expect == "finding" and any(event.repeat > 1 for event in scenario.events):
            for factor in INTENSITIES:
                events = [
                    replace(event, repeat=max(1, round(event.repeat * factor))) if event.repeat > 1 else event
                    for event in scenario.events
                ]
                yield replace(scenario, events=tuple(events), level=None)


def rows(
    strategy: Strategy, known: Sequence[Strategy], setting: Setting, logs: Path, days: int, values: Sequence[float]
) -> list[Row]:
    """One row a value. `known` are the strategies that references may lead to, `logs` an estate of so many days."""
    variants = [
        _renamed(with_value(strategy, setting, value), f"{strategy.id}-{place}") for place, value in enumerate(values)
    ]
    bare = [_renamed(unfiltered(one), f"{one.id}-bare") for one in variants]
    others = [one for one in known if one.id != strategy.id]
    attacks = list(placed(strategy))
    found = Counter(name for one in attacks for name in _finding(variants, others, one))
    costs = alerts_per_day([*variants, *bare], others, logs, days)
    return [
        Row(
            value=value,
            found=found[one.id],
            placed=len(attacks),
            unfiltered_per_day=costs[plain.id],
            per_day=costs[one.id],
        )
        for value, one, plain in zip(values, variants, bare, strict=True)
    ]


def _renamed(strategy: Strategy, name: str) -> Strategy:
    """The strategy under another id, so that it runs beside the one that it was made from."""

    def uid(old: str) -> str:
        return name + old.removeprefix(strategy.id)

    return replace(
        strategy,
        id=name,
        rules=tuple(replace(one, uid=uid(one.uid), strategy=name) for one in strategy.rules),
        correlations=tuple(replace(one, uid=uid(one.uid), strategy=name) for one in strategy.correlations),
        baselines=tuple(replace(one, uid=uid(one.uid), strategy=name) for one in strategy.baselines),
    )


def _finding(variants: Sequence[Strategy], others: Sequence[Strategy], attack: Scenario) -> set[str]:
    """The variants that report the attack."""
    first, *more = variants
    result = Prover([*variants, *others]).findings(first, attack, also=more)
    return {one.id for one in variants if any(tested(one, result.findings))}


def alerts_per_day(
    strategies: Sequence[Strategy], others: Sequence[Strategy], logs: Path, days: int
) -> dict[str, float]:
    """What each strategy, by id, would have reported on the estate's days after the first two weeks."""
    start, end = BEGIN + TEACHING, BEGIN + timedelta(days=days)
    plan = compile((), [*strategies, *others], SOURCES)
    times = Times(as_of=end, learn_until=start)
    job = Job(plan=plan, window=Window(None, end), detail=False)
    result = run(job, expand([str(logs)]), workers=1, times=times)
    return {name: one.per_day for name, one in forecast(result.findings, strategies, start, end).items()}


def markdown(setting: Setting, found: Sequence[Row]) -> str:
    """The table; the row of the document's own value is marked."""
    head = (setting.name, "placed attacks found", "benign alerts a day", "with the filters")
    body = [
        (
            f"**{row.value:g}**" if row.value == setting.value else f"{row.value:g}",
            f"{row.found} of {row.placed}",
            f"{row.unfiltered_per_day:.2f}",
            f"{row.per_day:.2f}",
        )
        for row in found
    ]
    return "\n".join(table(head, body))


def main(arguments: list[str] | None = None, say: Callable[[str], None] = print) -> int:
    asked = _parser().parse_args(arguments)
    folder = asked.strategies or content.folder("strategies")
    known = load([folder], [], None, {}).strategies
    logs = asked.estate or HERE / "data" / f"estate-{asked.people}-{asked.days}"
    if not logs.is_dir():
        Workspace().estate(logs, days=asked.days, people=asked.people, nodes=max(10, asked.people // 5))
    try:
        for name in asked.strategy:
            chosen = next((one for one in known if one.id == name), None)
            if chosen is None:
                raise UsageError(f"there is no strategy {name} in {folder}.")
            setting = setting_of(chosen, asked.analytic, asked.option)
            tried = [float(value) for value in asked.at.split(",")] if asked.at else values_of(setting)
            others = _referred(chosen, known)
            say(f"{name}: {datetime.now(UTC).date()}, {asked.people} people, {asked.days - TEACHING.days} days\n")
            say(markdown(setting, rows(chosen, others, setting, logs, asked.days, tried)))
    except UsageError as error:
        print(error, file=sys.stderr)
        return 3
    return 0


def _referred(strategy: Strategy, known: Sequence[Strategy]) -> list[Strategy]:
    """The strategies that its analytics name, and theirs."""
    found = {strategy.id: strategy}
    waiting = [strategy]
    while waiting:
        one = waiting.pop()
        names = {name.partition("#")[0] for body in one.correlations for name in body.rules}
        names |= {name.partition("#")[0] for body in one.baselines for name in body.rules}
        new = [other for other in known if other.id in names and other.id not in found]
        found |= {other.id: other for other in new}
        waiting += new
    return list(found.values())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.sensitivity", description="Recall and alerts by threshold.")
    parser.add_argument("strategy", nargs="+", help="a strategy's id")
    parser.add_argument("--analytic", help="the correlation or baseline whose threshold is varied (default: the first)")
    parser.add_argument("--option", help="a baseline's option (default: its threshold, or min_observations)")
    parser.add_argument("--at", metavar="N,N", help="the values to try (default: around the document's own)")
    parser.add_argument("--strategies", type=Path, metavar="DIR", help="default: the packaged ones")
    parser.add_argument("--estate", type=Path, metavar="DIR", help="an estate that is there (default: one is made)")
    parser.add_argument("--days", type=int, default=28, help="of the estate, two weeks of which teach (default 28)")
    parser.add_argument("--people", type=int, default=200, help="of the estate (default 200)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
