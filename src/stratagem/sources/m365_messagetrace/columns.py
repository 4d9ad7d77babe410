"""Messages as OCSF Email Activity (4009).

There is no principal: whoever sends mail may put any sender on the envelope.
"""

from __future__ import annotations

STRUCTURE = """{
  "Organization": "VARCHAR", "MessageId": "VARCHAR", "MessageTraceId": "VARCHAR", "Received": "VARCHAR",
  "SenderAddress": "VARCHAR", "RecipientAddress": "VARCHAR", "Subject": "VARCHAR", "Status": "VARCHAR",
  "FromIP": "VARCHAR", "ToIP": "VARCHAR", "Size": "BIGINT"
}"""


def _user(column: str, member: str) -> str:
    return f"""
  lower(native.{member}) AS "{column}.email_addr",
  native.{member} AS "{column}.name",
  nullif(lower(split_part(native.{member}, '@', -1)), '') AS "{column}.domain","""


PROJECTION = f"""
  native.Status IN ('FilteredAsSpam', 'Quarantined') AS _is_kept_back
;
  iso_time(native.Received) AS "time",
  4009 AS "class_uid",
  99 AS "activity_id",
  CASE WHEN native.Status IN ('Delivered', 'Expanded', 'Resolved') THEN 1
    WHEN native.Status = 'Failed' OR _is_kept_back THEN 2 ELSE 0 END AS "status_id",
  native.Status AS "status",
  CASE WHEN native.Status = 'Delivered' THEN 1 WHEN _is_kept_back THEN 2 ELSE 0 END AS "action_id",
  CASE WHEN native.Status = 'Delivered' THEN 1 WHEN _is_kept_back THEN 2 ELSE 0 END AS "disposition_id",
  native.Status AS "disposition",
  native.Subject AS "message",
  native.Organization AS "tenant",
  'Exchange Online' AS "metadata.product.name",
  'Microsoft' AS "metadata.product.vendor_name",
  'message trace' AS "metadata.log_name",
  native.Received AS "metadata.original_time",
  native.MessageId AS "metadata.correlation_uid",
  native.Organization AS "metadata.tenant_uid",
  {_user("actor.user", "SenderAddress").strip()}
  {_user("user", "RecipientAddress").strip()}
  ip_address(native.FromIP) AS "src_endpoint.ip",
  ip_address(native.ToIP) AS "dst_endpoint.ip",
  native.MessageTraceId AS "entity.uid",
  native.Subject AS "entity.name",
  'Email' AS "entity.type",
  native.Size AS "traffic.bytes",
  'Azure' AS "cloud.provider"
"""
