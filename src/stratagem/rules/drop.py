"""An ingest rule after reading; `drops.py` reads the file that declares them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from stratagem.rules.model import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Drop:
    """One ingest rule. Records of its rule's logsource on which the condition holds are counted and gone."""

    name: str
    reason: str
    owner: str = ""
    expires: str | None = None
    """The last day (ISO, UTC) whose events are dropped; compared with event time."""
    rule: Rule
    """Logsource, condition, selections by name, and the place."""

    def is_over(self, moment: datetime) -> bool:
        """Whether events of this time (UTC) are no longer dropped."""
        return self.expires is not None and moment.date().isoformat() > self.expires
