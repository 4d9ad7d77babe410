"""What may be lost without harm, kept for the next run in the user's cache folder."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path


def folder() -> Path:
    """`stratagem` in XDG_CACHE_HOME, else in ~/.cache."""
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "stratagem"


def keep(place: Path, data: bytes) -> None:
    """Write the file beside its final name and move it there, so that readers never see half of it.

    Keeping is a convenience: a read-only home is no error.
    """
    beside = place.with_suffix(f".{os.getpid()}")
    with suppress(OSError):
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        beside.write_bytes(data)
        beside.replace(place)
