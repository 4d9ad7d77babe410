"""What a directory change changed: old and new values decoded, and the group, role or permission that it is about.

`newValue` is JSON text, at times of JSON text (`"\\"Admins\\""`, `"[\\"...\\"]"`). Role and group adds name the
role and the group among the modified properties of the member, not as a target of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from stratagem.sources._contract import Native
from stratagem.sources._text import at, decoded, listing, mapping, objects, text

Change = dict[str, Any]


def targets(record: Native) -> Iterator[Mapping[str, Any]]:
    """The target resources."""
    return objects(at(record, "properties", "targetResources"))


def target_of_type(record: Native, kind: str) -> Mapping[str, Any] | None:
    """The first target of a type; some shippers write `Type`."""
    for target in targets(record):
        said = target.get("type", target.get("Type"))
        if isinstance(said, str) and said.lower() == kind:
            return target
    return None


def changes(record: Native) -> list[Change] | None:
    """Every modified property of every target as {name, old, new}, values decoded. None where nothing is listed."""
    found = [
        {"name": name, "old": decoded(each.get("oldValue")), "new": decoded(each.get("newValue"))}
        for target in targets(record)
        for each in objects(target.get("modifiedProperties"))
        if (name := text(each.get("displayName")))
    ]
    return found or None


def changed_names(record: Native) -> list[str] | None:
    """The names of the modified properties."""
    found = changes(record)
    return None if found is None else [each["name"] for each in found]


def value_of(record: Native, name: str) -> str | None:
    """The new value of a modified property, else the old (a removal names what it removed there)."""
    for each in changes(record) or ():
        if each["name"] == name:
            for value in (each["new"], each["old"]):
                said = _plain(value)
                if said:
                    return said
    return None


def _plain(value: Any) -> str | None:
    """The text of a decoded value; of a list of one, its element."""
    if isinstance(value, list):
        value = value[0] if len(value) == 1 else None
    return value.strip() or None if isinstance(value, str) else None


def group_name(record: Native) -> str | None:
    return value_of(record, "Group.DisplayName") or text((target_of_type(record, "group") or {}).get("displayName"))


def group_id(record: Native) -> str | None:
    return value_of(record, "Group.ObjectID") or text((target_of_type(record, "group") or {}).get("id"))


def role_name(record: Native) -> str | None:
    return value_of(record, "Role.DisplayName") or text((target_of_type(record, "role") or {}).get("displayName"))


def role_template(record: Native) -> str | None:
    """Template id of the role: the same in every tenant."""
    return value_of(record, "Role.TemplateId")


_SCOPE = re.compile(r"\bScope:\s*([^,\]]+)")


def permissions(record: Native) -> list[str] | None:
    """Application roles and delegated scopes that the change grants."""
    found: list[str] = []
    for each in changes(record) or ():
        new = each["new"]
        if each["name"] == "AppRole.Value":
            found += [new] if isinstance(new, str) else []
        elif each["name"] == "DelegatedPermissionGrant.Scope":
            found += new.split() if isinstance(new, str) else []
        elif each["name"] == "ConsentAction.Permissions" and isinstance(new, str):
            granted = new.rpartition("=>")[2]
            found += [scope for match in _SCOPE.finditer(granted) for scope in match[1].split()]
    return list(dict.fromkeys(found)) or None


def is_admin_consent(record: Native) -> bool | None:
    """Was the consent given for the whole tenant? None where the record is no consent."""
    said = value_of(record, "ConsentContext.IsAdminConsent")
    return None if said is None else said.lower() == "true"


def credentials_added(record: Native) -> list[str] | None:
    """Descriptions of keys and secrets that stand in the new `KeyDescription` and not in the old."""
    found = [
        key
        for each in changes(record) or ()
        if each["name"] in ("KeyDescription", "FederatedIdentityCredentials")
        for key in _texts(each["new"])
        if key not in _texts(each["old"])
    ]
    return found or None


def _texts(value: Any) -> list[str]:
    return [each if isinstance(each, str) else str(each) for each in listing(value)]


def details(record: Native) -> Mapping[str, Any] | None:
    """`additionalDetails` as a mapping of key to value."""
    found = {
        key: each.get("value")
        for each in objects(at(record, "properties", "additionalDetails"))
        if (key := text(each.get("key")))
    }
    return found or None


def initiator(record: Native) -> Mapping[str, Any]:
    """`initiatedBy` as an object."""
    return mapping(at(record, "properties", "initiatedBy"))
