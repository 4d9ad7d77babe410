"""Texts of hits that wait on disk: a run whose every event matches must not hold every record in memory."""

from __future__ import annotations

import os
import tempfile
from typing import IO

from stratagem.detect.tally import Hit, Parked

HELD_BYTES = 32 * 1024 * 1024
"""Records and lines of hits that are held in memory before the rest goes to a temporary file."""


class Spool:
    """Takes hits in any number; their texts beyond `HELD_BYTES` are parked in a file that goes with the spool."""

    def __init__(self) -> None:
        self._file: IO[bytes] | None = None
        self._held = 0
        self._end = 0

    def take(self, hit: Hit) -> Hit:
        """The hit, with its texts parked where memory is spent."""
        raw = self.keep(hit.raw)
        line = self.keep(hit.sealed.line) if hit.sealed else b""
        if raw is hit.raw and (hit.sealed is None or line is hit.sealed.line):
            return hit
        return hit._replace(raw=raw, sealed=hit.sealed and hit.sealed._replace(line=line))

    def keep(self, text: bytes | Parked) -> bytes | Parked:
        """The text, or where it is parked."""
        if self._held + len(text) <= HELD_BYTES:
            self._held += len(text)
            return text
        return self._park(text)

    def part(self, text: bytes | Parked, start: int, end: int) -> bytes:
        """A part of a text, wherever it is."""
        return text[start:end] if isinstance(text, bytes) else self.text(Parked(text.place + start, end - start))

    def text(self, text: bytes | Parked) -> bytes:
        """A hit's text, wherever it is."""
        if isinstance(text, bytes):
            return text
        assert self._file is not None
        # Texts are asked for in any order: a buffer around each of them would cost several times its reading.
        return os.pread(self._file.fileno(), text.size, text.place)

    def _park(self, text: bytes | Parked) -> bytes | Parked:
        if not text or isinstance(text, Parked):
            return text
        if self._file is None:
            self._file = tempfile.TemporaryFile(buffering=0, prefix="stratagem-hits-")  # noqa: SIM115 (lives on)
        rest = memoryview(text)
        while rest:
            rest = rest[self._file.write(rest) :]
        parked = Parked(self._end, len(text))
        self._end += len(text)
        return parked
