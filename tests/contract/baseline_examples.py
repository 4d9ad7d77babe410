"""A baseline of each kind, a history that makes it warm, and what it then reports: what the contract is tested with.

A new kind adds an entry to EXAMPLES; the contract test fails for a kind that has none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from stratagem.baselines._contract import Baseline
from stratagem.relation import Match
from tests.unit.baselines.evaluate import at

WARM = timedelta(days=7)
DAY_UNDER_TEST = 24 * 10


@dataclass(frozen=True, kw_only=True)
class Example:
    """`history` is ten days long; `day` is what happens after it and is reported as one finding."""

    baseline: Baseline
    history: Sequence[Match]
    day: Sequence[Match]


def _baseline(kind: str, options: Mapping[str, Any] | None = None, **more: Any) -> Baseline:
    given = {
        "history": timedelta(days=14),
        "warm_up": WARM,
        "min_observations": 20,
        "value": ("image",),
        **more,
    }
    return Baseline(
        uid=f"page#{kind}",
        name=kind,
        title=kind,
        kind=kind,
        rules=("rule",),
        entity=("cluster",),
        options=options or {},
        **given,
    )


def _every_three_hours(value: str | None = None, **more: Any) -> list[Match]:
    return [at(hour, value, **more) for hour in range(0, DAY_UNDER_TEST, 3)]


def _pods() -> list[Match]:
    made = [at(hour, f"pod-{hour}", rule="made", key='["deployer"]') for hour in range(0, DAY_UNDER_TEST, 3)]
    return [*made, *(at(hour + 8, f"pod-{hour}", rule="gone") for hour in range(0, DAY_UNDER_TEST - 8, 3))]


NOW = DAY_UNDER_TEST + 1
EXAMPLES: Mapping[str, Example] = {
    "first_seen": Example(baseline=_baseline("first_seen"), history=_every_three_hours("usual"), day=[at(NOW, "new")]),
    "rare": Example(baseline=_baseline("rare"), history=_every_three_hours("usual"), day=[at(NOW, "new")]),
    "new_edge": Example(baseline=_baseline("new_edge"), history=_every_three_hours("usual"), day=[at(NOW, "new")]),
    "spike": Example(
        baseline=_baseline("spike", value=()),
        history=_every_three_hours(),
        day=[at(NOW + number / 100) for number in range(40)],
    ),
    "silence": Example(
        baseline=_baseline("silence", value=()),
        history=_every_three_hours(),
        day=[at(NOW + 20)],
    ),
    "short_lived": Example(
        baseline=_baseline("short_lived", {"created": ("made",), "gone": ("gone",)}),
        history=_pods(),
        day=[at(NOW, "pod", rule="made"), at(NOW + 0.1, "pod", rule="gone")],
    ),
}
