"""The fields of a line in words."""

from __future__ import annotations

from stratagem.sources.container_logs.variants import KIND, KINDS

FIELDS = {
    KIND: f"Always {KINDS}; set by stratagem.",
    "log": "The line.",
    "stream": "stdout or stderr; the log of a node (kubelet, events).",
    "time": "When the line was written.",
    "severity": "Severity, where the collector tells one.",
    "uid": "Id of the entry in Cloud Logging.",
    "fields": "Members of a structured line of Cloud Logging.",
    "kubernetes.cluster": "Cluster by its full name.",
    "kubernetes.namespace_name": "Namespace.",
    "kubernetes.pod_name": "Pod.",
    "kubernetes.container_name": "Container.",
    "kubernetes.container_image": "Image.",
    "kubernetes.docker_id": "Container id.",
    "kubernetes.host": "Node.",
    "kubernetes.labels": "Labels of the pod.",
    "kubernetes.annotations": "Annotations of the pod.",
}

ALIASES = {
    "message": ("log",),
    "textpayload": ("log",),
    "logmessage": ("log",),
    "container": ("kubernetes.container_name",),
    "namespace": ("kubernetes.namespace_name",),
    "pod": ("kubernetes.pod_name",),
}
