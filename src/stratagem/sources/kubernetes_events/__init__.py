"""Kubernetes Events: what controllers, schedulers and kubelets say about objects. Nobody is named who asked for it.

The canonical shape is core/v1 `Event`; events.k8s.io/v1 is brought to it, and so is what GKE exports as a LogEntry. An
event that repeats is written again with a higher count: each writing is a record.
Source: https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/, read 2026-11-24.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from stratagem.sources import _image
from stratagem.sources._contract import NO_LABELS, Derived, Labels, LogSource, Malformed, Native, Source
from stratagem.sources._text import at, at_path, first_at, text
from stratagem.sources.kubernetes_events import columns, reading
from stratagem.sources.kubernetes_events.examples import EXAMPLES
from stratagem.sources.kubernetes_events.fields import ALIASES, FIELDS

UID = ("metadata.uid", "metadata.resourceVersion")
TIME = ("lastTimestamp", "eventTime", "firstTimestamp", "metadata.creationTimestamp")


def recognise(record: Native) -> bool:
    """An object that something is said about and a reason; or a LogEntry around that."""
    if isinstance(record.get("jsonPayload"), dict) and text(record.get("logName")):
        return reading.is_event(record["jsonPayload"])
    return reading.is_event(record)


def is_canonical(head: Native) -> bool:
    return (
        head.get("kind") == "Event"
        and head.get("apiVersion") == "v1"
        and isinstance(head.get("reason"), str)
        and isinstance(at(head, "involvedObject", "kind"), str)
    )


def canonical(record: Native) -> tuple[Native, Labels]:
    """The event as core/v1. Raises Malformed where the object is none."""
    labels = NO_LABELS
    if isinstance(record.get("jsonPayload"), dict) and "logName" in record:
        labels = reading.labels(record)
        record = record["jsonPayload"]
    if is_canonical(record):
        return record, labels
    made = reading.to_core(record)
    if not isinstance(at(made, "involvedObject", "kind"), str):
        raise Malformed("the object that the event is about has no kind")
    return made, labels


def uid(head: Native) -> str | None:
    """The object's uid and its version: a repeated event keeps the first and gets a new second."""
    identity, version = (text(at_path(head, path)) for path in UID)
    return f"{identity}/{version}" if identity and version else None


def time(head: Native) -> Any:
    return first_at(head, TIME)


DERIVED = {
    "k8s.object": Derived(
        compute=reading.object_name,
        describe="namespace/name of the object.",
        fields=("involvedObject.namespace", "involvedObject.name"),
    ),
    "k8s.reporter": Derived(
        compute=reading.reporter,
        describe="Component that says it (kubelet, default-scheduler): not who asked for it.",
        fields=("source.component", "reportingComponent"),
    ),
    "k8s.container": Derived(
        compute=reading.container,
        describe="Container that the event is about.",
        fields=("involvedObject.fieldPath",),
        witnesses=("containers{",),
    ),
    **_image.derived(reading.image, ("message",)),
}

PLUGIN = Source(
    title="Kubernetes Events",
    vendor_page="https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/ (read 2026-11-24)",
    enable=(
        "Run an event exporter, or `kubectl get events -A --watch -o json`. GKE exports them to Cloud Logging "
        "(log name `events`)."
    ),
    silent_gaps=(
        "There is no actor: who asked is in the Kubernetes audit log alone.",
        "The API server keeps events for an hour: what nobody exported in time is gone.",
        "Events are best effort: components drop and merge them under load, and anybody who may create events can "
        "write false ones.",
        "Native events name no cluster: bind a label to the input.",
    ),
    logsources=(LogSource(product="kubernetes", service="events"),),
    order=20,
    recognise=recognise,
    canonical=canonical,
    is_canonical=is_canonical,
    head=("kind", "apiVersion", "reason", "involvedObject.kind", "type", *UID, *TIME),
    dispatch=("reason", "involvedObject.kind"),
    uid=uid,
    time=time,
    uid_fields=UID,
    time_fields=TIME,
    time_numbers=True,
    shape=("kind", "apiVersion"),
    ocsf=columns.PROJECTION,
    columns=columns.STRUCTURE,
    lateness=timedelta(minutes=30),
    examples=EXAMPLES,
    fields=FIELDS,
    derived=DERIVED,
    aliases=ALIASES,
)
