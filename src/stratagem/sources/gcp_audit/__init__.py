"""Google Cloud Audit Logs: admin activity, data access, system events and policy denials, of every service.

The canonical shape is the LogEntry of Cloud Logging. Entries of Kubernetes API servers are `kubernetes_audit`'s, those
of Workspace `google_workspace`'s.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from stratagem.sources import _google, _image
from stratagem.sources._contract import Derived, Labels, LogSource, Native, Source
from stratagem.sources._text import at, first_text, text
from stratagem.sources.gcp_audit import artifact_registry, caller, columns, request
from stratagem.sources.gcp_audit.examples import EXAMPLES
from stratagem.sources.gcp_audit.fields import ALIASES, FIELDS

UID = ("logName", "timestamp", "insertId")
_CALLER_IP = ("protoPayload", "requestMetadata", "callerIP")
"""As a SIEM spells it; such a record is not canonical."""


def recognise(record: Native) -> bool:
    """An audit payload that is neither a Kubernetes API server's nor Workspace's."""
    payload = _google.payload_of(record)
    if payload is None or _google.is_kubernetes(payload) or _google.is_workspace(payload):
        return False
    return _google.service_of(payload) is not None or _google.method_of(payload) is not None


def is_canonical(head: Native) -> bool:
    """A LogEntry with the payload's type, service and method, as Cloud Logging spells them."""
    payload = head.get("protoPayload")
    if not isinstance(payload, dict) or payload.get("@type") != _google.AUDIT_LOG or not recognise(head):
        return False
    named = all(isinstance(payload.get(name), str) for name in ("serviceName", "methodName"))
    return named and isinstance(head.get("logName"), str) and at(head, *_CALLER_IP) is None


def canonical(record: Native) -> tuple[Native, Labels]:
    """The LogEntry as Cloud Logging writes it. Raises Malformed where it has no audit payload."""
    if is_canonical(record):
        return record, labels(record)
    made = _google.log_entry(record)
    if text(made.get("timestamp")) is None:
        said = first_text(made.get("receiveTimestamp"), made.get("p_event_time"))
        made |= {} if said is None else {"timestamp": _google.iso(said)}
    return made, labels(made)


def labels(record: Native) -> Labels:
    """Project, organisation and place; for a GKE cluster its full name, as its own audit log has it."""
    named = at(record, "resource", "labels")
    place = text(at(named, "location")) or text(at(named, "zone"))
    project, cluster = request.project(record), text(at(named, "cluster_name"))
    if at(record, "resource", "type") != "gke_cluster" or not (project and place and cluster):
        return Labels(account=project, tenant=request.parent(record, "organizations"), region=place)
    return Labels(cluster=f"projects/{project}/locations/{place}/clusters/{cluster}", account=project, region=place)


def uid(head: Native) -> str | None:
    parts = [text(head.get(name)) for name in UID]
    return "/".join(part for part in parts if part) if all(parts) else None


def time(head: Native) -> str | None:
    return text(head.get("timestamp"))


_METHOD = ("protoPayload.methodName",)
_AUTHENTICATION = ("protoPayload.authenticationInfo",)
_AUTHORIZATION = ("protoPayload.authorizationInfo",)
_METADATA = ("protoPayload.requestMetadata",)
_DELTA = ("protoPayload.serviceData", "protoPayload.metadata")
_POLICY = (*_DELTA, "protoPayload.request")
_ARTIFACT = ("protoPayload.serviceName", "protoPayload.methodName", "protoPayload.resourceName", "protoPayload.request")


def _repository(name: str) -> Callable[[Native], Any]:
    def compute(record: Native) -> Any:
        found = artifact_registry.repository(record)
        return getattr(found, name) if found else None

    return compute


DERIVED = {
    "outcome": Derived(
        compute=request.outcome,
        describe="success, denied (code 7 or 16) or failure; a long operation that was accepted is success.",
        fields=("protoPayload.status",),
    ),
    "gcp.log": Derived(
        compute=request.log, describe="activity, data_access, system_event or policy.", fields=("logName",)
    ),
    "gcp.log_id": Derived(compute=request.log_id, describe="cloudaudit.googleapis.com/activity.", fields=("logName",)),
    "gcp.project": Derived(
        compute=request.project, describe="Project id.", fields=("resource.labels.project_id", "logName")
    ),
    "gcp.method": Derived(
        compute=request.methods,
        describe="The method, and the method without its version: v1.compute.instances.list, compute.instances.list.",
        fields=_METHOD,
    ),
    "gcp.verb": Derived(compute=request.verb, describe="Last word of the method.", fields=_METHOD),
    "gcp.stage": Derived(
        compute=request.stage,
        describe="first (has the request) or last (has the result) entry of a long operation, else only.",
        fields=("operation",),
    ),
    "gcp.access": Derived(
        compute=request.access,
        describe="admin_read, admin_write, data_read or data_write; absent where the log does not say.",
        fields=_AUTHORIZATION,
    ),
    "gcp.permissions": Derived(
        compute=request.permissions, describe="Permissions that the call needed.", fields=_AUTHORIZATION
    ),
    "gcp.denied_permissions": Derived(
        compute=request.denied_permissions,
        describe="Permissions that were not granted (granted is false or absent).",
        fields=_AUTHORIZATION,
    ),
    "gcp.actor": Derived(
        compute=caller.actor,
        describe="Address of the caller in lower case, or the subject of a workload.",
        fields=_AUTHENTICATION,
    ),
    "gcp.actor_kind": Derived(
        compute=caller.actor_kind,
        describe="user, service_account, service_agent (Google's own), workload or unknown.",
        fields=_AUTHENTICATION,
    ),
    "gcp.workload": Derived(
        compute=caller.workload,
        describe="namespace/serviceaccount of the Kubernetes workload behind the call.",
        fields=_AUTHENTICATION,
    ),
    "gcp.delegation": Derived(
        compute=caller.delegation, describe="Who acted through the account, the first first.", fields=_AUTHENTICATION
    ),
    "gcp.key": Derived(
        compute=caller.key,
        describe="Id of the service account key that was used.",
        fields=_AUTHENTICATION,
        witnesses=("serviceAccountKeyName",),
    ),
    "gcp.client_ip": Derived(
        compute=caller.client_ip, describe="Caller's address; absent for calls from inside Google.", fields=_METADATA
    ),
    "gcp.is_internal": Derived(
        compute=caller.is_internal,
        describe="The call came from inside Google's network (private, gce-internal-ip).",
        fields=_METADATA,
    ),
    "gcp.command": Derived(
        compute=caller.command,
        describe="The gcloud command, from the user agent: gcloud.compute.instances.list.",
        fields=_METADATA,
        witnesses=("command/",),
    ),
    "gcp.binding_deltas": Derived(
        compute=request.binding_deltas,
        describe="Role bindings that were added and removed: action, role, member.",
        fields=_DELTA,
        witnesses=("bindingDeltas",),
    ),
    "gcp.audit_config_deltas": Derived(
        compute=request.audit_deltas,
        describe="Changes of what is logged: action, service, exemptedMember, logType.",
        fields=_DELTA,
        witnesses=("auditConfigDeltas",),
    ),
    "gcp.granted_members": Derived(
        compute=request.granted_members,
        describe="Members that were granted a role; where no change is told, all of the policy that was set.",
        fields=_POLICY,
        witnesses=("bindingDeltas", "bindings"),
    ),
    "gcp.grants_public": Derived(
        compute=request.grants_public,
        describe="A role is granted to allUsers or allAuthenticatedUsers; absent where nothing is granted.",
        fields=_POLICY,
        witnesses=("bindingDeltas", "bindings"),
    ),
    "gar.action": Derived(
        compute=artifact_registry.action,
        describe="Artifact Registry: pull, push, pull_layer, push_layer, tag, untag, delete, list, set_policy, ...",
        fields=_ARTIFACT,
        witnesses=(artifact_registry.SERVICE,),
    ),
    "gar.repository": Derived(
        compute=_repository("name"),
        describe="Artifact Registry: repository.",
        fields=_ARTIFACT,
        witnesses=(artifact_registry.SERVICE,),
    ),
    "gar.location": Derived(
        compute=_repository("location"),
        describe="Artifact Registry: location of the repository.",
        fields=_ARTIFACT,
        witnesses=(artifact_registry.SERVICE,),
    ),
    **_image.derived(artifact_registry.reference, _ARTIFACT),
}

PLUGIN = Source(
    title="Google Cloud Audit",
    vendor_page="https://cloud.google.com/logging/docs/audit (read 2026-11-24)",
    enable=(
        "Admin Activity, System Event and Policy Denied logs are always on. Turn Data Access logs on for the services "
        "that matter (IAM, Artifact Registry, Secret Manager, Storage), and export all of them with a sink at the "
        "organisation with includeChildren, to Pub/Sub, Cloud Storage or BigQuery."
    ),
    silent_gaps=(
        "Data Access logs are off, except BigQuery's: reads, token minting, object reads, secrets and image pulls.",
        "Principals can be exempted from Data Access logs.",
        "Logs of folders and of the organisation are not in a project's sink.",
        "Some reads have the principal left out.",
        "Requests and answers of more than 256 KB are left out.",
        "A long operation is two entries: the request is in the first, the result in the last.",
    ),
    logsources=(
        LogSource(product="gcp", service="gcp.audit"),
        LogSource(
            product="gcp",
            service="artifactregistry",
            only=lambda record: at(record, "protoPayload", "serviceName") == artifact_registry.SERVICE,
        ),
    ),
    order=40,
    recognise=recognise,
    canonical=canonical,
    is_canonical=is_canonical,
    head=(
        *UID,
        "protoPayload.@type",
        "protoPayload.methodName",
        "protoPayload.serviceName",
        "protoPayload.requestMetadata.callerIP",
    ),
    dispatch=("protoPayload.methodName", "protoPayload.serviceName"),
    uid=uid,
    time=time,
    uid_fields=UID,
    time_fields=("timestamp",),
    shape=("protoPayload.@type", "logName", "protoPayload.requestMetadata.callerIP"),
    ocsf=columns.PROJECTION,
    columns=columns.STRUCTURE,
    lateness=timedelta(hours=1),
    examples=EXAMPLES,
    fields=FIELDS,
    derived=DERIVED,
    aliases=ALIASES,
)
