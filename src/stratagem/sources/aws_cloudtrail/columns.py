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
  "resources": [{"ARN": "VARCHAR", "accountId": "VARCHAR", "type": "VARCHAR"}]
}"""

_ID = "native.userIdentity"
_SESSION = f"{_ID}.sessionContext"
_ISSUER = f"nullif({_SESSION}.sessionIssuer.arn, '')"
_SSO = "contains({}, '/aws-reserved/sso.amazonaws.com/')"
_SIGN_IN = "native.eventType = 'AwsConsoleSignIn'"
_ACCOUNT = f"coalesce(nullif(native.recipientAccountId, ''), nullif({_ID}.accountId, ''))"
_SCOPE = f"coalesce(nullif({_ID}.accountId, ''), nullif(native.recipientAccountId, ''), label_account, '')"

# The session's name follows the colon of principalId, or the last slash of an assumed-role ARN.
_SESSION_NAME = f"""coalesce(
    CASE WHEN contains({_ID}.principalId, ':')
        THEN nullif(substr({_ID}.principalId, strpos({_ID}.principalId, ':') + 1), '') END,
    CASE WHEN contains({_ID}.arn, ':assumed-role/') THEN nullif(split_part({_ID}.arn, '/', -1), '') END)"""

_PERSON = f"""coalesce(nullif({_SESSION}.sourceIdentity, ''),
    CASE WHEN contains({_SESSION_NAME}, '@') THEN {_SESSION_NAME} END)"""

# Read from the text of the few records that need them: a member of the structure costs every record.
_SAML_ROLE = "nullif(raw ->> '$.requestParameters.roleArn', '')"
_SAML_NAME = "nullif(raw ->> '$.requestParameters.roleSessionName', '')"

ACTOR = f"""CASE
    WHEN {_ID}.type IN ('IAMUser', 'Root') AND {_ID}.sessionContext.sessionIssuer.arn IS NULL
        AND {_ID}.onBehalfOf.userId IS NULL AND {_ID}.arn != '' THEN {_ID}.arn
    WHEN nullif({_ID}.onBehalfOf.userId, '') IS NOT NULL THEN 'identitystore/' || {_ID}.onBehalfOf.userId
    WHEN {_ID}.type = 'AWSService' THEN coalesce(nullif({_ID}.invokedBy, ''), nullif(native.sourceIPAddress, ''))
    WHEN {_ID}.type = 'SAMLUser' AND {_SSO.format(_SAML_ROLE)} AND {_SAML_NAME} IS NOT NULL THEN 'sso/' || {_SAML_NAME}
    WHEN {_ID}.type = 'SAMLUser' AND {_SAML_ROLE} IS NOT NULL AND contains({_SAML_NAME}, '@')
        THEN {_SAML_ROLE} || '/' || {_SAML_NAME}
    WHEN {_ID}.type = 'SAMLUser'
        THEN 'saml/' || coalesce(nullif({_ID}.userName, ''), nullif({_ID}.principalId, ''))
    WHEN {_ISSUER} IS NOT NULL AND {_SSO.format(_ISSUER)} AND {_SESSION_NAME} IS NOT NULL
        THEN 'sso/' || {_SESSION_NAME}
    WHEN {_ISSUER} IS NOT NULL AND NOT contains({_ISSUER}, ':role/') THEN {_ISSUER}
    WHEN {_ISSUER} IS NOT NULL THEN {_ISSUER} || coalesce('/' || {_PERSON}, '')
    WHEN regexp_matches({_ID}.arn, '{SSO_SESSION}') THEN 'sso/' || regexp_extract({_ID}.arn, '{SSO_SESSION}', 1)
    WHEN regexp_matches({_ID}.arn, '{SESSION}') THEN regexp_replace({_ID}.arn, '{SESSION}', '\\1iam\\2role/\\3')
        || coalesce('/' || {_PERSON}, '')
    ELSE coalesce(nullif({_ID}.arn, ''), nullif({_ID}.principalId, ''), nullif({_ID}.userName, ''),
        nullif({_ID}.accountId, ''), nullif({_ID}.invokedBy, ''))
  END"""
"""The stable actor; says the same as `actor.actor`, and a test holds them together."""

_CODE = "CASE WHEN lower(native.errorCode) IN ('', 'success') THEN NULL ELSE native.errorCode END"
_ANSWERS = ", ".join(f"nullif(raw ->> '$.responseElements.{name}', '')" for name in SIGN_INS)
_ANSWER = f"coalesce({_ANSWERS})"
_DENIED = f"""(regexp_matches(lower({_CODE}), 'accessdenied|unauthorized|forbidden|authorizationerror|notauthorized')
    OR contains(coalesce(native.errorMessage, ''), 'not authorized to perform'))"""

_STATUS = f"""CASE
    WHEN native.errorCode IS NULL AND native.errorMessage IS NULL AND native.eventType = 'AwsApiCall' THEN 'success'
    WHEN coalesce({_DENIED}, false) THEN 'denied'
    WHEN {_CODE} IS NOT NULL THEN 'failure'
    WHEN {_SIGN_IN} THEN CASE
        WHEN {_ANSWER} = 'Success' THEN 'success'
        WHEN {_ANSWER} = 'Failure' OR nullif(native.errorMessage, '') IS NOT NULL THEN 'failure'
        ELSE 'unknown' END
    ELSE 'success' END"""

_CREATES = "^(Create|Run|Register|Import|Allocate|Upload)"
_READS = "^(Get|List|Describe|Head|BatchGet|Lookup|Search|Scan|Query)"
_UPDATES = "^(Update|Modify|Put|Set|Add|Attach|Associate|Enable|Change|Reset|Tag|Replace)"
_DELETES = "^(Delete|Terminate|Deregister|Remove|Detach|Disassociate|Release|Revoke|Purge|Untag)"
_ACTIVITY = f"""CASE
    WHEN {_SIGN_IN} THEN CASE WHEN native.eventName = 'ConsoleLogin' THEN 1 ELSE 99 END
    WHEN regexp_matches(native.eventName, '{_CREATES}') THEN 1
    WHEN native.readOnly = 'true' OR regexp_matches(native.eventName, '{_READS}') THEN 2
    WHEN regexp_matches(native.eventName, '{_UPDATES}') THEN 3
    WHEN regexp_matches(native.eventName, '{_DELETES}') THEN 4
    ELSE 99 END"""

PROJECTION = f"""
  iso_time(coalesce(native.eventTime, native."@timestamp", native.p_event_time)) AS "time",
  CASE WHEN {_SIGN_IN} THEN 3002 ELSE 6003 END AS "class_uid",
  {_ACTIVITY} AS "activity_id",
  CASE {_STATUS} WHEN 'success' THEN 1 WHEN 'unknown' THEN 0 ELSE 2 END AS "status_id",
  {_STATUS} AS "status",
  {_CODE} AS "status_code",
  native.errorMessage AS "status_detail",
  'aws:' || {_SCOPE} || ':' || {ACTOR} AS "principal",
  CASE WHEN {_ID}.type = 'AWSService' THEN NULL
    WHEN nullif({_ID}.invokedBy, '') IS NOT NULL THEN 'aws:' || {_SCOPE} || ':' || {_ID}.invokedBy
    WHEN nullif({_ID}.onBehalfOf.userId, '') IS NOT NULL AND {_ISSUER} IS NOT NULL
      THEN 'aws:' || {_SCOPE} || ':' || {_ISSUER} END AS "impersonator",
  CASE WHEN {_ID}.accessKeyId LIKE 'ASIA%' THEN {_ID}.accessKeyId ELSE {_SESSION_NAME} END AS "session",
  {_ACCOUNT} AS "account",
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
  {_ID}.type AS "actor.user.type",
  CASE {_ID}.type WHEN 'Root' THEN 2 WHEN 'AWSService' THEN 3 WHEN 'IAMUser' THEN 1 WHEN 'SAMLUser' THEN 1
    WHEN 'IdentityCenterUser' THEN 1 WHEN 'Unknown' THEN 0 ELSE 99 END AS "actor.user.type_id",
  {_ID}.accountId AS "actor.user.account.uid",
  {_ID}.accessKeyId AS "actor.session.credential_uid",
  {_SESSION_NAME} AS "actor.session.uid_alt",
  {_ISSUER} AS "actor.session.issuer",
  iso_time({_SESSION}.attributes.creationDate) AS "actor.session.created_time",
  TRY_CAST({_SESSION}.attributes.mfaAuthenticated AS BOOLEAN) AS "actor.session.is_mfa",
  coalesce({_SESSION}.webIdFederationData.federatedProvider, {_ID}.identityProvider) AS "actor.idp.name",
  {_ID}.invokedBy AS "actor.invoked_by",
  ip_address(native.sourceIPAddress) AS "src_endpoint.ip",
  CASE WHEN ip_address(native.sourceIPAddress) IS NULL THEN native.sourceIPAddress END AS "src_endpoint.svc_name",
  native.vpcEndpointId AS "src_endpoint.interface_uid",
  native.eventName AS "api.operation",
  native.apiVersion AS "api.version",
  native.eventSource AS "api.service.name",
  native.requestID AS "api.request.uid",
  {_CODE} AS "api.response.error",
  native.errorMessage AS "api.response.error_message",
  'AWS' AS "cloud.provider",
  native.awsRegion AS "cloud.region",
  {_ACCOUNT} AS "cloud.account.uid",
  nullif(regexp_replace(native.userAgent, '^\\[(.*)\\]$', '\\1'), '') AS "http_request.user_agent",
  CASE WHEN {_SIGN_IN} THEN CASE raw ->> '$.additionalEventData.MFAUsed' WHEN 'Yes' THEN true WHEN 'No' THEN false END
    END AS "is_mfa",
  CASE WHEN {_SIGN_IN} THEN {_ID}.principalId END AS "user.uid",
  CASE WHEN {_SIGN_IN} THEN {_ID}.userName END AS "user.name",
  list_transform(native.resources, lambda each: {{
    'uid': each.ARN, 'name': NULL::VARCHAR, 'type': each.type, 'namespace': NULL::VARCHAR, 'region': NULL::VARCHAR,
    'version': NULL::VARCHAR, 'group': {{'name': NULL::VARCHAR, 'uid': NULL::VARCHAR}},
    'owner': {{'uid': each.accountId, 'name': NULL::VARCHAR}}}}) AS "resources"
"""
