"""Amazon S3 server access logs: every request to a bucket, anonymous ones and lifecycle deletions too.

The canonical shape is a JSON object with the columns by AWS's names for Athena; text lines and exports come to it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import unquote_plus

from stratagem.sources._contract import NO_LABELS, Derived, Labels, LogSource, Malformed, Native, Source
from stratagem.sources._http import outcome
from stratagem.sources._network import whole
from stratagem.sources._text import joined, text
from stratagem.sources.aws_s3access import columns
from stratagem.sources.aws_s3access.examples import EXAMPLES
from stratagem.sources.aws_s3access.fields import ALIASES, FIELDS, KIND, KINDS, NUMBERS, ORDER, RENAMED
from stratagem.sources.aws_s3access.layout import iso, layout

_IDS = ("requestid", "operation", "key")
_KNOWN = {name: name for name in ORDER} | RENAMED


def recognise(record: Native) -> bool:
    """The mark of a canonical record, or a bucket with an operation and where the request came from."""
    if record.get(KIND) == KINDS:
        return True
    return ("bucket" in record or "bucket_name" in record) and "operation" in record and "requestid" in record


def is_canonical(head: Native) -> bool:
    return head.get(KIND) == KINDS and isinstance(head.get("operation"), str)


def canonical(record: Native) -> tuple[Native, Labels]:
    """The record under AWS's names. Raises Malformed where a number is none, or there is no operation."""
    if is_canonical(record):
        return record, NO_LABELS
    if not isinstance(record.get("operation"), str):
        raise Malformed("operation is missing")
    made: dict[str, Any] = {KIND: KINDS}
    for key, value in record.items():
        name = _KNOWN.get(key.lower(), key)
        if value is None or value in ("-", ""):
            continue
        if name in NUMBERS:
            number = whole(value)
            if number is None:
                raise Malformed(f"{name} is no whole number")
            made[name] = number
        else:
            made[name] = iso(value) if name == "requestdatetime" and isinstance(value, str) else value
    return made, NO_LABELS


def uid(head: Native) -> str | None:
    """The request's id with operation and key: a batch deletion has a record for each object."""
    return joined(head, _IDS)


def time(head: Native) -> str | None:
    return text(head.get("requestdatetime"))


def key(record: Native) -> str | None:
    """The object's key, decoded: the log encodes it twice."""
    said = text(record.get("key"))
    return unquote_plus(unquote_plus(said)) if said else None


DERIVED = {
    "outcome": Derived(
        compute=lambda record: outcome(record.get("httpstatus")),
        describe="success (below 400), denied (401, 403), failure or unknown.",
        fields=("httpstatus",),
    ),
    "s3.key": Derived(compute=key, describe="The object's key, decoded.", fields=("key",), witnesses=("key",)),
    "s3.is_anonymous": Derived(
        compute=lambda record: record.get("requester") is None,
        describe="Nobody signed the request.",
        fields=("requester",),
    ),
    "s3.is_presigned": Derived(
        compute=lambda record: record.get("authtype") == "QueryString",
        describe="The request used a presigned URL.",
        fields=("authtype",),
    ),
}

PLUGIN = Source(
    title="Amazon S3 server access logs",
    vendor_page="https://docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html (read 2026-11-24)",
    enable="Turn on server access logging for each bucket that matters, to a bucket of the same account and region.",
    silent_gaps=(
        "Off until enabled, for each bucket; delivery is best effort, and records may come hours late or not at all.",
        "The account and region of the bucket are not in the record: bind them to the input.",
        "A role is named without its path; requests of AWS services show the service's address.",
        "Keys are encoded twice in the log; s3.key has them decoded.",
    ),
    logsources=(LogSource(product="aws", service="s3"), LogSource(product="aws", service="s3access")),
    order=195,
    recognise=recognise,
    canonical=canonical,
    is_canonical=is_canonical,
    head=(KIND, "requestdatetime", *_IDS),
    dispatch=("operation",),
    uid=uid,
    time=time,
    uid_fields=_IDS,
    uid_gaps=True,
    time_fields=("requestdatetime",),
    shape=(KIND,),
    labels=lambda _: NO_LABELS,
    ocsf=columns.PROJECTION,
    columns=columns.STRUCTURE,
    lateness=timedelta(hours=6),
    examples=EXAMPLES,
    fields=FIELDS,
    derived=DERIVED,
    aliases=ALIASES,
    layout=layout,
)
