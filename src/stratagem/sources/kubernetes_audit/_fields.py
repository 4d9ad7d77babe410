"""What rule authors may name: the members of an audit event, and the names that public rules use for them."""

from __future__ import annotations

from collections.abc import Mapping

FIELDS: Mapping[str, str] = {
    "apiVersion": "audit.k8s.io/v1 in the canonical shape.",
    "kind": "Event.",
    "level": "Metadata, Request or RequestResponse: how much the audit policy lets the record hold.",
    "auditID": "Id of the request, the same in all of its stages; a client may set it (header Audit-ID).",
    "stage": "RequestReceived, ResponseStarted (watch, exec), ResponseComplete or Panic.",
    "requestURI": "Path and query as the client sent them.",
    "verb": "get, list, watch, create, update, patch, delete, deletecollection; without resource, the HTTP verb.",
    "user.username": "Who asks.",
    "user.uid": "Durable id of the user, where the authenticator gives one.",
    "user.groups": "Groups of the user.",
    "user.extra": "What the authenticator adds, lists of text: pod name, credential id, AWS ARN (EKS).",
    "user.extra.arn": "EKS: ARN of the session behind the user.",
    "user.extra.accessKeyId": "EKS: access key id of the session; the join key to CloudTrail.",
    "user.extra.sessionName": "EKS: role session name.",
    "user.extra.authentication.kubernetes.io/pod-name": "Pod that the service account token is bound to.",
    "user.extra.authentication.kubernetes.io/credential-id": "Id of the token or certificate.",
    "impersonatedUser.username": "As whom the user acts.",
    "impersonatedUser.groups": "Groups acted with.",
    "sourceIPs": "Addresses on the way; all but the last can be set by the client.",
    "userAgent": "User agent, as the client says.",
    "objectRef.resource": "Resource in plural: pods, secrets, clusterrolebindings.",
    "objectRef.subresource": "exec, attach, portforward, proxy, status, token, ephemeralcontainers and others.",
    "objectRef.namespace": "Namespace; absent for cluster-wide requests.",
    "objectRef.name": "Name; absent for lists and for names that the server generates.",
    "objectRef.uid": "Uid of the object.",
    "objectRef.apiGroup": "API group; absent for the core group.",
    "objectRef.apiVersion": "API version, without the group.",
    "responseStatus.code": "HTTP status; 101 for exec and attach.",
    "responseStatus.status": "Success or Failure.",
    "responseStatus.reason": "Why it failed: Forbidden, NotFound, AlreadyExists.",
    "responseStatus.message": "The failure in words.",
    "requestObject": "Body of the request, at level Request and above; for a patch, the patch.",
    "responseObject": "Body of the response, at level RequestResponse.",
    "requestReceivedTimestamp": "When the request arrived.",
    "stageTimestamp": "When this stage was reached: the event time.",
    "annotations": "Notes of admission and authorization.",
    "annotations.authorization.k8s.io/decision": "allow or forbid.",
    "annotations.authorization.k8s.io/reason": "The binding that allowed it, or why not.",
    "annotations.stratagem/body": "skipped-too-big where AKS left out the body.",
}
"""Canonical paths, with what they hold. Source: https://kubernetes.io/docs/reference/config-api/apiserver-audit.v1/."""

_SHORT = {
    "apiGroup": "objectRef.apiGroup",
    "namespace": "objectRef.namespace",
    "resource": "objectRef.resource",
    "subresource": "objectRef.subresource",
    "username": "user.username",
    "groups": "user.groups",
    "user_agent": "userAgent",
    "sourceIP": "sourceIPs",
    "hostPath": "requestObject.spec.volumes.hostPath",
    "capabilities": "requestObject.spec.containers.securityContext.capabilities.add",
    "properties.log.verb": "verb",
}

ALIASES: Mapping[str, tuple[str, ...]] = {
    **{name.lower(): (path,) for name, path in _SHORT.items()},
    **{f"kubernetes.audit.{path}".lower(): (path,) for path in FIELDS},
}
"""Names of public Sigma rules, and of Elastic's prefix, in lower case."""
