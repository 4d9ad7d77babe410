"""How far in time a match of an analytic is felt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from stratagem.baselines import KINDS
from stratagem.baselines._contract import Baseline
from stratagem.rules.correlation import Correlation, CorrelationType


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """How far in time a match is felt: by episodes that cross up to `after` it, and those that end up to `before` it.

    They are made of matches in (back, ahead) of that stretch.
    """

    before: timedelta
    after: timedelta
    back: timedelta
    ahead: timedelta


def is_global(body: Correlation | Baseline) -> bool:
    """Whether a match may change the episodes of other keys."""
    return isinstance(body, Baseline) and KINDS[body.kind].is_global(body)


def reach(body: Correlation | Baseline) -> Reach:
    """How far a match of this analytic is felt.

    Hits of a correlation are within a timespan after the match, and join others less than a timespan away. Of an
    absence they are before it, and cross a timespan later.
    """
    if isinstance(body, Correlation):
        span = body.timespan
        if body.type is CorrelationType.ABSENCE:
            return Reach(before=2 * span, after=3 * span, back=4 * span, ahead=4 * span)
        return Reach(before=span, after=2 * span, back=3 * span, ahead=3 * span)
    whole = KINDS[body.kind].reach(body)
    return Reach(
        before=KINDS[body.kind].reach_back(body), after=whole, back=whole + body.history + body.window, ahead=whole
    )
