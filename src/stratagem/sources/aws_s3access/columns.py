"""S3 requests as OCSF API Activity (6003)."""

from __future__ import annotations

from stratagem.sources._http import status, status_id

STRUCTURE = """{
  "bucketowner": "VARCHAR", "bucket_name": "VARCHAR", "requestdatetime": "VARCHAR", "remoteip": "VARCHAR",
  "requester": "VARCHAR", "requestid": "VARCHAR", "operation": "VARCHAR", "key": "VARCHAR", "request_uri": "VARCHAR",
  "httpstatus": "INTEGER", "errorcode": "VARCHAR", "bytessent": "BIGINT", "objectsize": "BIGINT",
  "totaltime": "BIGINT", "referrer": "VARCHAR", "useragent": "VARCHAR", "versionid": "VARCHAR", "sigv": "VARCHAR",
  "authtype": "VARCHAR", "endpoint": "VARCHAR", "tlsversion": "VARCHAR", "accesspointarn": "VARCHAR"
}"""

_ROLE = "^(arn:aws[a-z-]*:)sts(::[0-9]*:)assumed-role/([^/]+)/.+$"
_SSO = "^arn:aws[a-z-]*:sts::[0-9]*:assumed-role/AWSReservedSSO_[^/]+_[0-9a-f]{16}/(.+)$"

_SHARED = f"""
  nullif(split_part(native.requester, ':', 5), '') AS _own_account,
  CASE WHEN regexp_matches(native.requester, '{_SSO}') THEN 'sso/' || regexp_extract(native.requester, '{_SSO}', 1)
    ELSE regexp_replace(native.requester, '{_ROLE}', '\\1iam\\2role/\\3') END AS _actor,
  split_part(native.operation, '.', 2) AS _verb,
  nullif(split_part(native.request_uri, ' ', 2), '') AS _target
"""

PROJECTION = f"""{_SHARED}
;
  iso_time(native.requestdatetime) AS "time",
  6003 AS "class_uid",
  CASE _verb WHEN 'GET' THEN 2 WHEN 'HEAD' THEN 2 WHEN 'PUT' THEN 3 WHEN 'POST' THEN 1 WHEN 'COPY' THEN 1
    WHEN 'DELETE' THEN 4 WHEN 'EXPIRE' THEN 4 ELSE 99 END AS "activity_id",
  {status_id("native.httpstatus")} AS "status_id",
  {status("native.httpstatus")} AS "status",
  native.httpstatus::VARCHAR AS "status_code",
  native.errorcode AS "status_detail",
  'aws:' || coalesce(_own_account, '') || ':' || coalesce(_actor, 'anonymous') AS "principal",
  CASE WHEN contains(native.requester, ':assumed-role/') THEN split_part(native.requester, '/', -1) END AS "session",
  nullif(concat_ws('/', native.requestid, native.operation, native.key), '') AS "metadata.uid",
  'S3 server access log' AS "metadata.product.name",
  'AWS' AS "metadata.product.vendor_name",
  native.requestdatetime AS "metadata.original_time",
  native.requestid AS "metadata.correlation_uid",
  native.requester AS "actor.user.uid",
  nullif(split_part(native.requester, '/', -1), '') AS "actor.user.name",
  _own_account AS "actor.user.account.uid",
  ip_address(native.remoteip) AS "src_endpoint.ip",
  native.endpoint AS "dst_endpoint.hostname",
  native.operation AS "api.operation",
  's3.amazonaws.com' AS "api.service.name",
  native.requestid AS "api.request.uid",
  native.errorcode AS "api.response.error",
  native.httpstatus AS "api.response.code",
  'AWS' AS "cloud.provider",
  native.useragent AS "http_request.user_agent",
  nullif(split_part(native.request_uri, ' ', 1), '') AS "http_request.http_method",
  _target AS "http_request.url.url_string",
  split_part(_target, '?', 1) AS "http_request.url.path",
  nullif(split_part(_target, '?', 2), '') AS "http_request.url.query_string",
  native.referrer AS "http_request.referrer",
  native.httpstatus AS "http_response.code",
  native.bytessent AS "http_response.length",
  native.totaltime AS "http_response.latency",
  [{{'uid': 'arn:aws:s3:::' || native.bucket_name || coalesce('/' || native.key, ''),
    'name': coalesce(native.key, native.bucket_name),
    'type': CASE WHEN native.key IS NULL THEN 'bucket' ELSE 'object' END,
    'namespace': native.bucket_name, 'region': NULL::VARCHAR, 'version': native.versionid,
    'group': {{'name': NULL::VARCHAR, 'uid': NULL::VARCHAR}},
    'owner': {{'uid': native.bucketowner, 'name': NULL::VARCHAR}}}}] AS "resources"
"""
