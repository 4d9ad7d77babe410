"""OCSF events of our own making."""

from __future__ import annotations

import json
from typing import Any

from stratagem.sources._contract import Example

ACCOUNT = "111122223333"


def _event(number: int, class_uid: int, class_name: str, activity_id: int, **members: Any) -> dict[str, Any]:
    return {
        "metadata": {
            "product": {"name": "Example", "vendor_name": "Example"},
            "version": "1.1.0",
            "uid": f"99999999-0000-4000-8000-0000000001{number:02}",
        },
        "time": 1795168800000 + number,
        "class_uid": class_uid,
        "class_name": class_name,
        "category_uid": class_uid // 1000,
        "activity_id": activity_id,
        "type_uid": class_uid * 100 + activity_id,
        "severity_id": 1,
        "status_id": 1,
        "cloud": {"provider": "AWS", "region": "eu-west-1", "account": {"uid": ACCOUNT}},
        **members,
    }


API = _event(
    1,
    6003,
    "API Activity",
    2,
    api={"operation": "ListBuckets", "service": {"name": "s3.amazonaws.com"}, "request": {"uid": "EXAMPLE1"}},
    actor={
        "user": {
            "type": "IAMUser",
            "name": "dana",
            "uid": "AIDAEXAMPLEDANA",
            "uid_alt": f"arn:aws:iam::{ACCOUNT}:user/dana",
            "account": {"uid": ACCOUNT},
        },
        "session": {"created_time": 1795168000000, "is_mfa": True},
    },
    src_endpoint={"ip": "203.0.113.7"},
    unmapped={"eventType": "AwsApiCall"},
)
FLOW = _event(
    2,
    4001,
    "Network Activity",
    6,
    start_time=1795168800000,
    end_time=1795168858000,
    src_endpoint={"ip": "10.0.1.20", "port": 49152},
    dst_endpoint={"ip": "198.51.100.7", "port": 443},
    connection_info={"protocol_num": 6, "direction_id": 2, "tcp_flags": 3},
    traffic={"bytes": 4096, "packets": 12},
)
EARLY = {
    **_event(3, 5001, "Cloud API", 3, time_dt="2026-11-20T10:00:00.003Z"),
    "identity": {"user": {"type": "IAMUser", "name": "dana", "uid": "AIDAEXAMPLEDANA", "account_uid": ACCOUNT}},
    "cloud": {"provider": "AWS", "region": "eu-west-1", "account_uid": ACCOUNT},
}
EARLY["metadata"] = {**EARLY["metadata"], "version": "0.26.1"}

RECORDS = {"api_activity": API, "network_activity": FLOW, "before_version_1": EARLY}
"""Name -> canonical record."""


def _dump(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


EXAMPLES = (
    Example(name="lines", raw=b"\n".join(map(_dump, RECORDS.values())), records=3),
    Example(name="array", raw=_dump(list(RECORDS.values())), records=3),
)
