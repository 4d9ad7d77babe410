"""Which events came more than once. Exact for any order and any split, in memory that does not grow with the input.

Every event leaves a 64-bit hash of its id (and nothing else); at the end equal hashes are counted. Past a limit the
hashes go to temporary files by range, which are then counted one after the other.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import xxhash

Hashes = npt.NDArray[np.uint64]

_KEEP = 24_000_000
"""Hashes held in memory (8 bytes each, twice that while sorting)."""
_PARTS = 64
_LONG = 256
"""Characters of the longest id that is hashed as it is."""
_ODD = np.uint64(0x9E3779B97F4A7C15)
_MIX = np.uint64(0xFF51AFD7ED558CCD)


def short(uid: str) -> str:
    """The id, or a digest of one so long that a batch padded to its width would not fit in memory."""
    return uid if len(uid) <= _LONG else xxhash.xxh3_128_hexdigest(uid.encode("utf-8", "surrogatepass"))


def hash_uids(uids: Sequence[str], seed: str) -> Hashes:
    """64-bit hashes of ids within one source; equal text gives equal hashes in every process and every run."""
    start = np.uint64(xxhash.xxh3_64_intdigest(seed.encode()))
    words = _words(uids)
    hashes = np.full(len(uids), start, dtype=np.uint64)
    for word in words:
        # A zero word is only padding: the hash must not depend on how wide the longest id of the batch was.
        mixed = hashes ^ word
        mixed *= _ODD
        mixed ^= mixed >> np.uint64(29)
        mixed *= _MIX
        mixed ^= mixed >> np.uint64(32)
        hashes = np.where(word != 0, mixed, hashes)
    return hashes


def _words(uids: Sequence[str]) -> Hashes:
    """The ids' bytes as 64-bit words, padded with zeros, a row for each place."""
    widths = set(map(len, uids))
    if max(widths, default=0) > _LONG:
        uids = list(map(short, uids))
        widths = set(map(len, uids))
    joined = "".join(uids)
    if len(widths) == 1 and joined.isascii():
        (width,) = widths
        packed = np.zeros((len(uids), _padded(width)), dtype=np.uint8)
        packed[:, :width] = np.frombuffer(joined.encode(), dtype=np.uint8).reshape(len(uids), width)
        return np.ascontiguousarray(packed.view(np.uint64).T)
    try:
        texts = np.array(uids, dtype="S")
    except UnicodeEncodeError:
        texts = np.array([uid.encode("utf-8", "surrogatepass") for uid in uids], dtype="S")
    width = _padded(texts.dtype.itemsize)
    words: Hashes = texts.astype(f"S{width}").view(np.uint64).reshape(len(uids), width // 8).T
    return words


def _padded(width: int) -> int:
    """The next multiple of eight."""
    return -(-width // 8) * 8 or 8


@dataclass(slots=True)
class Ledger:
    """The ids of one source's events."""

    _held: list[Hashes] = field(default_factory=list)
    _count: int = 0
    _spilled: Any = None

    def add(self, hashes: Hashes) -> None:
        """Note more events; one hash each."""
        self._held.append(hashes)
        self._count += len(hashes)
        if self._count > _KEEP:
            self._spill()

    def repeated(self, of: Hashes) -> tuple[int, dict[int, int]]:
        """How many events were copies of another, and how often each id hash in `of` came when more than once."""
        if self._spilled is None:
            return _repeated(self._held, of)
        self._spill()
        copies, counts = 0, dict[int, int]()
        for part in range(_PARTS):
            path = Path(self._spilled.name) / str(part)
            if path.exists():
                more, some = _repeated([np.fromfile(path, dtype=np.uint64)], of)
                copies += more
                counts |= some
        self._spilled.cleanup()
        return copies, counts

    def _spill(self) -> None:
        if self._spilled is None:
            self._spilled = tempfile.TemporaryDirectory(prefix="stratagem-ids-")
        for hashes in self._held:
            homes = (hashes >> np.uint64(58)).astype(np.uint8)
            for part in np.unique(homes):
                with (Path(self._spilled.name) / str(part)).open("ab") as file:
                    hashes[homes == part].tofile(file)
        self._held, self._count = [], 0


def _repeated(held: Sequence[Hashes], of: Hashes) -> tuple[int, dict[int, int]]:
    if not held:
        return 0, {}
    every = np.concatenate(held)
    every.sort()
    same = every[1:] == every[:-1]
    if not same.any():
        return 0, {}
    repeats = every[1:][same]
    ids, counts = np.unique(repeats[np.isin(repeats, of)], return_counts=True)
    return int(same.sum()), {int(one): int(count) + 1 for one, count in zip(ids, counts, strict=True)}
