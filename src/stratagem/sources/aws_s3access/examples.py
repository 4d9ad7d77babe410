"""Access log records of our own making, as text and as an export."""

from __future__ import annotations

import json
from typing import Any

from stratagem.sources._contract import Example
from stratagem.sources.aws_s3access.fields import KIND, KINDS, ORDER

_OWNER = "0123456789abcdef" * 4
_ROLE = "arn:aws:sts::111122223333:assumed-role/backup/i-0123456789abcdef0"


def _request(number: int, **columns: Any) -> dict[str, Any]:
    record = {
        KIND: KINDS,
        "bucketowner": _OWNER,
        "bucket_name": "example-bucket",
        "requestdatetime": f"2026-11-20T10:00:{number:02}Z",
        "remoteip": "203.0.113.7",
        "requester": _ROLE,
        "requestid": f"3E57427F3EXAMP{number:02}",
        "operation": "REST.GET.OBJECT",
        "key": "reports/2026/a%2520b.csv",
        "request_uri": "GET /example-bucket/reports/2026/a%20b.csv?versionId=null HTTP/1.1",
        "httpstatus": 200,
        "bytessent": 4096,
        "objectsize": 4096,
        "totaltime": 70,
        "turnaroundtime": 10,
        "useragent": "aws-cli/2.31.0",
        "hostid": "s9lzHYrFp76ZVxRcpX9EXAMPLE=",
        "sigv": "SigV4",
        "ciphersuite": "ECDHE-RSA-AES128-GCM-SHA256",
        "authtype": "AuthHeader",
        "endpoint": "example-bucket.s3.eu-west-1.amazonaws.com",
        "tlsversion": "TLSv1.3",
        **columns,
    }
    return {name: value for name, value in record.items() if value is not None}


GET = _request(1)
ANONYMOUS = _request(
    2,
    requester=None,
    operation="REST.GET.BUCKET",
    key=None,
    request_uri="GET /example-bucket?list-type=2 HTTP/1.1",
    httpstatus=403,
    errorcode="AccessDenied",
    bytessent=243,
    objectsize=None,
    sigv=None,
    authtype=None,
    useragent='Mozilla/5.0 ("odd") x',
)
BATCH = _request(3, operation="BATCH.DELETE.OBJECT", key="reports/1", request_uri=None, httpstatus=204, bytessent=None)

RECORDS = {"get": GET, "anonymous": ANONYMOUS, "batch_delete": BATCH}
"""Name -> canonical record."""

_QUOTED = ("request_uri", "referrer", "useragent")


def _word(record: dict[str, Any], name: str) -> str:
    value = str(record.get(name, "-"))
    if name == "requestdatetime":
        return f"[20/Nov/2026:{value[11:19]} +0000]"
    return f'"{value}"' if name in _QUOTED else value


def _line(record: dict[str, Any], count: int = len(ORDER)) -> str:
    return " ".join(_word(record, name) for name in ORDER[:count])


def _dump(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


_EXPORT = {name: value for name, value in GET.items() if name not in (KIND, "bucket_name", "requestdatetime")} | {
    "bucket": "example-bucket",
    "time": "2026-11-20 10:00:01.000000000",
}

EXAMPLES = (
    Example(name="text", raw="\n".join([*map(_line, RECORDS.values()), ""]).encode(), records=3),
    Example(name="text_of_the_oldest_format", raw=_line(GET, 18).encode()),
    Example(name="export", raw=_dump(_EXPORT)),
)
