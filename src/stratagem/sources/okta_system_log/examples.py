"""System log events of our own making: sign-ins, factors, groups, roles, applications, each shape."""

from __future__ import annotations

from typing import Any

from stratagem.sources._contract import Example
from stratagem.sources._samples import dump, lines


def _target(kind: str, number: int, name: str, alternate: str | None = None) -> dict[str, Any]:
    return {
        "id": f"00{kind[0].lower()}EXAMPLE{number:09}",
        "type": kind,
        "alternateId": alternate or name,
        "displayName": name,
        "detailEntry": None,
    }


_ROBIN = _target("User", 1, "Robin Example", "robin@example.com")
_DANA = _target("User", 2, "Dana Example", "dana@example.com")


def _event(kind: str, number: int, message: str, targets: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    """A complete event of robin, with what `more` says otherwise."""
    return {
        "actor": _ROBIN,
        "client": {
            "userAgent": {"rawUserAgent": "Mozilla/5.0 (X11; Linux x86_64)", "os": "Linux", "browser": "FIREFOX"},
            "zone": "null",
            "device": "Computer",
            "id": None,
            "ipAddress": "203.0.113.7",
            "geographicalContext": {"city": "Berlin", "state": "Berlin", "country": "Germany", "postalCode": "10115"},
        },
        "device": None,
        "authenticationContext": {
            "authenticationProvider": None,
            "credentialType": None,
            "externalSessionId": "102EXAMPLEsession",
        },
        "displayMessage": message,
        "eventType": kind,
        "outcome": {"result": "SUCCESS", "reason": None},
        "published": f"2026-11-20T10:00:{number:02}.123Z",
        "securityContext": {
            "asNumber": 64500,
            "asOrg": "example network",
            "isp": "example",
            "domain": "example.com",
            "isProxy": False,
        },
        "severity": "INFO",
        "debugContext": {"debugData": {"requestUri": "/api/v1/authn", "requestId": "EXAMPLErequest"}},
        "legacyEventType": None,
        "transaction": {"type": "WEB", "id": f"EXAMPLEtransaction{number:02}", "detail": {}},
        "uuid": f"11111111-0000-4000-8000-0000000000{number:02}",
        "version": "0",
        "request": {"ipChain": [{"ip": "203.0.113.7", "version": "V4", "source": None}]},
        "target": targets,
        **more,
    }


RECORDS = {
    "sign_in": _event(
        "user.session.start",
        1,
        "User login to Okta",
        [],
        debugContext={"debugData": {"behaviors": "{New Geo-Location=NEGATIVE, New Device=POSITIVE}", "risk": "{}"}},
    ),
    "sign_in_failed": _event(
        "user.session.start",
        2,
        "User login to Okta",
        [],
        outcome={"result": "FAILURE", "reason": "INVALID_CREDENTIALS"},
    ),
    "single_sign_on": _event(
        "user.authentication.sso",
        3,
        "User single sign on to app",
        [_target("AppInstance", 3, "AWS IAM Identity Center"), _target("AppUser", 4, "Robin Example")],
    ),
    "factor_removed": _event("user.mfa.factor.deactivate", 4, "Reset factor for user", [_DANA]),
    "group_member": _event(
        "group.user_membership.add",
        5,
        "Add user to group membership",
        [_DANA, _target("UserGroup", 5, "Cluster Admins")],
    ),
    "role_granted": _event(
        "user.account.privilege.grant",
        6,
        "Grant user privilege",
        [_DANA],
        debugContext={"debugData": {"privilegeGranted": "Super administrator"}},
    ),
    "token_created": _event(
        "system.api_token.create", 7, "Create API token", [_target("Token", 7, "ci")], severity="WARN"
    ),
    "policy_denied": _event(
        "policy.evaluate_sign_on",
        8,
        "Evaluation of sign-on policy",
        [_target("PolicyEntity", 8, "Default")],
        outcome={"result": "DENY", "reason": "Sign-on policy evaluation resulted in DENY"},
    ),
}
"""Name -> canonical record."""

EXAMPLES = (
    Example(name="system_log_api", raw=dump(list(RECORDS.values())), records=len(RECORDS)),
    Example(name="lines", raw=lines(RECORDS.values()), records=len(RECORDS)),
    Example(
        name="event_bridge",
        raw=dump(
            {
                "version": "0",
                "detail-type": "SystemLog",
                "source": "aws.partner/okta.com/example",
                "account": "111122223333",
                "region": "eu-west-1",
                "detail": RECORDS["sign_in"],
            }
        ),
    ),
    Example(
        name="event_hook",
        raw=dump({"eventType": "com.okta.event_hook", "data": {"events": [RECORDS["group_member"]]}}),
    ),
)
