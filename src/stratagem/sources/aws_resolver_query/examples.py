"""Queries of our own making."""

from __future__ import annotations

import gzip
import json
from typing import Any

from stratagem.sources._contract import Example

ACCOUNT = "111122223333"


def _query(number: int, **fields: Any) -> dict[str, Any]:
    return {
        "version": "1.100000",
        "account_id": ACCOUNT,
        "region": "eu-west-1",
        "vpc_id": "vpc-0123456789abcdef0",
        "query_timestamp": f"2026-11-20T10:00:{number:02}Z",
        "query_name": "www.example.com.",
        "query_type": "A",
        "query_class": "IN",
        "rcode": "NOERROR",
        "answers": [{"Rdata": "198.51.100.7", "Type": "A", "Class": "IN"}],
        "srcaddr": "10.0.1.20",
        "srcport": "41000",
        "transport": "UDP",
        "srcids": {"instance": "i-0123456789abcdef0"},
        **fields,
    }


ANSWERED = _query(1)
UNKNOWN = _query(2, query_name="Nowhere.Example.com.", rcode="NXDOMAIN", answers=[])
BLOCKED = _query(
    3,
    query_name="pool.example.net.",
    answers=[],
    srcids={"resolver_endpoint": "rslvr-in-0123456789abcdef0", "resolver_network_interface": "rni-0123456789abcdef0"},
    firewall_rule_action="BLOCK",
    firewall_rule_group_id="rslvr-frg-0123456789abcdef0",
    firewall_domain_list_id="rslvr-fdl-0123456789abcdef0",
)

RECORDS = {"answered": ANSWERED, "no_such_name": UNKNOWN, "blocked": BLOCKED}
"""Name -> canonical record."""


def _dump(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


_LINES = b"\n".join(map(_dump, RECORDS.values()))
_CLOUDWATCH = {
    "messageType": "DATA_MESSAGE",
    "owner": ACCOUNT,
    "logGroup": "/vpc/dns",
    "logEvents": [{"id": "1", "timestamp": 1795168801000, "message": _dump(ANSWERED).decode()}],
}

EXAMPLES = (
    Example(name="s3_gzip", raw=gzip.compress(_LINES, mtime=0), records=3),
    Example(name="cloudwatch_subscription", raw=_dump(_CLOUDWATCH)),
)
