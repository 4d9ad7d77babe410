"""What health says: one state for each source of each cluster, account or tenant, with what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple


class Trouble(StrEnum):
    """What can be wrong with a source of a scope; the first words are the worst."""

    NEVER_SEEN = "never_seen"
    """`estate.yml` expects it, and the lake has no event of it."""
    SILENT = "silent"
    """It has been quiet for much longer than it ever was."""
    LOW = "low"
    """The last day has far fewer events than days of its kind have had."""
    FIELD = "field"
    """A field that a rule needs is gone, or of another type, in events that always had it."""
    LEVEL = "level"
    """Kubernetes audit tells less of a request than it did: no object, or no response."""
    LATE = "late"
    """Events arrive later than the source's declared lateness."""
    QUARANTINED = "quarantined"
    """More than one record in a hundred could not be read in the last runs."""
    READS_ABSENT = "reads_absent"
    """Only writes arrive: what reads and lists is invisible (kube-audit-admin, Data Access off, a selector)."""
    DATA_EVENTS_ABSENT = "data_events_absent"
    """CloudTrail brings management events alone."""
    OBJECTS_ABSENT = "objects_absent"
    """Kubernetes audit never told what writes carry: all of them at level Metadata."""
    GRAPH_ABSENT = "graph_absent"
    """A tenant whose sign-ins or directory changes arrive, and whose calls of Microsoft Graph do not."""


ADVICE = frozenset({Trouble.READS_ABSENT, Trouble.DATA_EVENTS_ABSENT, Trouble.OBJECTS_ABSENT, Trouble.GRAPH_ABSENT})
"""Troubles that were there from the beginning: told, but no change for the worse."""


class Scope(NamedTuple):
    """Where events come from: one cluster, account or tenant. All None: the log does not say."""

    kind: str = ""
    id: str = ""

    def __str__(self) -> str:
        return f"{self.kind} {self.id}" if self.kind else "no scope"


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """One thing that is wrong. `since` is when it began, as far as the events tell."""

    trouble: Trouble
    message: str
    since: datetime | None = None
    field: str | None = None
    """The field that is gone or changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceHealth:
    """One source of one scope."""

    source: str
    scope: Scope
    events: int = 0
    first: datetime | None = None
    last: datetime | None = None
    last_day: int = 0
    """Events of the 24 hours before the moment."""
    usual_day: float | None = None
    """Median of earlier days of its kind (working days or weekends); None while there are fewer than three."""
    lag_p95: timedelta | None = None
    """From event to ingest, of the last day's events; None where the run did not say when it read them."""
    duplicates: int = 0
    levels: Mapping[str, float] = field(default_factory=dict)
    """Share of each Kubernetes audit level in the last day's writes."""
    complaints: tuple[Complaint, ...] = ()

    @property
    def state(self) -> str:
        """`ok`, or the worst trouble; advice alone is no trouble."""
        order = list(Trouble)
        worse = sorted((one.trouble for one in self.complaints if one.trouble not in ADVICE), key=order.index)
        return worse[0].value if worse else "ok"


class Blinded(NamedTuple):
    """An ingest rule that drops records on which a strategy's rules could hold, and which of their selections."""

    source: str
    drop: str
    clauses: str
    """`rule (selection, selection); rule (...)`"""

    def __str__(self) -> str:
        return f"ingest rule '{self.drop}' drops records on which it could hold: {self.clauses}"


@dataclass(frozen=True, slots=True, kw_only=True)
class StrategyHealth:
    """What a strategy can see in one scope: `evaluable`, `partly` or `blind`."""

    strategy: str
    scope: Scope
    sight: str
    reasons: tuple[str, ...] = ()
    since: datetime | None = None
    dropped: tuple[Blinded, ...] = ()
    """The ingest rules among the reasons."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """An ingest rule: what is dropped before it reaches the lake."""

    name: str
    sources: tuple[str, ...] = ()
    reason: str = ""
    owner: str = ""
    expires: str | None = None
    """The last day whose events it drops."""
    state: str = "drops"
    """`drops`, `expired`, or `gone`: the last runs had it, and the workspace no longer has."""
    records: int = 0
    """How many it dropped in the last runs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """All of it, as of a moment."""

    as_of: datetime
    sources: tuple[SourceHealth, ...]
    strategies: tuple[StrategyHealth, ...] = ()
    quarantined: Mapping[str, int] = field(default_factory=dict)
    """Records that the last runs could not read, by reason."""
    dropped: tuple[Dropped, ...] = ()
    """What ingest rules keep from the lake. The workspace says so: it is no trouble, and makes strategies blind."""

    @property
    def is_well(self) -> bool:
        return not any(one.trouble not in ADVICE for source in self.sources for one in source.complaints)
