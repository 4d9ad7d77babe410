"""Correlations -> SQL over a table of matches, and the slow references that say what the SQL has to give.

See `stratagem.relation` for the tables, for what a window is, and for what an episode is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from stratagem.detect.evaluate import absence, aggregates, ordered, temporal
from stratagem.relation import Episode, Match, Moment
from stratagem.rules.correlation import Correlation, CorrelationType

_SQL: dict[CorrelationType, Callable[[Correlation, Moment, str], str]] = {
    **dict.fromkeys(aggregates.TYPES, aggregates.sql),
    CorrelationType.TEMPORAL: temporal.sql,
    CorrelationType.TEMPORAL_ORDERED: ordered.sql,
    CorrelationType.ABSENCE: absence.sql,
}
_REFERENCES: dict[CorrelationType, Callable[[Correlation, Moment, Sequence[Match]], list[Episode]]] = {
    **dict.fromkeys(aggregates.TYPES, aggregates.reference),
    CorrelationType.TEMPORAL: temporal.reference,
    CorrelationType.TEMPORAL_ORDERED: ordered.reference,
    CorrelationType.ABSENCE: absence.reference,
}


def sql(correlation: Correlation, moment: Moment, matches: str) -> str:
    """A SELECT of EPISODES over the table `matches` (MATCHES). Deterministic: rows in no order, values exact.

    The table may be cut to some keys, or to a stretch of time: a match has no influence further than the timespan away
    from it, but for how episodes are joined (a gap of a timespan without a hit parts two).
    """
    return _SQL[correlation.type](correlation, moment, matches)


def reference(correlation: Correlation, moment: Moment, matches: Sequence[Match]) -> list[Episode]:
    """What `sql` has to give, in plain Python; in no order."""
    return _REFERENCES[correlation.type](correlation, moment, matches)
