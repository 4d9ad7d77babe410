"""Attacks in the estate: techniques at seeded times, in its clusters and accounts; a file says where they are."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from stratagem.emulate._record import Told
from stratagem.emulate.detonate import offline
from stratagem.emulate.estate.calendar import FIRST
from stratagem.emulate.estate.cast import Cast
from stratagem.emulate.techniques import TECHNIQUES
from stratagem.errors import UsageError
from stratagem.sources import SOURCES

QUIET_DAYS = 14
"""Days at the beginning without an attack: strategies that learn need them."""
LEARNING_DAYS = 18
"""The same for attacks that only a strategy which learns can find: what it needs has to be older than its warm-up."""
SETTLED = timedelta(hours=2)
"""How long after an attack's last event its finding may be dated."""
_BY_DAY = 0.6
"""The share of attacks in working hours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """One attack: what, when and where."""

    technique: str
    at: datetime
    cluster: str
    account: str
    seed: int

    def before(self) -> Iterator[Told]:
        """What must have happened before for the attack to be out of the ordinary, from the estate's first day on."""
        told = offline.history(
            TECHNIQUES[self.technique], self.at, seed=self.seed, cluster=self.cluster, account=self.account
        )
        return (one for one in told if one.time >= FIRST)

    def told(self) -> Iterator[Told]:
        """Its records."""
        return offline.attack(
            TECHNIQUES[self.technique], self.at, seed=self.seed, cluster=self.cluster, account=self.account
        )

    @property
    def end(self) -> datetime:
        """Just after its last record."""
        return max(one.time for one in self.told()) + timedelta(seconds=1)


def place(who: Cast, days: int, techniques: Sequence[str]) -> tuple[Placed, ...]:
    """Each technique once, in order of time, after the quiet days. Raises UsageError where no day is left."""
    if days <= QUIET_DAYS and techniques:
        raise UsageError(f"attacks come after {QUIET_DAYS} quiet days, and the estate has {days}. Give it more --days.")
    return tuple(sorted((_placed(who, days, name) for name in techniques), key=lambda one: (one.at, one.technique)))


def _placed(who: Cast, days: int, technique: str) -> Placed:
    # Of its own seed: that another technique comes or goes moves no attack.
    chance = random.Random(f"{who.seed}/attack/{technique}")
    quiet = QUIET_DAYS if TECHNIQUES[technique].history is None else min(LEARNING_DAYS, days - 1)
    hour = chance.uniform(8, 18) if chance.random() < _BY_DAY else chance.uniform(0, 6)
    moment = FIRST + timedelta(days=chance.randrange(quiet, days), hours=hour)
    cluster = chance.choice(who.clusters[:2])
    return Placed(
        technique=technique,
        at=moment.replace(microsecond=0),
        cluster=cluster.name,
        account=cluster.account,
        seed=who.seed,
    )


def truth_file(folder: Path) -> Path:
    """Beside the logs and not among them, so that nobody reads it as a log."""
    return folder.with_name(f"{folder.name}.attacks.ndjson")


def write_truth(folder: Path, placed: Sequence[Placed]) -> Path:
    """A line an attack: technique, first and last moment, where, its events, and the findings that must follow."""
    lines = []
    for one in placed:
        technique = TECHNIQUES[one.technique]
        told = list(one.told())
        said = {
            "technique": one.technique,
            "title": technique.title,
            "attack": list(technique.attack),
            "start": one.at.isoformat(),
            "end": one.end.isoformat(),
            "cluster": one.cluster,
            "account": one.account,
            "events": [{"source": each.source, "uid": _uid(each), "time": each.time.isoformat()} for each in told],
            "identities": {
                actor: [_here(name, one) for name in names] for actor, names in technique.identities.items()
            },
            "expected": [{"strategy": e.strategy, "rule": e.rule, "entity": e.entity} for e in technique.expected],
        }
        lines.append(json.dumps(said))
    file = truth_file(folder)
    file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return file


def _uid(one: Told) -> str | None:
    """The event's id as findings name it; None where the source has none."""
    source = SOURCES[one.source]
    return source.uid(source.canonical(one.record)[0])


def _here(principal: str, one: Placed) -> str:
    """A principal of a technique as the estate has it: its own account and cluster stand for the bases'."""
    provider, _, rest = principal.partition(":")
    if provider == "kubernetes" and rest.startswith(f"{offline.ACCOUNT}/{offline.CLUSTER}:"):
        return f"kubernetes:{offline.ACCOUNT}/{one.cluster}:{rest.partition(':')[2]}"  # Its log is another account's.
    return principal.replace(offline.ACCOUNT, one.account)
