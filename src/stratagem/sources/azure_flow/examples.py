"""Flow records of our own making: VNet and NSG blobs, and the flat form of a collector."""

from __future__ import annotations

import json
from typing import Any

from stratagem.sources._contract import Example
from stratagem.sources.azure_flow.tuples import parsed

SUBSCRIPTION = "11111111-0000-4000-8000-000000000001"
_NETWORK = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/prod/providers/Microsoft.Network"
_ALLOWED = "1795168800123,10.0.1.20,198.51.100.7,49152,443,6,O,B,NX,0,0,0,0"
_ENDED = "1795168860456,10.0.1.20,198.51.100.7,49152,443,6,O,E,NX,12,4096,10,20480"
_DENIED = "1795168805000,203.0.113.7,10.0.1.20,40000,22,6,I,D,NX,0,0,0,0"

_VNET: dict[str, Any] = {
    "time": "2026-11-20T10:01:00.0000000Z",
    "flowLogVersion": 4,
    "flowLogGUID": "22222222-0000-4000-8000-000000000001",
    "macAddress": "000D3A000001",
    "category": "FlowLogFlowEvent",
    "flowLogResourceID": f"{_NETWORK}/networkWatchers/NetworkWatcher_westeurope/flowLogs/prod".upper(),
    "targetResourceID": f"{_NETWORK}/virtualNetworks/prod",
    "operationName": "FlowLogFlowEvent",
}
_VNET_BLOB = {
    **_VNET,
    "flowRecords": {
        "flows": [
            {
                "aclID": "33333333-0000-4000-8000-000000000001",
                "flowGroups": [
                    {"rule": "DefaultRule_AllowInternetOutBound", "flowTuples": [_ALLOWED, _ENDED]},
                    {"rule": "DenyAllInBound", "flowTuples": [_DENIED]},
                ],
            }
        ]
    },
}
_NSG: dict[str, Any] = {
    "time": "2026-11-20T10:01:00.0000000Z",
    "systemId": "44444444-0000-4000-8000-000000000001",
    "macAddress": "000D3A000001",
    "category": "NetworkSecurityGroupFlowEvent",
    "resourceId": f"{_NETWORK}/networkSecurityGroups/nodes".upper(),
    "operationName": "NetworkSecurityGroupFlowEvents",
}
_NSG_TUPLES = (
    "1795168800,10.0.1.20,10.0.2.30,41000,5432,T,O,A,B,,,,",
    "1795168860,10.0.1.20,10.0.2.30,41000,5432,T,O,A,C,3,420,2,900",
)
_NSG_BLOB = {
    **_NSG,
    "properties": {
        "Version": 2,
        "flows": [
            {
                "rule": "DefaultRule_AllowVnetOutBound",
                "flows": [{"mac": "000D3A000001", "flowTuples": list(_NSG_TUPLES)}],
            }
        ],
    },
}
_NSG_OLD = {
    **_NSG,
    "properties": {
        "Version": 1,
        "flows": [
            {
                "rule": "UserRule_deny",
                "flows": [{"mac": "000D3A000001", "flowTuples": ["1795168800,203.0.113.7,10.0.1.20,40000,53,U,I,D"]}],
            }
        ],
    },
}
_FLAT = {
    **{key: value for key, value in _NSG.items() if key != "category"},
    "rule": "DefaultRule_AllowVnetOutBound",
    "flow.0": _NSG_TUPLES[0],
    "flow.1": _NSG_TUPLES[1],
}


def _one(envelope: dict[str, Any], line: str, **rule: Any) -> dict[str, Any]:
    return {**envelope, **rule, "flow": parsed(line)}


_ACL = "33333333-0000-4000-8000-000000000001"
RECORDS = {
    "vnet_begin": _one(_VNET, _ALLOWED, aclID=_ACL, rule="DefaultRule_AllowInternetOutBound"),
    "vnet_end": _one(_VNET, _ENDED, aclID=_ACL, rule="DefaultRule_AllowInternetOutBound"),
    "vnet_denied": _one(_VNET, _DENIED, aclID=_ACL, rule="DenyAllInBound"),
    "nsg_continue": _one(_NSG, _NSG_TUPLES[1], flowLogVersion=2, rule="DefaultRule_AllowVnetOutBound"),
}
"""Name -> canonical record."""


def _dump(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


EXAMPLES = (
    Example(name="vnet_blob", raw=_dump({"records": [_VNET_BLOB]}), records=3),
    Example(name="nsg_blob_version_2", raw=_dump({"records": [_NSG_BLOB, _NSG_BLOB]}), records=4),
    Example(name="nsg_version_1", raw=_dump(_NSG_OLD)),
    Example(name="flat_tuples", raw=_dump(_FLAT), records=2),
    Example(name="one_flow", raw=_dump(RECORDS["vnet_end"])),
)
