"""Did the detonation give the finding that it must give: which strategy and rule, about whom, when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from stratagem.detect.model import Finding
from stratagem.emulate.techniques._contract import Expected

SLACK = timedelta(minutes=2)
"""How far the clocks of a lab and of its provider may differ."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What of a finding decides. `text` is all that it says, for the marker."""

    uid: str
    strategy: str
    rule: str
    time: datetime
    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """Whether one expected finding is there, and if not, what comes nearest."""

    expected: Expected
    finding: Seen | None
    why: str = ""

    @property
    def passed(self) -> bool:
        return self.finding is not None


def of_findings(findings: Iterable[Finding]) -> Iterator[Seen]:
    """Findings of a run."""
    for one in findings:
        said: list[Any] = [one.principal, one.title, dict(one.key), list(one.labels)]
        said += [dict(evidence.native) for evidence in one.evidences]
        yield Seen(
            uid=one.uid,
            strategy=one.analytic_uid,
            rule=one.rule_uid.rpartition("#")[2],
            time=one.time,
            title=one.title,
            text=orjson.dumps(said, default=str).decode(),
        )


def of_lines(lines: Iterable[str]) -> Iterator[Seen]:
    """Findings as NDJSON lines of OCSF 2004, as `stratagem run --format ndjson` writes them."""
    for line in lines:
        if line.strip():
            found: Mapping[str, Any] = orjson.loads(line)
            info = found["finding_info"]
            related = info.get("related_analytics") or [info["analytic"]]
            yield Seen(
                uid=info["uid"],
                strategy=info["analytic"]["uid"],
                rule=related[0]["uid"].rpartition("#")[2],
                time=datetime.fromtimestamp(found["time"] / 1000, UTC),
                title=info["title"],
                text=line,
            )


def verify(
    expected: Sequence[Expected], findings: Iterable[Seen], *, after: datetime, before: datetime | None, marker: str
) -> tuple[Verified, ...]:
    """For each expected finding the earliest that is it.

    With a `marker` (a live run's) the finding must hold it, and else the entity that is expected.
    """
    seen = sorted(findings, key=lambda one: (one.time, one.uid))
    return tuple(_one(wanted, seen, after - SLACK, before, marker) for wanted in expected)


def _one(wanted: Expected, seen: Sequence[Seen], after: datetime, before: datetime | None, marker: str) -> Verified:
    own = [one for one in seen if one.strategy == wanted.strategy]
    timely = [one for one in own if one.time >= after and (before is None or one.time < before)]
    ruled = [one for one in timely if wanted.rule in (None, one.rule)]
    needle = marker or wanted.entity
    found = next((one for one in ruled if needle in one.text), None)
    if found:
        return Verified(expected=wanted, finding=found)
    return Verified(expected=wanted, finding=None, why=_why(wanted, own, timely, ruled, needle))


def _why(wanted: Expected, own: Sequence[Seen], timely: Sequence[Seen], ruled: Sequence[Seen], needle: str) -> str:
    if not own:
        return f"{wanted.strategy} reports nothing. Ask why: stratagem why {wanted.strategy}"
    if not timely:
        return f"{wanted.strategy} reports, but not of this time: the nearest is of {own[-1].time.isoformat()}"
    if not ruled:
        return f"other rules report: {', '.join(sorted({one.rule for one in timely}))}, not {wanted.rule}"
    return f"{len(ruled)} findings of {wanted.strategy} do not hold {needle!r}; the first: {ruled[0].title}"
