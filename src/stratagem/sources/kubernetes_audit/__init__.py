"""Kubernetes audit: one record for each stage of each request to the API server, whoever runs it.

The canonical shape is audit.k8s.io/v1 `Event`, as the API server writes it. EKS only wraps it, AKS puts it into a
diagnostic record or table columns, GKE retells it as a LogEntry.
Source: https://kubernetes.io/docs/reference/config-api/apiserver-audit.v1/, read 2026-11-22.
"""

from __future__ import annotations

from datetime import timedelta

from stratagem.sources._contract import NO_LABELS, Labels, LogSource, Malformed, Native, Source
from stratagem.sources._text import first_text
from stratagem.sources.kubernetes_audit import _aks, _gke
from stratagem.sources.kubernetes_audit._examples import EXAMPLES
from stratagem.sources.kubernetes_audit._fields import ALIASES, FIELDS
from stratagem.sources.kubernetes_audit._native import is_canonical, is_native, to_v1
from stratagem.sources.kubernetes_audit._pod import POD_FIELDS
from stratagem.sources.kubernetes_audit._projection import COLUMNS, OCSF
from stratagem.sources.kubernetes_audit._request import REQUEST_FIELDS

HEAD = (
    "apiVersion",
    "kind",
    "auditID",
    "stage",
    "verb",
    "objectRef.resource",
    "objectRef.subresource",
    "user.username",
    "responseStatus.code",
    "requestReceivedTimestamp",
    "stageTimestamp",
)
UID = ("auditID", "stage", "requestReceivedTimestamp")
TIME = ("stageTimestamp", "requestReceivedTimestamp")


def recognise(record: Native) -> bool:
    """An audit event in any of the shapes; core/v1 events and admission reviews are none."""
    return is_native(record) or _aks.is_diagnostic(record) or _gke.is_log_entry(record) or _aks.is_table_row(record)


def canonical(record: Native) -> tuple[Native, Labels]:
    """The event as audit.k8s.io/v1, and the cluster that its envelope names."""
    if is_native(record):
        return to_v1(record), NO_LABELS
    if _aks.is_diagnostic(record):
        event, labels = _aks.from_diagnostic(record)
    elif _gke.is_log_entry(record):
        event, labels = _gke.from_log_entry(record)
    elif _aks.is_table_row(record):
        event, labels = _aks.from_table_row(record)
    else:
        raise Malformed("not a Kubernetes audit event")
    return to_v1(event), labels


def uid(head: Native) -> str | None:
    """Request, stage and arrival. The audit id alone is no id: clients may set it (header `Audit-ID`), and who repeats
    one would have his later requests taken for copies of the first."""
    parts = [head.get(name) for name in UID]
    return "/".join(parts) if all(isinstance(part, str) and part for part in parts) else None  # type: ignore[arg-type]


def time(head: Native) -> str | None:
    """When the stage was reached: the end of an exec may come hours after its request."""
    return first_text(*(head.get(name) for name in TIME))


PLUGIN = Source(
    title="Kubernetes audit",
    vendor_page="https://kubernetes.io/docs/reference/config-api/apiserver-audit.v1/ (read 2026-11-22)",
    enable=(
        "Give the API server an audit policy (--audit-policy-file) and a log path or webhook. EKS: control plane log "
        "type `audit`. AKS: diagnostic setting, category `kube-audit`. GKE: on for writes; reads need Data Access logs "
        "of the Kubernetes Engine API."
    ),
    silent_gaps=(
        "Level Metadata has no bodies: what a pod asks for is not evaluable, k8s.pod.spec is absent.",
        "Nothing is logged before a policy is given; EKS, AKS and GKE have fixed policies.",
        "AKS category kube-audit-admin has no get and no list; bodies that are too big are left out (stratagem/body).",
        "GKE logs no reads unless Data Access logs are on, and tells neither groups nor the query of a request.",
        "Requests to a kubelet (port 10250), to etcd, and commands typed inside an exec are not in this log.",
        "Native records name no cluster: bind a label to the input.",
        "A patch at level Request shows the patch alone, not the object that comes of it.",
    ),
    logsources=(LogSource(product="kubernetes", service="audit"), LogSource(product="kubernetes", category="audit")),
    order=10,
    recognise=recognise,
    canonical=canonical,
    is_canonical=is_canonical,
    head=HEAD,
    dispatch=("objectRef.resource", "verb", "objectRef.subresource"),
    uid=uid,
    time=time,
    uid_fields=UID,
    time_fields=TIME,
    shape=("apiVersion", "kind"),
    labels=lambda _: NO_LABELS,
    ocsf=OCSF,
    columns=COLUMNS,
    lateness=timedelta(minutes=15),
    shared=frozenset(
        {
            "auditID",
            "objectRef.apiGroup",
            "objectRef.resource",
            "objectRef.subresource",
            "responseStatus.code",
            "sourceIPs",
            "userAgent",
            "verb",
        }
    ),
    examples=EXAMPLES,
    fields=FIELDS,
    derived={**POD_FIELDS, **REQUEST_FIELDS},
    aliases=ALIASES,
)
