"""What collectors put around records: which members carry them, which labels they tell, and what is no event at all."""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Iterator, Mapping
from typing import Any

from stratagem.sources._contract import NO_LABELS, Labels, Malformed, Native
from stratagem.sources._json import decode

RUNS = ("Records", "records", "logEvents", "Messages", "receivedMessages")
"""Members whose array is a run of records, so that an element which nobody recognises is reported on its own."""

LISTS = (*RUNS, "value", "items", "events", "Events", "activities")
"""Members whose array may be one: single records of other logs have such members too."""

CARRIERS = (
    "CloudTrailEvent",  # aws cloudtrail lookup-events
    "AuditData",  # Search-UnifiedAuditLog
    "detail",  # EventBridge
    "Message",  # SNS
    "Sns",  # SNS to Lambda
    "Body",  # SQS receive-message
    "body",  # SQS to Lambda
    "log",  # Fluent Bit, Docker's json-file
    "event.original",  # Elastic agents, dotted
    "_raw",  # Splunk
    "message",  # Filebeat, Logstash, CloudWatch, Pub/Sub
    "event",
    "gcp",  # Wazuh
    "jsonPayload",
    "textPayload",
    "_source",  # Elasticsearch
    "_value",
    "data",  # Pub/Sub, Firehose, Kinesis: base64
    "result",
)
"""Members that hold a record (an object, or text of one), most original first: several of one object say the same."""

TEXT_LIMIT = 32 * 1024 * 1024
"""Characters of text that are looked into; also the limit of what compressed text may expand to."""

_EKS_LOG_GROUP = re.compile(r"^/aws/eks/([^/]+)/cluster$")
_PREFIX = re.compile(
    rb"^\s*(?:<\d{1,3}>[^{]{0,256}"  # syslog
    rb"|\d{4}-\d\d-\d\d[T ][0-9:.,]+(?:Z|[+-]\d\d:?\d\d)?\s+(?:(?:stdout|stderr) [FP] )?)(?=\{)"  # export task, CRI
)
_BASE64 = re.compile(r"[A-Za-z0-9+/\s]+={0,2}\s*")


def strip_prefix(line: bytes) -> bytes:
    """The JSON behind what a line begins with: a CloudWatch export's timestamp, a CRI runtime's, a syslog header."""
    found = _PREFIX.match(line, 0, 600)
    return line[found.end() :] if found else line


def excluded(value: Native) -> str | None:
    """Why an object of a collector's own making holds no event; None where it may."""
    if value.get("messageType") == "CONTROL_MESSAGE":
        return "CloudWatch control message"
    if value.get("Event") == "s3:TestEvent" or (value.get("eventSource") == "aws:s3" and "s3" in value):
        return "S3 notification: names a file, holds no event"
    if "s3Bucket" in value and "s3ObjectKey" in value:
        return "SNS delivery notice: names a file, holds no event"
    if value.get("Type") in ("SubscriptionConfirmation", "UnsubscribeConfirmation") and "TopicArn" in value:
        return "SNS subscription message"
    return None


def labels_of(value: Native) -> Labels:
    """The cluster, account and region that an envelope tells."""
    if isinstance(value.get("stratagem_labels"), Mapping):  # an event that comes out of a lake again
        told = value["stratagem_labels"]
        return Labels(**{name: _text(told.get(name)) for name in Labels._fields})
    if "detail-type" in value:
        return Labels(account=_text(value.get("account")), region=_text(value.get("region")))
    group = _text(value.get("logGroup")) or _text(value.get("logGroupName"))
    if group is None:
        return NO_LABELS
    cluster = _EKS_LOG_GROUP.match(group)
    return Labels(cluster=cluster[1] if cluster else None, account=_text(value.get("owner")))


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def carried(value: Native) -> Iterator[tuple[str, Any]]:
    """The carrier members that `value` has, in order; `event: {original: …}` counts as `event.original`."""
    for name in CARRIERS:
        if name in value:
            yield name, value[name]
        elif name == "event.original" and isinstance(value.get("event"), Mapping) and "original" in value["event"]:
            yield name, value["event"]["original"]


def table_rows(value: Native) -> list[dict[str, Any]] | None:
    """The rows of a Log Analytics query answer (`tables[].columns` and `.rows`) as objects; None where it is none."""
    tables = value.get("tables")
    if not isinstance(tables, list):
        return None
    return [row for table in tables if isinstance(table, dict) for row in _rows(table)]


def _rows(table: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    columns, rows = table.get("columns"), table.get("rows")
    if not isinstance(columns, list) or not isinstance(rows, list):
        return
    names = [str(column.get("name")) if isinstance(column, dict) else str(column) for column in columns]
    for row in rows:
        if isinstance(row, list):
            yield dict(zip(names, row, strict=False))


def inside(text: str, carrier: str = "") -> Any:
    """The JSON value that text holds, None where it is only text.

    In a carrier the text may also begin with a log prefix, hold one value a line, or be base64 (of gzip).
    Raises Malformed where text begins as a JSON object and is broken.
    """
    text = text.strip()
    if not 2 <= len(text) <= TEXT_LIMIT:
        return None
    if text[0] in '{["':
        return _json(text)
    if not carrier:
        return None
    if carrier == "data" and _BASE64.fullmatch(text, 0, 4096 if len(text) > 4096 else len(text)):
        return _base64(text)
    if "{" in text[:600]:
        stripped = strip_prefix(text.encode(errors="replace"))
        return _json(stripped.decode()) if stripped[:1] == b"{" else None
    return None


def _json(text: str) -> Any:
    try:
        value = decode(text)
        return decode(value) if isinstance(value, str) and value.lstrip()[:1] == "{" else value
    except Malformed:
        lines = _json_lines(text)
        if lines is None and text[0] == "{" and text[1:].lstrip()[:1] in ('"', ""):
            raise
        return lines


def _json_lines(text: str) -> list[Any] | None:
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) < 2:
        return None
    try:
        return [decode(line) for line in lines]
    except Malformed:
        return None


def _base64(text: str) -> Any:
    try:
        data = base64.b64decode(text, validate=False)
        if data[:2] == b"\x1f\x8b":
            data = zlib.decompressobj(wbits=31).decompress(data, TEXT_LIMIT)
        decoded = data.decode().strip()
    except (ValueError, zlib.error):
        return None
    return _json(decoded) if decoded[:1] in ("{", "[") else None
