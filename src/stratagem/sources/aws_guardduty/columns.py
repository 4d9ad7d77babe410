"""GuardDuty findings as OCSF Detection Finding (2004)."""

from __future__ import annotations

_REMOTE = """{"ipAddressV4": "VARCHAR", "ipAddressV6": "VARCHAR", "country": {"countryName": "VARCHAR"},
  "city": {"cityName": "VARCHAR"}, "organization": {"asn": "VARCHAR", "asnOrg": "VARCHAR"}}"""
_PORT = '{"port": "INTEGER"}'
_PROCESS = """{"name": "VARCHAR", "executablePath": "VARCHAR", "pid": "BIGINT", "namespacePid": "BIGINT",
  "pwd": "VARCHAR", "uuid": "VARCHAR", "userId": "VARCHAR", "user": "VARCHAR", "startTime": "VARCHAR"}"""
STRUCTURE = f"""{{
  "id": "VARCHAR", "arn": "VARCHAR", "type": "VARCHAR", "severity": "DOUBLE", "title": "VARCHAR",
  "description": "VARCHAR", "accountId": "VARCHAR", "region": "VARCHAR", "partition": "VARCHAR",
  "schemaVersion": "VARCHAR", "createdAt": "VARCHAR", "updatedAt": "VARCHAR",
  "resource": {{
    "resourceType": "VARCHAR",
    "accessKeyDetails": {{"accessKeyId": "VARCHAR", "principalId": "VARCHAR", "userType": "VARCHAR",
      "userName": "VARCHAR"}},
    "instanceDetails": {{"instanceId": "VARCHAR", "instanceType": "VARCHAR",
      "networkInterfaces": [{{"networkInterfaceId": "VARCHAR", "privateIpAddress": "VARCHAR", "vpcId": "VARCHAR",
        "subnetId": "VARCHAR"}}]}},
    "eksClusterDetails": {{"name": "VARCHAR", "arn": "VARCHAR"}},
    "ecsClusterDetails": {{"name": "VARCHAR", "arn": "VARCHAR"}},
    "kubernetesDetails": {{
      "kubernetesUserDetails": {{"username": "VARCHAR", "uid": "VARCHAR"}},
      "kubernetesWorkloadDetails": {{"name": "VARCHAR", "namespace": "VARCHAR", "type": "VARCHAR", "uid": "VARCHAR"}}}},
    "containerDetails": {{"id": "VARCHAR", "name": "VARCHAR", "image": "VARCHAR", "containerRuntime": "VARCHAR"}},
    "s3BucketDetails": [{{"name": "VARCHAR", "arn": "VARCHAR"}}],
    "lambdaDetails": {{"functionName": "VARCHAR", "functionArn": "VARCHAR"}},
    "rdsDbInstanceDetails": {{"dbInstanceIdentifier": "VARCHAR", "dbInstanceArn": "VARCHAR"}}
  }},
  "service": {{
    "eventFirstSeen": "VARCHAR", "eventLastSeen": "VARCHAR", "count": "BIGINT", "archived": "BOOLEAN",
    "resourceRole": "VARCHAR", "detectorId": "VARCHAR", "featureName": "VARCHAR",
    "runtimeDetails": {{"process": {_PROCESS}}},
    "action": {{
      "actionType": "VARCHAR",
      "awsApiCallAction": {{"api": "VARCHAR", "serviceName": "VARCHAR", "errorCode": "VARCHAR", "userAgent": "VARCHAR",
        "remoteIpDetails": {_REMOTE}}},
      "networkConnectionAction": {{"connectionDirection": "VARCHAR", "protocol": "VARCHAR", "blocked": "BOOLEAN",
        "remoteIpDetails": {_REMOTE}, "remotePortDetails": {_PORT}, "localPortDetails": {_PORT},
        "localIpDetails": {{"ipAddressV4": "VARCHAR"}}}},
      "dnsRequestAction": {{"domain": "VARCHAR", "protocol": "VARCHAR", "blocked": "BOOLEAN"}},
      "kubernetesApiCallAction": {{"requestUri": "VARCHAR", "verb": "VARCHAR", "userAgent": "VARCHAR",
        "statusCode": "INTEGER", "remoteIpDetails": {_REMOTE}}},
      "portProbeAction": {{"portProbeDetails": [{{"localPortDetails": {_PORT}, "remoteIpDetails": {_REMOTE}}}]}},
      "rdsLoginAttemptAction": {{"remoteIpDetails": {_REMOTE}}}
    }}
  }}
}}"""

_S, _R = "native.service", "native.resource"
_A = f"{_S}.action"
_NET = f"{_A}.networkConnectionAction"
_KEY = f"{_R}.accessKeyDetails"
_USER = f"{_R}.kubernetesDetails.kubernetesUserDetails"
_WORK = f"{_R}.kubernetesDetails.kubernetesWorkloadDetails"
_CARD = f"{_R}.instanceDetails.networkInterfaces[1]"
_REMOTES = (
    f"{_A}.awsApiCallAction.remoteIpDetails",
    f"{_NET}.remoteIpDetails",
    f"{_A}.kubernetesApiCallAction.remoteIpDetails",
    f"{_A}.portProbeAction.portProbeDetails[1].remoteIpDetails",
    f"{_A}.rdsLoginAttemptAction.remoteIpDetails",
)


def _remote(path: str) -> str:
    return f"coalesce({', '.join(f'{one}.{path}' for one in _REMOTES)})"


def _resource(uid: str, name: str, kind: str, namespace: str = "NULL::VARCHAR") -> str:
    return f"""CASE WHEN {uid} IS NOT NULL OR {name} IS NOT NULL THEN {{
      'uid': {uid}, 'name': {name}, 'type': {kind}, 'namespace': {namespace}, 'region': NULL::VARCHAR,
      'version': NULL::VARCHAR, 'group': {{'name': NULL::VARCHAR, 'uid': NULL::VARCHAR}},
      'owner': {{'uid': NULL::VARCHAR, 'name': NULL::VARCHAR}}}} END"""


_NONE = "NULL::VARCHAR"
_RESOURCES = ",\n    ".join(
    (
        _resource(f"{_R}.instanceDetails.instanceId", _NONE, "'Instance'"),
        _resource(f"{_R}.eksClusterDetails.arn", f"{_R}.eksClusterDetails.name", "'EKSCluster'"),
        _resource(f"{_R}.ecsClusterDetails.arn", f"{_R}.ecsClusterDetails.name", "'ECSCluster'"),
        _resource(f"{_WORK}.uid", f"{_WORK}.name", f"{_WORK}.type", f"{_WORK}.namespace"),
        _resource(f"{_R}.containerDetails.id", f"{_R}.containerDetails.name", "'Container'"),
        _resource(f"{_R}.s3BucketDetails[1].arn", f"{_R}.s3BucketDetails[1].name", "'S3Bucket'"),
        _resource(f"{_R}.lambdaDetails.functionArn", f"{_R}.lambdaDetails.functionName", "'Lambda'"),
        _resource(
            f"{_R}.rdsDbInstanceDetails.dbInstanceArn",
            f"{_R}.rdsDbInstanceDetails.dbInstanceIdentifier",
            "'RDSDBInstance'",
        ),
        _resource(f"{_KEY}.accessKeyId", f"{_KEY}.userName", "'AccessKey'"),
    )
)

_SHARED = f"""
  ip_address({_remote("ipAddressV4")}) AS _remote_ip,
  {_A}.networkConnectionAction.connectionDirection = 'OUTBOUND' AS _is_outbound,
  {_R}.eksClusterDetails.name AS _cluster,
  'arn:' || coalesce(nullif(native.partition, ''), 'aws') || ':iam::' || native.accountId || ':' AS _iam,
  coalesce(ip_address({_NET}.localIpDetails.ipAddressV4), ip_address({_CARD}.privateIpAddress)) AS _local_ip,
  coalesce({_NET}.localPortDetails.port, {_A}.portProbeAction.portProbeDetails[1].localPortDetails.port) AS _local_port,
  {_S}.runtimeDetails.process AS _process
"""
# A finding names a role without its path, and a person's session only in principalId; aws_cloudtrail has both.
_PRINCIPAL = f"""CASE
    WHEN {_USER}.username IS NOT NULL THEN
        'kubernetes:' || coalesce(_cluster, label_cluster, '') || ':' || {_USER}.username
    WHEN {_KEY}.userType = 'Root' THEN 'aws:' || native.accountId || ':' || _iam || 'root'
    WHEN {_KEY}.userType = 'IAMUser' THEN 'aws:' || native.accountId || ':' || _iam || 'user/' || {_KEY}.userName
    WHEN starts_with({_KEY}.userName, 'AWSReservedSSO_') AND contains({_KEY}.principalId, ':') THEN
        'aws:' || native.accountId || ':sso/' || split_part({_KEY}.principalId, ':', 2)
    WHEN {_KEY}.userType IN ('AssumedRole', 'Role') THEN
        'aws:' || native.accountId || ':' || _iam || 'role/' || {_KEY}.userName END"""


def _ends() -> str:
    """The remote end opens what comes in; for what goes out the instance does."""
    remote = {
        "ip": "_remote_ip",
        "port": f"{_NET}.remotePortDetails.port",
        "location.country": _remote("country.countryName"),
        "location.city": _remote("city.cityName"),
        "autonomous_system.number": f"TRY_CAST({_remote('organization.asn')} AS BIGINT)",
        "autonomous_system.name": _remote("organization.asnOrg"),
    }
    local = {
        "ip": "_local_ip",
        "port": "_local_port",
        "instance_uid": f"{_R}.instanceDetails.instanceId",
        "interface_uid": f"{_CARD}.networkInterfaceId",
        "vpc_uid": f"{_CARD}.vpcId",
        "subnet_uid": f"{_CARD}.subnetId",
    }
    lines = []
    for end, mine, other in (("src", "NOT coalesce(_is_outbound, false)", remote), ("dst", "_is_outbound", remote)):
        for leaf in dict.fromkeys((*other, *local)):
            value = f"CASE WHEN {mine} THEN {other.get(leaf, 'NULL')} ELSE {local.get(leaf, 'NULL')} END"
            lines.append(f'  {value} AS "{end}_endpoint.{leaf}"')
    return ",\n".join(lines)


PROJECTION = f"""{_SHARED}
;
  coalesce(iso_time({_S}.eventLastSeen), iso_time(native.updatedAt)) AS "time",
  iso_time({_S}.eventFirstSeen) AS "start_time",
  iso_time({_S}.eventLastSeen) AS "end_time",
  2004 AS "class_uid",
  CASE WHEN {_S}.archived THEN 3 WHEN {_S}.count > 1 THEN 2 ELSE 1 END AS "activity_id",
  CASE WHEN native.severity >= 9 THEN 5 WHEN native.severity >= 7 THEN 4 WHEN native.severity >= 4 THEN 3
    WHEN native.severity >= 1 THEN 2 WHEN native.severity IS NULL THEN 0 ELSE 1 END AS "severity_id",
  raw ->> '$.severity' AS "severity",
  1 AS "status_id",
  CASE WHEN {_S}.archived THEN 'archived' ELSE 'new' END AS "status",
  CASE WHEN coalesce({_NET}.blocked, {_A}.dnsRequestAction.blocked) THEN 2 ELSE 3 END AS "action_id",
  native.title AS "message",
  {_PRINCIPAL} AS "principal",
  _cluster AS "cluster",
  native.accountId AS "account",
  native.region AS "region",
  'GuardDuty' AS "metadata.product.name",
  'AWS' AS "metadata.product.vendor_name",
  {_S}.featureName AS "metadata.log_name",
  native.schemaVersion AS "metadata.log_version",
  native.type AS "metadata.event_code",
  native.updatedAt AS "metadata.original_time",
  native.id AS "metadata.correlation_uid",
  coalesce({_USER}.username, {_KEY}.userName) AS "actor.user.name",
  coalesce({_USER}.uid, {_KEY}.principalId) AS "actor.user.uid",
  {_KEY}.userType AS "actor.user.type",
  {_KEY}.accessKeyId AS "actor.session.credential_uid",
{_ends()},
  coalesce({_A}.awsApiCallAction.api, {_A}.kubernetesApiCallAction.verb) AS "api.operation",
  {_A}.awsApiCallAction.serviceName AS "api.service.name",
  {_A}.awsApiCallAction.errorCode AS "api.response.error",
  {_A}.kubernetesApiCallAction.statusCode AS "api.response.code",
  {_A}.kubernetesApiCallAction.requestUri AS "http_request.url.path",
  nullif(coalesce({_A}.awsApiCallAction.userAgent, {_A}.kubernetesApiCallAction.userAgent), '')
    AS "http_request.user_agent",
  lower(rtrim({_A}.dnsRequestAction.domain, '.')) AS "query.hostname",
  lower({_NET}.protocol) AS "connection_info.protocol_name",
  CASE {_NET}.connectionDirection WHEN 'INBOUND' THEN 1 WHEN 'OUTBOUND' THEN 2 END AS "connection_info.direction_id",
  _process.name AS "process.name",
  _process.executablePath AS "process.path",
  _process.pid AS "process.pid",
  _process.namespacePid AS "process.namespace_pid",
  _process.uuid AS "process.uid",
  _process.pwd AS "process.working_directory",
  _process."user" AS "process.user.name",
  _process.userId AS "process.user.uid",
  {_R}.containerDetails.id AS "process.container.uid",
  {_R}.containerDetails.name AS "process.container.name",
  {_R}.containerDetails.image AS "process.container.image.name",
  'AWS' AS "cloud.provider",
  native.region AS "cloud.region",
  native.accountId AS "cloud.account.uid",
  native.id AS "finding_info.uid",
  native.title AS "finding_info.title",
  native.description AS "finding_info.desc",
  [native.type] AS "finding_info.types",
  iso_time(native.createdAt) AS "finding_info.created_time",
  iso_time(native.updatedAt) AS "finding_info.modified_time",
  iso_time({_S}.eventFirstSeen) AS "finding_info.first_seen_time",
  iso_time({_S}.eventLastSeen) AS "finding_info.last_seen_time",
  native.type AS "finding_info.analytic.name",
  nullif(list_filter([{_RESOURCES}], lambda each: each IS NOT NULL), []) AS "resources"
"""
