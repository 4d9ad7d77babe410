"""Offline detonation: the telemetry that an attack leaves, written as the provider delivers it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from stratagem.emulate._delivery import deliver
from stratagem.emulate._record import Teller, Told
from stratagem.emulate.detonate import journal
from stratagem.emulate.detonate.journal import CLEAN, DETONATED, REVERTED, WARM, Journal
from stratagem.emulate.techniques import TECHNIQUES
from stratagem.emulate.techniques._contract import Technique
from stratagem.errors import UsageError
from stratagem.strategy.scenario import Staged, stage_events, stage_history

CLUSTER = "lab-1"
ACCOUNT = "111122223333"
"""The account of every base."""
_FLOWS_CLUSTER = "prod-1"
"""The cluster that flows of the bases name: they alone name one."""


def begin(home: Path, technique: str, *, at: datetime, seed: int) -> Journal:
    """A new offline run: the attack will happen at `at`. Raises UsageError for an unknown technique."""
    TECHNIQUES[technique]
    return journal.begin(home, technique, "offline", at=at.isoformat(), seed=seed)


def warmup(run: Journal) -> None:
    """Write the history that baselines learn from."""
    technique, at = _asked(run)
    told = list(history(technique, at, seed=run.head["seed"]))
    if told:
        _write(run, "warmup", told)
    run.append("state", state=WARM)


def detonate(run: Journal) -> None:
    """Write the attack's telemetry. A cold run is warmed up first.

    Raises UsageError where it was detonated and not reverted.
    """
    if run.must_warm_up():
        warmup(run)
    technique, at = _asked(run)
    told = list(attack(technique, at, seed=run.head["seed"]))
    _write(run, "attack", told)
    run.append("state", state=DETONATED, at=at.isoformat())


def revert(run: Journal) -> tuple[str, ...]:
    """Delete the attack's telemetry, and keep the history."""
    return _delete(run, ("attack",), REVERTED)


def cleanup(run: Journal) -> tuple[str, ...]:
    """Delete all that was written. The record stays."""
    return _delete(run, (), CLEAN)


def attack(
    technique: Technique, at: datetime, *, seed: int, cluster: str = CLUSTER, account: str = ACCOUNT
) -> Iterator[Told]:
    """The attack's records, the first at `at`; in a cluster and an account of somebody's choice."""
    for staged in stage_events(technique.events, clock=at, salt=f"attack/{seed}/{at.isoformat()}/"):
        yield _told(staged, cluster, account)


def history(
    technique: Technique, at: datetime, *, seed: int, cluster: str = CLUSTER, account: str = ACCOUNT
) -> Iterator[Told]:
    """The records of what was before, up to `at`."""
    if technique.history is not None:
        for staged in stage_history(technique.history, clock=at, salt=f"history/{seed}/{at.isoformat()}/"):
            yield _told(staged, cluster, account)


def _asked(run: Journal) -> tuple[Technique, datetime]:
    return TECHNIQUES[run.head["technique"]], datetime.fromisoformat(run.head["at"])


def _write(run: Journal, phase: str, told: Iterable[Told]) -> None:
    run.makes(phase, f"logs/{phase}")
    at = datetime.fromisoformat(run.head["at"])
    deliver(run.folder / "logs" / phase, told, Teller(run.head["seed"], at))


def _delete(run: Journal, phases: Sequence[str], state: str) -> tuple[str, ...]:
    gone = []
    for thing in run.left(phases):
        shutil.rmtree(run.folder / thing.name, ignore_errors=True)
        run.append("removed", number=thing.number, name=thing.name)
        gone.append(thing.name)
    run.append("state", state=state)
    return tuple(gone)


def _told(staged: Staged, cluster: str, account: str) -> Told:
    text = json.dumps(dict(staged.native)).replace(ACCOUNT, account)
    if staged.source == "hubble":
        text = text.replace(f'"{_FLOWS_CLUSTER}', f'"{cluster}')
    record = json.loads(text)
    if staged.time is None:
        raise UsageError(f"an event of {staged.source} has no time, so it cannot be delivered")
    return Told(source=staged.source, home=_home(staged.source, record, cluster), time=staged.time, record=record)


def _home(source: str, record: Mapping[str, Any], cluster: str) -> str:
    """Where the provider delivers the record: `account/region`, a cluster, a category of log, or the source's name."""
    if source == "aws_cloudtrail":
        return f"{record.get('recipientAccountId', ACCOUNT)}/{record.get('awsRegion', 'us-east-1')}"
    if source in ("kubernetes_audit", "hubble"):
        return cluster
    if source == "m365_audit":
        return f"Audit.{record.get('Workload', 'General')}"
    category = record.get("category")
    return category if isinstance(category, str) else source
