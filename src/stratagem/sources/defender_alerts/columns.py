"""Alerts as OCSF Detection Finding (2004). The principal is the first user of the evidence that Entra knows."""

from __future__ import annotations

STRUCTURE = """{
  "id": "VARCHAR", "providerAlertId": "VARCHAR", "incidentId": "VARCHAR", "tenantId": "VARCHAR", "title": "VARCHAR",
  "description": "VARCHAR", "category": "VARCHAR", "severity": "VARCHAR", "status": "VARCHAR",
  "classification": "VARCHAR", "determination": "VARCHAR", "serviceSource": "VARCHAR", "detectionSource": "VARCHAR",
  "productName": "VARCHAR", "detectorId": "VARCHAR", "mitreTechniques": ["VARCHAR"], "alertWebUrl": "VARCHAR",
  "createdDateTime": "VARCHAR", "lastUpdateDateTime": "VARCHAR", "firstActivityDateTime": "VARCHAR",
  "lastActivityDateTime": "VARCHAR",
  "evidence": [{
    "@odata.type": "VARCHAR", "ipAddress": "VARCHAR", "countryLetterCode": "VARCHAR", "deviceDnsName": "VARCHAR",
    "hostName": "VARCHAR", "mdeDeviceId": "VARCHAR", "azureAdDeviceId": "VARCHAR", "osPlatform": "VARCHAR",
    "resourceId": "VARCHAR", "resourceName": "VARCHAR", "amazonResourceId": "VARCHAR", "fullResourceName": "VARCHAR",
    "appId": "VARCHAR", "displayName": "VARCHAR", "name": "VARCHAR", "url": "VARCHAR", "primaryAddress": "VARCHAR",
    "processId": "BIGINT", "processCommandLine": "VARCHAR",
    "imageFile": {"fileName": "VARCHAR", "filePath": "VARCHAR"}, "fileDetails": {"fileName": "VARCHAR"},
    "userAccount": {"accountName": "VARCHAR", "domainName": "VARCHAR", "userPrincipalName": "VARCHAR",
      "azureAdUserId": "VARCHAR", "displayName": "VARCHAR"}
  }]
}"""


def _first(condition: str) -> str:
    return f"list_filter(native.evidence, lambda each: {condition})[1]"


_SHARED = f"""
  lower(nullif(native.tenantId, '')) AS _tenant,
  coalesce({_first("each.userAccount.azureAdUserId IS NOT NULL")}, {_first("each.userAccount IS NOT NULL")}).userAccount
    AS _user,
  {_first("each.ipAddress IS NOT NULL")} AS _ip,
  {_first("each.deviceDnsName IS NOT NULL OR each.mdeDeviceId IS NOT NULL")} AS _device,
  {_first("each.processCommandLine IS NOT NULL")} AS _process
"""

_RESOURCES = """nullif(list_transform(native.evidence, lambda each: {
    'uid': coalesce(each.userAccount.azureAdUserId, each.mdeDeviceId, each.azureAdDeviceId, each.resourceId,
      each.amazonResourceId, each.fullResourceName, each.appId, each.primaryAddress),
    'name': coalesce(each.userAccount.userPrincipalName, each.userAccount.accountName, each.deviceDnsName,
      each.hostName, each.resourceName, each.displayName, each.name, each.ipAddress, each.url,
      each.imageFile.fileName, each.fileDetails.fileName),
    'type': nullif(regexp_extract(each."@odata.type", '([A-Za-z0-9]+)Evidence$', 1), ''),
    'namespace': NULL::VARCHAR, 'region': NULL::VARCHAR, 'version': NULL::VARCHAR,
    'group': {'name': NULL::VARCHAR, 'uid': NULL::VARCHAR}, 'owner': {'uid': NULL::VARCHAR, 'name': NULL::VARCHAR}}),
    [])"""

PROJECTION = f"""{_SHARED}
;
  coalesce(iso_time(native.createdDateTime), iso_time(native.lastUpdateDateTime)) AS "time",
  iso_time(native.firstActivityDateTime) AS "start_time",
  iso_time(native.lastActivityDateTime) AS "end_time",
  2004 AS "class_uid",
  CASE WHEN native.status = 'resolved' THEN 3 WHEN native.lastUpdateDateTime > native.createdDateTime THEN 2 ELSE 1 END
    AS "activity_id",
  CASE native.severity WHEN 'high' THEN 4 WHEN 'medium' THEN 3 WHEN 'low' THEN 2 WHEN 'informational' THEN 1 ELSE 0 END
    AS "severity_id",
  native.severity AS "severity",
  CASE native.status WHEN 'new' THEN 1 WHEN 'inProgress' THEN 2 WHEN 'resolved' THEN 4 ELSE 0 END AS "status_id",
  native.status AS "status",
  concat_ws(', ', native.classification, native.determination) AS "status_detail",
  native.title AS "message",
  'entra:' || coalesce(_tenant, label_tenant, '') || ':' || _user.azureAdUserId AS "principal",
  _tenant AS "tenant",
  coalesce(native.productName, 'Microsoft Defender') AS "metadata.product.name",
  'Microsoft' AS "metadata.product.vendor_name",
  native.serviceSource AS "metadata.log_provider",
  native.category AS "metadata.event_code",
  native.createdDateTime AS "metadata.original_time",
  native.incidentId AS "metadata.correlation_uid",
  _tenant AS "metadata.tenant_uid",
  _user.azureAdUserId AS "actor.user.uid",
  coalesce(_user.userPrincipalName, _user.accountName) AS "actor.user.name",
  _user.displayName AS "actor.user.full_name",
  _user.domainName AS "actor.user.domain",
  ip_address(_ip.ipAddress) AS "src_endpoint.ip",
  _ip.countryLetterCode AS "src_endpoint.location.country",
  _device.mdeDeviceId AS "device.uid",
  _device.deviceDnsName AS "device.hostname",
  _device.osPlatform AS "device.os.name",
  _process.imageFile.fileName AS "process.name",
  _process.imageFile.filePath AS "process.path",
  _process.processId AS "process.pid",
  _process.processCommandLine AS "process.cmd_line",
  'Azure' AS "cloud.provider",
  _tenant AS "cloud.org.uid",
  native.id AS "finding_info.uid",
  native.title AS "finding_info.title",
  native.description AS "finding_info.desc",
  coalesce(native.mitreTechniques, CASE WHEN native.category IS NOT NULL THEN [native.category] END)
    AS "finding_info.types",
  iso_time(native.createdDateTime) AS "finding_info.created_time",
  iso_time(native.lastUpdateDateTime) AS "finding_info.modified_time",
  iso_time(native.firstActivityDateTime) AS "finding_info.first_seen_time",
  iso_time(native.lastActivityDateTime) AS "finding_info.last_seen_time",
  native.alertWebUrl AS "finding_info.src_url",
  native.detectionSource AS "finding_info.analytic.name",
  native.detectorId AS "finding_info.analytic.uid",
  {_RESOURCES} AS "resources"
"""
