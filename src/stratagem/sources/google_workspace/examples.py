"""Workspace activities of our own making, in each shape that they come in."""

from __future__ import annotations

from typing import Any

from stratagem.sources._contract import Example
from stratagem.sources._samples import dump, lines

CUSTOMER = "C01example"


def _activity(application: str, number: int, *events: dict[str, Any], **other: Any) -> dict[str, Any]:
    """A complete activity of a user, with what `other` says otherwise."""
    return {
        "kind": "admin#reports#activity",
        "id": {
            "time": f"2026-11-20T10:50:{number:02}.123Z",
            "uniqueQualifier": f"-88000000000000000{number:02}",
            "applicationName": application,
            "customerId": CUSTOMER,
        },
        "etag": f'"example{number:02}"',
        "actor": {"callerType": "USER", "email": "robin@example.com", "profileId": "100000000000000000001"},
        "ipAddress": "203.0.113.7",
        "events": list(events),
        **other,
    }


def _event(kind: str | None, name: str, *parameters: dict[str, Any]) -> dict[str, Any]:
    return {**({"type": kind} if kind else {}), "name": name, "parameters": list(parameters)}


def _text(name: str, value: str) -> dict[str, Any]:
    return {"name": name, "value": value}


LOGIN = _activity(
    "login",
    1,
    _event(
        "login",
        "login_failure",
        _text("login_type", "google_password"),
        {"name": "login_challenge_method", "multiValue": ["password"]},
        _text("login_failure_type", "login_failure_invalid_password"),
    ),
)
API_CLIENT = _activity(
    "admin",
    2,
    _event(
        "DOMAIN_SETTINGS",
        "AUTHORIZE_API_CLIENT_ACCESS",
        _text("DOMAIN_NAME", "example.com"),
        _text("API_CLIENT_NAME", "100000000000000000009"),
        {"name": "API_SCOPES", "multiValue": ["https://www.googleapis.com/auth/admin.directory.user"]},
    ),
)
SETTINGS = _activity(
    "admin",
    3,
    _event(
        "APPLICATION_SETTINGS",
        "CHANGE_APPLICATION_SETTING",
        _text("APPLICATION_NAME", "Security"),
        _text("SETTING_NAME", "ContextAwareAccess access_level"),
        _text("OLD_VALUE", "on"),
        _text("NEW_VALUE", "off"),
    ),
    _event("USER_SETTINGS", "SUSPEND_USER", _text("USER_EMAIL", "dave@example.com")),
)
MEMBER = _activity(
    "groups_enterprise",
    4,
    _event(
        "moderator_action",
        "add_member",
        _text("member_id", "dave@example.com"),
        _text("group_id", "platform-admins@example.com"),
        _text("member_type", "user"),
    ),
)
del MEMBER["ipAddress"]
DIRECTORY_READ = _activity(
    "token",
    5,
    _event(
        "auth",
        "activity",
        _text("api_name", "admin"),
        _text("method_name", "directory.groups.list"),
        _text("client_id", "100000000001-example.apps.googleusercontent.com"),
        _text("app_name", "export-tool"),
        {"name": "num_response_bytes", "intValue": "1800000"},
        {"name": "scope", "multiValue": ["https://www.googleapis.com/auth/admin.directory.group.readonly"]},
    ),
)
SHARED = _activity(
    "drive",
    6,
    _event(
        "acl_change",
        "change_user_access",
        {"name": "primary_event", "boolValue": True},
        _text("visibility", "shared_externally"),
        _text("doc_id", "1EXAMPLE"),
        _text("doc_title", "Plan"),
        _text("doc_type", "document"),
        _text("owner", "robin@example.com"),
        _text("target_user", "someone@example.net"),
    ),
)
FACTOR_OFF = _activity("user_accounts", 7, _event("2sv_change", "2sv_disable"))

RECORDS = {
    "login_failure": LOGIN,
    "api_client_authorized": API_CLIENT,
    "two_admin_events": SETTINGS,
    "group_member_added": MEMBER,
    "directory_read_by_client": DIRECTORY_READ,
    "document_shared": SHARED,
    "second_factor_turned_off": FACTOR_OFF,
}
"""Name -> canonical record."""


def _plain(parameter: dict[str, Any]) -> Any:
    return next(value for name, value in parameter.items() if name != "name")


def _flat(record: dict[str, Any]) -> dict[str, Any]:
    """The activity's only event as a SIEM flattens it."""
    (event,) = record["events"]
    parameters = {one["name"]: _plain(one) for one in event["parameters"]}
    identity = {**record["id"], "time": record["id"]["time"].replace("T", " ").replace("Z", "000000")}
    outer = {name: value for name, value in record.items() if name not in ("events", "etag")}
    return {**outer, "id": identity, "type": event.get("type"), "name": event["name"], "parameters": parameters}


def _shared(record: dict[str, Any], service: str, method: str) -> dict[str, Any]:
    """The activity as Workspace shares it with Cloud Logging."""
    spelt = {"multiValue": "multiStrValue"}
    events = [
        {
            "eventType": event.get("type"),
            "eventName": event["name"],
            "parameter": [
                {"label": "LABEL_OPTIONAL", "type": "TYPE_STRING"}
                | {spelt.get(name, name): value for name, value in one.items()}
                for one in event["parameters"]
            ],
        }
        for event in record["events"]
    ]
    seconds = 1795171800 + int(record["id"]["time"][17:19])
    log = "activity" if service.startswith("admin") else "data_access"
    return {
        "protoPayload": {
            "@type": "type.googleapis.com/google.cloud.audit.AuditLog",
            "authenticationInfo": {"principalEmail": record["actor"]["email"]},
            "requestMetadata": {"callerIp": record["ipAddress"], "requestAttributes": {}},
            "serviceName": service,
            "methodName": method,
            "resourceName": "organizations/111122223333",
            "metadata": {
                "@type": "type.googleapis.com/ccc_hosted_reporting.ActivityProto",
                "activityId": {
                    "timeUsec": f"{seconds}123456",
                    "uniqQualifier": record["id"]["uniqueQualifier"],
                },
                "event": events,
            },
        },
        "insertId": f"shared{seconds}",
        "resource": {"type": "audited_resource", "labels": {"service": service, "method": method}},
        "timestamp": record["id"]["time"],
        "severity": "NOTICE",
        "logName": f"organizations/111122223333/logs/cloudaudit.googleapis.com%2F{log}",
        "receiveTimestamp": record["id"]["time"],
    }


def _row(record: dict[str, Any]) -> dict[str, Any]:
    """The activity's only event as a row of the BigQuery export."""
    (event,) = record["events"]
    seconds = 1795171800 + int(record["id"]["time"][17:19])
    return {
        "time_usec": f"{seconds}123456",
        "email": record["actor"]["email"],
        "event_type": event.get("type"),
        "event_name": event["name"],
        "record_type": record["id"]["applicationName"],
        "ip_address": record["ipAddress"],
        "unique_identifier": record["id"]["uniqueQualifier"],
        record["id"]["applicationName"]: {one["name"].lower(): _plain(one) for one in event["parameters"]},
    }


EXAMPLES = (
    Example(
        name="reports_api",
        raw=dump({"kind": "admin#reports#activities", "items": list(RECORDS.values()), "nextPageToken": "x"}),
        records=len(RECORDS),
    ),
    Example(name="activities", raw=dump({"activities": [LOGIN, MEMBER]}), records=2),
    Example(name="lines", raw=lines(RECORDS.values()), records=len(RECORDS)),
    Example(name="siem_flattened", raw=lines(map(_flat, (LOGIN, API_CLIENT, DIRECTORY_READ))), records=3),
    Example(
        name="cloud_logging",
        raw=lines(
            (
                _shared(LOGIN, "login.googleapis.com", "google.login.LoginService.loginFailure"),
                _shared(SETTINGS, "admin.googleapis.com", "google.admin.AdminService.changeApplicationSetting"),
                _shared(FACTOR_OFF, "login.googleapis.com", "google.login.LoginService.2svDisable"),
            )
        ),
        records=3,
    ),
    Example(name="bigquery_rows", raw=lines(map(_row, (LOGIN, DIRECTORY_READ))), records=2),
)
