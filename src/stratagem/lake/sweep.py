"""What a Delta table leaves behind, and when it is time to clear it away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

KEEP_HOURS = 168
"""How long files that no version names are kept before they are deleted: readers and writers may be at work."""

LOG_KEPT: Mapping[str, str] = {"delta.logRetentionDuration": f"interval {KEEP_HOURS // 24} days"}
"""The table property by which the log of older versions is cleared."""

CROWD = 32
"""Files beyond one a partition from which on small files are joined."""


def is_crowded(table: Any) -> bool:
    """Are there many more files than partitions."""
    return len(table.file_uris()) > max(len(table.partitions()), 1) + CROWD


def sweep(table: Any, *, full: bool = False) -> None:
    """Delete files that no version of the last days names, and the log of the versions before."""
    table.vacuum(KEEP_HOURS, dry_run=False, enforce_retention_duration=False, full=full)
    table.create_checkpoint()
    table.cleanup_metadata()
