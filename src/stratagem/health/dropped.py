"""What ingest rules keep from a lake, and which rules that blinds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from stratagem.detect.compile import OCSF, Plan
from stratagem.health.model import Blinded, Dropped
from stratagem.lake.runs import Run
from stratagem.rules.drop import Drop
from stratagem.rules.model import Rule
from stratagem.rules.overlap import shared_clauses
from stratagem.sources import SOURCES


def dropped(plan: Plan, as_of: datetime, runs: Iterable[Run]) -> Iterator[Dropped]:
    """Every ingest rule of the plan, then those that only earlier runs had; with counts of the runs."""
    counts: Counter[str] = Counter()
    for one in runs:
        counts.update(one.dropped)
    for index, drop in enumerate(plan.drops):
        yield Dropped(
            name=drop.name,
            sources=tuple(source for source, indexes in plan.dropping.items() if index in indexes),
            reason=drop.reason,
            owner=drop.owner,
            expires=drop.expires,
            state="expired" if drop.is_over(as_of) else "drops",
            records=counts.pop(drop.name, 0),
        )
    for name, count in sorted(counts.items()):
        if count:
            yield Dropped(name=name, state="gone", records=count)


def blinded(plan: Plan, source: str, rules: Sequence[Rule], as_of: datetime) -> Iterator[Blinded]:
    """The source's ingest rules that drop records on which some of the rules may hold, and a sentence on each.

    A rule on columns says nothing of the product's own fields: any record of the source may be one of its.
    """
    for index in plan.dropping.get(source, ()):
        drop = plan.drops[index]
        if drop.is_over(as_of):
            continue
        told = {rule.name or rule.title: _clauses(rule, drop, source) for rule in rules}
        could = {name: clauses for name, clauses in told.items() if clauses is not None}
        if could:
            where = "; ".join(f"{name} ({', '.join(some)})" if some else name for name, some in could.items())
            yield Blinded(source, drop.name, where)


def _clauses(rule: Rule, drop: Drop, source: str) -> tuple[str, ...] | None:
    if rule.logsource.product == OCSF:
        return ()
    return shared_clauses(rule, drop.rule.condition, SOURCES[source])
