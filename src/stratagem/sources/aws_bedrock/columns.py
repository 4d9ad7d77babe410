"""Calls of models as OCSF API Activity (6003)."""

from __future__ import annotations

from stratagem.sources._sql import resource, resources

STRUCTURE = """{
  "timestamp": "VARCHAR", "accountId": "VARCHAR", "region": "VARCHAR", "requestId": "VARCHAR", "operation": "VARCHAR",
  "modelId": "VARCHAR", "schemaVersion": "VARCHAR", "errorCode": "VARCHAR", "identity": {"arn": "VARCHAR"},
  "input": {"inputTokenCount": "BIGINT"}, "output": {"outputTokenCount": "BIGINT"}
}"""

_ROLE = "^(arn:aws[a-z-]*:)sts(::[0-9]*:)assumed-role/([^/]+)/.+$"
_SSO = "^arn:aws[a-z-]*:sts::[0-9]*:assumed-role/AWSReservedSSO_[^/]+_[0-9a-f]{16}/(.+)$"

# A session names a role without its path; aws_cloudtrail has both.
PROJECTION = f"""
  native.identity.arn AS _arn
;
  nullif(split_part(_arn, ':', 5), '') AS _own,
  CASE WHEN regexp_matches(_arn, '{_SSO}') THEN 'sso/' || regexp_extract(_arn, '{_SSO}', 1)
    ELSE regexp_replace(_arn, '{_ROLE}', '\\1iam\\2role/\\3') END AS _actor
;
  iso_time(native.timestamp) AS "time",
  6003 AS "class_uid",
  99 AS "activity_id",
  CASE WHEN native.errorCode IS NULL THEN 1 ELSE 2 END AS "status_id",
  CASE WHEN native.errorCode IS NULL THEN 'success' WHEN native.errorCode = 'AccessDeniedException' THEN 'denied'
    ELSE 'failure' END AS "status",
  native.errorCode AS "status_code",
  'aws:' || coalesce(_own, native.accountId) || ':' || _actor AS "principal",
  CASE WHEN contains(_arn, ':assumed-role/') THEN split_part(_arn, '/', -1) END AS "session",
  native.accountId AS "account",
  native.region AS "region",
  'Amazon Bedrock' AS "metadata.product.name",
  'AWS' AS "metadata.product.vendor_name",
  native.schemaVersion AS "metadata.log_version",
  native.timestamp AS "metadata.original_time",
  native.requestId AS "metadata.correlation_uid",
  _arn AS "actor.user.uid",
  nullif(split_part(_arn, '/', -1), '') AS "actor.user.name",
  _own AS "actor.user.account.uid",
  native.operation AS "api.operation",
  'bedrock.amazonaws.com' AS "api.service.name",
  native.requestId AS "api.request.uid",
  native.errorCode AS "api.response.error",
  'AWS' AS "cloud.provider",
  native.region AS "cloud.region",
  native.accountId AS "cloud.account.uid",
  json_object('input_tokens', native.input.inputTokenCount, 'output_tokens', native.output.outputTokenCount)::VARCHAR
    AS "unmapped",
  {
    resources(
        (
            "native.modelId IS NOT NULL",
            resource(
                uid="CASE WHEN starts_with(native.modelId, 'arn:') THEN native.modelId END",
                name="split_part(native.modelId, '/', -1)",
                kind="'Model'",
            ),
        )
    )
} AS "resources"
"""
