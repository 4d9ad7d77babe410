"""CloudTrail records as OCSF columns: API Activity (6003), and Authentication (3002) for console sign-ins."""

from __future__ import annotations

from stratagem.sources.aws_cloudtrail.actor import SESSION, SSO_SESSION
from stratagem.sources.aws_cloudtrail.outcome import SIGN_INS

STRUCTURE = """{
  "eventVersion": "VARCHAR", "eventTime": "VARCHAR", "@timestamp": "VARCHAR", "p_event_time": "VARCHAR",
  "eventSource": "VARCHAR", "eventName": "VARCHAR",
  "eventID": "VARCHAR", "eventType": "VARCHAR", "eventCategory": "VARCHAR", "requestID": "VARCHAR",
  "sharedEventID": "VARCHAR", "awsRegion": "VARCHAR", "sourceIPAddress": "VARCHAR", "userAgent": "VARCHAR",
  "errorCode": "VARCHAR", "errorMessage": "VARCHAR", "readOnly": "VARCHAR", "apiVersion": "VARCHAR",
  "recipientAccountId": "VARCHAR", "vpcEndpointId": "VARCHAR",
  "userIdentity": {
    "type": "VARCHAR", "arn": "VARCHAR", "principalId": "VARCHAR", "accountId": "VARCHAR", "accessKeyId": "VARCHAR",
    "userName": "VARCHAR", "invokedBy": "VARCHAR", "identityProvider": "VARCHAR", "onBehalfOf": {"userId": "VARCHAR"},
    "sessionContext": {
      "sourceIdentity": "VARCHAR",
      "sessionIssuer": {"type": "VARCHAR", "arn": "VARCHAR", "userName": "VARCHAR"},
      "attributes": {"mfaAuthenticated": "VARCHAR", "creationDate": "VARCHAR"},
      "webIdFederationData": {"federatedProvider": "VARCHAR"}
    }
  },
  "managementEvent": "VARCHAR",
  "resources": [{"ARN": "VARCHAR", "ARNPrefix": "VARCHAR", "accountId": "VARCHAR", "type": "VARCHAR"}]
}"""

_ID = "native.userIdentity"
_SESSION = f"{_ID}.sessionContext"
_SSO = "contains({}, '/aws-reserved/sso.amazonaws.com/')"

# The session's name follows the colon of principalId, or the last slash of an assumed-role ARN.
_SESSION_NAME = f"""coalesce(
    CASE WHEN contains({_ID}.principalId, ':')
        THEN nullif(substr({_ID}.principalId, strpos({_ID}.principalId, ':') + 1), '') END,
    CASE WHEN contains({_ID}.arn, ':assumed-role/') THEN nullif(split_part({_ID}.arn, '/', -1), '') END)"""

_SHARED = f"""
  {_ID}.type AS _type,
  nullif({_ID}.arn, '') AS _arn,
  nullif({_ID}.principalId, '') AS _principal_id,
  nullif({_ID}.accountId, '') AS _own_account,
  nullif({_ID}.invokedBy, '') AS _invoked_by,
  nullif({_ID}.onBehalfOf.userId, '') AS _on_behalf_of,
  nullif({_SESSION}.sessionIssuer.arn, '') AS _issuer,
  nullif(native.recipientAccountId, '') AS _recipient,
  {_SESSION_NAME} AS _session_name,
  ip_address(native.sourceIPAddress) AS _ip,
  coalesce(native.eventType = 'AwsConsoleSignIn', false) AS _is_sign_in,
  coalesce(native.eventCategory = 'Data', native.managementEvent = 'false', false) AS _is_data,
  CASE WHEN lower(native.errorCode) IN ('', 'success') THEN NULL ELSE native.errorCode END AS _code
"""
"""What several columns need, computed once."""

_PERSON = f"""coalesce(nullif({_SESSION}.sourceIdentity, ''),
    CASE WHEN contains(_session_name, '@') THEN _session_name END)"""

# Read from the text of the few records that need them: a member of the structure costs every record.
_SAML_ROLE = "nullif(raw ->> '$.requestParameters.roleArn', '')"
_SAML_NAME = "nullif(raw ->> '$.requestParameters.roleSessionName', '')"

_ACTOR = f"""CASE
    WHEN _type IN ('IAMUser', 'Root') AND {_SESSION}.sessionIssuer.arn IS NULL
        AND {_ID}.onBehalfOf.userId IS NULL AND _arn IS NOT NULL THEN _arn
    WHEN _on_behalf_of IS NOT NULL THEN 'identitystore/' || _on_behalf_of
    WHEN _type = 'AWSService' THEN coalesce(_invoked_by, nullif(native.sourceIPAddress, ''))
    WHEN _type = 'SAMLUser' THEN CASE
        WHEN {_SSO.format(_SAML_ROLE)} AND {_SAML_NAME} IS NOT NULL THEN 'sso/' || {_SAML_NAME}
        WHEN {_SAML_ROLE} IS NOT NULL AND contains({_SAML_NAME}, '@') THEN {_SAML_ROLE} || '/' || {_SAML_NAME}
        ELSE 'saml/' || coalesce(nullif({_ID}.userName, ''), _principal_id) END
    WHEN _issuer IS NOT NULL THEN CASE
        WHEN {_SSO.format("_issuer")} AND _session_name IS NOT NULL THEN 'sso/' || _session_name
        WHEN NOT contains(_issuer, ':role/') THEN _issuer
        ELSE _issuer || coalesce('/' || {_PERSON}, '') END
    WHEN contains(_arn, ':assumed-role/') AND regexp_matches(_arn, '{SESSION}') THEN CASE
        WHEN regexp_matches(_arn, '{SSO_SESSION}') THEN 'sso/' || regexp_extract(_arn, '{SSO_SESSION}', 1)
        ELSE regexp_replace(_arn, '{SESSION}', '\\1iam\\2role/\\3') || coalesce('/' || {_PERSON}, '') END
    ELSE coalesce(_arn, _principal_id, nullif({_ID}.userName, ''), _own_account, _invoked_by)
  END"""
# Says the same as `actor.actor`; a test holds them together.

_ANSWERS = ", ".join(f"nullif(raw ->> '$.responseElements.{name}', '')" for name in SIGN_INS)
_ANSWER = f"coalesce({_ANSWERS})"
_DENIED = """(regexp_matches(lower(_code), 'accessdenied|unauthorized|forbidden|authorizationerror|notauthorized')
    OR contains(native.errorMessage, 'not authorized to perform'))"""

_STATUS = f"""CASE
    WHEN native.errorCode IS NULL AND native.errorMessage IS NULL AND NOT _is_sign_in THEN 'success'
    WHEN coalesce({_DENIED}, false) THEN 'denied'
    WHEN _code IS NOT NULL THEN 'failure'
    WHEN _is_sign_in THEN CASE
        WHEN {_ANSWER} = 'Success' THEN 'success'
        WHEN {_ANSWER} = 'Failure' OR nullif(native.errorMessage, '') IS NOT NULL THEN 'failure'
        ELSE 'unknown' END
    ELSE 'success' END"""

_CREATES = "^(Create|Run|Register|Import|Allocate|Upload)"
_READS = "^(Get|List|Describe|Head|BatchGet|Lookup|Search|Scan|Query)"
_UPDATES = "^(Update|Modify|Put|Set|Add|Attach|Associate|Enable|Change|Reset|Tag|Replace)"
_DELETES = "^(Delete|Terminate|Deregister|Remove|Detach|Disassociate|Release|Revoke|Purge|Untag)"
_ACTIVITY = f"""CASE
    WHEN _is_sign_in THEN CASE WHEN native.eventName = 'ConsoleLogin' THEN 1 ELSE 99 END
    WHEN regexp_matches(native.eventName, '{_CREATES}') THEN 1
    WHEN native.readOnly = 'true' OR regexp_matches(native.eventName, '{_READS}') THEN 2
    WHEN regexp_matches(native.eventName, '{_UPDATES}') THEN 3
    WHEN regexp_matches(native.eventName, '{_DELETES}') THEN 4
    ELSE 99 END"""

_JUDGED = f"""
  coalesce(_recipient, _own_account) AS _account,
  'aws:' || coalesce(_own_account, _recipient, label_account, '') || ':' AS _scope,
  {_ACTOR} AS _actor,
  {_STATUS} AS _status
"""
"""What reads those names."""

PROJECTION = f"""{_SHARED}
;
{_JUDGED}
;
  iso_time(coalesce(native.eventTime, native."@timestamp", native.p_event_time)) AS "time",
  CASE WHEN _is_sign_in THEN 3002 ELSE 6003 END AS "class_uid",
  {_ACTIVITY} AS "activity_id",
  CASE _status WHEN 'success' THEN 1 WHEN 'unknown' THEN 0 ELSE 2 END AS "status_id",
  _status AS "status",
  _code AS "status_code",
  native.errorMessage AS "status_detail",
  _scope || _actor AS "principal",
  CASE WHEN _type = 'AWSService' THEN NULL
    WHEN _invoked_by IS NOT NULL THEN _scope || _invoked_by
    WHEN _on_behalf_of IS NOT NULL AND _issuer IS NOT NULL THEN _scope || _issuer END AS "impersonator",
  CASE WHEN starts_with({_ID}.accessKeyId, 'ASIA') THEN {_ID}.accessKeyId ELSE _session_name END AS "session",
  _account AS "account",
  native.awsRegion AS "region",
  native.eventID AS "metadata.uid",
  'CloudTrail' AS "metadata.product.name",
  'AWS' AS "metadata.product.vendor_name",
  native.eventCategory AS "metadata.log_name",
  native.eventSource AS "metadata.log_provider",
  native.eventVersion AS "metadata.log_version",
  native.eventType AS "metadata.event_code",
  native.eventTime AS "metadata.original_time",
  native.sharedEventID AS "metadata.correlation_uid",
  coalesce({_ID}.userName, {_SESSION}.sessionIssuer.userName) AS "actor.user.name",
  {_ID}.principalId AS "actor.user.uid",
  {_ID}.arn AS "actor.user.uid_alt",
  _type AS "actor.user.type",
  CASE _type WHEN 'Root' THEN 2 WHEN 'AWSService' THEN 3 WHEN 'IAMUser' THEN 1 WHEN 'SAMLUser' THEN 1
    WHEN 'IdentityCenterUser' THEN 1 WHEN 'Unknown' THEN 0 ELSE 99 END AS "actor.user.type_id",
  {_ID}.accountId AS "actor.user.account.uid",
  {_ID}.accessKeyId AS "actor.session.credential_uid",
  _session_name AS "actor.session.uid_alt",
  _issuer AS "actor.session.issuer",
  iso_time({_SESSION}.attributes.creationDate) AS "actor.session.created_time",
  TRY_CAST({_SESSION}.attributes.mfaAuthenticated AS BOOLEAN) AS "actor.session.is_mfa",
  coalesce({_SESSION}.webIdFederationData.federatedProvider, {_ID}.identityProvider) AS "actor.idp.name",
  {_ID}.invokedBy AS "actor.invoked_by",
  _ip AS "src_endpoint.ip",
  CASE WHEN _ip IS NULL THEN native.sourceIPAddress END AS "src_endpoint.svc_name",
  native.vpcEndpointId AS "src_endpoint.interface_uid",
  native.eventName AS "api.operation",
  native.apiVersion AS "api.version",
  native.eventSource AS "api.service.name",
  native.requestID AS "api.request.uid",
  _code AS "api.response.error",
  native.errorMessage AS "api.response.error_message",
  'AWS' AS "cloud.provider",
  native.awsRegion AS "cloud.region",
  _account AS "cloud.account.uid",
  nullif(regexp_replace(native.userAgent, '^\\[(.*)\\]$', '\\1'), '') AS "http_request.user_agent",
  CASE WHEN _is_sign_in THEN CASE raw ->> '$.additionalEventData.MFAUsed' WHEN 'Yes' THEN true WHEN 'No' THEN false END
    END AS "is_mfa",
  CASE WHEN _is_sign_in THEN {_ID}.principalId END AS "user.uid",
  CASE WHEN _is_sign_in THEN {_ID}.userName END AS "user.name",
  CASE WHEN _is_data THEN TRY_CAST(raw ->> '$.additionalEventData.bytesTransferredOut' AS BIGINT) END
    AS "traffic.bytes_in",
  CASE WHEN _is_data THEN TRY_CAST(raw ->> '$.additionalEventData.bytesTransferredIn' AS BIGINT) END
    AS "traffic.bytes_out",
  list_transform(native.resources, lambda each: {{
    'uid': coalesce(each.ARN, each.ARNPrefix),
    'name': NULL::VARCHAR, 'type': each.type, 'namespace': NULL::VARCHAR, 'region': NULL::VARCHAR,
    'version': NULL::VARCHAR, 'group': {{'name': NULL::VARCHAR, 'uid': NULL::VARCHAR}},
    'owner': {{'uid': each.accountId, 'name': NULL::VARCHAR}}}}) AS "resources"
"""
