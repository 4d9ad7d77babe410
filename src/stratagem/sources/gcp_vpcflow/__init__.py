"""Google Cloud VPC flow logs, and firewall rules logging, which tells what flow logs leave out: denied connections.

The canonical shape is the LogEntry, whether it comes from a sink, Pub/Sub or a BigQuery export.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from stratagem.sources._contract import NO_LABELS, Derived, Labels, LogSource, Malformed, Native, Source
from stratagem.sources._text import at, first_text, mapping, text
from stratagem.sources.gcp_vpcflow import columns
from stratagem.sources.gcp_vpcflow.examples import EXAMPLES
from stratagem.sources.gcp_vpcflow.fields import ALIASES, FIELDS

_LOGS = ("vpc_flows", "compute.googleapis.com%2Ffirewall", "compute.googleapis.com/firewall")


def recognise(record: Native) -> bool:
    """The log's name, or a payload with a connection and who reported it or what a rule made of it."""
    name = record.get("logName")
    if isinstance(name, str) and name.endswith(_LOGS):
        return "jsonPayload" in record
    payload = record.get("jsonPayload")
    if not isinstance(payload, dict) or not isinstance(payload.get("connection"), dict):
        return False
    return "src_ip" in payload["connection"] and ("reporter" in payload or "disposition" in payload)


def is_canonical(head: Native) -> bool:
    """One of the log names around a payload that says who reported, or what came of it."""
    name = head.get("logName")
    told = first_text(at(head, "jsonPayload", "reporter"), at(head, "jsonPayload", "disposition"))
    return isinstance(name, str) and name.endswith(_LOGS) and told is not None


def canonical(record: Native) -> tuple[Native, Labels]:
    """The entry. Raises Malformed where there is no connection in it."""
    if is_canonical(record):
        return record, labels(record)
    payload = mapping(record.get("jsonPayload"))
    if not isinstance(payload.get("connection"), dict):
        raise Malformed("jsonPayload.connection is missing")
    made = {**record, "jsonPayload": payload}
    return made, labels(made)


def labels(record: Native) -> Labels:
    """The project, the region, and the cluster of the end that reported."""
    project = text(at(record, "resource", "labels", "project_id"))
    name = text(record.get("logName"))
    if project is None and name is not None and name.startswith("projects/"):
        project = name.split("/")[1] or None
    location = text(at(record, "resource", "labels", "location"))
    side = "dest" if (text(at(record, "jsonPayload", "reporter")) or "").startswith("DEST") else "src"
    cluster = text(at(record, "jsonPayload", f"{side}_gke_details", "cluster", "cluster_name"))
    found = Labels(cluster=cluster, account=project, region=_region(location))
    return found if any(found) else NO_LABELS


def _region(location: str | None) -> str | None:
    """`europe-west1` of the zone `europe-west1-b`."""
    head, dash, last = (location or "").rpartition("-")
    return head if dash and len(last) == 1 and last.isalpha() else location


def uid(head: Native) -> str | None:
    entry, moment = text(head.get("insertId")), text(head.get("timestamp"))
    return f"{entry}/{moment}" if entry and moment else None


def time(head: Native) -> str | None:
    return first_text(at(head, "jsonPayload", "start_time"), head.get("timestamp"))


def outcome(record: Native) -> str:
    """`denied` or `success` by a firewall rule; flow logs hold only what passed, and say so by `unknown`."""
    return {"ALLOWED": "success", "DENIED": "denied"}.get(str(at(record, "jsonPayload", "disposition")), "unknown")


def _connection(name: str) -> Any:
    return lambda record: text(at(record, "jsonPayload", "connection", name))


DERIVED = {
    "outcome": Derived(
        compute=outcome,
        describe="success or denied, of a firewall rule; unknown for a flow.",
        fields=("jsonPayload.disposition",),
    ),
    "flow.source": Derived(
        compute=_connection("src_ip"),
        describe="Address that the traffic comes from.",
        fields=("jsonPayload.connection.src_ip",),
        witnesses=("src_ip",),
    ),
    "flow.destination": Derived(
        compute=_connection("dest_ip"),
        describe="Address that the traffic goes to.",
        fields=("jsonPayload.connection.dest_ip",),
        witnesses=("dest_ip",),
    ),
}


def _is_firewall(record: Native) -> bool:
    return at(record, "jsonPayload", "disposition") is not None


PLUGIN = Source(
    title="Google Cloud VPC flow logs",
    vendor_page="https://docs.cloud.google.com/vpc/docs/about-flow-logs-records (read 2026-11-24)",
    enable=(
        "Turn flow logs on for each subnet with all metadata, and logging on for the firewall rules that deny; "
        "route both logs with a sink."
    ),
    silent_gaps=(
        "Off until enabled, for each subnet; packets are sampled before they are logged.",
        "Denied incoming connections are never in flow logs, only in firewall rules logging.",
        "Pods of one node show only with intranode visibility.",
        "Metadata (instance, cluster, pod) is an approximation and may be missing or wrong.",
        "A flow between two logged subnets comes twice, from SRC and from DEST.",
    ),
    logsources=(
        LogSource(product="gcp", service="vpcflow", only=lambda record: not _is_firewall(record)),
        LogSource(product="gcp", service="firewall", only=_is_firewall),
    ),
    order=40,
    recognise=recognise,
    canonical=canonical,
    is_canonical=is_canonical,
    head=(
        "logName",
        "insertId",
        "timestamp",
        "jsonPayload.reporter",
        "jsonPayload.disposition",
        "jsonPayload.start_time",
    ),
    dispatch=("jsonPayload.reporter", "jsonPayload.disposition"),
    uid=uid,
    time=time,
    uid_fields=("insertId", "timestamp"),
    time_fields=("jsonPayload.start_time", "timestamp"),
    shape=("logName",),
    ocsf=columns.PROJECTION,
    columns=columns.STRUCTURE,
    lateness=timedelta(minutes=30),
    examples=EXAMPLES,
    fields=FIELDS,
    derived=DERIVED,
    aliases=ALIASES,
)
