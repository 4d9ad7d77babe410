"""Flows of our own making: packets, policy drops, DNS and HTTP, and the record of lost events."""

from __future__ import annotations

import json
from typing import Any

from stratagem.sources._contract import Example

_NODE = "prod-1/node-a"


def _pod(namespace: str, name: str, workload: str, identity: int) -> dict[str, Any]:
    return {
        "ID": identity % 1000,
        "identity": identity,
        "cluster_name": "prod-1",
        "namespace": namespace,
        "labels": [f"k8s:app={workload}", f"k8s:io.kubernetes.pod.namespace={namespace}"],
        "pod_name": name,
        "workloads": [{"name": workload, "kind": "Deployment"}],
    }


WEB = _pod("shop", "web-6b9f7c8d5f-x2x7k", "web", 16781)
DB = _pod("data", "db-5c7d9f8b6c-q4w8z", "db", 20002)
DNS = _pod("kube-system", "coredns-7db6d8ff4d-zx9kq", "coredns", 796)
WORLD = {"identity": 2, "labels": ["reserved:world"]}


def _flow(number: int, **flow: Any) -> dict[str, Any]:
    moment = f"2026-11-20T10:00:{number:02}.735173594Z"
    told = {
        "time": moment,
        "uuid": f"77777777-0000-4000-8000-0000000000{number:02}",
        "verdict": "FORWARDED",
        "IP": {"source": "10.0.1.15", "destination": "10.0.2.25", "ipVersion": "IPv4"},
        "l4": {"TCP": {"source_port": 41000, "destination_port": 5432, "flags": {"SYN": True}}},
        "source": WEB,
        "destination": DB,
        "Type": "L3_L4",
        "node_name": _NODE,
        "event_type": {"type": 4, "sub_type": 3},
        "traffic_direction": "EGRESS",
        "is_reply": False,
        **flow,
    }
    kept = {name: value for name, value in told.items() if value is not None}
    return {"flow": kept, "node_name": _NODE, "time": moment}


FORWARDED = _flow(1)
REPLY = _flow(
    2,
    IP={"source": "10.0.2.25", "destination": "10.0.1.15", "ipVersion": "IPv4"},
    l4={"TCP": {"source_port": 5432, "destination_port": 41000, "flags": {"SYN": True, "ACK": True}}},
    source=DB,
    destination=WEB,
    traffic_direction="INGRESS",
    is_reply=True,
)
DROPPED = _flow(
    3,
    verdict="DROPPED",
    drop_reason_desc="POLICY_DENIED",
    IP={"source": "10.0.1.15", "destination": "198.51.100.7", "ipVersion": "IPv4"},
    l4={"TCP": {"source_port": 41001, "destination_port": 4444, "flags": {"SYN": True}}},
    destination=WORLD,
    destination_names=["pool.example.com"],
    event_type={"type": 1, "sub_type": 133},
    egress_denied_by=[{"name": "no-egress", "namespace": "shop", "kind": "CiliumNetworkPolicy"}],
)
DNS_ANSWER = _flow(
    4,
    IP={"source": "10.0.0.53", "destination": "10.0.1.15", "ipVersion": "IPv4"},
    l4={"UDP": {"source_port": 53, "destination_port": 33000}},
    source=DNS,
    destination=WEB,
    Type="L7",
    l7={
        "type": "RESPONSE",
        "latency_ns": "1500000",
        "dns": {
            "query": "Pool.Example.com.",
            "ips": ["198.51.100.7", "2001:db8::7"],
            "ttl": 60,
            "rcode": 0,
            "observation_source": "proxy",
            "qtypes": ["A"],
        },
    },
    event_type={"type": 129},
    traffic_direction="INGRESS",
    is_reply=True,
)
HTTP = _flow(
    5,
    l4={"TCP": {"source_port": 41002, "destination_port": 8080}},
    Type="L7",
    l7={
        "type": "REQUEST",
        "http": {
            "method": "GET",
            "url": "http://db.data:8080/admin/users?all=1",
            "protocol": "HTTP/1.1",
            "headers": [{"key": "User-Agent", "value": "curl/8.5.0"}, {"key": "X-Request-Id", "value": "example-1"}],
        },
    },
    event_type={"type": 129},
)
LOST = {
    "lost_events": {"source": "HUBBLE_RING_BUFFER", "num_events_lost": "42"},
    "node_name": _NODE,
    "time": "2026-11-20T10:00:09.000000001Z",
}

RECORDS = {
    "forwarded": FORWARDED,
    "reply": REPLY,
    "dropped": DROPPED,
    "dns_answer": DNS_ANSWER,
    "http_request": HTTP,
    "lost": LOST,
}
"""Name -> canonical record."""


def _dump(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


_CAMEL = {
    "flow": {
        "time": FORWARDED["time"],
        "verdict": "FORWARDED",
        "IP": FORWARDED["flow"]["IP"],
        "l4": {"TCP": {"sourcePort": 41000, "destinationPort": 5432}},
        "source": {"namespace": "shop", "podName": "web-6b9f7c8d5f-x2x7k", "labels": ["k8s:app=web"]},
        "destination": {"namespace": "data", "podName": "db-5c7d9f8b6c-q4w8z"},
        "Type": "L3_L4",
        "trafficDirection": "EGRESS",
        "isReply": False,
    },
    "nodeName": _NODE,
    "time": FORWARDED["time"],
}

EXAMPLES = (
    Example(name="exporter_lines", raw=b"\n".join(map(_dump, RECORDS.values())), records=6),
    Example(name="bare_flow", raw=_dump(DROPPED["flow"])),
    Example(name="camel_case", raw=_dump(_CAMEL)),
)
