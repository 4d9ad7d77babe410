"""What a horizon lets a lake forget: findings from before it stand as they are, and need no matches any more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from stratagem.detect.compile import Plan
from stratagem.detect.reach import reach

MARGIN = timedelta(days=1)
"""How much more is kept than any analytic reaches."""
_FAR = timedelta(days=36_500)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """By analytic: None everywhere without a horizon."""

    settled: tuple[datetime | None, ...]
    """Episodes that crossed before stay as they were found."""
    edges: tuple[datetime | None, ...]
    """Matches from before change none that crosses later."""

    @property
    def oldest(self) -> datetime | None:
        """Observations from before are not needed; None: all are."""
        edges = [edge for edge in self.edges if edge is not None]
        return min(edges) - MARGIN if edges else None


def limits(plan: Plan, horizon: datetime | None) -> Limits:
    """What is settled with this horizon. What an analytic uses is settled earlier, by as much as it reaches back."""
    count = len(plan.analytics)
    if horizon is None:
        return Limits(settled=(None,) * count, edges=(None,) * count)
    backs = [min(reach(one.body).back, _FAR) for one in plan.analytics]
    needs = [timedelta(0)] * count
    for number in reversed(range(count)):  # what uses others comes after them
        for one in plan.analytics[number].inputs:
            if one.analytic is not None:
                needs[one.analytic] = max(needs[one.analytic], needs[number] + backs[number])
    return Limits(
        settled=tuple(horizon - need for need in needs),
        edges=tuple(horizon - need - back for need, back in zip(needs, backs, strict=True)),
    )
