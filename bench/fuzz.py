"""Fuzz what reads other people's bytes: `python -m bench.fuzz --seconds 600 [--seed N]`.

Records of every source are broken in their bytes and in their values, framed in every way there is, and read by the
unwrappers, the scanner and the matcher. Any exception is a failure; so is a record that is not accounted for, and a
compiled rule that does not say what the slow reference says. The case that failed is written to a file.
"""

from __future__ import annotations

import argparse
import copy
import gzip
import json
import random
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from stratagem import content
from stratagem.detect.compile import Plan, compile
from stratagem.detect.scan import Scanner
from stratagem.detect.tally import Tally
from stratagem.ingest.framing import read
from stratagem.ingest.limits import Limits
from stratagem.library import load
from stratagem.rules import matcher
from stratagem.rules.reference import matches
from stratagem.rules.resolve import Resolver
from stratagem.sources import SOURCES, unwrap
from stratagem.sources._contract import Malformed

_TOKENS = (
    b"{", b"}", b"[", b"]", b'"', b",", b":", b"\\", b"\n", b"\r\n", b"\0", b"null", b"true", b"1e999", b"-", b"\xff",
    b"\\ud800", b"\\u0000", b"{}", b"[]", b'""', b"9" * 30, b"9" * 5_000, b"\xef\xbb\xbf", b'{"Records":[', b"]}",
    b"[" * 1_500, b'{"a":' * 300,
)  # fmt: skip
_VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 1.5, 2**70, "", "*", "\0", "é", "\u212a", [], {}, [[]], [None], [{}], {"": {}},
    "{", '{"a": 1}', "[1", "2026-01-15T10:00:00Z", "9999-99-99", 1e308, "a.b", {"a.b": [1, {"c": "x"}]},
)  # fmt: skip
_WRAPPERS: tuple[Callable[[Any], Any], ...] = (
    lambda record: {"Records": [record, record]},
    lambda record: {"logEvents": [{"message": json.dumps(record)}], "logGroup": "/aws/eks/x/cluster", "owner": "1"},
    lambda record: {"message": json.dumps({"message": json.dumps(record)})},
    lambda record: {"detail-type": "x", "detail": record},
    lambda record: {"items": [record], "kind": "EventList"},
    lambda record: [[record], record],
    lambda record: {"tables": [{"columns": [{"name": key} for key in record], "rows": [list(record.values())]}]},
    lambda record: record,
)


def seeds() -> list[bytes]:
    """The examples of all sources, as they arrive."""
    return [example.raw for source_id in SOURCES for example in SOURCES[source_id].examples]


def natives() -> list[dict[str, Any]]:
    """The canonical records in the examples that are one JSON value."""
    found = []
    for raw in seeds():
        try:
            found += [dict(one.native) for one in unwrap.records(unwrap.decode(raw)) if one.status == "event"]
        except Malformed:
            continue
    return found


def broken_bytes(data: bytes, chance: random.Random) -> bytes:
    """The bytes with a few tokens put in, cut out, doubled or changed."""
    for _ in range(chance.randint(0, 4)):
        start = chance.randint(0, len(data))
        end = min(len(data), start + chance.choice((0, 1, 5, 200)))
        middle = chance.choice((b"", chance.choice(_TOKENS), data[start:end] * 2, chance.randbytes(3)))
        data = data[:start] + middle + data[end:]
    return data


def changed(value: Any, chance: random.Random) -> Any:
    """The value with something else at a few places in it."""
    value = json.loads(json.dumps(value))
    for _ in range(chance.randint(0, 4)):
        here = value
        while isinstance(here, dict | list) and here:
            key = chance.choice(list(here)) if isinstance(here, dict) else chance.randrange(len(here))
            if not isinstance(here[key], dict | list) or not here[key] or chance.random() < 0.2:
                here[key] = copy.deepcopy(chance.choice(_VALUES))
                break
            here = here[key]
    return value


def framed(records: list[Any], chance: random.Random) -> bytes:
    """Records as a file: lines, a document, values end to end, in envelopes, indented or not."""
    wrap = chance.choice(_WRAPPERS)
    texts = [json.dumps(wrap(one), indent=chance.choice((None, None, 1))).encode() for one in records]
    between = chance.choice((b"\n", b"\n", b"", b"\r\n", b",\n"))
    data = between.join(texts)
    return b"[" + b",".join(texts) + b"]" if chance.random() < 0.2 else data


def files(chance: random.Random) -> Iterator[bytes]:
    """File after file, without an end."""
    raws, known = seeds(), natives()
    while True:
        if chance.random() < 0.4:
            data = chance.choice(raws)
            if data[:2] == b"\x1f\x8b" and chance.random() < 0.5:
                data = gzip.decompress(data)
        else:
            some = [chance.choice(known) for _ in range(chance.randint(1, 5))]
            one = chance.choice(known)
            some += [one] * chance.randint(0, 5)
            data = framed([changed(record, chance) for record in some], chance)
        data = broken_bytes(data, chance)
        yield gzip.compress(data, 1) if chance.random() < 0.05 else data


def check(file: Path, data: bytes, scanner: Scanner, plan: Plan, chance: random.Random) -> None:
    """Read one file; raises where anything is wrong."""
    file.write_bytes(data)
    size = chance.choice((50, 1_000, 100_000))
    scanner.tally = Tally()
    scanner.scan(str(file), read(str(file), Limits(block=size, record=max(size, 10_000))))
    tally = scanner.tally
    counted = tally.sources.total() + tally.excluded.total() + tally.quarantined.total()
    if tally.records != counted:
        raise AssertionError(f"{tally.records} records, {counted} accounted for")
    for hit in tally.hits:
        rule = plan.rules[hit.rule]
        if not matches(rule.condition, unwrap.decode(hit.raw), Resolver.for_source(SOURCES[hit.source])):
            raise AssertionError(f"{rule.uid} is a hit, and does not match by the reference")


def check_rules(record: dict[str, Any], plan: Plan, chance: random.Random) -> None:
    """One rule on one record: the compiled matcher says what the reference says."""
    rule = chance.choice(plan.rules)
    resolver = Resolver.for_source(SOURCES[chance.choice(SOURCES.ids)])
    if matcher.compile(rule.condition, resolver)(record) != matches(rule.condition, record, resolver):
        raise AssertionError(f"{rule.uid}: matcher and reference differ")


def fuzz(seconds: float, seed: int, rules: Path | None = None) -> int:
    """How many files were read without a failure. A failing one is left beside, and its exception raised."""
    chance = random.Random(seed)
    library = load([content.folder("strategies")], [rules] if rules else [], None, {})
    plan = compile(library.rules, library.strategies, SOURCES, library.rejected)
    scanner = Scanner(plan, SOURCES)
    known, until, count = natives(), time.monotonic() + seconds, 0
    with tempfile.TemporaryDirectory() as folder:
        for count, data in enumerate(files(chance)):
            if time.monotonic() >= until:
                break
            try:
                check(Path(folder) / "input", data, scanner, plan, chance)
                check_rules(changed(chance.choice(known), chance), plan, chance)
            except Exception:
                kept = Path(tempfile.gettempdir()) / f"stratagem-fuzz-{seed}-{count}"
                kept.write_bytes(data)
                print(f"seed {seed}, file {count}, kept as {kept}", file=sys.stderr)
                raise
    return count


def main() -> int:
    """The command line; exit 1 on a failure."""
    parser = argparse.ArgumentParser(prog="python -m bench.fuzz", description=__doc__)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rules", type=Path, help="a folder of Sigma rules beside the packaged strategies")
    given = parser.parse_args()
    try:
        count = fuzz(given.seconds, given.seed, given.rules)
    except Exception:
        traceback.print_exc()
        return 1
    print(f"{count:,} files in {given.seconds:g} s, seed {given.seed}: no failure")
    return 0


if __name__ == "__main__":
    sys.exit(main())
