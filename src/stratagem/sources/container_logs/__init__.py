"""Output of containers, and messages of a node's services, as collectors of Kubernetes and Docker hand it on.

The canonical shape is Fluent Bit's with its Kubernetes filter: `log`, `stream`, `time`, and what ran under
`kubernetes`. GKE's LogEntry, Azure's ContainerLogV2 and Docker's json-file come to it. A line that is itself a record
of a log with a source (an audit event, a Falco alert) belongs to that source: what begins as a JSON object is not
claimed here.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from stratagem.sources._contract import Derived, Labels, LogSource, Malformed, Native, Source
from stratagem.sources._text import at, joined, text
from stratagem.sources.container_logs import columns
from stratagem.sources.container_logs.examples import EXAMPLES
from stratagem.sources.container_logs.fields import ALIASES, FIELDS
from stratagem.sources.container_logs.variants import KIND, KINDS, is_plain, variant_of

UID = ("time", "kubernetes.pod_name", "kubernetes.container_name", "stream", "log")


def recognise(record: Native) -> bool:
    """The mark of a canonical record, or a line of text in one of the wrappings of collectors."""
    return is_canonical(record) or variant_of(record) is not None


def is_canonical(head: Native) -> bool:
    return head.get(KIND) == KINDS


def canonical(record: Native) -> tuple[Native, Labels]:
    """The line as Fluent Bit has it. Raises Malformed where there is no text."""
    if is_canonical(record):
        return record, labels(record)
    read = variant_of(record)
    made: dict[str, Any] = read(record) if read else dict(record)
    if not is_plain(made.get("log")):
        raise Malformed("the record holds no line of text")
    return {KIND: KINDS, **made}, labels(made)


def labels(record: Native) -> Labels:
    """The cluster by its full name, and the project, subscription or account that its name holds."""
    cluster = text(at(record, "kubernetes", "cluster"))
    parts = (cluster or "").split("/")
    if cluster and parts[0] == "projects" and len(parts) > 3:
        return Labels(cluster=cluster, account=parts[1], region=parts[3])
    if cluster and parts[0] == "" and len(parts) > 2 and parts[1] == "subscriptions":
        return Labels(cluster=cluster, account=parts[2])
    return Labels(cluster=cluster)


def uid(head: Native) -> str | None:
    """Collectors give no ids: time, place and the line itself."""
    return joined(head, UID)


def time(head: Native) -> Any:
    return head.get("time")


def workload(record: Native) -> str | None:
    """`namespace/pod/container`, as far as it is told."""
    told = (text(at(record, "kubernetes", name)) for name in ("namespace_name", "pod_name", "container_name"))
    return "/".join(part for part in told if part) or None


DERIVED = {
    "k8s.workload": Derived(
        compute=workload,
        describe="namespace/pod/container of the line.",
        fields=("kubernetes.namespace_name", "kubernetes.pod_name", "kubernetes.container_name"),
        witnesses=("kubernetes",),
    ),
}

PLUGIN = Source(
    title="Container and node logs",
    vendor_page="https://kubernetes.io/docs/concepts/cluster-administration/logging/",
    enable=(
        "Run a log collector on every node (Fluent Bit with the Kubernetes filter, Container Insights with "
        "ContainerLogV2); GKE sends container logs to Cloud Logging by itself."
    ),
    silent_gaps=(
        "What a container writes to a file, and not to its output, is nowhere.",
        "The collector loses lines of containers that end fast, and those that rotate away under load.",
        "Lines that begin as JSON objects and are no log with a source stay unrecognised.",
        "Docker's json-file names no container: its folder does.",
    ),
    logsources=(
        LogSource(product="kubernetes", service="container_logs"),
        LogSource(product="docker", service="container_logs"),
    ),
    order=600,
    recognise=recognise,
    canonical=canonical,
    is_canonical=is_canonical,
    head=(KIND, "kubernetes.namespace_name", *UID),
    dispatch=("kubernetes.namespace_name", "kubernetes.container_name"),
    uid=uid,
    time=time,
    uid_fields=UID,
    uid_gaps=True,
    time_fields=("time",),
    shape=(KIND,),
    labels=labels,
    label_fields=("kubernetes.cluster",),
    ocsf=columns.PROJECTION,
    columns=columns.STRUCTURE,
    lateness=timedelta(hours=1),
    shared=frozenset({"log", "stream", "kubernetes.container_image"}),
    examples=EXAMPLES,
    fields=FIELDS,
    derived=DERIVED,
    aliases=ALIASES,
)
