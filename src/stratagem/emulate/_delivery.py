"""Writes records in the shapes in which users have them: S3 objects, Firehose objects, blobs and log files."""

from __future__ import annotations

import gzip
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

import orjson

from stratagem.emulate._noise import EDGE
from stratagem.emulate._record import Record, Teller, Told

Batch = list[Told]
HOURS = 3
"""Hours of a day that one file holds."""


def deliver(folder: Path, told: Iterable[Told], teller: Teller) -> None:
    """One file for each log and part of the day, records in order of time; two batches are delivered twice."""
    batches: dict[tuple[str, str, datetime], Batch] = defaultdict(list)
    for one in sorted(told, key=lambda one: one.time):
        part = one.time.replace(hour=one.time.hour // HOURS * HOURS, minute=0, second=0, microsecond=0)
        batches[one.source, one.home, part].append(one)
    for (source, home, part), batch in batches.items():
        if source == "aws_cloudtrail":
            _cloudtrail(folder / "aws", home, part, batch, teller)
        elif source == "m365_audit":
            _write(folder / "m365" / home / f"{part:%Y%m%d%H%M%S}.json", _json([one.record for one in batch]))
        elif source == "kubernetes_audit" and home != EDGE:
            _eks(folder / "eks", home, part, batch, teller)
        elif source == "kubernetes_audit":
            _apiserver(folder / "kubernetes", home, part, batch)
        elif (source in _ENTRA and home in _CONTAINERS) or source == "graph_activity":
            _azure(folder / "entra", source, home, part, batch)
        else:
            # One record a line: what sinks to storage, log shippers and webhooks' receivers write.
            _write(folder / source / home / f"{part:%Y-%m-%dT%H}.jsonl", _lines(one.record for one in batch))


_ENTRA = ("entra_signin", "entra_audit")


def _cloudtrail(folder: Path, home: str, part: datetime, batch: Batch, teller: Teller) -> None:
    """An S3 object of a trail, named as CloudTrail names it."""
    account, region = home.split("/")
    tail = f"{teller.rng.getrandbits(80):020x}"[:16].upper()
    name = f"{account}_CloudTrail_{region}_{part:%Y%m%dT%H%MZ}_{tail}.json.gz"
    place = folder / "AWSLogs" / account / "CloudTrail" / region / f"{part:%Y/%m/%d}" / name
    _write(place, _packed(_json({"Records": [one.record for one in batch]})))


def _eks(folder: Path, cluster: str, part: datetime, batch: Batch, teller: Teller) -> None:
    """An object that Firehose wrote for a CloudWatch Logs subscription: messages one after the other, no newline."""
    messages = [_json(_control(part))]
    for begin in range(0, len(batch), 200):
        messages.append(_json(_subscription(cluster, batch[begin : begin + 200], teller)))
    if len(messages) > 2 and part.hour == 12:
        messages.append(messages[-1])  # delivery is at least once
    name = f"{cluster}-audit-1-{part:%Y-%m-%d-%H-%M-%S}-{teller.uuid()}.gz"
    _write(folder / f"{part:%Y/%m/%d/%H}" / name, _packed(b"".join(messages)))


def _subscription(cluster: str, batch: Batch, teller: Teller) -> Record:
    events = [
        {
            "id": f"{teller.rng.getrandbits(184):056d}"[:56],
            "timestamp": int(one.time.timestamp() * 1000),
            "message": _json(one.record).decode(),
        }
        for one in batch
    ]
    return {
        "messageType": "DATA_MESSAGE",
        "owner": "111122223333",
        "logGroup": f"/aws/eks/{cluster}/cluster",
        "logStream": "kube-apiserver-audit-0a1b2c3d4e5f60718293a4b5c6d7e8f9",
        "subscriptionFilters": ["audit-to-s3"],
        "logEvents": events,
    }


def _control(part: datetime) -> Record:
    text = "CWL CONTROL MESSAGE: Checking health of destination Firehose."
    event = {"id": "", "timestamp": int(part.timestamp() * 1000), "message": text}
    return {
        "messageType": "CONTROL_MESSAGE",
        "owner": "CloudwatchLogs",
        "logGroup": "",
        "logStream": "",
        "subscriptionFilters": [],
        "logEvents": [event],
    }


def _apiserver(folder: Path, cluster: str, part: datetime, batch: Batch) -> None:
    """The API server's own file, rotated."""
    _write(folder / cluster / f"audit-{part:%Y-%m-%dT%H-%M-%S.000}.log", _lines(one.record for one in batch))


_CONTAINERS: Mapping[str, str] = {
    "SignInLogs": "signinlogs",
    "NonInteractiveUserSignInLogs": "noninteractiveusersigninlogs",
    "ServicePrincipalSignInLogs": "serviceprincipalsigninlogs",
    "ManagedIdentitySignInLogs": "managedidentitysigninlogs",
    "AuditLogs": "auditlogs",
}


def _azure(folder: Path, source: str, category: str, part: datetime, batch: Batch) -> None:
    """A diagnostic setting's blob (one record a line), or for Graph activity captured Event Hub messages."""
    if source == "graph_activity":
        place = folder / "eventhub" / "graph-activity" / f"{part:%Y/%m/%d/%H}" / "messages.json"
        chunks = [batch[begin : begin + 50] for begin in range(0, len(batch), 50)]
        _write(place, _lines({"records": [one.record for one in chunk]} for chunk in chunks))
        return
    tenant = batch[0].record["tenantId"]
    parts = f"y={part:%Y}/m={part:%m}/d={part:%d}/h={part:%H}/m=00"
    repeated = batch[-1:] if category == "SignInLogs" else []  # a sign-in is emitted again
    records = [one.record for one in (*batch, *repeated)]
    _write(
        folder / f"insights-logs-{_CONTAINERS[category]}" / f"tenantId={tenant}" / parts / "PT1H.json", _lines(records)
    )


def _json(value: object) -> bytes:
    return orjson.dumps(value)


def _lines(records: Iterable[Record]) -> bytes:
    return b"".join(orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE) for record in records)


def _packed(data: bytes) -> bytes:
    return gzip.compress(data, compresslevel=1, mtime=0)


def _write(place: Path, data: bytes) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(data)
