"""Snapshots that tests are made of."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from stratagem.baselines._contract import Baseline, Learned
from stratagem.learned.model import Snapshot

REGISTRIES = Baseline(
    uid="unusual_pods#registries",
    name="registries",
    title="A registry that the namespace never used",
    kind="first_seen",
    rules=("pod_creations",),
    entity=("objectRef.namespace",),
    value=("image.registry",),
    strategy="unusual_pods",
)
CPU = replace(
    REGISTRIES,
    uid="unusual_pods#cpu",
    name="cpu",
    title="More CPU asked for than usual",
    kind="spike",
    value=(),
    measure="cpu",
    history=timedelta(days=28),
    options={"min_volume": 4},
)


def entry(key: str, value: str | None = None, count: int = 40, *, warm: bool = True, **facts: str) -> Learned:
    own = {"since": "2026-10-16T08:00:00Z" if warm else "2026-11-03T00:00:00Z", "counted": str(count)}
    return Learned(
        key=key,
        value=value,
        observations=count,
        first="2026-10-16T08:00:00Z" if warm else "2026-11-03T00:00:00Z",
        last="2026-11-14T17:00:00Z",
        warm=warm,
        facts={**(own if value is None else {}), **facts},
    )


SHOP, BATCH = '["shop","prod"]', '["batch","prod"]'
ENTRIES = (
    entry(BATCH, count=7, warm=False, values="1"),
    entry(BATCH, "registry.example.com", 7, warm=False),
    entry(SHOP, count=1_440, values="2"),
    entry(SHOP, "docker.io\x1b[2J", 40),
    entry(SHOP, "registry.example.com", 1_400),
)


def snapshot(*entries: Learned, baseline: Baseline = REGISTRIES, left_out: int = 0) -> Snapshot:
    return Snapshot(
        baseline=baseline,
        as_of=datetime(2026, 11, 15, tzinfo=UTC),
        matches=1_447,
        left_out=left_out,
        entries=entries or ENTRIES,
    )
