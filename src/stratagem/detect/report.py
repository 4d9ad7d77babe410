"""Hits -> findings: the priority block gives level and title, the source's projection gives the OCSF columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, overload

from stratagem.detect.clock import parse_time
from stratagem.detect.compile import Plan
from stratagem.detect.model import Evidence, Finding
from stratagem.detect.spool import Spool
from stratagem.detect.tally import Hit, Sealed
from stratagem.events.detection_finding import EVIDENCE_OBJECTS
from stratagem.events.finding_id import finding_uid
from stratagem.events.finding_lines import Template, line, varying
from stratagem.rules.model import Rule
from stratagem.rules.resolve import PLAIN, Resolver
from stratagem.sources._contract import Labels, Source
from stratagem.sources._json import decode
from stratagem.strategy.model import LEVELS, Strategy
from stratagem.strategy.priority import Judge, format_title

_RANK = {level: rank for rank, level in enumerate(LEVELS)}
_WRITERS = 10_000
"""Writers of lines that are remembered: one for each rule and file."""
_STRETCH = 4096
"""Findings made at once."""
_COLUMNS = frozenset({*EVIDENCE_OBJECTS, "principal", "cluster", "account", "tenant", "cloud"})
"""The columns that a finding shows."""


class Findings(Sequence[Finding]):
    """The findings of a run, the worst level first, then by time and id: one for each rule and event.

    They are made when they are asked for, a stretch at a time, because a run over years of logs may have very many.
    """

    def __init__(
        self,
        hits: Iterable[Hit],
        plan: Plan,
        sources: Mapping[str, Source],
        attack_version: str,
        *,
        detail: bool,
        spool: Spool | None = None,
    ) -> None:
        self._spool = spool or Spool()
        self._detail = detail
        self._maker = Maker(plan, sources, attack_version, detail=detail)
        ready = self._judged_on_columns(hit if hit.sealed else self._maker.sealed(hit) for hit in hits)
        self._hits = sorted(ready, key=_order)
        self._kept: tuple[int, list[Finding]] = (-1, [])

    def __len__(self) -> int:
        return len(self._hits)

    @overload
    def __getitem__(self, index: int) -> Finding: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Finding]: ...
    def __getitem__(self, index: int | slice) -> Finding | Sequence[Finding]:
        places = range(len(self._hits))[index]
        return self._finding(places) if isinstance(places, int) else [self._finding(place) for place in places]

    def __iter__(self) -> Iterator[Finding]:
        for start in range(0, len(self._hits), _STRETCH):
            yield from self._made(self._hits[start : start + _STRETCH])

    def lines(self) -> Iterator[bytes]:
        """Every finding as one line of OCSF JSON, in order, without line ends."""
        for start in range(0, len(self._hits), _STRETCH):
            some = self._hits[start : start + _STRETCH]
            made = iter(self._made([hit for hit in some if not _sealed(hit).line]))
            for hit in some:
                yield self._spool.text(_sealed(hit).line) or line(next(made))

    def counts(self) -> tuple[Counter[str], Counter[str]]:
        """How many findings each analytic, and each level, has."""
        analytics: Counter[str] = Counter()
        levels: Counter[str] = Counter()
        for (rule, rank), count in Counter((hit.rule, _sealed(hit).rank) for hit in self._hits).items():
            analytics[self._maker.prototype(rule).analytic_uid] += count
            levels[LEVELS[-rank]] += count
        return analytics, levels

    def _finding(self, place: int) -> Finding:
        stretch = place // _STRETCH
        if self._kept[0] != stretch:
            start = stretch * _STRETCH
            self._kept = (stretch, self._made(self._hits[start : start + _STRETCH]))
        return self._kept[1][place % _STRETCH]

    def _made(self, hits: Sequence[Hit]) -> list[Finding]:
        """Findings of a stretch of hits, normalised together."""
        hits = [hit._replace(raw=self._spool.text(hit.raw)) for hit in hits]
        bare = {place for place, hit in enumerate(hits) if not hit.raw or self._is_bare(hit)}
        columns = self._maker.columns({place: hit for place, hit in enumerate(hits) if place not in bare})
        return [self._maker.finding(hit, columns.get(place, {})) for place, hit in enumerate(hits)]

    def _is_bare(self, hit: Hit) -> bool:
        return not self._detail and self._maker.is_plain(hit)

    def _judged_on_columns(self, hits: Iterable[Hit]) -> list[Hit]:
        """Hits with their rank; of rules on columns it depends on the columns, which are made here."""
        every = list(hits)
        late = {
            place: hit._replace(raw=self._spool.text(hit.raw)) for place, hit in enumerate(every) if hit.sealed is None
        }
        for place, columns in self._maker.columns(late).items():
            every[place] = self._maker.judged(late[place], columns)._replace(raw=every[place].raw)
        return every


def _raw(hit: Hit) -> bytes:
    assert isinstance(hit.raw, bytes)
    return hit.raw


def _sealed(hit: Hit) -> Sealed:
    assert hit.sealed is not None
    return hit.sealed


def _order(hit: Hit) -> tuple[int, float, str]:
    sealed = _sealed(hit)
    return sealed.rank, sealed.time, sealed.uid


class Maker:
    """Hits -> findings, with what is the same for all findings of a rule worked out once."""

    def __init__(self, plan: Plan, sources: Mapping[str, Source], attack_version: str, *, detail: bool) -> None:
        self._plan = plan
        self._sources = sources
        self._detail = detail
        self._connection: Any = None
        self._attack_version = attack_version
        self._resolvers = {source_id: Resolver.for_source(source) for source_id, source in sources.items()}
        self._prototypes: dict[int, Finding] = {}
        self._templates: dict[tuple[int, tuple[bool, ...]], Template] = {}
        self._writers: dict[tuple[int, str, str, Labels], Callable[[tuple[bytes, ...]], bytes]] = {}
        self._labels: dict[Labels, Labels] = {}
        self._judges: dict[tuple[int, str], Judge] = {}

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
        native = decode(_raw(hit)) if hit.raw else {}
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

    def sealed(self, hit: Hit) -> Hit:
        """The hit with what its finding is ordered by.

        A plain rule's gets its line too, and lets go of the record, unless it is wanted in detail. A rule on columns
        stays as it is: `judged` needs the columns.
        """
        if hit.filtered_by is not None or hit.rule in self._plan.on_columns:
            return hit
        if self._detail or not self.is_plain(hit):
            return self.judged(hit, {})
        uid, time = self.uid(hit), parse_time(hit.time)
        sealed = Sealed(self._rank(hit.rule), time.timestamp(), uid, self._line(hit, time, uid))
        # Equal labels become one object, which costs two bytes between processes from the second time on.
        return hit._replace(raw=b"", labels=self._labels.setdefault(hit.labels, hit.labels), sealed=sealed)

    def lined(self, hits: Iterable[Hit]) -> list[Hit]:
        """Sealed hits with their lines; the findings of strategies are normalised together."""
        every = list(hits)
        late = {place: hit for place, hit in enumerate(every) if hit.sealed is not None and not hit.sealed.line}
        for place, columns in self.columns(late).items():
            text = line(self.finding(every[place], columns))
            every[place] = every[place]._replace(sealed=_sealed(every[place])._replace(line=text))
        return every

    def columns(self, hits: Mapping[int, Hit]) -> dict[int, Mapping[str, Any]]:
        """The OCSF columns of hits' events, by the hits' keys; empty where the projection could not read the record."""
        if not hits:
            return {}
        from stratagem.events.project import connect, project_many

        self._connection = self._connection or connect()
        found: dict[int, Mapping[str, Any]] = {}
        for source_id in sorted({hit.source for hit in hits.values()}):
            some = {place: hit for place, hit in hits.items() if hit.source == source_id}
            records = [(decode(_raw(hit)), hit.event_uid, hit.labels) for hit in some.values()]
            rows = project_many(source_id, self._sources[source_id], records, self._connection, only=_COLUMNS)
            found.update(zip(some, rows, strict=True))
        return found

    def judged(self, hit: Hit, columns: Mapping[str, Any]) -> Hit:
        """The hit with the rank that the strategy's priority block gives it."""
        strategy = self._plan.strategies.get(self._plan.rules[hit.rule].strategy or "")
        level = self.prototype(hit.rule).level
        if strategy is not None and strategy.priority is not None:
            level = self._level(hit, *self._seen(hit, decode(_raw(hit)), columns))[0]
        return hit._replace(sealed=Sealed(-_RANK[level], parse_time(hit.time).timestamp(), self.uid(hit), b""))

    def _rank(self, rule: int) -> int:
        return -_RANK[self.prototype(rule).level]

    def _line(self, hit: Hit, time: datetime, uid: str) -> bytes:
        key = (hit.rule, hit.source, hit.location.file, hit.labels)
        write = self._writers.get(key)
        if write is None:
            if len(self._writers) > _WRITERS:
                self._writers.clear()
            write = self._writers[key] = self._template(hit).bind(hit.source, hit.location.file, hit.labels)
        return write(varying(uid, hit.event_uid, hit.location, time))

    def _template(self, hit: Hit) -> Template:
        key = (hit.rule, tuple(map(bool, hit.labels)))
        if key not in self._templates:
            self._templates[key] = Template(replace(self.prototype(hit.rule), labels=hit.labels))
        return self._templates[key]

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
        record, resolver = self._seen(hit, native, columns)
        return *self._level(hit, record, resolver), format_title(strategy.priority.title, record, resolver)

    def _seen(self, hit: Hit, native: Mapping[str, Any], columns: Mapping[str, Any]) -> tuple[Any, Resolver]:
        """The record that the rule sees, and how its fields are read."""
        return (columns, PLAIN) if hit.rule in self._plan.on_columns else (native, self._resolvers[hit.source])

    def _level(self, hit: Hit, record: Mapping[str, Any], resolver: Resolver) -> tuple[str, str]:
        strategy = self._plan.strategies[self._plan.rules[hit.rule].strategy or ""]
        key = (hit.rule, hit.source)
        if key not in self._judges:
            assert strategy.priority is not None
            self._judges[key] = Judge(strategy.priority, resolver, default=strategy.severity)
        level, because = self._judges[key].level(record)
        return (level if level in _RANK else "informational"), because


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
