"""Real CloudTrail records multiplied to any size: fresh event ids, shifted times, the same bytes for the same seed."""

from __future__ import annotations

import gzip
import hashlib
import json
import random
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

from stratagem.sources._json import encode

FORMAT = 1
"""Part of every folder's name: raise it when the same parameters give other bytes."""
FIRST_DAY = datetime(2026, 1, 5, tzinfo=UTC)
DAYS = 30
RECORDS_A_FILE = 2_000
_ID, _TIME = "\0id\0", "\0time\0"
MB = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSet:
    """The same records twice: as lines of one file, and as gzip `Records[]` documents in a folder."""

    folder: Path
    records: int
    bytes: int
    base_records: int
    gzip_files: int
    gzip_bytes: int

    @property
    def ndjson(self) -> Path:
        return self.folder / "events.ndjson"

    @property
    def gzip(self) -> Path:
        return self.folder / "gzip"


def make(base: Sequence[Mapping[str, Any]], size: int, seed: int, home: Path, *, with_gzip: bool = True) -> DataSet:
    """At least `size` bytes of lines made from `base`, or what an earlier run made with the same parameters."""
    templates = [_template(record) for record in base]
    folder = home / _name(templates, size, seed, with_gzip)
    note = folder / "made.json"
    if note.is_file():
        return DataSet(folder=folder, **json.loads(note.read_bytes()))
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    made = _write(templates, size, seed, folder, with_gzip)
    facts = {name: value for name, value in asdict(made).items() if name != "folder"}
    note.write_text(json.dumps(facts), encoding="utf-8")
    return made


def multiplied(base: Sequence[Mapping[str, Any]], seed: int) -> Iterator[bytes]:
    """Records without end, each as compact JSON: every base record once, shuffled, then all again, shuffled anew."""
    return _lines([_template(record) for record in base], seed)


Template = tuple[tuple[bytes, ...], tuple[str, ...]]
"""A record's JSON text cut at its id and its time, and which of the two stands at each cut."""


def _template(record: Mapping[str, Any]) -> Template:
    text = encode({**record, "eventID": _ID, "eventTime": _TIME})
    marks = {name: encode(name)[1:-1] for name in (_ID, _TIME)}
    order = sorted(marks, key=lambda name: text.index(marks[name]))
    first, rest = text.split(marks[order[0]], 1)
    second, third = rest.split(marks[order[1]], 1)
    return (first, second, third), tuple(order)


def _lines(templates: Sequence[Template], seed: int) -> Iterator[bytes]:
    chance = random.Random(seed)
    turn = list(templates)
    seconds = DAYS * 24 * 3600
    while True:
        chance.shuffle(turn)
        for (first, second, third), order in turn:
            uid = str(UUID(int=chance.getrandbits(128), version=4)).encode()
            moment = FIRST_DAY + timedelta(seconds=chance.randrange(seconds))
            time = moment.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
            left, right = (uid, time) if order[0] == _ID else (time, uid)
            yield b"".join((first, left, second, right, third))


def _write(templates: Sequence[Template], size: int, seed: int, folder: Path, with_gzip: bool) -> DataSet:
    records, taken, zipped = 0, 0, Zipped(folder / "gzip") if with_gzip else None
    lines = _lines(templates, seed)
    with (folder / "events.ndjson").open("wb") as file:
        while taken < size:
            some = list(islice(lines, RECORDS_A_FILE))
            taken += file.write(b"\n".join(some) + b"\n")
            records += len(some)
            if zipped:
                zipped.add(some)
    return DataSet(
        folder=folder,
        records=records,
        bytes=taken,
        base_records=len(templates),
        gzip_files=zipped.files if zipped else 0,
        gzip_bytes=zipped.bytes if zipped else 0,
    )


class Zipped:
    """A folder of `Records[]` documents as CloudTrail delivers them to S3."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._folder = folder
        self.files = self.bytes = 0

    def add(self, records: Iterable[bytes]) -> None:
        document = b'{"Records":[' + b",".join(records) + b"]}"
        packed = gzip.compress(document, compresslevel=6, mtime=0)
        (self._folder / f"{self.files:05d}.json.gz").write_bytes(packed)
        self.files += 1
        self.bytes += len(packed)


def _name(templates: Sequence[Template], size: int, seed: int, with_gzip: bool) -> str:
    seen = hashlib.sha256(repr((FORMAT, size, seed, with_gzip, DAYS, RECORDS_A_FILE)).encode())
    for pieces, order in templates:
        seen.update(b"\0".join(pieces) + repr(order).encode())
    return f"{-(-size // MB)}mb-{seen.hexdigest()[:12]}"
