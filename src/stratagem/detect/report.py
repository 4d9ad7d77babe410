"""Hits -> findings: the priority block gives level and title, the source's projection gives the OCSF columns."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from operator import itemgetter
from typing import Any, overload

from stratagem.detect.clock import parse_time
from stratagem.detect.compile import Plan
from stratagem.detect.model import Evidence, Finding
from stratagem.detect.tally import Hit, Sealed
from stratagem.events.detection_finding import EVIDENCE_OBJECTS
from stratagem.events.finding_id import finding_uid
from stratagem.events.finding_lines import Template, line, values
from stratagem.rules.model import Rule
from stratagem.rules.resolve import PLAIN, Resolver
from stratagem.sources._contract import Labels, Source
from stratagem.sources._json import decode
from stratagem.strategy.model import LEVELS, Strategy
from stratagem.strategy.priority import evaluate

_RANK = {level: rank for rank, level in enumerate(LEVELS)}
_PROJECT = 32_768
"""Events normalised at once."""
_COLUMNS = frozenset({*EVIDENCE_OBJECTS, "principal", "cluster", "account", "tenant", "cloud"})
"""The columns that a finding shows."""


_Ranked = tuple[int, datetime, str, Hit]
"""(level from the worst, time, uid) and the hit: the order in which findings come."""


class Findings(Sequence[Finding]):
    """The findings of a run, the worst level first, then by time and id: one for each rule and event.

    Findings of plain Sigma rules are made when they are asked for: a run over years of logs may have very many.
    """

    def __init__(
        self, hits: Sequence[Hit], plan: Plan, sources: Mapping[str, Source], attack_version: str, *, detail: bool
    ) -> None:
        self._maker = Maker(plan, sources, attack_version)
        full = [hit for hit in hits if detail or not self._maker.is_plain(hit)]
        self._made = {id(hit): self._maker.finding(hit, columns) for hit, columns in _with_columns(full, sources)}
        self._ranked = sorted(map(self._rank, hits), key=itemgetter(0, 1, 2))

    def __len__(self) -> int:
        return len(self._ranked)

    @overload
    def __getitem__(self, index: int) -> Finding: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Finding]: ...
    def __getitem__(self, index: int | slice) -> Finding | Sequence[Finding]:
        if isinstance(index, slice):
            return [self._finding(ranked) for ranked in self._ranked[index]]
        return self._finding(self._ranked[index])

    def lines(self) -> Iterator[bytes]:
        """Every finding as one line of OCSF JSON, in order, without line ends."""
        for _, _, _, hit in self._ranked:
            made = self._made.get(id(hit))
            if made:
                yield line(made)
            else:
                sealed = hit.sealed or self._maker.sealed(hit).sealed
                assert sealed is not None
                yield sealed.line

    def counts(self) -> tuple[Counter[str], Counter[str]]:
        """How many findings each analytic, and each level, has."""
        analytics: Counter[str] = Counter()
        levels: Counter[str] = Counter()
        for (rule, rank), count in Counter((hit.rule, rank) for rank, _, _, hit in self._ranked).items():
            analytics[self._maker.prototype(rule).analytic_uid] += count
            levels[LEVELS[-rank]] += count
        return analytics, levels

    def _finding(self, ranked: _Ranked) -> Finding:
        hit = ranked[3]
        return self._made.get(id(hit)) or self._maker.finding(hit, {})

    def _rank(self, hit: Hit) -> _Ranked:
        if hit.sealed:
            return hit.sealed.rank, hit.sealed.time, hit.sealed.uid, hit
        made = self._made.get(id(hit))
        if made:
            return -_RANK[made.level], made.time, made.uid, hit
        return self._maker.rank(hit), parse_time(hit.time), self._maker.uid(hit), hit


class Maker:
    """Hits -> findings, with what is the same for all findings of a rule worked out once."""

    def __init__(self, plan: Plan, sources: Mapping[str, Source], attack_version: str) -> None:
        self._plan = plan
        self._attack_version = attack_version
        self._resolvers = {source_id: Resolver.for_source(source) for source_id, source in sources.items()}
        self._prototypes: dict[int, Finding] = {}
        self._templates: dict[tuple[int, tuple[bool, ...]], Template] = {}

    def prototype(self, index: int) -> Finding:
        """A finding of the rule with everything that does not depend on the event."""
        if index not in self._prototypes:
            self._prototypes[index] = self._prototype(self._plan.rules[index])
        return self._prototypes[index]

    def uid(self, hit: Hit) -> str:
        prototype = self.prototype(hit.rule)
        return finding_uid(prototype.analytic_uid, prototype.rule_uid, "", f"{hit.source}/{hit.event_uid}")

    def finding(self, hit: Hit, columns: Mapping[str, Any]) -> Finding:
        """The whole finding; `columns` are the event's OCSF columns, or nothing."""
        time = parse_time(hit.time)
        native = decode(hit.raw) if hit.raw else {}
        evidence = Evidence(
            event_uid=hit.event_uid, source=hit.source, location=hit.location, time=time, native=native, ocsf=columns
        )
        level, because, title = self._judged(hit, native, columns)
        return replace(
            self.prototype(hit.rule),
            uid=self.uid(hit),
            title=title,
            level=level,
            level_because=because,
            time=time,
            evidences=(evidence,),
            labels=_labels_of(hit, columns),
            principal=columns.get("principal"),
        )

    def is_plain(self, hit: Hit) -> bool:
        """Whether the finding is the same for every event but for its evidence."""
        return not (self._plan.rules[hit.rule].strategy or hit.rule in self._plan.on_columns)

    def rank(self, hit: Hit) -> int:
        """A plain rule's place among the levels, the worst first."""
        return -_RANK[self.prototype(hit.rule).level]

    def sealed(self, hit: Hit) -> Hit:
        """The hit of a plain rule with its line, and without the record; any other hit as it is."""
        if hit.filtered_by is not None or not self.is_plain(hit):
            return hit
        labels = hit.labels
        given = (labels.cluster, labels.account, labels.tenant, labels.region)
        key = (hit.rule, tuple(map(bool, given)))
        if key not in self._templates:
            self._templates[key] = Template(replace(self.prototype(hit.rule), labels=labels))
        uid, time = self.uid(hit), parse_time(hit.time)
        text = self._templates[key].fill(values(uid, hit.event_uid, hit.source, hit.location, time, given))
        return hit._replace(raw=b"", sealed=Sealed(self.rank(hit), time, uid, text))

    def _prototype(self, rule: Rule) -> Finding:
        strategy = self._plan.strategies.get(rule.strategy or "")
        return Finding(
            uid="",
            analytic_uid=strategy.id if strategy else rule.uid,
            analytic_name=strategy.title if strategy else rule.title,
            rule_uid=rule.uid,
            rule_name=rule.title,
            title=rule.title,
            level=rule.level if rule.level in _RANK else "medium",
            level_because="",
            time=datetime.min.replace(tzinfo=UTC),
            attacks=_attacks(rule, strategy),
            attack_version=(strategy.attack_version if strategy else None) or self._attack_version,
            evidences=(),
            description=rule.description,
            status=strategy.status if strategy else "rule",
            strategy_file=strategy.file if strategy else None,
            next_steps=_steps(strategy),
        )

    def _judged(self, hit: Hit, native: Mapping[str, Any], columns: Mapping[str, Any]) -> tuple[str, str, str]:
        """(level, because, title): the strategy's priority block decides, on the record that its rules see."""
        prototype = self.prototype(hit.rule)
        strategy = self._plan.strategies.get(self._plan.rules[hit.rule].strategy or "")
        if strategy is None or strategy.priority is None:
            return prototype.level, "", prototype.title
        on_columns = hit.rule in self._plan.on_columns
        record, resolver = (columns, PLAIN) if on_columns else (native, self._resolvers[hit.source])
        level, because, title = evaluate(strategy.priority, record, resolver, default=strategy.severity)
        return (level if level in _RANK else "informational"), because, title


def _with_columns(hits: Sequence[Hit], sources: Mapping[str, Source]) -> Iterator[tuple[Hit, Mapping[str, Any]]]:
    """Each hit with its event's OCSF columns; empty where the projection could not read the record."""
    from stratagem.events.project import connect, project_many

    by_source: dict[str, list[Hit]] = defaultdict(list)
    for hit in hits:
        by_source[hit.source].append(hit)
    connection = connect() if hits else None
    for source_id, some in sorted(by_source.items()):
        for start in range(0, len(some), _PROJECT):
            part = some[start : start + _PROJECT]
            rows = project_many(
                source_id,
                sources[source_id],
                [(decode(hit.raw), hit.event_uid, hit.labels) for hit in part],
                connection,
                only=_COLUMNS,
            )
            yield from zip(part, rows, strict=True)


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
