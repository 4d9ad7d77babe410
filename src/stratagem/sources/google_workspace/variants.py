"""Workspace activities in all their shapes -> the activity of the Reports API.

The Reports API gives `id`, `actor`, `events[]` with `parameters[]`; the alert center's export says the same under
`activities`. Cloud Logging wraps the event into an audit LogEntry, BigQuery export spreads it over columns (one for
each application), and SIEMs flatten one event to `type`, `name` and an object `parameters`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from stratagem.sources import _google
from stratagem.sources._contract import Malformed, Native
from stratagem.sources._text import at, decoded, first_text, mapping, objects, text

KIND = "admin#reports#activity"
SERVICES = {
    "admin": "admin.googleapis.com",
    "login": "login.googleapis.com",
    "user_accounts": "login.googleapis.com",
    "saml": "login.googleapis.com",
    "token": "oauth2.googleapis.com",
    "groups": "cloudidentity.googleapis.com",
    "groups_enterprise": "cloudidentity.googleapis.com",
}
"""Application -> the service under whose name Cloud Logging has it."""
ACCOUNT_TYPES = frozenset(
    {"2sv_change", "password_change", "recovery_info_change", "titanium_change", "email_forwarding_change"}
)
"""Types of event that the Reports API files under `user_accounts`, and Cloud Logging under the login service."""
_VALUES = {
    "value": "value",
    "intValue": "intValue",
    "boolValue": "boolValue",
    "multiValue": "multiValue",
    "multiStrValue": "multiValue",
    "multiIntValue": "multiIntValue",
    "messageValue": "messageValue",
    "multiMessageValue": "multiMessageValue",
}
"""A parameter's value in Cloud Logging's spelling and in the Reports API's."""
_ROW = frozenset({"time_usec", "event_name", "record_type"})


def is_activity(record: Native) -> bool:
    """An object `id` that names an application, beside an actor or events."""
    if not isinstance(at(record, "id", "applicationName"), str):
        return False
    return "actor" in record or "events" in record or str(record.get("kind")).endswith("#activity")


def is_row(record: Native) -> bool:
    """A row of the activity table that Workspace exports to BigQuery."""
    return record.keys() >= _ROW


def is_log_entry(record: Native) -> bool:
    """An audit LogEntry of one of Workspace's services."""
    payload = _google.payload_of(record)
    return payload is not None and _google.is_workspace(payload)


def activity(record: Native) -> dict[str, Any]:
    """The Reports API's activity. Raises Malformed where there is none inside."""
    if is_log_entry(record):
        return _from_log_entry(_google.log_entry(record))
    if is_row(record):
        return _from_row(record)
    if not is_activity(record):
        raise Malformed("id.applicationName is missing")
    return _from_flat(record)


def _from_flat(record: Native) -> dict[str, Any]:
    """Activities of the API pass as they are; one flattened event goes back into `events`."""
    made = {name: value for name, value in record.items() if name not in ("type", "name", "parameters")}
    made["kind"] = KIND
    made["id"] = {**record["id"]}
    if "time" in made["id"]:
        made["id"]["time"] = _google.iso(made["id"]["time"])
    else:
        said = text(record.get("p_event_time"))
        made["id"] |= {"time": _google.iso(said)} if said else {}
    if "events" in record or not (text(record.get("name")) or "type" in record):
        return made
    event = {name: record[name] for name in ("type", "name") if record.get(name) is not None}
    event["parameters"] = [_parameter(name, value) for name, value in mapping(record.get("parameters")).items()]
    made["events"] = [event]
    return made


def _parameter(name: str, value: Any) -> dict[str, Any]:
    """A plain value as the Reports API types it."""
    if value is None:
        return {"name": name}
    if isinstance(value, bool):
        return {"name": name, "boolValue": value}
    if isinstance(value, int):
        return {"name": name, "intValue": str(value)}
    if isinstance(value, Mapping):
        return {"name": name, "messageValue": value}
    if isinstance(value, list):
        nested = any(isinstance(element, Mapping) for element in value)
        return {"name": name, ("multiMessageValue" if nested else "multiValue"): value}
    return {"name": name, "value": value}


def _from_log_entry(entry: Native) -> dict[str, Any]:
    payload = mapping(entry["protoPayload"])
    metadata = mapping(payload.get("metadata"))
    shared = at(metadata, "event")
    events = [_event(one) for one in objects(shared)]
    if not events:
        events = [{"name": (_google.method_of(payload) or "").rpartition(".")[2]}]
    identity = mapping(metadata.get("activityId"))
    made = {
        "kind": KIND,
        "id": _present(
            {
                "time": _from_usec(identity.get("timeUsec")) or text(entry.get("timestamp")),
                "uniqueQualifier": _digits(identity.get("uniqQualifier")) or text(entry.get("insertId")),
                "applicationName": _application(payload, events),
                "customerId": _organisation(entry),
            }
        ),
        "actor": _present({"email": text(at(payload, "authenticationInfo", "principalEmail"))}),
        "ipAddress": text(at(payload, "requestMetadata", "callerIp")),
        "events": events,
    }
    return _present(made)


def _event(event: Native) -> dict[str, Any]:
    made = {name: event[key] for name, key in (("type", "eventType"), ("name", "eventName")) if text(event.get(key))}
    return made | {"parameters": [_spelt(one) for one in objects(event.get("parameter"))]}


def _spelt(parameter: Native) -> dict[str, Any]:
    found = {_VALUES[key]: value for key, value in parameter.items() if key in _VALUES}
    return {"name": str(parameter.get("name")), **found}


def _application(payload: Native, events: list[dict[str, Any]]) -> str:
    service = _google.service_of(payload)
    if service == SERVICES["token"]:
        return "token"
    if service == SERVICES["admin"]:
        return "admin"
    if ".saml" in (_google.method_of(payload) or "").lower():
        return "saml"
    return "user_accounts" if any(event.get("type") in ACCOUNT_TYPES for event in events) else "login"


def _organisation(entry: Native) -> str | None:
    parts = (text(entry.get("logName")) or "").split("/")
    return parts[1] if len(parts) > 1 and parts[0] == "organizations" else None


def _from_row(row: Native) -> dict[str, Any]:
    application = str(row.get("record_type"))
    parameters = mapping(decoded(row.get(application)))
    event = {"type": row.get("event_type"), "name": row.get("event_name")}
    identity = {
        "time": _from_usec(row.get("time_usec")),
        "uniqueQualifier": _digits(row.get("unique_identifier")) or _digits(row.get("unique_qualifier")),
        "applicationName": application,
        "customerId": text(row.get("customer_id")),
    }
    made: dict[str, Any] = {
        "kind": KIND,
        "id": _present(identity),
        "actor": _present({"email": text(row.get("email"))}),
        "ipAddress": text(row.get("ip_address")),
        "events": [
            {**_present(event), "parameters": [_parameter(*item) for item in _present(parameters).items()]},
        ],
    }
    return _present(made)


def _present(members: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value is not None}


def _digits(value: Any) -> str | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return text(value)


def _from_usec(value: Any) -> str | None:
    """Microseconds since 1970 as the Reports API writes times, to the millisecond."""
    digits = _digits(value)
    if digits is None or not digits.isascii() or not digits.isdigit() or len(digits) > 17:
        return None
    seconds, micro = divmod(int(digits), 1_000_000)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{micro // 1000:03}Z"


def plain(parameter: Native) -> Any:
    """A parameter's value, whichever member holds it; messages as objects of their own parameters."""
    for name in ("value", "intValue", "boolValue", "multiValue", "multiIntValue"):
        if name in parameter:
            return parameter[name]
    for name in ("messageValue", "multiMessageValue"):
        if name in parameter:
            return _message(parameter[name])
    return None


def _message(value: Any) -> Any:
    if isinstance(value, list):
        return [_message(element) for element in value]
    if isinstance(value, Mapping) and isinstance(value.get("parameter"), list):
        return named(value["parameter"])
    return value


def named(parameters: Any) -> dict[str, Any]:
    """Parameters by name in lower case."""
    return {str(one.get("name")).lower(): plain(one) for one in objects(parameters)}


def events(record: Native) -> Iterator[Mapping[str, Any]]:
    return objects(record.get("events"))


def parameter(record: Native, *names: str) -> str | None:
    """The first text that one of the events has under one of the names (lower case)."""
    found = [named(event.get("parameters")) for event in events(record)]
    return first_text(*(one.get(name) for name in names for one in found))
