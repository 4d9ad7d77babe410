"""Episodes -> findings: one finding an episode, with the first of its events as evidence.

Titles and levels come from the strategy's priority block. It sees the names that the analytic groups by, `value`,
`count` and what else was measured, and the observed fields of the first event.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, NamedTuple

from stratagem.detect.analytics import SCOPE, Analytic
from stratagem.detect.compile import Plan
from stratagem.detect.informed import asks, informed, weighed
from stratagem.detect.maker import RANK, blank
from stratagem.detect.matches import key_fields
from stratagem.detect.model import Evidence, Finding, Location
from stratagem.detect.stretches import Stretched
from stratagem.events.finding_id import finding_uid
from stratagem.events.finding_lines import line
from stratagem.rules.resolve import PLAIN
from stratagem.sources._contract import Labels
from stratagem.strategy.model import LEVELS
from stratagem.strategy.priority import Judge, format_title

"""Findings made at once."""

Order = tuple[int, float, str]
"""What findings are ordered by: level (the worst is least), time, id."""


class _Told(NamedTuple):
    """One row of the table `told`."""

    number: int
    analytic: int
    key: str
    value: str | None
    anchor: str
    first: datetime
    last: datetime
    crossed: datetime
    measure: str
    member_count: int
    events: list[Mapping[str, Any]]


class EpisodeFindings(Stretched):
    """The findings of the episodes in `told`, in order, made when they are asked for.

    `connection` holds `told` (number, analytic, EPISODES, `events` for members) and `evidence`, and is kept.
    """

    size = 1024

    def __init__(self, plan: Plan, connection: Any, attack_version: str) -> None:
        self._plan = plan
        self._connection = connection
        self._prototypes = [blank(plan, one.body, attack_version) for one in plan.analytics]
        self._judges = [_judge(plan, one) for one in plan.analytics]
        self._asks = {plan.rules[rule].uid: asks for rule, asks in plan.observed.items()}
        numbered = [(self._order(row, evidence), row.number, row.analytic) for row, evidence in self._rows()]
        self._numbered = sorted(numbered)

    def __len__(self) -> int:
        return len(self._numbered)

    def lines(self) -> Iterator[bytes]:
        """Every finding as one line of OCSF JSON, in order, without line ends."""
        return map(line, self)

    def orders(self) -> Iterator[Order]:
        """What each finding is ordered by."""
        return (order for order, _, _ in self._numbered)

    def counts(self) -> tuple[Counter[str], Counter[str]]:
        """How many findings each analytic, and each level, has."""
        analytics = Counter(self._prototypes[analytic].analytic_uid for _, _, analytic in self._numbered)
        return analytics, Counter(LEVELS[-order[0]] for order, _, _ in self._numbered)

    def uids(self) -> list[tuple[int, str]]:
        """Each finding's number in `told`, and its id."""
        return [(number, order[2]) for order, number, _ in self._numbered]

    def _made(self, start: int) -> list[Finding]:
        numbers = [number for _, number, _ in self._numbered[start : start + self.size]]
        made = {row.number: self._episode(row, evidence) for row, evidence in self._rows(numbers)}
        return [made[number] for number in numbers]

    def _rows(self, numbers: Sequence[int] | None = None) -> Iterator[tuple[_Told, Mapping[str, Sequence[Any]]]]:
        """Rows of `told` with the evidence of their events, by the events' uid."""
        listed = numbers if numbers is not None else self._numbers()
        for start in range(0, len(listed), self.size):
            some = ", ".join(map(str, listed[start : start + self.size]))
            told = [_Told(*row) for row in self._connection.execute(f"{_TOLD} WHERE number IN ({some})").fetchall()]
            evidence: dict[str, list[Any]] = {}
            found = self._connection.execute(
                "SELECT * FROM evidence WHERE uid IN "
                f"(SELECT unnest(events).uid FROM told WHERE number IN ({some})) ORDER BY uid, rule"
            )
            for row in found.fetchall():
                evidence.setdefault(row[0], []).append(row)
            for row in told:
                yield row, evidence

    def _numbers(self) -> list[int]:
        return [row[0] for row in self._connection.execute("SELECT number FROM told ORDER BY number").fetchall()]

    def _order(self, row: _Told, evidence: Mapping[str, Sequence[Any]]) -> Order:
        judge = self._judges[row.analytic]
        level = judge.level(self._seen(row, evidence))[0] if judge else self._prototypes[row.analytic].level
        return -RANK.get(level, 0), row.crossed.timestamp(), self._uid(row)

    def _uid(self, row: _Told) -> str:
        prototype = self._prototypes[row.analytic]
        return episode_uid(prototype.analytic_uid, prototype.rule_uid, row.key, row.value, row.anchor)

    def _seen(self, row: _Told, evidence: Mapping[str, Sequence[Any]]) -> dict[str, Any]:
        """The record that titles and levels see."""
        first = row.events[0]["uid"] if row.events else ""
        fields: dict[str, Any] = {}
        for seen in evidence.get(first, ()):
            asks = self._asks.get(seen[1], ())
            fields |= {
                ask.field: texts[0] if len(texts) == 1 else texts
                for ask, texts in zip(asks, seen[-1], strict=False)
                if texts and ask.field != SCOPE
            }
        told = {"count": row.member_count, **_measured(row.measure)}
        value = {"value": row.value} if row.value is not None else {}
        return {**fields, **told, **value, **key_fields(self._plan.analytics[row.analytic], row.key, row.value)}

    def _episode(self, row: _Told, evidence: Mapping[str, Sequence[Any]]) -> Finding:
        prototype, judge = self._prototypes[row.analytic], self._judges[row.analytic]
        seen = self._seen(row, evidence)
        strategy = self._plan.strategies.get(self._plan.analytics[row.analytic].body.strategy or "")
        labels = _labels(row, evidence)
        if asks(strategy, self._plan.context):
            columns = {"principal": _principal(seen)}
            time = row.crossed.astimezone(UTC)
            uid = strategy.id if strategy else None
            seen = informed(seen, self._plan.context, columns=columns, labels=labels, time=time, strategy=uid)
        level, because = weighed(*judge.level(seen), seen) if judge else (prototype.level, "")
        shown = [_evidence(found[0]) for member in row.events if (found := evidence.get(member["uid"]))]
        title = (
            format_title(strategy.priority.title, seen, PLAIN) if strategy and strategy.priority else prototype.title
        )
        return replace(
            prototype,
            uid=self._uid(row),
            title=title,
            level=level if level in RANK else "informational",
            level_because=because,
            time=row.crossed.astimezone(UTC),
            evidences=tuple(shown),
            labels=labels,
            principal=_principal(seen),
            key=key_fields(self._plan.analytics[row.analytic], row.key, row.value),
            measure=_measured(row.measure),
            count=row.member_count,
            span=(row.first.astimezone(UTC), row.last.astimezone(UTC)),
        )


_TOLD = f"SELECT {', '.join(f'told.{chr(34)}{name}{chr(34)}' for name in _Told._fields)} FROM told"


def episode_uid(analytic_uid: str, rule_uid: str, key: str, value: str | None, anchor: str) -> str:
    """The id of an episode's finding. An event may bring an entity several new values: a value is part of the key."""
    return finding_uid(analytic_uid, rule_uid, key if value is None else [key, value], anchor)


def _judge(plan: Plan, analytic: Analytic) -> Judge | None:
    strategy = plan.strategies.get(analytic.body.strategy or "")
    if strategy is None or strategy.priority is None:
        return None
    return Judge(strategy.priority, PLAIN, default=strategy.severity)


def _measured(measure: str) -> dict[str, str | int | float]:
    return {name: _plain(value) for name, value in json.loads(measure).items() if value is not None}


def _plain(value: Any) -> str | int | float:
    """Numbers that were written as text, to keep them exact, as numbers."""
    if not isinstance(value, str):
        return value if isinstance(value, int | float) else json.dumps(value)
    for kind in (int, float):
        try:
            return kind(value)
        except ValueError:
            continue
    return value


def _evidence(row: Any) -> Evidence:
    _, _, source, event_uid, time, file, offset, index, *_ = row
    return Evidence(
        event_uid=event_uid,
        source=source,
        location=Location(file=file, offset=offset, index=index),
        time=time.astimezone(UTC),
    )


def _labels(row: _Told, evidence: Mapping[str, Sequence[Any]]) -> Labels:
    """Those of the first event."""
    for member in row.events:
        for found in evidence.get(member["uid"], ()):
            return Labels(*found[8:12])
    return Labels()


def _principal(seen: Mapping[str, Any]) -> str | None:
    found = seen.get("principal") or seen.get("actor")
    return found if isinstance(found, str) else None
