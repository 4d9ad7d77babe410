"""Cilium Hubble flows: what Cilium saw of each packet or request, between which workloads, and what policy made of it.

The canonical shape is the exporter's: a flow under `flow`, with `node_name` and `time` beside it. A bare flow and
protobuf's camel case are brought to it. A record of lost events is an event too: what it counts is missing.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from stratagem.sources._contract import NO_LABELS, Derived, Labels, LogSource, Malformed, Native, Source
from stratagem.sources._text import at, first_text, joined, listing, mapping, text
from stratagem.sources.hubble import columns
from stratagem.sources.hubble.examples import EXAMPLES
from stratagem.sources.hubble.fields import ALIASES, FIELDS
from stratagem.sources.hubble.shape import is_loss, wrapped

_SIGNS = ("IP", "l4", "l7", "traffic_direction", "trafficDirection", "event_type", "eventType")
_NOISE = ("agent_event", "debug_event", "node_status", "agentEvent", "debugEvent", "nodeStatus")
_LOST = "lost_events.num_events_lost"
_IDS = ("flow.uuid", "node_name", "time", "flow.Summary")


def _is_flow(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("verdict"), str) and any(name in value for name in _SIGNS)


def recognise(record: Native) -> bool:
    """A flow with a verdict, wrapped or bare, or the exporter's record of lost events."""
    if "flow" in record:
        return _is_flow(record["flow"]) or is_canonical(record)
    return _is_flow(record) or (is_loss(record) and ("node_name" in record or "nodeName" in record))


def is_canonical(head: Native) -> bool:
    """A wrapped flow with its verdict and type, beside the node's name."""
    flow = head.get("flow")
    if not isinstance(flow, dict) or not isinstance(head.get("node_name"), str):
        return _is_canonical_loss(head)
    return isinstance(flow.get("verdict"), str) and isinstance(flow.get("Type"), str)


def _is_canonical_loss(head: Native) -> bool:
    return "flow" not in head and isinstance(head.get("lost_events"), dict) and isinstance(head.get("node_name"), str)


def canonical(record: Native) -> tuple[Native, Labels]:
    """The wrapped flow. Raises Malformed where there is no verdict."""
    if is_canonical(record):
        return record, labels(record)
    made = wrapped(record)
    if not is_loss(made):
        flow = made.get("flow")
        if not isinstance(flow, dict) or not isinstance(flow.get("verdict"), str):
            raise Malformed("flow.verdict is missing")
        if not isinstance(flow.get("Type"), str):
            flow["Type"] = "L7" if "l7" in flow else "L3_L4"
    return made, labels(made)


def labels(record: Native) -> Labels:
    """The cluster: an endpoint's, or what stands before the node's name."""
    before, slash, _ = (text(record.get("node_name")) or "").partition("/")
    cluster = first_text(
        at(record, "flow", "source", "cluster_name"),
        at(record, "flow", "destination", "cluster_name"),
        before if slash else None,
    )
    return Labels(cluster=cluster) if cluster else NO_LABELS


def uid(head: Native) -> str | None:
    """The flow's id, and for old versions what tells one event of a node from another."""
    return joined(head, _IDS)


def time(head: Native) -> str | None:
    return first_text(head.get("time"), at(head, "flow", "time"))


def outcome(record: Native) -> str:
    """`denied` for what policy dropped, `failure` for other drops and errors, `success` for what went on."""
    verdict = at(record, "flow", "verdict")
    if verdict in ("FORWARDED", "REDIRECTED", "TRANSLATED"):
        return "success"
    if verdict == "DROPPED":
        return "denied" if "POLICY" in (text(at(record, "flow", "drop_reason_desc")) or "POLICY") else "failure"
    return "failure" if verdict == "ERROR" else "unknown"


def _is_reply(record: Native) -> bool:
    return at(record, "flow", "is_reply") is True or at(record, "flow", "reply") is True


def opener(record: Native) -> str | None:
    """Address that opened the connection: a reply's destination."""
    return text(at(record, "flow", "IP", "destination" if _is_reply(record) else "source"))


def opened(record: Native) -> str | None:
    """Address that the connection was opened to: a reply's source."""
    return text(at(record, "flow", "IP", "source" if _is_reply(record) else "destination"))


def port(record: Native) -> int | None:
    """The server's port."""
    name = "source_port" if _is_reply(record) else "destination_port"
    found = (at(record, "flow", "l4", protocol, name) for protocol in ("TCP", "UDP", "SCTP"))
    return next((one for one in found if isinstance(one, int)), None)


def tcp_flags(record: Native) -> list[str] | None:
    flags = mapping(at(record, "flow", "l4", "TCP", "flags"))
    return sorted(name for name, value in flags.items() if value is True) or None


def reserved(end: str) -> Any:
    """The reserved identity of an end: world, host, kube-apiserver, remote-node."""

    def compute(record: Native) -> str | None:
        found = (one for one in listing(at(record, "flow", end, "labels")) if isinstance(one, str))
        return next((one.partition(":")[2] for one in found if one.startswith("reserved:")), None)

    return compute


_REPLY = ("flow.is_reply", "flow.reply")
DERIVED = {
    "outcome": Derived(
        compute=outcome,
        describe="success, denied (dropped by policy), failure (other drops) or unknown.",
        fields=("flow.verdict", "flow.drop_reason_desc"),
    ),
    "flow.client": Derived(
        compute=opener, describe="Address that opened the connection.", fields=("flow.IP", *_REPLY), witnesses=("IP",)
    ),
    "flow.server": Derived(
        compute=opened,
        describe="Address that the connection was opened to.",
        fields=("flow.IP", *_REPLY),
        witnesses=("IP",),
    ),
    "flow.server_port": Derived(
        compute=port,
        describe="Port that the connection was opened to.",
        fields=("flow.l4", *_REPLY),
        witnesses=("_port",),
    ),
    "flow.tcp_flags": Derived(
        compute=tcp_flags, describe="Names of the TCP flags that are set.", fields=("flow.l4",), witnesses=("flags",)
    ),
    "flow.source_reserved": Derived(
        compute=reserved("source"),
        describe="What the source is where it is no pod: world, host, remote-node, kube-apiserver.",
        fields=("flow.source.labels",),
        witnesses=("reserved:",),
    ),
    "flow.destination_reserved": Derived(
        compute=reserved("destination"),
        describe="What the destination is where it is no pod: world, host, remote-node, kube-apiserver.",
        fields=("flow.destination.labels",),
        witnesses=("reserved:",),
    ),
}

PLUGIN = Source(
    title="Cilium Hubble",
    vendor_page="https://docs.cilium.io/en/stable/observability/hubble/configuration/export/ (read 2026-11-24)",
    enable=(
        "Set hubble.export.static (or dynamic) in Cilium's Helm values and collect the file of each node; "
        "without it flows live only in each agent's ring buffer."
    ),
    silent_gaps=(
        "The exporter is off by default; an allow list or a field mask in it leaves out flows and fields.",
        "DNS and HTTP appear only where an L7 policy or visibility annotation sends the traffic through the proxy.",
        "Monitor aggregation hides most packets of a connection.",
        "No byte counts: volume needs another source.",
        "Records of lost events mean that flows are missing; they become events with the status 'lost events'.",
        "A drop has no policy's name without policy verdicts.",
    ),
    logsources=(LogSource(product="cilium", service="hubble"), LogSource(product="kubernetes", service="hubble")),
    order=35,
    recognise=recognise,
    canonical=canonical,
    is_canonical=is_canonical,
    head=("node_name", "time", "flow.verdict", "flow.Type", "flow.uuid", "flow.time", "flow.Summary", _LOST),
    dispatch=("flow.verdict", "flow.Type"),
    uid=uid,
    time=time,
    uid_fields=_IDS,
    uid_gaps=True,
    time_fields=("time", "flow.time"),
    shape=("node_name",),
    ocsf=columns.PROJECTION,
    columns=columns.STRUCTURE,
    lateness=timedelta(minutes=15),
    examples=EXAMPLES,
    fields=FIELDS,
    derived=DERIVED,
    aliases=ALIASES,
    is_noise=lambda record: "time" in record and any(isinstance(record.get(name), dict) for name in _NOISE),
)
