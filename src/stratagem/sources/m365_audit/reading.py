"""What a unified audit record says: outcome, actor, address, parameters and changes, whatever service wrote it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from stratagem.sources._azure import same_words
from stratagem.sources._contract import Native
from stratagem.sources._text import address, decoded, first_text, mapping, objects, text

SUCCESSES = frozenset({"success", "succeeded", "successful", "true", "partiallysucceeded"})
FAILURES = frozenset({"failed", "failure", "false", "fail"})
GUID = "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"
_GUID = re.compile(f"^(?:User_|ServicePrincipal_)?({GUID})(?:@.*)?$")
SYSTEM = ("NT AUTHORITY\\SYSTEM", "NT SERVICE\\")


def operation(record: Native) -> str | None:
    """The operation with hyphens for dashes and without the full stop and spaces at its end."""
    name = text(record.get("Operation"))
    return text(same_words(name).rstrip(".").rstrip()) if name else None


def outcome(record: Native) -> str:
    """`success`, `denied`, `failure`, or `unknown` where the record gives no result (SharePoint, most alerts)."""
    if record.get("Operation") == "UserLoginFailed":
        return "denied" if "ConditionalAccess" in (text(record.get("LogonError")) or "") else "failure"
    said = record.get("ResultStatus")
    word = str(said).lower() if isinstance(said, str | bool) else ""
    if word in SUCCESSES:
        return "success"
    return "failure" if word in FAILURES else "unknown"


def status(record: Native) -> list[str]:
    """What public rules call status: the outcome, `success` where a record of something done gives none."""
    found = outcome(record)
    words = ["success" if found == "unknown" else found]
    return words + [word for name in ("ResultStatus", "Status") if (word := text(record.get(name)))]


def event_source(record: Native) -> str | None:
    """What public rules call eventSource: the workload."""
    return text(record.get("Workload"))


def event_name(record: Native) -> list[str] | None:
    """What public rules call eventName: the operation, and of an alert its policy's name."""
    names = (record.get("Operation"), operation(record), record.get("Name"), alert(record).get("an"))
    return list(dict.fromkeys(name for name in names if isinstance(name, str) and name)) or None


def alert(record: Native) -> Mapping[str, Any]:
    """`Data` of an alert, decoded."""
    return mapping(record.get("Data"))


def alert_data(record: Native) -> Mapping[str, Any] | None:
    return alert(record) or None


def pairs(record: Native, *names: str) -> dict[str, Any] | None:
    """Members that are lists of {Name, Value}, as one mapping; JSON text in values is decoded."""
    found = {
        name: decoded(each.get("Value"))
        for member in names
        for each in objects(record.get(member))
        if (name := text(each.get("Name")))
    }
    return found or None


def parameters(record: Native) -> dict[str, Any] | None:
    """Parameters of a cmdlet by name."""
    return pairs(record, "Parameters")


def properties(record: Native) -> dict[str, Any] | None:
    """Extended, operation and device properties by name."""
    return pairs(record, "ExtendedProperties", "OperationProperties", "DeviceProperties")


def modified(record: Native) -> list[dict[str, Any]] | None:
    """Changes as {name, old, new}, values decoded."""
    found = [
        {"name": name, "old": decoded(each.get("OldValue")), "new": decoded(each.get("NewValue"))}
        for each in objects(record.get("ModifiedProperties"))
        if (name := text(each.get("Name")))
    ]
    return found or None


def changed_to(record: Native, name: str) -> str | None:
    """The new (else the old) value of one change, as text."""
    for each in modified(record) or ():
        if each["name"] == name:
            values = (
                value[0] if isinstance(value, list) and len(value) == 1 else value
                for value in (each["new"], each["old"])
            )
            return first_text(*values)
    return None


def group_name(record: Native) -> str | None:
    return changed_to(record, "Group.DisplayName")


def role_name(record: Native) -> str | None:
    return changed_to(record, "Role.DisplayName")


def client_ip(record: Native) -> str | None:
    """The client's address without a port; None where nothing that the record has is an address."""
    return address(*(record.get(name) for name in ("ClientIPAddress", "ClientIP", "ActorIpAddress")))


def user_agent(record: Native) -> str | None:
    """User agent, from the record or its extended properties, else the client of a mailbox record."""
    said = properties(record) or {}
    detail = mapping(said.get("additionalDetails"))
    return first_text(
        record.get("UserAgent"), said.get("UserAgent"), detail.get("User-Agent"), record.get("ClientInfoString")
    )


def is_system(record: Native) -> bool:
    """Did Exchange or another service of Microsoft's itself act? By the exact principal, never by the operation."""
    return (text(record.get("UserId")) or "").startswith(SYSTEM)


def actor(record: Native) -> str | None:
    """Object id of who acted where the record has one, else the principal name in lower case."""
    for each in objects(record.get("Actor")):
        found = _GUID.match(text(each.get("ID")) or "")
        if found:
            return found[1].lower()
    user = text(record.get("UserId"))
    if user and is_system(record):
        return user
    key = _GUID.match(text(record.get("UserKey")) or "")
    if key:
        return key[1].lower()
    return user.lower() if user else None


def target_names(record: Native) -> list[str] | None:
    """Everything that names what was acted on."""
    names = [record.get("ObjectId"), *(each.get("ID") for each in objects(record.get("Target")))]
    names += [record.get(name) for name in ("MailboxOwnerUPN", "TargetUserOrGroupName", "SourceFileName")]
    return list(dict.fromkeys(name for name in names if isinstance(name, str) and name)) or None
