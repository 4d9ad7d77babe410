"""Findings as OCSF: Compliance Finding (2003) for checks, Vulnerability Finding (2002) for CVEs, else 2004."""

from __future__ import annotations

_IP = """{"IpAddressV4": "VARCHAR", "Country": {"CountryName": "VARCHAR"}, "City": {"CityName": "VARCHAR"},
    "Organization": {"Asn": "BIGINT", "AsnOrg": "VARCHAR"}}"""
STRUCTURE = f"""{{
  "Id": "VARCHAR", "ProductArn": "VARCHAR", "ProductName": "VARCHAR", "CompanyName": "VARCHAR",
  "GeneratorId": "VARCHAR", "AwsAccountId": "VARCHAR", "Region": "VARCHAR", "Types": ["VARCHAR"],
  "FirstObservedAt": "VARCHAR", "LastObservedAt": "VARCHAR", "CreatedAt": "VARCHAR", "UpdatedAt": "VARCHAR",
  "Severity": {{"Label": "VARCHAR"}},
  "FindingProviderFields": {{"Severity": {{"Label": "VARCHAR"}}, "Types": ["VARCHAR"]}},
  "Title": "VARCHAR", "Description": "VARCHAR", "SourceUrl": "VARCHAR", "SchemaVersion": "VARCHAR",
  "Compliance": {{"Status": "VARCHAR", "SecurityControlId": "VARCHAR"}},
  "Workflow": {{"Status": "VARCHAR"}}, "RecordState": "VARCHAR",
  "Vulnerabilities": [{{"Id": "VARCHAR"}}],
  "Network": {{"SourceIpV4": "VARCHAR", "SourcePort": "INTEGER", "DestinationIpV4": "VARCHAR",
    "DestinationPort": "INTEGER", "Protocol": "VARCHAR"}},
  "Process": {{"Name": "VARCHAR", "Path": "VARCHAR", "Pid": "BIGINT"}},
  "Action": {{
    "AwsApiCallAction": {{"Api": "VARCHAR", "ServiceName": "VARCHAR", "RemoteIpDetails": {_IP}}},
    "NetworkConnectionAction": {{"ConnectionDirection": "VARCHAR", "Protocol": "VARCHAR", "RemoteIpDetails": {_IP},
      "RemotePortDetails": {{"Port": "INTEGER"}}, "LocalPortDetails": {{"Port": "INTEGER"}}}},
    "DnsRequestAction": {{"Domain": "VARCHAR"}}
  }},
  "Resources": [{{
    "Type": "VARCHAR", "Id": "VARCHAR", "Region": "VARCHAR", "ResourceRole": "VARCHAR",
    "Details": {{
      "AwsIamAccessKey": {{"UserName": "VARCHAR", "PrincipalName": "VARCHAR", "PrincipalType": "VARCHAR",
        "PrincipalId": "VARCHAR", "AccessKeyId": "VARCHAR",
        "SessionContext": {{"SessionIssuer": {{"Arn": "VARCHAR", "UserName": "VARCHAR"}}}}}},
      "AwsEksCluster": {{"Name": "VARCHAR"}}
    }}
  }}]
}}"""


def _first(condition: str) -> str:
    return f"list_filter(native.Resources, lambda each: {condition})[1]"


_A = "native.Action"
_SHARED = f"""
  coalesce(native.Severity.Label, native.FindingProviderFields.Severity.Label) AS _level,
  coalesce(native.Types, native.FindingProviderFields.Types) AS _types,
  {_first("each.Type = 'AwsIamAccessKey'")} AS _key,
  {_first("each.Type IN ('AwsIamUser', 'AwsIamRole') AND coalesce(each.ResourceRole, '') <> 'Target'")} AS _identity,
  coalesce({_A}.AwsApiCallAction.RemoteIpDetails, {_A}.NetworkConnectionAction.RemoteIpDetails) AS _remote,
  {_A}.NetworkConnectionAction AS _net,
  native.RecordState = 'ARCHIVED' OR native.Workflow.Status = 'RESOLVED' AS _is_closed
;
  _key.Details.AwsIamAccessKey AS _access,
  coalesce(_key.Details.AwsIamAccessKey.SessionContext.SessionIssuer.Arn,
    CASE WHEN _key.Details.AwsIamAccessKey.PrincipalType = 'IAMUser' THEN 'arn:aws:iam::' || native.AwsAccountId
      || ':user/' || coalesce(_key.Details.AwsIamAccessKey.UserName, _key.Details.AwsIamAccessKey.PrincipalName) END,
    _identity.Id) AS _actor
"""

PROJECTION = f"""{_SHARED}
;
  coalesce(iso_time(native.UpdatedAt), iso_time(native.CreatedAt)) AS "time",
  iso_time(native.FirstObservedAt) AS "start_time",
  iso_time(native.LastObservedAt) AS "end_time",
  CASE WHEN native.Compliance.Status IS NOT NULL THEN 2003
    WHEN len(native.Vulnerabilities) > 0 THEN 2002 ELSE 2004 END AS "class_uid",
  CASE WHEN _is_closed THEN 3 WHEN native.UpdatedAt > native.CreatedAt THEN 2 ELSE 1 END AS "activity_id",
  CASE _level WHEN 'CRITICAL' THEN 5 WHEN 'HIGH' THEN 4 WHEN 'MEDIUM' THEN 3 WHEN 'LOW' THEN 2
    WHEN 'INFORMATIONAL' THEN 1 ELSE 0 END AS "severity_id",
  _level AS "severity",
  CASE WHEN _is_closed THEN 4 ELSE CASE native.Workflow.Status WHEN 'SUPPRESSED' THEN 3 WHEN 'NOTIFIED' THEN 2
    ELSE 1 END END AS "status_id",
  coalesce(native.Workflow.Status, native.RecordState) AS "status",
  native.Compliance.Status AS "status_detail",
  native.Title AS "message",
  CASE WHEN starts_with(_actor, 'arn:') THEN 'aws:' || split_part(_actor, ':', 5) || ':' || _actor END AS "principal",
  _access.AccessKeyId AS "session",
  native.AwsAccountId AS "account",
  native.Region AS "region",
  'Security Hub' AS "metadata.product.name",
  'AWS' AS "metadata.product.vendor_name",
  native.ProductName AS "metadata.log_provider",
  native.SchemaVersion AS "metadata.log_version",
  native.GeneratorId AS "metadata.event_code",
  native.UpdatedAt AS "metadata.original_time",
  native.Id AS "metadata.correlation_uid",
  coalesce(_access.UserName, _access.PrincipalName, _access.SessionContext.SessionIssuer.UserName)
    AS "actor.user.name",
  coalesce(_access.PrincipalId, _identity.Id) AS "actor.user.uid",
  _access.PrincipalType AS "actor.user.type",
  _access.AccessKeyId AS "actor.session.credential_uid",
  coalesce(ip_address(_remote.IpAddressV4), ip_address(native.Network.SourceIpV4)) AS "src_endpoint.ip",
  coalesce(_net.RemotePortDetails.Port, native.Network.SourcePort) AS "src_endpoint.port",
  _remote.Country.CountryName AS "src_endpoint.location.country",
  _remote.City.CityName AS "src_endpoint.location.city",
  _remote.Organization.Asn AS "src_endpoint.autonomous_system.number",
  _remote.Organization.AsnOrg AS "src_endpoint.autonomous_system.name",
  ip_address(native.Network.DestinationIpV4) AS "dst_endpoint.ip",
  coalesce(_net.LocalPortDetails.Port, native.Network.DestinationPort) AS "dst_endpoint.port",
  lower(coalesce(_net.Protocol, native.Network.Protocol)) AS "connection_info.protocol_name",
  lower(rtrim({_A}.DnsRequestAction.Domain, '.')) AS "query.hostname",
  {_A}.AwsApiCallAction.Api AS "api.operation",
  {_A}.AwsApiCallAction.ServiceName AS "api.service.name",
  native.Process.Name AS "process.name",
  native.Process.Path AS "process.path",
  native.Process.Pid AS "process.pid",
  'AWS' AS "cloud.provider",
  native.Region AS "cloud.region",
  native.AwsAccountId AS "cloud.account.uid",
  native.Id AS "finding_info.uid",
  native.Title AS "finding_info.title",
  native.Description AS "finding_info.desc",
  _types AS "finding_info.types",
  iso_time(native.CreatedAt) AS "finding_info.created_time",
  iso_time(native.UpdatedAt) AS "finding_info.modified_time",
  iso_time(native.FirstObservedAt) AS "finding_info.first_seen_time",
  iso_time(native.LastObservedAt) AS "finding_info.last_seen_time",
  native.SourceUrl AS "finding_info.src_url",
  coalesce(native.Compliance.SecurityControlId, native.GeneratorId) AS "finding_info.analytic.name",
  native.GeneratorId AS "finding_info.analytic.uid",
  nullif(list_transform(native.Resources, lambda each: {{
    'uid': each.Id, 'name': nullif(regexp_extract(each.Id, '[^/:]*$'), ''), 'type': each.Type,
    'namespace': NULL::VARCHAR, 'region': each.Region, 'version': NULL::VARCHAR,
    'group': {{'name': NULL::VARCHAR, 'uid': NULL::VARCHAR}},
    'owner': {{'uid': NULL::VARCHAR, 'name': NULL::VARCHAR}}}}), []) AS "resources"
"""
