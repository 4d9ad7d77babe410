"""Records for the story: a base with its own ids and time, and what differs."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

import orjson

Record = dict[str, Any]
Changes = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A record and where it is delivered: `home` is a cluster, `account/region`, or a log's category."""

    source: str
    home: str
    time: datetime
    record: Record


class Teller:
    """Makes records. The same seed makes the same ids in the same order."""

    def __init__(self, seed: int, day: datetime) -> None:
        self.rng = random.Random(seed)
        self.day = day

    def at(self, clock: str) -> datetime:
        """`13:02:11` of the story's day."""
        return self.day + _since_midnight(clock)

    def some_time(self, first: str = "00:00:00", last: str = "23:59:59") -> datetime:
        """A moment between two times of the day, to the millisecond."""
        begin, end = self.at(first), self.at(last)
        return begin + timedelta(milliseconds=self.rng.randrange(int((end - begin).total_seconds() * 1000)))

    def tell(self, base: str, home: str, time: datetime, changes: Changes | None = None) -> Told:
        """The base as it would have happened at `time`, with ids of its own and `changes` merged in."""
        source = base.partition("/")[0]
        record: Record = orjson.loads(_template(base))
        _STAMPS[source](record, time, self.uuid)
        if changes:
            merge(record, changes)
        return Told(source=source, home=home, time=time, record=record)

    def uuid(self) -> str:
        digits = f"{self.rng.getrandbits(128):032x}"
        return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"


@cache
def _since_midnight(clock: str) -> timedelta:
    hours, minutes, seconds = (int(part) for part in clock.split(":"))
    return timedelta(hours=hours, minutes=minutes, seconds=seconds)


def merge(record: Record, changes: Changes) -> None:
    """Put `changes` into the record: objects are merged, everything else replaces."""
    for key, value in changes.items():
        held = record.get(key)
        if isinstance(held, dict) and isinstance(value, Mapping):
            merge(held, value)
        else:
            record[key] = value


@cache
def _template(base: str) -> bytes:
    source, _, name = base.partition("/")
    return (files("stratagem.emulate") / "bases" / source / f"{name}.json").read_bytes()


def iso(time: datetime, digits: int, zone: str = "Z") -> str:
    """A UTC time as ISO 8601 with this many digits of a second (up to 7, the last one is 0)."""
    whole = time.replace(tzinfo=None).isoformat(timespec="seconds")
    return f"{whole}.{f'{time.microsecond:06d}0'[:digits]}{zone}" if digits else whole + zone


def _kubernetes(record: Record, time: datetime, uuid: Callable[[], str]) -> None:
    record["auditID"] = uuid()
    record["requestReceivedTimestamp"] = iso(time, 6)
    record["stageTimestamp"] = iso(time + timedelta(microseconds=9_127), 6)


def _cloudtrail(record: Record, time: datetime, uuid: Callable[[], str]) -> None:
    record["eventID"], record["requestID"] = uuid(), uuid()
    record["eventTime"] = iso(time, 0)


def _sign_in(record: Record, time: datetime, uuid: Callable[[], str]) -> None:
    properties = record["properties"]
    properties["id"] = properties["originalRequestId"] = uuid()
    properties["correlationId"] = record["correlationId"] = uuid()
    properties["createdDateTime"] = iso(time, 7, "+00:00")
    record["time"] = iso(time + timedelta(seconds=151), 7)


def _directory_audit(record: Record, time: datetime, uuid: Callable[[], str]) -> None:
    properties = record["properties"]
    properties["correlationId"] = record["correlationId"] = uuid()
    properties["id"] = f"Directory_{properties['correlationId']}_Q2XK1_{int(time.timestamp()) % 10**8}"
    properties["activityDateTime"] = iso(time, 7, "+00:00")
    record["time"] = iso(time, 7)


def _graph(record: Record, time: datetime, uuid: Callable[[], str]) -> None:
    properties = record["properties"]
    properties["requestId"] = properties["operationId"] = record["correlationId"] = uuid()
    properties["timeGenerated"] = record["time"] = iso(time, 7)


def _m365(record: Record, time: datetime, uuid: Callable[[], str]) -> None:
    record["Id"] = uuid()
    record["CreationTime"] = iso(time, 0, "")


def _gcp(record: Record, time: datetime, uuid: Callable[[], str]) -> None:
    record["insertId"] = uuid().replace("-", "")[:14]
    record["timestamp"] = iso(time, 6)
    record["receiveTimestamp"] = iso(time + timedelta(milliseconds=817), 6)
    attributes = record["protoPayload"].get("requestMetadata", {}).get("requestAttributes")
    if attributes:
        attributes["time"] = iso(time, 3)


def _workspace(record: Record, time: datetime, uuid: Callable[[], str]) -> None:
    record["id"]["time"] = iso(time, 3)
    record["id"]["uniqueQualifier"] = str(-int(uuid().replace("-", "")[:15], 16))
    record["etag"] = f'"{uuid()}"'


def _flow(record: Record, time: datetime, uuid: Callable[[], str]) -> None:
    record["flow"]["uuid"] = uuid()
    record["flow"]["time"] = record["time"] = iso(time, 6)


def _registry(record: Record, time: datetime, uuid: Callable[[], str]) -> None:
    record["id"] = int(uuid().replace("-", "")[:12], 16)
    record["op_time"] = iso(time, 3)


_STAMPS: Mapping[str, Callable[[Record, datetime, Callable[[], str]], None]] = {
    "kubernetes_audit": _kubernetes,
    "aws_cloudtrail": _cloudtrail,
    "entra_signin": _sign_in,
    "entra_audit": _directory_audit,
    "graph_activity": _graph,
    "m365_audit": _m365,
    "gcp_audit": _gcp,
    "google_workspace": _workspace,
    "hubble": _flow,
    "harbor_audit": _registry,
}
