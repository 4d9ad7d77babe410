"""One pass over raw bytes for the literals of all rules: which rules are worth asking, and where.

Hyperscan where it can be imported, else plain searches with the same results. The literals come from
`witness.literals`; records for which `is_risky` holds must go to the matcher whatever the prefilter says.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from stratagem.cache import keep
from stratagem.rules.witness import Witness, literals

__all__ = ["Prefilter", "is_risky", "literals"]

# Escapes of printable characters that literals may hold, then the characters outside ASCII that fold to an ASCII
# letter (U+0130, U+0131, U+017F, U+212A), escaped and as UTF-8. With the length of what each expression matches.
_RISKY_PLACES: tuple[tuple[bytes, int], ...] = (
    (rb"\\/", 2),
    (
        rb"\\u00(?:2[0134589acdefACDEF]|3[0-9abdfABDF]|4[0-9a-fA-F]|5[0-9abdefABDEF]|6[1-9a-fA-F]|7[0-9a-eA-E])",
        6,
    ),
    (rb"\\u(?:013[01]|017[fF]|212[aA])", 6),
    (rb"\xc4[\xb0\xb1]|\xc5\xbf", 2),
    (rb"\xe2\x84\xaa", 3),
)
_RISKY = re.compile(b"|".join(expression for expression, _ in _RISKY_PLACES))


def is_risky(raw: bytes) -> bool:
    """Does the JSON text hold an escape or a character that could hide a literal?"""
    if b"\\" not in raw and raw.isascii():
        return False
    return _RISKY.search(raw) is not None


def risky_offsets(block: bytes) -> list[int]:
    """Where in a block of many records something risky stands, ascending."""
    if b"\\" not in block and block.isascii():
        return []
    database = _risky_database()
    if database is None:
        return [match.start() for match in _RISKY.finditer(block)]
    found: list[int] = []

    def on_match(number: int, start: int, end: int, flags: int, context: Any) -> None:
        found.append(end - _RISKY_PLACES[number][1])

    database.scan(block, match_event_handler=on_match)
    return sorted(found)


@lru_cache(maxsize=1)
def _risky_database() -> Any:
    """The expressions above in Hyperscan, twenty times as fast on a block; None where it cannot be imported."""
    try:
        import hyperscan
    except ImportError:
        return None
    database = hyperscan.Database()
    expressions = [expression for expression, _ in _RISKY_PLACES]
    database.compile(expressions=expressions, ids=list(range(len(expressions))), flags=[0] * len(expressions))
    return database


class Prefilter:
    """The literal sets of many rules, searched in one pass.

    `always` are the indexes of rules without a witness: they are candidates everywhere and have no offsets.
    With `cache`, a folder, compiled databases are kept there by the hash of their content.
    """

    def __init__(self, sets: Sequence[Witness | None], *, engine: str = "auto", cache: Path | None = None) -> None:
        self.always = tuple(index for index, literal_set in enumerate(sets) if literal_set is None)
        self._count = len(sets)
        wanted: dict[bytes, list[int]] = {}
        for index, literal_set in enumerate(sets):
            for literal in sorted(literal_set or ()):
                wanted.setdefault(literal, []).append(index)
        self._literals = tuple(wanted)
        self._rules = tuple(tuple(rules) for rules in wanted.values())
        self._database = _database(self._literals, cache) if engine != "python" and wanted else None
        if engine == "hyperscan" and wanted and self._database is None:
            raise ImportError("hyperscan cannot be imported on this machine")

    def hits(self, block: bytes) -> list[tuple[int, tuple[int, ...]]]:
        """Where a literal begins and the rules that asked for it, ascending by place."""
        found = self._scan(block) if self._database is not None else self._search(block)
        found.sort()
        return [(offset, self._rules[number]) for offset, number in found]

    def scan(self, block: bytes) -> list[list[int]]:
        """For each rule the offsets at which one of its literals begins, ascending, each once."""
        offsets: list[list[int]] = [[] for _ in range(self._count)]
        for offset, rules in self.hits(block):
            for rule in rules:
                if not offsets[rule] or offsets[rule][-1] != offset:
                    offsets[rule].append(offset)
        return offsets

    def _scan(self, block: bytes) -> list[tuple[int, int]]:
        found: list[tuple[int, int]] = []
        lengths = [len(literal) for literal in self._literals]
        note = found.append

        def on_match(number: int, start: int, end: int, flags: int, context: Any) -> None:
            note((end - lengths[number], number))

        self._database.scan(block, match_event_handler=on_match)  # type: ignore[union-attr]
        return found

    def _search(self, block: bytes) -> list[tuple[int, int]]:
        """The same with plain searches, literal by literal."""
        folded = block.lower()
        found: list[tuple[int, int]] = []
        for number, literal in enumerate(self._literals):
            at = folded.find(literal)
            while at >= 0:
                found.append((at, number))
                at = folded.find(literal, at + 1)
        return found


def _database(wanted: Sequence[bytes], cache: Path | None) -> Any:
    """The compiled Hyperscan database, from the cache where it is there; None where Hyperscan is not."""
    try:
        import hyperscan
    except ImportError:
        return None
    kept = None
    if cache is not None:
        from importlib.metadata import version

        content = b"\0".join([version("hyperscan").encode(), *wanted])
        kept = cache / f"prefilter-{sha256(content).hexdigest()[:32]}.hs"
        database = _kept(hyperscan, kept)
        if database is not None:
            return database
    database = hyperscan.Database()
    database.compile(
        expressions=list(wanted),
        ids=list(range(len(wanted))),
        flags=[hyperscan.HS_FLAG_CASELESS] * len(wanted),
        literal=True,
    )
    if kept is not None:
        keep(kept, hyperscan.dumpb(database))
    return database


def _kept(hyperscan: Any, path: Path) -> Any:
    """A database from the cache; None if there is none, or it was made by another version or machine."""
    try:
        database = hyperscan.loadb(path.read_bytes(), hyperscan.HS_MODE_BLOCK)
    except (OSError, ValueError, hyperscan.HyperscanError):
        return None
    database.scratch = hyperscan.Scratch(database)
    return database
