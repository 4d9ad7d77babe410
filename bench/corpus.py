"""The CloudTrail records of a folder of logs: read and unwrapped as stratagem reads them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from stratagem.clock import NoTime, parse_time
from stratagem.ingest.batch import Batch, Elements, Lines, Row
from stratagem.ingest.files import expand
from stratagem.ingest.framing import read
from stratagem.ingest.limits import DEFAULT
from stratagem.sources import unwrap
from stratagem.sources._contract import Malformed
from stratagem.sources._json import encode

SOURCE = "aws_cloudtrail"
Record = Mapping[str, Any]


def cloudtrail_records(folder: Path) -> Iterator[Record]:
    """Every CloudTrail record under `folder`, in path order, in whatever envelope it stands; copies are repeated.

    A corpus sorted by log has its CloudTrail in `aws_cloudtrail`; then only that part is read.
    """
    own = folder / SOURCE
    for file in expand([str(own if own.is_dir() else folder)]):
        if file.problem:
            continue
        for value in _values(read(file.name, DEFAULT)):
            for found in unwrap.records(value):
                if found.status == "event" and found.source_id == SOURCE:
                    yield found.native


def whole_records(records: Iterable[Record]) -> list[Record]:
    """Those that CloudTrail itself could have written, copies once: samples in docs are often trimmed."""
    kept: dict[bytes, Record] = {}
    for record in records:
        if is_whole(record):
            kept.setdefault(encode(record), record)
    return list(kept.values())


def is_whole(record: Record) -> bool:
    """Has the members that every CloudTrail record has, in their types, and a time that can be read."""
    texts = ("eventVersion", "eventTime", "eventSource", "eventName", "eventID", "awsRegion")
    if not all(isinstance(record.get(name), str) and record[name] for name in texts):
        return False
    if not isinstance(record.get("userIdentity"), Mapping):
        return False
    try:
        parse_time(record["eventTime"])
    except NoTime:
        return False
    return True


def _values(batches: Iterable[Batch]) -> Iterator[Any]:
    for batch in batches:
        texts: Iterable[bytes] = ()
        if isinstance(batch, Lines):
            texts = batch.data.split(b"\n")
        elif isinstance(batch, Elements):
            texts = batch.items
        elif isinstance(batch, Row):
            yield dict(batch.value)
        for text in texts:
            try:
                yield unwrap.decode(text)
            except Malformed:
                continue
