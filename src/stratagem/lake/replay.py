"""A lake's events as log files again, with the labels that their envelopes told, so that they can be run anew."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from stratagem.lake.store import Lake
from stratagem.sources import SOURCES
from stratagem.sources._contract import NO_LABELS, Labels, Malformed
from stratagem.sources._json import decode, encode

_ROWS = 8192


def replay(lake: Lake, folder: Path, *, end: datetime | None = None, start: datetime | None = None) -> tuple[Path, ...]:
    """Write the events of [start, end) below `folder`, one file a source; the files, sorted.

    Events whose record was not kept (`raw_data` null) are left out.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files: dict[str, Any] = {}
    try:
        for source, lines in _lines(lake, start, end):
            if source not in files:
                files[source] = (folder / f"{source}.jsonl").open("wb")
            files[source].write(b"\n".join(lines) + b"\n")
    finally:
        for file in files.values():
            file.close()
    return tuple(sorted(folder / f"{source}.jsonl" for source in files))


def _lines(lake: Lake, start: datetime | None, end: datetime | None) -> Iterator[tuple[str, list[bytes]]]:
    spans = [f"time >= TIMESTAMPTZ '{start.isoformat()}'"] if start else []
    spans += [f"time < TIMESTAMPTZ '{end.isoformat()}'"] if end else []
    where = " AND ".join(["raw_data IS NOT NULL", *spans])
    connection = lake.connect()
    try:
        rows = connection.execute(
            f"SELECT source, cluster, account, tenant, region, raw_data FROM events WHERE {where}"
        )
        own: dict[tuple[str, Labels], bool] = {}
        while some := rows.fetchmany(_ROWS):
            by_source: dict[str, list[bytes]] = {}
            for source, cluster, account, tenant, region, text in some:
                labels = Labels(cluster=cluster, account=account, tenant=tenant, region=region)
                raw = text.encode()
                if (source, labels) not in own:
                    own[source, labels] = _tells(source, raw, labels)
                by_source.setdefault(source, []).append(raw if own[source, labels] else _enveloped(raw, labels))
            yield from by_source.items()
    finally:
        connection.close()


def _tells(source: str, raw: bytes, labels: Labels) -> bool:
    """Does the record itself tell these labels."""
    if source not in SOURCES or labels == NO_LABELS:
        return True
    try:
        told = SOURCES[source].canonical(decode(raw))[1]
    except Malformed:
        return False
    return told.under(NO_LABELS) == labels or labels._replace(region=told.region) == told


def _enveloped(raw: bytes, labels: Labels) -> bytes:
    told = {name: value for name, value in labels._asdict().items() if value is not None}
    return b'{"stratagem_labels":' + encode(told) + b',"event":' + raw + b"}"
