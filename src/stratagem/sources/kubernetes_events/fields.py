"""The fields of Kubernetes Events in words."""

from __future__ import annotations

FIELDS = {
    "kind": "Event",
    "apiVersion": "v1",
    "metadata.uid": "Id of the event.",
    "metadata.resourceVersion": "Its version: a repeated event gets another.",
    "metadata.creationTimestamp": "When it was written first.",
    "involvedObject.kind": "Kind of the object that it is about.",
    "involvedObject.namespace": "Its namespace.",
    "involvedObject.name": "Its name.",
    "involvedObject.uid": "Its uid.",
    "involvedObject.fieldPath": "Part of it: spec.containers{web}.",
    "reason": "Why, in a word (Killing, BackOff, FailedMount, Pulled).",
    "message": "Why, in words.",
    "type": "Normal or Warning.",
    "count": "How often it was seen.",
    "firstTimestamp": "When it was seen first.",
    "lastTimestamp": "When it was seen last.",
    "eventTime": "When it happened, of newer components.",
    "source.component": "Component that says it.",
    "source.host": "Node of it.",
    "reportingComponent": "The same, of newer components.",
    "reportingInstance": "Instance of the component.",
    "action": "What was done about it.",
    "series.count": "How often, of newer components.",
}

ALIASES: dict[str, tuple[str, ...]] = {
    "regarding": ("involvedObject",),
    "note": ("message",),
    "objectref.namespace": ("involvedObject.namespace",),
    "objectref.name": ("involvedObject.name",),
}
