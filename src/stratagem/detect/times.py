"""The times that correlations and baselines depend on beside their events."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """The times that an evaluation depends on."""

    as_of: datetime
    """Nothing later has happened."""
    learn_until: datetime | None = None
    """Everything teaches; what crossed before is not reported."""
    arrived: datetime | None = None
    """All events up to here have arrived, whatever the logs look like; None: as far as they themselves tell."""
    horizon: datetime | None = None
    """Findings that crossed before it stand as they are. Earlier events teach, as far as later findings reach back."""
