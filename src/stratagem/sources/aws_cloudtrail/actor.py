"""Who made a call: one stable name for each person, role, user or service, whatever session they use.

- Root and IAM users: their ARN.
- Identity Center: `sso/<user name>`; the session name of an AWSReservedSSO role is set by Identity Center.
  With trusted identity propagation only the user's id is known: `identitystore/<user id>`.
- Other role sessions: the role's ARN; where the session names a person (a source identity, or a session name with an @,
  as SAML providers set it), the role's ARN with that name. A caller can choose the session name of AssumeRole, so the
  name never stands without its role.
- Web identities (OIDC): the provider's subject. AWS services: their name.

Source: read 2026-11-22,
https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from stratagem.sources._contract import Native
from stratagem.sources._text import at, first_text, mapping, text

SSO_ROLE = "/aws-reserved/sso.amazonaws.com/"
SESSION = "^(arn:aws[a-z-]*:)sts(::[0-9]*:)assumed-role/([^/]+)/.+$"
SSO_SESSION = "^arn:aws[a-z-]*:sts::[0-9]*:assumed-role/AWSReservedSSO_[^/]+_[0-9a-f]{16}/(.+)$"
_SESSION, _SSO_SESSION = re.compile(SESSION), re.compile(SSO_SESSION)


def identity_of(record: Native) -> Mapping[str, Any]:
    return mapping(record.get("userIdentity"))


def actor(record: Native) -> str | None:
    """The stable name of who acts, None where the record names nobody."""
    identity = identity_of(record)
    person = text(at(identity, "onBehalfOf", "userId"))
    if person:
        return f"identitystore/{person}"
    kind = identity.get("type")
    if kind == "AWSService":
        return first_text(identity.get("invokedBy"), record.get("sourceIPAddress"))
    if kind == "SAMLUser":
        return _saml_user(record, identity)
    issuer = text(at(identity, "sessionContext", "sessionIssuer", "arn"))
    if issuer:
        return _session_actor(issuer, identity)
    arn = text(identity.get("arn")) or ""
    role = _role_of(arn)
    if role:
        named = _SSO_SESSION.match(arn)
        return f"sso/{named[1]}" if named else _with_person(role, identity)
    return first_text(*(identity.get(name) for name in ("arn", "principalId", "userName", "accountId", "invokedBy")))


def _session_actor(issuer: str, identity: Mapping[str, Any]) -> str:
    """The issuer itself (a role, or the user of GetFederationToken), or the person that the session names."""
    name = session_name(identity)
    if SSO_ROLE in issuer and name:
        return f"sso/{name}"
    if ":role/" not in issuer:
        return issuer
    return _with_person(issuer, identity)


def _with_person(role: str, identity: Mapping[str, Any]) -> str:
    person = text(at(identity, "sessionContext", "sourceIdentity"))
    name = session_name(identity)
    if person is None and name and "@" in name:
        person = name
    return f"{role}/{person}" if person else role


def _role_of(session_arn: str) -> str | None:
    """The role behind an assumed-role ARN, without its path: sign-ins carry no session issuer."""
    return _SESSION.sub(r"\1iam\2role/\3", session_arn) if _SESSION.match(session_arn) else None


def _saml_user(record: Native, identity: Mapping[str, Any]) -> str | None:
    """AssumeRoleWithSAML: the name that the session will have, so that both resolve to one person."""
    role = text(at(record, "requestParameters", "roleArn"))
    name = text(at(record, "requestParameters", "roleSessionName"))
    if role and name and SSO_ROLE in role:
        return f"sso/{name}"
    if role and name and "@" in name:
        return f"{role}/{name}"
    user = first_text(identity.get("userName"), identity.get("principalId"))
    return f"saml/{user}" if user else None


def session_name(identity: Mapping[str, Any]) -> str | None:
    """The role session's name: what follows the colon of `AROA…:name`."""
    _, colon, name = (text(identity.get("principalId")) or "").partition(":")
    if colon and name:
        return name
    arn = text(identity.get("arn")) or ""
    return text(arn.rpartition("/")[2]) if ":assumed-role/" in arn else None


def actor_kind(record: Native) -> str:
    """`root`, `user`, `person` (federated), `role`, `web_identity`, `service`, `account` or `unknown`."""
    identity = identity_of(record)
    name = actor(record) or ""
    if name.startswith(("sso/", "identitystore/", "saml/")):
        return "person"
    if ":role/" in name:
        issuer = text(at(identity, "sessionContext", "sessionIssuer", "arn"))
        return "role" if issuer is None or name == issuer else "person"
    kinds = {
        "Root": "root",
        "IAMUser": "user",
        "FederatedUser": "user",
        "Directory": "person",
        "SAMLUser": "person",
        "IdentityCenterUser": "person",
        "AssumedRole": "role",
        "Role": "role",
        "WebIdentityUser": "web_identity",
        "AWSService": "service",
        "AWSAccount": "account",
    }
    return kinds.get(str(identity.get("type")), "unknown")


def account(record: Native) -> str | None:
    """The account whose log this is; the caller's own where the record names no recipient."""
    return first_text(record.get("recipientAccountId"), at(record, "userIdentity", "accountId"))


def is_service_call(record: Native) -> bool:
    """Did an AWS service make the call, for itself or on behalf of its caller?"""
    identity = identity_of(record)
    return identity.get("type") == "AWSService" or text(identity.get("invokedBy")) is not None


def source_is_service(record: Native) -> bool:
    """Is the source address a service's name (`cloudtrail.amazonaws.com`, `AWS Internal`) and not an address?"""
    source = text(record.get("sourceIPAddress")) or ""
    return source.endswith((".amazonaws.com", ".amazonaws.com.cn", ".aws.internal")) or source == "AWS Internal"


def user_agent(record: Native) -> str | None:
    """The user agent without the brackets that S3 puts around it."""
    agent = text(record.get("userAgent"))
    if agent and agent.startswith("[") and agent.endswith("]"):
        return text(agent[1:-1])
    return agent


CONSOLE_AGENTS = ("console.amazonaws.com", "signin.amazonaws.com", "AWS Internal Console", "console.ec2.amazonaws.com")


def is_console(record: Native) -> bool:
    """Was the call made by somebody's click in the AWS console (or is it the sign-in itself)?"""
    flag = record.get("sessionCredentialFromConsole")
    if flag is True or (isinstance(flag, str) and flag.lower() == "true"):
        return True
    if record.get("eventType") in ("AwsConsoleSignIn", "AwsConsoleAction"):
        return True
    agent = user_agent(record) or ""
    return agent.startswith(CONSOLE_AGENTS) or "S3Console/" in agent


def has_mfa(record: Native) -> bool | None:
    """Was the session (or the sign-in) made with a second factor? None where the record does not say."""
    said = first_text(
        at(record, "userIdentity", "sessionContext", "attributes", "mfaAuthenticated"),
        at(record, "additionalEventData", "MFAUsed"),
    )
    if said is None:
        flag = at(record, "userIdentity", "sessionContext", "attributes", "mfaAuthenticated")
        return flag if isinstance(flag, bool) else None
    return said.lower() in ("true", "yes")
