"""Azure Monitor's record and its variants, shared by the Entra sources.

The canonical shape is what a diagnostic setting sends: an envelope (`time`, `category`, `operationName`, `resultType`,
`callerIpAddress`, …) around `properties`. The same event also comes with `properties` as text, with the keys in another
case, flat from the Graph API, and flat in PascalCase with JSON text in columns from Log Analytics.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from stratagem.sources._contract import Labels, Malformed, Native
from stratagem.sources._text import at, decoded, first_text, text

ENVELOPE = {
    name.lower(): name
    for name in (
        "time",
        "resourceId",
        "operationName",
        "operationVersion",
        "category",
        "tenantId",
        "resultType",
        "resultSignature",
        "resultDescription",
        "durationMs",
        "callerIpAddress",
        "correlationId",
        "identity",
        "Level",
        "location",
        "properties",
    )
}
"""Lower-case key -> the key of the envelope."""

FLAT_ENVELOPE = {
    **{key: name for key, name in ENVELOPE.items() if key not in ("properties", "correlationid", "category")},
    "timegenerated": "time",
    "aadtenantid": "tenantId",
}
"""Of a flat record, the keys that belong to the envelope."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What a source knows of its records: its category (and others), and how the members of `properties` are spelt.

    `names`: canonical names. `renamed`: lower-case name in Log Analytics -> canonical name. `texts`: members that Log
    Analytics holds as JSON text.
    """

    category: str
    names: tuple[str, ...]
    others: tuple[str, ...] = ()
    renamed: Mapping[str, str] = field(default_factory=dict)
    texts: tuple[str, ...] = ()

    def spelling(self) -> dict[str, str]:
        """Lower-case key -> canonical member of `properties`."""
        return {name.lower(): name for name in self.names} | dict(self.renamed)


def lowered(record: Native) -> dict[str, Any]:
    """The record with lower-case keys, for looking things up."""
    return {key.lower(): value for key, value in record.items()}


def category_of(record: Native) -> str:
    """The category in lower case, whatever the key's case; empty where there is none."""
    found = record.get("category")
    if found is None:
        found = record.get("Category", record.get("CATEGORY"))
    return found.lower() if isinstance(found, str) else ""


def table_of(record: Native) -> str:
    """The Log Analytics table that a row names, in lower case; empty where it names none."""
    found = record.get("Type", record.get("type"))
    return found.lower() if isinstance(found, str) else ""


def properties_of(record: Native) -> Mapping[str, Any] | None:
    """`properties` as an object, also where it is JSON text or `Properties`; None where the record is flat."""
    found = decoded(record.get("properties", record.get("Properties")))
    return found if isinstance(found, Mapping) else None


def diagnostic(record: Native, shape: Shape) -> dict[str, Any]:
    """The record as a diagnostic setting would have sent it. Keys that nobody knows keep their name and place.

    Raises Malformed where `properties` is text that is no object.
    """
    properties = properties_of(record)
    if properties is None:
        if isinstance(record.get("properties"), str):
            raise Malformed("properties is text that is no JSON object")
        return _from_flat(record, shape)
    spelling, texts = shape.spelling(), set(shape.texts)
    envelope = {ENVELOPE.get(key.lower(), key): value for key, value in record.items()}
    if "time" in envelope:
        envelope["time"] = iso(envelope["time"])
    envelope["properties"] = {
        name: decoded(value) if name in texts else value
        for name, value in ((spelling.get(key.lower(), key), value) for key, value in properties.items())
    }
    return envelope


def _from_flat(record: Native, shape: Shape) -> dict[str, Any]:
    """Sort the keys of a Graph API or Log Analytics record into envelope and `properties`."""
    spelling, texts = shape.spelling(), set(shape.texts)
    categories = {name.lower() for name in (shape.category, *shape.others)}
    envelope: dict[str, Any] = {}
    properties: dict[str, Any] = {}
    for key, value in record.items():
        low = key.lower()
        if low in FLAT_ENVELOPE and _is_of_envelope(low, value):
            name = FLAT_ENVELOPE[low]
            if name == "tenantId" and low == "tenantid" and "tenantId" in envelope:
                continue  # Log Analytics' TenantId is the workspace.
            envelope[name] = value
            continue
        if low == "category" and isinstance(value, str) and value.lower() in categories:
            continue
        name = spelling.get(low) or _camel(key)
        properties[name] = decoded(value) if name in texts else value
        if low == "correlationid":
            envelope["correlationId"] = value
    if "time" in envelope:
        envelope["time"] = iso(envelope["time"])
    envelope["category"] = shape.category
    envelope["properties"] = properties
    return envelope


_SUFFIX = re.compile(r"_[sdgbt]$")


def unsuffixed(row: Native) -> dict[str, Any]:
    """A row of AzureDiagnostics without the suffixes that tell its columns' types: `requestUri_s` is `requestUri`."""
    return {_SUFFIX.sub("", name): value for name, value in row.items() if value not in (None, "")}


def _is_of_envelope(key: str, value: Any) -> bool:
    """`location` and `resourceId` are envelope members as text and path, else the sign-in's own."""
    if key == "location":
        return isinstance(value, str) and value.lstrip()[:1] != "{"
    return key != "resourceid" or (isinstance(value, str) and value.startswith("/"))


def _camel(key: str) -> str:
    return key[:1].lower() + key[1:]


_US = re.compile(
    r"^(\d{1,2})/(\d{1,2})/(\d{4}) (\d{1,2}):(\d\d)(?::(\d\d))?(?: ([AP]M))?(?: ?(Z|[+-]\d\d:\d\d))?$", re.IGNORECASE
)


def iso(value: Any) -> Any:
    """Time text of the portal's American form (`11/14/2025 1:48:53 AM`) as ISO 8601; anything else as it is."""
    found = _US.match(value) if isinstance(value, str) else None
    if found is None:
        return value
    month, day, year, hour, minute, second, half, offset = found.groups()
    hours = int(hour) % 12 + (12 if half.upper() == "PM" else 0) if half else int(hour)
    return f"{year}-{int(month):02}-{int(day):02}T{hours:02}:{minute}:{second or '00'}{offset or 'Z'}"


def put_default(record: dict[str, Any], name: str, *values: Any) -> None:
    """Fill an envelope member that is absent, null or empty with the first of `values` that says something."""
    if record.get(name) in (None, ""):
        found = next((value for value in values if value not in (None, "")), None)
        if found is not None:
            record[name] = found


def tenant_of(record: Native) -> str | None:
    """The tenant id: the envelope's, the properties', or the one in `/tenants/<id>/providers/...`."""
    said = first_text(record.get("tenantId"), at(record, "properties", "tenantId"))
    if said:
        return said.lower()
    parts = (text(record.get("resourceId")) or "").lower().split("/")
    return parts[2] if len(parts) > 2 and parts[1] == "tenants" else None


LABEL_FIELDS = ("tenantId", "properties.tenantId", "resourceId")


def labels(record: Native) -> Labels:
    return Labels(tenant=tenant_of(record))


def fields(envelope: Mapping[str, str], properties: Mapping[str, str], nested: Iterable[str] = ()) -> dict[str, str]:
    """`Source.fields`: members of the envelope and of `properties` in words, and dotted paths below the latter."""
    return {
        **envelope,
        **{f"properties.{name}": words for name, words in properties.items()},
        **{f"properties.{path}": f"Member of {path.partition('.')[0]}." for path in nested},
    }


def aliases(names: Iterable[str], nested: Iterable[str] = ()) -> dict[str, tuple[str, ...]]:
    """Every spelling under which public rules write a field: bare, with `properties.`, in any case.

    `names` are members of `properties`, `nested` dotted paths below it. A bare name means the member of `properties`
    and then the envelope's.
    """
    found: dict[str, tuple[str, ...]] = {key: (name,) for key, name in ENVELOPE.items()}
    found["level"] = ("Level", "level")
    for name in (*names, *nested):
        path = f"properties.{name}"
        found[path.lower()] = (path,)
        found[name.lower()] = (path, ENVELOPE[name.lower()]) if name.lower() in ENVELOPE else (path,)
    return found


def same_words(name: str) -> str:
    """An operation's name without the typography: dashes of all kinds as hyphens, single spaces, none at the ends."""
    for dash in "‐‑‒–—―−":
        name = name.replace(dash, "-")
    return " ".join(name.split())
