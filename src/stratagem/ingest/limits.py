"""What one input may cost. Past a limit the rest is quarantined, with the limit in the reason, and the run goes on."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Sizes in bytes after decompression, unless said otherwise."""

    record: int = 32 * MIB
    """One record, or one line that is not a document of records."""
    expansion: int = 250
    """Decompressed bytes per compressed byte; real logs stay below 100."""
    expansion_floor: int = 256 * MIB
    """`expansion` is not looked at below this decompressed size."""
    block: int = 4 * MIB
    """How much of a file is handled at once."""
    split: int = 16 * MIB
    """Plain line files larger than this are shared between workers in pieces of this size."""


DEFAULT = Limits()
