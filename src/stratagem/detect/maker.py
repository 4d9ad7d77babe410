"""Hit -> finding: the priority block gives level and title, the source's projection gives the OCSF columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from stratagem.clock import iso_text, parse_time
from stratagem.detect.analytics import Body
from stratagem.detect.compile import Plan
from stratagem.detect.informed import asks, beside, labels_of, weighed
from stratagem.detect.model import Evidence, Finding
from stratagem.detect.tally import Hit, Sealed
from stratagem.events.connected import Connected
from stratagem.events.detection_finding import EVIDENCE_OBJECTS
from stratagem.events.finding_id import FindingUids
from stratagem.events.finding_lines import Template, read_back, shown, varying
from stratagem.rules.model import Rule
from stratagem.rules.resolve import PLAIN, Resolver
from stratagem.sources._contract import Labels, Source
from stratagem.sources._json import decode, encode
from stratagem.strategy.model import LEVELS, Strategy
from stratagem.strategy.priority import Judge

RANK = {level: rank for rank, level in enumerate(LEVELS)}
STRETCH = 4096
"""Findings made at once."""
_WRITERS = 10_000
"""Writers of lines that are remembered: one for each rule, level and labels."""
_COLUMNS = frozenset({*EVIDENCE_OBJECTS, "principal", "cluster", "account", "tenant", "cloud"})
"""The columns that a finding shows."""

_Kind = int | tuple[int, str, str, bool, bool]
"""What lines share: a plain rule; else rule, level, because, whether there is a title and a principal."""
_Key = tuple[_Kind, str, Labels]
"""A kind, and the source and labels of its findings."""
_Write = Callable[[tuple[bytes, ...]], bytes]


class Maker:
    """Hits -> findings, with what is the same for all findings of a rule worked out once."""

    def __init__(
        self,
        plan: Plan,
        sources: Mapping[str, Source],
        attack_version: str,
        *,
        detail: bool,
        connected: Connected | None = None,
    ) -> None:
        self._plan = plan
        self._sources = sources
        self._detail = detail
        self._attack_version = attack_version
        self._resolvers = {source_id: Resolver.for_source(source) for source_id, source in sources.items()}
        self._connected = connected or Connected()
        self._showers: dict[str, Any] = {}
        self._prototypes: dict[int, Finding] = {}
        self._uids: dict[int, FindingUids] = {}
        self._judges: dict[tuple[int, str], Judge | None] = {}
        self._templates: dict[tuple[_Kind, tuple[bool, ...]], Template] = {}
        self._writers: dict[_Key, _Write] = {}
        self._labels: dict[Labels, Labels] = {}
        self._informed = frozenset(
            number
            for number, rule in enumerate(plan.rules)
            if asks(plan.strategies.get(rule.strategy or ""), plan.context)
        )
        self._late = self._informed.union(plan.on_columns)

    def prototype(self, index: int) -> Finding:
        """A finding of the rule with everything that does not depend on the event."""
        if index not in self._prototypes:
            self._prototypes[index] = blank(self._plan, self._plan.rules[index], self._attack_version)
        return self._prototypes[index]

    def uid(self, hit: Hit) -> str:
        uid = self._uids.get(hit.rule)
        if uid is None:
            prototype = self.prototype(hit.rule)
            uid = self._uids[hit.rule] = FindingUids(prototype.analytic_uid, prototype.rule_uid, "")
        return uid.of(f"{hit.source}/{hit.event_uid}")

    def finding(self, hit: Hit, columns: Mapping[str, Any]) -> Finding:
        """The whole finding; `columns` are the event's OCSF columns, or nothing."""
        time = parse_time(hit.time)
        native = decode(_raw(hit)) if hit.raw else {}
        evidence = replace(_evidence(hit, time), native=native, ocsf=columns)
        level, because, title = self._judged(hit, self._seen(hit, native, columns))
        return replace(
            self.prototype(hit.rule),
            uid=self.uid(hit),
            title=title,
            level=level,
            level_because=because,
            time=time,
            evidences=(evidence,),
            labels=labels_of(hit.labels, columns),
            principal=columns.get("principal"),
        )

    def told(self, hit: Hit, text: bytes) -> Finding:
        """The finding of a hit that has its line and no record any more."""
        assert hit.sealed is not None
        prototype = replace(self.prototype(hit.rule), level=LEVELS[-hit.sealed.rank])
        return read_back(prototype, text, _evidence(hit, parse_time(hit.time)))

    def is_plain(self, hit: Hit) -> bool:
        """Whether the finding is the same for every event but for its evidence."""
        return not (self._plan.rules[hit.rule].strategy or hit.rule in self._plan.on_columns)

    def ready(self, hits: Iterable[Hit]) -> list[Hit]:
        """Hits with what their findings are ordered by.

        Unless they are wanted in detail they get their lines too, and let go of the record. Hits that a filter took out
        stay as they are, and so do those of rules on columns and of strategies that ask the context: `judged` needs
        the columns.
        """
        every = list(hits)
        late: dict[str, list[int]] = {}
        for place, hit in enumerate(every):
            if hit.sealed is not None or hit.filtered_by is not None or hit.rule in self._late:
                continue
            if self._detail:
                every[place] = self.judged(hit, {})
            elif self.is_plain(hit):
                every[place] = self._plain(hit)
            else:
                late.setdefault(hit.source, []).append(place)
        for source_id, places in late.items():
            for start in range(0, len(places), STRETCH):
                some = places[start : start + STRETCH]
                for place, hit in zip(some, self._shown(source_id, [every[place] for place in some]), strict=True):
                    every[place] = hit
        return every

    def columns(self, hits: Mapping[int, Hit]) -> dict[int, Mapping[str, Any]]:
        """The OCSF columns of hits' events, by the hits' keys; empty where the projection could not read the record."""
        if not hits:
            return {}
        from stratagem.events.project import project_many

        found: dict[int, Mapping[str, Any]] = {}
        for source_id in sorted({hit.source for hit in hits.values()}):
            some = {place: hit for place, hit in hits.items() if hit.source == source_id}
            records = [(decode(_raw(hit)), hit.event_uid, hit.labels) for hit in some.values()]
            rows = project_many(source_id, self._sources[source_id], records, self._connected(), only=_COLUMNS)
            found.update(zip(some, rows, strict=True))
        return found

    def judged(self, hit: Hit, columns: Mapping[str, Any]) -> Hit:
        """The hit with the rank that the strategy's priority block gives it."""
        judge = self._judge(hit)
        level = self.prototype(hit.rule).level
        if judge is not None:
            native = {} if hit.rule in self._plan.on_columns else decode(_raw(hit))
            record = self._seen(hit, native, columns)
            level = _known(weighed(*judge.level(record), record))[0]
        return hit._replace(sealed=Sealed(-RANK[level], parse_time(hit.time).timestamp(), self.uid(hit), b""))

    def _plain(self, hit: Hit) -> Hit:
        """A plain rule's hit with its line."""
        prototype = self.prototype(hit.rule)
        key = (hit.rule, hit.source, hit.labels)
        write = self._writers.get(key) or self._writer(key, prototype)
        return self._with_line(hit, prototype.level, write, ())

    def _shown(self, source_id: str, hits: Sequence[Hit]) -> Iterator[Hit]:
        """The hits of strategies on one source with their lines."""
        judged: list[tuple[str, str, str]] = []
        texts: list[bytes] = []
        for hit in hits:
            native = decode(_raw(hit))
            judged.append(self._judged(hit, native))
            texts.append(encode(native))
        pieces = self._shower(source_id).show(texts, [hit.event_uid for hit in hits], [hit.labels for hit in hits])
        for hit, (level, because, title), piece in zip(hits, judged, pieces, strict=True):
            kind = (hit.rule, level, because, bool(title), bool(piece.principal))
            key = (kind, source_id, piece.labels.under(hit.labels))
            write = self._writers.get(key)
            if write is None:
                prototype = replace(self.prototype(hit.rule), level=level, level_because=because)
                write = self._writer(key, replace(prototype, title=title, principal=piece.principal))
            yield self._with_line(hit, level, write, shown(title, piece.principal, piece.objects, piece.observables))

    def _with_line(self, hit: Hit, level: str, write: _Write, told: tuple[bytes, ...]) -> Hit:
        uid, time = self.uid(hit), parse_time(hit.time)
        text = write(varying(uid, hit.event_uid, hit.location, time, iso_text(hit.time, time)) + told)
        # Equal labels become one object, which costs two bytes between processes from the second time on.
        labels = self._labels.setdefault(hit.labels, hit.labels)
        sealed = Sealed(-RANK[level], time.timestamp(), uid, text)
        return Hit(
            hit.rule,
            hit.source,
            hit.event_uid,
            hit.uid_hash,
            hit.time,
            hit.location,
            hit.digest,
            b"",
            labels,
            None,
            sealed,
        )

    def _writer(self, key: _Key, prototype: Finding) -> _Write:
        """What writes the lines of one kind of findings with equal labels, remembered under `key`."""
        if len(self._writers) > _WRITERS:
            self._writers.clear()
        kind, source, labels = key
        there = (kind, tuple(map(bool, labels)))
        if there not in self._templates:
            shows = not isinstance(kind, int)
            self._templates[there] = Template(replace(prototype, labels=labels), shows=shows)
        write = self._writers[key] = self._templates[there].bind(source, labels)
        return write

    def _shower(self, source_id: str) -> Any:
        from stratagem.events.shown import Shower

        if source_id not in self._showers:
            self._showers[source_id] = Shower(source_id, self._sources[source_id], self._connected())
        return self._showers[source_id]

    def _judged(self, hit: Hit, record: Mapping[str, Any]) -> tuple[str, str, str]:
        """(level, because, title): the strategy's priority block decides, on the record that its rules see."""
        judge = self._judge(hit)
        if judge is None:
            prototype = self.prototype(hit.rule)
            return prototype.level, "", prototype.title
        return *_known(weighed(*judge.level(record), record)), judge.title(record)

    def _seen(self, hit: Hit, native: Mapping[str, Any], columns: Mapping[str, Any]) -> Mapping[str, Any]:
        """What the priority block judges: the record that the rule sees, and the context where it is asked."""
        record = columns if hit.rule in self._plan.on_columns else native
        if hit.rule not in self._informed:
            return record
        strategy = self._plan.rules[hit.rule].strategy
        return beside(record, self._plan.context, columns, hit.labels, parse_time(hit.time), strategy)

    def _judge(self, hit: Hit) -> Judge | None:
        """The rule's priority block for the records that it sees; None where it has none."""
        key = (hit.rule, hit.source)
        if key not in self._judges:
            strategy = self._plan.strategies.get(self._plan.rules[hit.rule].strategy or "")
            resolver = PLAIN if hit.rule in self._plan.on_columns else self._resolvers[hit.source]
            self._judges[key] = None
            if strategy is not None and strategy.priority is not None:
                self._judges[key] = Judge(strategy.priority, resolver, default=strategy.severity)
        return self._judges[key]


def _raw(hit: Hit) -> bytes:
    assert isinstance(hit.raw, bytes)
    return hit.raw


def _evidence(hit: Hit, time: datetime) -> Evidence:
    return Evidence(event_uid=hit.event_uid, source=hit.source, location=hit.location, time=time)


def _known(judged: tuple[str, str]) -> tuple[str, str]:
    """(level, because), the level one of those that findings are ordered by."""
    level, because = judged
    return (level if level in RANK else "informational"), because


def blank(plan: Plan, body: Rule | Body, attack_version: str) -> Finding:
    """A finding with everything that does not depend on the event or the episode."""
    strategy = plan.strategies.get(body.strategy or "")
    return Finding(
        uid="",
        analytic_uid=strategy.id if strategy else body.uid,
        analytic_name=strategy.title if strategy else body.title,
        rule_uid=body.uid,
        rule_name=body.title,
        title=body.title,
        level=body.level if body.level in RANK else "medium",
        level_because="",
        time=datetime.min.replace(tzinfo=UTC),
        attacks=attacks_of(getattr(body, "tags", ()), strategy),
        attack_version=(strategy.attack_version if strategy else None) or attack_version,
        evidences=(),
        description=getattr(body, "description", ""),
        status=strategy.status if strategy else "rule",
        strategy_file=strategy.file if strategy else None,
        next_steps=steps_of(strategy),
    )


def attacks_of(every: Sequence[str], strategy: Strategy | None) -> tuple[str, ...]:
    """Technique ids of the strategy, and of a rule's `attack.` tags; tactics stay as tags name them."""
    tags = [tag.removeprefix("attack.") for tag in every if tag.startswith("attack.")]
    ids = [tag.upper() if tag[:1] in "tT" and tag[1:2].isdigit() else tag for tag in tags]
    return tuple(dict.fromkeys([*(strategy.attack if strategy else ()), *ids]))


def steps_of(strategy: Strategy | None) -> tuple[str, ...]:
    """What to do about a strategy's findings, from its playbook."""
    if strategy is None or strategy.playbook is None:
        return ()
    return tuple(
        str(step.get("do") or step.get("title") or next(iter(step.values()), "")) for step in strategy.playbook.steps
    )
