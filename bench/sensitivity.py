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
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from bench import benign
from bench.benign import TEACHING, alerts_per_day, referred, renamed, unfiltered
from bench.report import table
from stratagem.baselines._contract import Baseline
from stratagem.errors import UsageError
from stratagem.proving import Prover, tested
from stratagem.rules.correlation import Correlation
from stratagem.strategy.model import Scenario, Strategy

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
        renamed(with_value(strategy, setting, value), f"{strategy.id}-{place}") for place, value in enumerate(values)
    ]
    bare = [renamed(unfiltered(one), f"{one.id}-bare") for one in variants]
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


def _finding(variants: Sequence[Strategy], others: Sequence[Strategy], attack: Scenario) -> set[str]:
    """The variants that report the attack."""
    first, *more = variants
    result = Prover([*variants, *others]).findings(first, attack, also=more)
    return {one.id for one in variants if any(tested(one, result.findings))}


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
    known, logs = benign.strategies(asked), benign.estate(asked)
    try:
        for name in asked.strategy:
            chosen = next((one for one in known if one.id == name), None)
            if chosen is None:
                raise UsageError(f"there is no strategy {name} in {asked.strategies}.")
            setting = setting_of(chosen, asked.analytic, asked.option)
            tried = [float(value) for value in asked.at.split(",")] if asked.at else values_of(setting)
            others = referred(chosen, known)
            say(f"{name}: {datetime.now(UTC).date()}, {asked.people} people, {asked.days - TEACHING.days} days\n")
            say(markdown(setting, rows(chosen, others, setting, logs, asked.days, tried)))
    except UsageError as error:
        print(error, file=sys.stderr)
        return 3
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.sensitivity", description="Recall and alerts by threshold.")
    parser.add_argument("strategy", nargs="+", help="a strategy's id")
    parser.add_argument("--analytic", help="the correlation or baseline whose threshold is varied (default: the first)")
    parser.add_argument("--option", help="a baseline's option (default: its threshold, or min_observations)")
    parser.add_argument("--at", metavar="N,N", help="the values to try (default: around the document's own)")
    benign.add_arguments(parser)
    return parser


if __name__ == "__main__":
    sys.exit(main())
