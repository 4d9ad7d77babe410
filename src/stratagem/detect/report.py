"""Hits -> findings: the priority block gives level and title, the source's projection gives the OCSF columns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from stratagem.detect.clock import parse_time
from stratagem.detect.compile import Plan
from stratagem.detect.model import Evidence, Finding
from stratagem.detect.tally import Hit
from stratagem.events.detection_finding import EVIDENCE_OBJECTS
from stratagem.events.finding_id import finding_uid
from stratagem.rules.model import Rule
from stratagem.rules.resolve import Resolver
from stratagem.sources._contract import Labels, Source
from stratagem.sources._json import decode
from stratagem.strategy.model import LEVELS, Strategy
from stratagem.strategy.priority import evaluate

_RANK = {level: rank for rank, level in enumerate(LEVELS)}
_PROJECT = 4096
"""Events normalised at once."""
_COLUMNS = frozenset({*EVIDENCE_OBJECTS, "principal", "cluster", "account", "tenant", "cloud"})
"""The columns that a finding shows."""


def findings(
    hits: Sequence[Hit], plan: Plan, sources: Mapping[str, Source], attack_version: str
) -> tuple[Finding, ...]:
    """One finding for each rule and event, the worst level first, then by time and id."""
    made = (
        _finding(hit, plan, sources[hit.source], columns, attack_version)
        for hit, columns in _with_columns(hits, sources)
    )
    return tuple(sorted(made, key=lambda finding: (-_RANK[finding.level], finding.time, finding.uid)))


def _with_columns(hits: Sequence[Hit], sources: Mapping[str, Source]) -> Iterator[tuple[Hit, Mapping[str, Any]]]:
    """Each hit with its event's OCSF columns; empty where the projection could not read the record."""
    from stratagem.events.project import connect, project_many

    by_source: dict[str, list[Hit]] = defaultdict(list)
    for hit in hits:
        by_source[hit.source].append(hit)
    connection = connect()
    for source_id, some in sorted(by_source.items()):
        for start in range(0, len(some), _PROJECT):
            part = some[start : start + _PROJECT]
            rows = project_many(
                source_id,
                sources[source_id],
                [(hit.raw, hit.event_uid, hit.labels) for hit in part],
                connection,
                only=_COLUMNS,
            )
            yield from zip(part, rows, strict=True)


def _finding(hit: Hit, plan: Plan, source: Source, columns: Mapping[str, Any], attack_version: str) -> Finding:
    rule = plan.rules[hit.rule]
    strategy = plan.strategies.get(rule.strategy or "")
    native = decode(hit.raw)
    level, because, title = _judged(rule, strategy, native, _resolver(hit.source, source))
    analytic = strategy.id if strategy else rule.uid
    return Finding(
        uid=finding_uid(analytic, rule.uid, "", f"{hit.source}/{hit.event_uid}"),
        analytic_uid=analytic,
        analytic_name=strategy.title if strategy else rule.title,
        rule_uid=rule.uid,
        rule_name=rule.title,
        title=title,
        level=level,
        level_because=because,
        time=parse_time(hit.time),
        attacks=_attacks(rule, strategy),
        attack_version=(strategy.attack_version if strategy else None) or attack_version,
        evidences=(
            Evidence(
                event_uid=hit.event_uid,
                source=hit.source,
                location=hit.location,
                time=parse_time(hit.time),
                native=native,
                ocsf=columns,
            ),
        ),
        labels=_labels_of(hit, columns),
        principal=columns.get("principal"),
        description=rule.description,
        status=strategy.status if strategy else "rule",
        strategy_file=strategy.file if strategy else None,
        next_steps=_steps(strategy),
    )


def _judged(
    rule: Rule, strategy: Strategy | None, native: Mapping[str, Any], resolver: Resolver
) -> tuple[str, str, str]:
    if strategy is None or strategy.priority is None:
        return (rule.level if rule.level in _RANK else "medium"), "", rule.title
    level, because, title = evaluate(strategy.priority, native, resolver, default=strategy.severity)
    return (level if level in _RANK else "informational"), because, title


def _labels_of(hit: Hit, columns: Mapping[str, Any]) -> Labels:
    """The record's own labels where its columns name them, else the envelope's."""
    own = Labels(
        cluster=columns.get("cluster"),
        account=columns.get("account"),
        tenant=columns.get("tenant"),
        region=(columns.get("cloud") or {}).get("region"),
    )
    return own.under(hit.labels)


def _attacks(rule: Rule, strategy: Strategy | None) -> tuple[str, ...]:
    """Technique ids of the strategy, else of the rule's `attack.` tags; tactics stay as tags name them."""
    tags = [tag.removeprefix("attack.") for tag in rule.tags if tag.startswith("attack.")]
    ids = [tag.upper() if tag[:1] in "tT" and tag[1:2].isdigit() else tag for tag in tags]
    return tuple(dict.fromkeys([*(strategy.attack if strategy else ()), *ids]))


def _steps(strategy: Strategy | None) -> tuple[str, ...]:
    if strategy is None or strategy.playbook is None:
        return ()
    return tuple(
        str(step.get("do") or step.get("title") or next(iter(step.values()), "")) for step in strategy.playbook.steps
    )


@lru_cache(maxsize=64)
def _resolver_of(source_id: str) -> Resolver:
    from stratagem.sources import SOURCES

    return Resolver.for_source(SOURCES[source_id])


def _resolver(source_id: str, source: Source) -> Resolver:
    return _resolver_of(source_id)
