"""Tracee's fields in words, and the names that rules for Linux processes use."""

from __future__ import annotations

FIELDS = {
    "timestamp": "When it happened, nanoseconds since 1970.",
    "eventName": "Event (execve, security_file_open, net_packet_dns) or signature.",
    "eventId": "Its number.",
    "processName": "Name of the process, 15 characters.",
    "processId": "Process id in its namespace.",
    "hostProcessId": "Process id on the host.",
    "hostThreadId": "Thread id on the host.",
    "hostParentProcessId": "The parent's id on the host.",
    "userId": "User id.",
    "hostName": "Host.",
    "executable.path": "Path of the executable.",
    "container.id": "Container id, of newer versions.",
    "container.name": "Container name.",
    "container.image": "Image.",
    "container.imageDigest": "Its digest.",
    "kubernetes.podName": "Pod.",
    "kubernetes.podNamespace": "Its namespace.",
    "containerId": "Container id, of older versions.",
    "containerImage": "Image, of older versions.",
    "podName": "Pod, of older versions.",
    "podNamespace": "Its namespace, of older versions.",
    "syscall": "System call in which it happened.",
    "returnValue": "What it returned.",
    "args": "Arguments: name, type and value each.",
    "matchedPolicies": "Policies that selected it.",
    "contextFlags.containerStarted": "Had the container's own program started.",
    "metadata": "Of a signature: description, severity, technique.",
    "metadata.Properties.signatureID": "Signature.",
    "metadata.Properties.signatureName": "Its name.",
    "metadata.Properties.Severity": "0 to 3.",
    "metadata.Properties.external_id": "ATT&CK technique.",
}

ALIASES: dict[str, tuple[str, ...]] = {
    "image": ("tracee.path",),
    "commandline": ("tracee.command_line",),
    "processid": ("hostProcessId",),
    "parentprocessid": ("hostParentProcessId",),
    "destinationip": ("tracee.destination_ip",),
}
