"""Kubernetes admission reviews as a webhook keeps them: writes to a cluster with user and object, before the decision.

Where no audit log can be had, an admission webhook that logs what it is asked (kube-audit-rest) is what remains.
A review has no time of its own: newer versions of such webhooks add `requestReceivedTimestamp`, and a review without it
has no event time.
Source: https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/, read 2026-11-24.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from stratagem.sources._contract import NO_LABELS, Derived, Labels, LogSource, Malformed, Native, Source
from stratagem.sources._text import at, text
from stratagem.sources.kubernetes_admission import columns
from stratagem.sources.kubernetes_admission.examples import EXAMPLES


def recognise(record: Native) -> bool:
    """A review with its request."""
    return record.get("kind") == "AdmissionReview" and "request" in record


def is_canonical(head: Native) -> bool:
    return head.get("kind") == "AdmissionReview" and isinstance(at(head, "request", "operation"), str)


def canonical(record: Native) -> tuple[Native, Labels]:
    """The review as it is. Raises Malformed where it holds no request."""
    if not isinstance(at(record, "request", "uid"), str):
        raise Malformed("an admission review without the uid of a request")
    return record, NO_LABELS


def uid(head: Native) -> str | None:
    return text(at(head, "request", "uid"))


def time(head: Native) -> Any:
    return head.get("requestReceivedTimestamp")


def username(record: Native) -> str | None:
    return text(at(record, "request", "userInfo", "username"))


def is_dry_run(record: Native) -> bool:
    return at(record, "request", "dryRun") is True


def object_name(record: Native) -> str | None:
    name = text(at(record, "request", "name")) or text(at(record, "request", "object", "metadata", "name"))
    return f"{text(at(record, 'request', 'namespace')) or ''}/{name}" if name else None


DERIVED = {
    "outcome": Derived(
        compute=lambda record: "unknown", describe="unknown: the review is asked before the decision.", fields=("kind",)
    ),
    "k8s.user": Derived(compute=username, describe="Who asks.", fields=("request.userInfo.username",)),
    "k8s.dry_run": Derived(compute=is_dry_run, describe="Is it a dry run.", fields=("request.dryRun",)),
    "k8s.object": Derived(
        compute=object_name, describe="namespace/name of the object.", fields=("request.namespace", "request.name")
    ),
}

FIELDS = {
    "kind": "AdmissionReview",
    "apiVersion": "admission.k8s.io/v1",
    "requestReceivedTimestamp": "When the webhook was asked, as it adds itself.",
    "request.uid": "Id of the review.",
    "request.operation": "CREATE, UPDATE, DELETE or CONNECT.",
    "request.kind.kind": "Kind of the object.",
    "request.resource.resource": "Resource.",
    "request.resource.group": "Its API group.",
    "request.subResource": "Subresource (exec, token, status).",
    "request.namespace": "Namespace.",
    "request.name": "Name.",
    "request.userInfo.username": "Who asks.",
    "request.userInfo.groups": "Their groups.",
    "request.object": "The object as it would be.",
    "request.oldObject": "The object as it is.",
    "request.options": "Options of the operation.",
    "request.dryRun": "Is nothing to be written.",
}

PLUGIN = Source(
    title="Kubernetes admission reviews",
    vendor_page=(
        "https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/ (read 2026-11-24)"
    ),
    enable="Run a validating webhook that logs what it is asked, such as kube-audit-rest, with the time of receipt.",
    silent_gaps=(
        "Reads are never reviewed: neither discovery nor secrets that are read show.",
        "Whether the write was allowed, and its status, is not told; nor address and user agent.",
        "With failurePolicy Ignore, what was asked while the webhook was away is lost.",
        "A review has no time; without requestReceivedTimestamp it is quarantined.",
    ),
    logsources=(LogSource(product="kubernetes", service="admission"),),
    order=15,
    recognise=recognise,
    canonical=canonical,
    is_canonical=is_canonical,
    head=(
        "kind",
        "requestReceivedTimestamp",
        "request.uid",
        "request.operation",
        "request.resource.resource",
        "request.subResource",
    ),
    dispatch=("request.resource.resource", "request.operation", "request.subResource"),
    uid=uid,
    time=time,
    uid_fields=("request.uid",),
    time_fields=("requestReceivedTimestamp",),
    time_numbers=True,
    shape=("kind",),
    labels=lambda _: NO_LABELS,
    ocsf=columns.PROJECTION,
    columns=columns.STRUCTURE,
    lateness=timedelta(minutes=15),
    examples=EXAMPLES,
    fields=FIELDS,
    derived=DERIVED,
    aliases={
        "user.username": ("request.userInfo.username",),
        "objectref.resource": ("request.resource.resource",),
        "objectref.subresource": ("request.subResource",),
        "objectref.namespace": ("request.namespace",),
        "objectref.name": ("request.name",),
        "requestobject": ("request.object",),
    },
)
