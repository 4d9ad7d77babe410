"""Google's LogEntry and identities, shared by Cloud Audit and Workspace.

A LogEntry comes as Cloud Logging writes it, with keys in lower case from SIEMs, and as a BigQuery export row
(`protopayload_auditlog`, JSON text in `requestJson`, `responseJson` and `metadataJson`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from stratagem.sources._contract import Malformed, Native
from stratagem.sources._text import decoded, text

AUDIT_LOG = "type.googleapis.com/google.cloud.audit.AuditLog"
PAYLOADS = ("protoPayload", "protopayload", "protopayload_auditlog", "protoPayload_auditlog")
WORKSPACE_SERVICES = frozenset({"admin.googleapis.com", "login.googleapis.com", "oauth2.googleapis.com"})
"""Services whose audit logs are Workspace's, shared with Cloud Logging."""
KUBERNETES = "k8s.io"


def _by_key(names: str) -> dict[str, str]:
    return {name.lower(): name for name in names.split()}


_ENTRY = _by_key(
    "insertId logName receiveTimestamp timestamp severity resource labels operation trace spanId traceSampled "
    "sourceLocation httpRequest split errorGroups"
)
_PAYLOAD = _by_key(
    "serviceName methodName resourceName resourceLocation resourceOriginalState numResponseItems status "
    "authenticationInfo authorizationInfo policyViolationInfo requestMetadata request response metadata serviceData"
)
_PAYLOAD |= {"at_sign_type": "@type", "at_type": "@type", "_type": "@type"}
_PAYLOAD |= {"requestjson": "request", "responsejson": "response", "metadatajson": "metadata"}
_PARTS = {
    "authenticationInfo": _by_key(
        "principalEmail principalSubject authoritySelector serviceAccountKeyName serviceAccountDelegationInfo "
        "oauthInfo thirdPartyPrincipal"
    ),
    "requestMetadata": _by_key(
        "callerIp callerSuppliedUserAgent callerNetwork requestAttributes destinationAttributes"
    ),
    "status": _by_key("code message details"),
    "authorizationInfo": _by_key("resource permission granted resourceAttributes permissionType"),
    "resource": _by_key("type labels"),
    "operation": _by_key("id producer first last"),
}
"""Member of a LogEntry or its payload -> how its own members are spelt."""


def payload_of(record: Native) -> Mapping[str, Any] | None:
    """The audit payload under any of its names, also as JSON text."""
    for name in PAYLOADS:
        if name in record:
            found = decoded(record[name])
            return found if isinstance(found, Mapping) else None
    return None


def service_of(payload: Native) -> str | None:
    return text(_member(payload, "serviceName", "servicename", "service_name"))


def method_of(payload: Native) -> str | None:
    return text(_member(payload, "methodName", "methodname", "method_name"))


def _member(record: Native, *names: str) -> Any:
    return next((record[name] for name in names if name in record), None)


def is_kubernetes(payload: Native) -> bool:
    """Does it retell what a Kubernetes API server logged?"""
    return service_of(payload) == KUBERNETES or (method_of(payload) or "").startswith("io.k8s.")


def is_workspace(payload: Native) -> bool:
    """Is it a Workspace event that is shared with Cloud Logging?"""
    return service_of(payload) in WORKSPACE_SERVICES


def log_entry(record: Native) -> dict[str, Any]:
    """The LogEntry as Cloud Logging writes it; keys that nobody knows keep their name and place.

    Raises Malformed where there is no audit payload.
    """
    payload = payload_of(record)
    if payload is None:
        raise Malformed("protoPayload is no JSON object")
    made: dict[str, Any] = {}
    for key, value in record.items():
        name = _ENTRY.get(_plain(key), key)
        if key not in PAYLOADS and made.get(name) is None:
            made[name] = value
    made["protoPayload"] = _payload(payload)
    for name in ("timestamp", "receiveTimestamp"):
        if name in made:
            made[name] = iso(made[name])
    for name in ("resource", "operation"):
        if name in made:
            made[name] = _part(made[name], _PARTS[name])
    return made


def entry_of(record: Native) -> dict[str, Any]:
    """A LogEntry that carries no audit payload (`jsonPayload`, `textPayload`, `httpRequest`), as Cloud Logging writes
    it: keys in lower case and times of BigQuery brought to its spelling; what nobody knows keeps its name and place.
    """
    made: dict[str, Any] = {}
    for key, value in record.items():
        name = _PLAIN_ENTRY.get(key.lower(), key)
        if made.get(name) is None:
            made[name] = value
    if isinstance(made.get("httpRequest"), Mapping):
        made["httpRequest"] = _part(made["httpRequest"], _REQUEST)
    if isinstance(made.get("jsonPayload"), Mapping):
        made["jsonPayload"] = {"@type" if key == "at_sign_type" else key: v for key, v in made["jsonPayload"].items()}
    for name in ("timestamp", "receiveTimestamp"):
        if name in made:
            made[name] = iso(made[name])
    return made


_PLAIN_ENTRY = {**_ENTRY, "jsonpayload": "jsonPayload", "textpayload": "textPayload"}
_REQUEST = _by_key(
    "requestMethod requestUrl requestSize status responseSize userAgent remoteIp serverIp referer latency cacheLookup "
    "cacheHit cacheFillBytes cacheValidatedWithOriginServer protocol"
)


def _payload(payload: Native) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for key, value in payload.items():
        plain = _plain(key)
        name = "serviceData" if plain.startswith("servicedata") else _PAYLOAD.get(plain, key)
        if name in made and value is None:
            continue
        value = decoded(value) if plain.endswith("json") else value
        made[name] = _part(value, _PARTS[name]) if name in _PARTS else value
    made["@type"] = made.get("@type") or AUDIT_LOG
    return made


def _part(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, list):
        return [_part(element, names) for element in value]
    if not isinstance(value, Mapping):
        return value
    return {names.get(_plain(key), key): below for key, below in value.items()}


def _plain(key: str) -> str:
    """A key without typography: `method_name`, `methodname` and `methodName` are one."""
    low = key.lower()
    return low if low in _PAYLOAD else low.replace("_", "")


def iso(value: Any) -> Any:
    """BigQuery's `2026-11-20 10:00:00.123456 UTC` as ISO 8601; anything else as it is."""
    if not isinstance(value, str) or len(value) < 19 or value[10] != " ":
        return value
    said = value[:10] + "T" + value[11:].removesuffix(" UTC").strip()
    return said if said[-6:-5] in ("+", "-") or said.endswith("Z") else said + "Z"


SUBJECT_KINDS = ("serviceAccount:", "user:", "group:")
"""What a `principalSubject` begins with before an email or a workload's name."""


def bare_subject(subject: str | None) -> str | None:
    """`user:robin@example.com` as the address; `principal://…` and workload names as they are."""
    if subject is None:
        return None
    kind = next((kind for kind in SUBJECT_KINDS if subject.startswith(kind)), "")
    return subject[len(kind) :] or None


def principal_sql(actor: str) -> str:
    """SQL of `google:<scope>:<actor>`; the scope is the domain, a service account's project, or a workload's pool."""
    domain = f"regexp_replace(split_part({actor}, '@', -1), '\\.iam\\.gserviceaccount\\.com$', '')"
    pool = f"regexp_extract({actor}, '/(?:workloadIdentityPools|workforcePools)/([^/]+)/', 1)"
    return (
        f"'google:' || CASE WHEN starts_with({actor}, 'principal') THEN {pool} "
        f"WHEN contains({actor}, '[') THEN split_part({actor}, '[', 1) "
        f"WHEN contains({actor}, '@') THEN {domain} ELSE coalesce(label_tenant, '') END || ':' || {actor}"
    )
