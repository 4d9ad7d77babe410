"""Flow and firewall entries of our own making, as sinks and Pub/Sub deliver them."""

from __future__ import annotations

import base64
import json
from typing import Any

from stratagem.sources._contract import Example

PROJECT = "example-prod"


def _pod(name: str, namespace: str, workload: str | None) -> dict[str, Any]:
    pod: dict[str, Any] = {"pod_name": name, "pod_namespace": namespace}
    if workload:
        pod["pod_workload"] = {"workload_name": workload, "workload_type": "DEPLOYMENT"}
    return {"cluster": {"cluster_name": "prod-1", "cluster_location": "europe-west1"}, "pod": pod}


def _node(name: str) -> dict[str, Any]:
    return {"project_id": PROJECT, "region": "europe-west1", "vm_name": name, "zone": "europe-west1-b"}


_VPC = {"project_id": PROJECT, "vpc_name": "prod", "subnetwork_name": "pods"}


def _entry(number: int, log: str, payload: dict[str, Any]) -> dict[str, Any]:
    return {
        "insertId": f"example{number:06}",
        "jsonPayload": payload,
        "resource": {
            "type": "gce_subnetwork",
            "labels": {
                "project_id": PROJECT,
                "subnetwork_name": "pods",
                "subnetwork_id": "1000000000000000001",
                "location": "europe-west1-b",
            },
        },
        "timestamp": f"2026-11-20T10:00:{number:02}.418604934Z",
        "logName": f"projects/{PROJECT}/logs/compute.googleapis.com%2F{log}",
        "receiveTimestamp": f"2026-11-20T10:00:{number:02}.918604934Z",
    }


def _flow(number: int, **payload: Any) -> dict[str, Any]:
    told = {
        "connection": {
            "src_ip": "10.8.0.5",
            "src_port": 41000,
            "dest_ip": "10.8.1.9",
            "dest_port": 5432,
            "protocol": 6,
        },
        "start_time": "2026-11-20T09:59:50.501046130Z",
        "end_time": "2026-11-20T09:59:55.768509812Z",
        "bytes_sent": "1872",
        "packets_sent": "12",
        "reporter": "SRC",
        "src_instance": _node("gke-prod-1-pool-a-00000001"),
        "dest_instance": _node("gke-prod-1-pool-a-00000002"),
        "src_vpc": _VPC,
        "dest_vpc": _VPC,
        **payload,
    }
    return _entry(number, "vpc_flows", {name: value for name, value in told.items() if value is not None})


POD_TO_POD = _flow(
    1,
    src_gke_details=_pod("web-6b9f7c8d5f-x2x7k", "shop", "web"),
    dest_gke_details=_pod("db-0", "data", None) | {"service": [{"service_name": "db", "service_namespace": "data"}]},
)
FROM_OUTSIDE = _flow(
    2,
    connection={"src_ip": "203.0.113.7", "src_port": 40000, "dest_ip": "10.8.0.5", "dest_port": 443, "protocol": 6},
    reporter="DEST",
    src_instance=None,
    src_vpc=None,
    src_location={"asn": 64500, "country": "usa", "continent": "America", "city": "Example City"},
)
DENIED = _entry(
    3,
    "firewall",
    {
        "connection": {
            "src_ip": "203.0.113.7",
            "src_port": 40001,
            "dest_ip": "10.8.0.5",
            "dest_port": 22,
            "protocol": 6,
        },
        "disposition": "DENIED",
        "instance": _node("gke-prod-1-pool-a-00000001"),
        "vpc": _VPC,
        "rule_details": {
            "reference": "network:prod/firewall:deny-ssh",
            "direction": "INGRESS",
            "action": "DENY",
            "priority": 1000,
        },
    },
)

RECORDS = {"pod_to_pod": POD_TO_POD, "from_outside": FROM_OUTSIDE, "firewall_denied": DENIED}
"""Name -> canonical record."""


def _dump(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


_PUSH = {
    "message": {"data": base64.b64encode(_dump(POD_TO_POD)).decode(), "messageId": "1"},
    "subscription": f"projects/{PROJECT}/subscriptions/flows",
}

EXAMPLES = (
    Example(name="sink_lines", raw=b"\n".join(map(_dump, RECORDS.values())), records=3),
    Example(name="log_explorer_download", raw=json.dumps(list(RECORDS.values()), indent=2).encode(), records=3),
    Example(name="pubsub_push", raw=_dump(_PUSH)),
    Example(name="bigquery_row", raw=_dump({**POD_TO_POD, "jsonPayload": json.dumps(POD_TO_POD["jsonPayload"])})),
)
