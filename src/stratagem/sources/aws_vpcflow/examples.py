"""Flow records of our own making, in every form that they come in."""

from __future__ import annotations

import gzip
import json
from typing import Any

from stratagem.sources._contract import Example
from stratagem.sources.aws_vpcflow.fields import DEFAULT, KIND, KINDS, NUMBERS, ORDER

ACCOUNT = "111122223333"
V5 = ORDER[:29]


def _flow(**columns: Any) -> dict[str, Any]:
    """A complete record of version 5: a pod's request that leaves through its node's interface."""
    record = {
        KIND: KINDS,
        "version": 5,
        "account-id": ACCOUNT,
        "interface-id": "eni-0a1b2c3d4e5f60718",
        "srcaddr": "10.0.1.20",
        "dstaddr": "198.51.100.7",
        "srcport": 49152,
        "dstport": 443,
        "protocol": 6,
        "packets": 12,
        "bytes": 4096,
        "start": 1795168800,
        "end": 1795168858,
        "action": "ACCEPT",
        "log-status": "OK",
        "vpc-id": "vpc-0123456789abcdef0",
        "subnet-id": "subnet-0123456789abcdef0",
        "instance-id": "i-0123456789abcdef0",
        "tcp-flags": 3,
        "type": "IPv4",
        "pkt-srcaddr": "10.0.77.5",
        "pkt-dstaddr": "198.51.100.7",
        "region": "eu-west-1",
        "az-id": "euw1-az1",
        "flow-direction": "egress",
        "traffic-path": 8,
    }
    return {name: value for name, value in (record | columns).items() if value is not None}


def _default(**columns: Any) -> dict[str, Any]:
    """A record of the default format."""
    kept = {name: value for name, value in _flow(version=2).items() if name in (KIND, *DEFAULT)}
    return {name: value for name, value in (kept | columns).items() if value is not None}


POD_EGRESS = _flow()
REJECTED = _default(
    srcaddr="203.0.113.7", dstaddr="10.0.1.20", srcport=40000, dstport=22, packets=1, bytes=40, action="REJECT"
)
ANSWER = _flow(
    **{"flow-direction": "ingress", "srcaddr": "198.51.100.7", "dstaddr": "10.0.1.20", "pkt-srcaddr": "198.51.100.7"},
    **{"pkt-dstaddr": "10.0.77.5", "srcport": 443, "dstport": 49152, "tcp-flags": 18, "traffic-path": None},
)
IPV6 = _default(srcaddr="2001:db8:1::7", dstaddr="2001:db8:1::22", dstport=22)
_NO_TRAFFIC = dict.fromkeys(
    ("srcaddr", "dstaddr", "srcport", "dstport", "protocol", "packets", "bytes", "action"), None
)
NO_DATA = _default(**_NO_TRAFFIC, **{"log-status": "NODATA"})
LOST = _default(**_NO_TRAFFIC, **{"log-status": "SKIPDATA", "start": 1795168920, "end": 1795168978})

RECORDS = {
    "pod_egress": POD_EGRESS,
    "rejected": REJECTED,
    "answer": ANSWER,
    "ipv6": IPV6,
    "no_data": NO_DATA,
    "lost": LOST,
}
"""Name -> canonical record."""


def _line(record: dict[str, Any], names: tuple[str, ...] = DEFAULT) -> str:
    return " ".join(str(record.get(name, "-")) for name in names)


def _file(records: list[dict[str, Any]], names: tuple[str, ...]) -> bytes:
    """A file as S3 holds it: a header, then the records."""
    return "\n".join([" ".join(names), *(_line(record, names) for record in records), ""]).encode()


def _dump(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


_CUSTOM = ("interface-id", "pkt-srcaddr", "pkt-dstaddr", "dstport", "flow-direction", "bytes", "start", "end")
_SHORT = [REJECTED, IPV6, NO_DATA, LOST]
_EXPORT = {
    name.replace("-", "_"): float(value) if name in NUMBERS and name not in ("version", "start", "end") else value
    for name, value in POD_EGRESS.items()
    if name != KIND
} | {"sublocation_type": "-", "pkt_src_aws_service": "-"}
_CAMEL = {
    "version": 2,
    "accountId": ACCOUNT,
    "interfaceId": "eni-0a1b2c3d4e5f60718",
    **{name: REJECTED[name] for name in ("protocol", "packets", "bytes", "start", "end", "action")},
    "srcAddr": REJECTED["srcaddr"],
    "dstAddr": REJECTED["dstaddr"],
    "srcPort": 40000,
    "dstPort": 22,
    "logStatus": "OK",
}
_SUBSCRIPTION = {
    "messageType": "DATA_MESSAGE",
    "owner": ACCOUNT,
    "logGroup": "/vpc/flow",
    "logStream": "eni-0a1b2c3d4e5f60718-all",
    "logEvents": [
        {"id": str(number), "timestamp": 1795168800000, "message": _line(record)}
        for number, record in enumerate(_SHORT)
    ],
}
_CSV = "\n".join(
    [",".join(name.replace("-", "_") for name in V5)]
    + [",".join(str(record.get(name, "-")) for name in V5) for record in (POD_EGRESS, ANSWER)]
)

EXAMPLES = (
    Example(name="default_without_header", raw="\n".join(map(_line, _SHORT)).encode(), records=4),
    Example(name="s3_with_header", raw=_file([POD_EGRESS, ANSWER], V5), records=2),
    Example(name="s3_gzip", raw=gzip.compress(_file([POD_EGRESS, ANSWER], V5), mtime=0), records=2),
    Example(name="custom_columns", raw=_file([POD_EGRESS, ANSWER], _CUSTOM), records=2),
    Example(name="version_5_without_header", raw=_line(POD_EGRESS, V5).encode()),
    Example(name="cloudwatch_subscription", raw=_dump(_SUBSCRIPTION), records=4),
    Example(name="json_export", raw=_dump([_EXPORT])),
    Example(name="json_camel_case", raw=_dump(_CAMEL)),
    Example(name="csv_export", raw=_CSV.encode(), records=2),
)
