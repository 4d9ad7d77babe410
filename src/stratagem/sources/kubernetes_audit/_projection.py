"""An audit event as OCSF API Activity (class 6003).

`principal` is the identity whose rights are used: the impersonated one where there is one, its impersonator beside it.
Its scope is the cluster's full name; a short name (EKS) is told apart by the account.
The session of an assumed role, which EKS has in the user name, stays in `session`.
"""

from __future__ import annotations

from stratagem.sources._sql import CLUSTER_SCOPE
from stratagem.sources.aws_cloudtrail.actor import SESSION, SSO_SESSION

_USER = (
    '{"username": "VARCHAR", "uid": "VARCHAR", "groups": ["VARCHAR"], "extra": {"arn": ["VARCHAR"], "accessKeyId": '
    '["VARCHAR"], "sessionName": ["VARCHAR"], "authentication.kubernetes.io/credential-id": ["VARCHAR"]}}'
)

COLUMNS = (
    '{"auditID": "VARCHAR", "stage": "VARCHAR", "level": "VARCHAR", "verb": "VARCHAR", "requestURI": "VARCHAR", '
    f'"userAgent": "VARCHAR", "sourceIPs": ["VARCHAR"], "user": {_USER}, "impersonatedUser": {_USER}, '
    '"objectRef": {"resource": "VARCHAR", "subresource": "VARCHAR", "namespace": "VARCHAR", "name": "VARCHAR", '
    '"uid": "VARCHAR", "apiGroup": "VARCHAR", "apiVersion": "VARCHAR"}, '
    '"responseStatus": {"code": "INTEGER", "status": "VARCHAR", "reason": "VARCHAR", "message": "VARCHAR"}, '
    '"responseObject": {"metadata": {"name": "VARCHAR", "uid": "VARCHAR"}}, '
    '"requestReceivedTimestamp": "VARCHAR", "stageTimestamp": "VARCHAR", '
    '"annotations": {"authorization.k8s.io/decision": "VARCHAR", "authorization.k8s.io/reason": "VARCHAR"}}'
)

_TIME = "coalesce(native.stageTimestamp, native.requestReceivedTimestamp)"
_ACTING = 'coalesce(native.impersonatedUser, native."user")'
_CODE = "native.responseStatus.code"


def _durable(name: str) -> str:
    """A user name without the session that EKS puts into it: each session of a role would be somebody else.

    Named as CloudTrail's principals are, so that both can be told to be one: the role, with the person where its
    session names one by mail address; the user of Identity Center.
    """
    return f"""CASE WHEN NOT starts_with({name}, 'arn:aws') THEN {name}
        WHEN regexp_matches({name}, '{SSO_SESSION}') THEN 'sso/' || regexp_extract({name}, '{SSO_SESSION}', 1)
        WHEN regexp_matches({name}, '{SESSION}') THEN regexp_replace({name}, '{SESSION}', '\\1iam\\2role/\\3')
            || CASE WHEN contains(split_part({name}, '/', -1), '@') THEN '/' || split_part({name}, '/', -1) ELSE '' END
        ELSE {name} END"""


_DECISION = 'native.annotations."authorization.k8s.io/decision"'
_RESOURCE = "concat_ws('/', native.objectRef.resource, nullif(native.objectRef.subresource, ''))"
_NAME = "coalesce(nullif(native.objectRef.name, ''), native.responseObject.metadata.name)"

OCSF = f"""
    iso_time({_TIME}) AS "time",
    {_TIME} AS "metadata.original_time",
    6003 AS "class_uid",
    CASE
        WHEN native.objectRef.subresource IN ('exec', 'attach', 'portforward', 'proxy') THEN 99
        WHEN native.verb IN ('create', 'post') THEN 1
        WHEN native.verb IN ('get', 'list', 'watch', 'head') THEN 2
        WHEN native.verb IN ('update', 'patch', 'put', 'apply') THEN 3
        WHEN native.verb IN ('delete', 'deletecollection') THEN 4
        ELSE 99
    END AS "activity_id",
    CASE
        WHEN {_CODE} BETWEEN 100 AND 399 THEN 1
        WHEN {_CODE} >= 400 OR {_DECISION} = 'forbid' OR native.stage = 'Panic' THEN 2
        ELSE 0
    END AS "status_id",
    native.responseStatus.status AS "status",
    {_CODE}::VARCHAR AS "status_code",
    coalesce(native.responseStatus.message, native.responseStatus.reason) AS "status_detail",
    'Kubernetes' AS "metadata.product.name",
    'Kubernetes' AS "metadata.product.vendor_name",
    'audit' AS "metadata.log_name",
    native.stage AS "metadata.event_code",
    'audit.k8s.io/v1' AS "metadata.log_version",
    native.auditID AS "metadata.correlation_uid",
    'kubernetes:' || {CLUSTER_SCOPE} || ':' || {_durable(f"{_ACTING}.username")} AS "principal",
    CASE WHEN native.impersonatedUser.username IS NOT NULL
        THEN 'kubernetes:' || {CLUSTER_SCOPE} || ':' || {_durable('native."user".username')} END AS "impersonator",
    coalesce(
        native."user".extra.sessionName[1],
        native."user".extra."authentication.kubernetes.io/credential-id"[1],
        native."user".extra.accessKeyId[1],
        CASE WHEN regexp_matches(native."user".username, '{SESSION}')
            THEN split_part(native."user".username, '/', -1) END
    ) AS "session",
    {_ACTING}.username AS "actor.user.name",
    {_ACTING}.uid AS "actor.user.uid",
    native."user".extra.arn[1] AS "actor.user.uid_alt",
    list_transform({_ACTING}.groups, lambda x: {{'name': x}}) AS "actor.user.groups",
    CASE
        WHEN {_ACTING}.username LIKE 'system:serviceaccount:%' THEN 4
        WHEN {_ACTING}.username LIKE '%.gserviceaccount.com' THEN 4
        WHEN {_ACTING}.username = 'system:anonymous' THEN 0
        WHEN {_ACTING}.username LIKE 'system:%' THEN 3
        WHEN list_contains({_ACTING}.groups, 'system:masters') THEN 2
        WHEN {_ACTING}.username IS NOT NULL THEN 1
    END AS "actor.user.type_id",
    native."user".extra.sessionName[1] AS "actor.session.uid_alt",
    coalesce(
        native."user".extra.accessKeyId[1], native."user".extra."authentication.kubernetes.io/credential-id"[1]
    ) AS "actor.session.credential_uid",
    native.verb AS "api.operation",
    native.objectRef.apiVersion AS "api.version",
    native.objectRef.apiGroup AS "api.group.name",
    'kube-apiserver' AS "api.service.name",
    native.auditID AS "api.request.uid",
    CASE WHEN regexp_matches(native.requestURI, '[?&]dryRun=[^&]') THEN ['dry-run'] END AS "api.request.flags",
    {_CODE} AS "api.response.code",
    native.responseStatus.reason AS "api.response.error",
    native.responseStatus.message AS "api.response.error_message",
    ip_address(native.sourceIPs[-1]) AS "src_endpoint.ip",
    CASE WHEN len(native.sourceIPs) > 1 THEN native.sourceIPs[:-2] END AS "http_request.x_forwarded_for",
    native.userAgent AS "http_request.user_agent",
    split_part(native.requestURI, '?', 1) AS "http_request.url.path",
    nullif(split_part(native.requestURI, '?', 2), '') AS "http_request.url.query_string",
    CASE WHEN native.objectRef.resource IS NOT NULL THEN [{{
        'uid': coalesce(native.objectRef.uid, native.responseObject.metadata.uid),
        'name': {_NAME},
        'type': {_RESOURCE},
        'namespace': native.objectRef.namespace,
        'region': NULL::VARCHAR,
        'version': native.objectRef.apiVersion,
        'group': {{'name': native.objectRef.apiGroup, 'uid': NULL::VARCHAR}},
        'owner': {{'uid': NULL::VARCHAR, 'name': NULL::VARCHAR}}
    }}] END AS "resources",
    label_account AS "cloud.account.uid",
    nullif(native.annotations."authorization.k8s.io/reason", '') AS "message",
    json_object('level', native.level, 'decision', {_DECISION})::VARCHAR AS "unmapped"
"""
