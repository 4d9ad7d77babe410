"""What a `short_lived` baseline says in its options."""

from __future__ import annotations

from datetime import timedelta

from stratagem.baselines._contract import Baseline

COUNT, WITHIN, USUAL_SHARE, MIN_OBJECTS = 1, timedelta(hours=1), 0.5, 10


def within(baseline: Baseline) -> timedelta:
    """The pause after which the next short life is another finding."""
    pause = baseline.options.get("within", WITHIN)
    assert isinstance(pause, timedelta)
    return pause


def rule_names(baseline: Baseline, option: str) -> tuple[str, ...]:
    """The rules under `created` or `gone`."""
    return tuple(baseline.options[option])
