"""A finding as an OCSF Detection Finding (class 2004), the form in which findings leave stratagem.

Valid by the published schema without any profile. The same finding gives the same JSON: nothing in it depends on the
clock, on the order of arrival or on the machine.
Source: https://schema.ocsf.io/1.6.0/classes/detection_finding, read 2026-11-22.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from stratagem import __version__
from stratagem.events.valid import epoch_milliseconds, valid_part
from stratagem.events.vocabulary import OCSF_VERSION

if TYPE_CHECKING:
    from stratagem.attack import Attack
    from stratagem.detect.model import Evidence, Finding

SEVERITIES: Mapping[str, tuple[int, str]] = {
    "informational": (1, "Informational"),
    "low": (2, "Low"),
    "medium": (3, "Medium"),
    "high": (4, "High"),
    "critical": (5, "Critical"),
}
"""Level of a finding -> OCSF severity_id and severity."""

EVIDENCE_OBJECTS = (
    "actor",
    "user",
    "process",
    "src_endpoint",
    "dst_endpoint",
    "device",
    "api",
    "http_request",
    "resources",
)

_OBSERVABLES = (
    ("actor.user.name", 4, "User Name"),
    ("actor.user.uid", 31, "User Object: uid"),
    ("actor.session.credential_uid", 19, "User Credential ID"),
    ("src_endpoint.ip", 2, "IP Address"),
    ("http_request.user_agent", 16, "HTTP User-Agent"),
    ("resources.uid", 10, "Resource UID"),
    ("resources.name", 38, "Resource Details Object: name"),
)
"""Evidence path, OCSF type_id and type of what an analyst pivots on."""

_TECHNIQUE = re.compile(r"T\d{4}(\.\d{3})?")


def to_ocsf(finding: Finding) -> dict[str, Any]:
    """The finding as a JSON-ready dict. Levels that OCSF does not know become severity 99 with the level's own name."""
    severity_id, severity = SEVERITIES.get(finding.level, (99, finding.level))
    evidences = [_evidence(item) for item in sorted(finding.evidences, key=_evidence_order)]
    return _without_empty(
        {
            "activity_id": 1,
            "activity_name": "Create",
            "category_uid": 2,
            "category_name": "Findings",
            "class_uid": 2004,
            "class_name": "Detection Finding",
            "type_uid": 200401,
            "type_name": "Detection Finding: Create",
            "time": epoch_milliseconds(finding.time),
            "message": finding.title,
            "severity_id": severity_id,
            "severity": severity,
            "status_id": 1,
            "status": "New",
            "count": finding.count if finding.count > 1 else None,
            "metadata": {
                "version": OCSF_VERSION,
                "uid": finding.uid,
                "product": {"name": "stratagem", "vendor_name": "stratagem", "version": __version__},
            },
            "finding_info": _finding_info(finding),
            "evidences": evidences,
            "observables": observables(evidences),
            "remediation": {"desc": "\n".join(finding.next_steps)} if finding.next_steps else None,
            "unmapped": _unmapped(finding),
        }
    )


def _finding_info(finding: Finding) -> dict[str, Any]:
    times = finding.span or sorted(item.time for item in finding.evidences if item.time) or [finding.time]
    rule = {"uid": finding.rule_uid, "name": finding.rule_name, "type_id": 1, "type": "Rule"}
    return _without_empty(
        {
            "uid": finding.uid,
            "title": finding.title,
            "desc": finding.description,
            "analytic": {"uid": finding.analytic_uid, "name": finding.analytic_name, "type_id": 1, "type": "Rule"},
            "related_analytics": [_without_empty(rule)] if finding.rule_uid != finding.analytic_uid else None,
            "attacks": attacks(finding.attacks, finding.attack_version),
            "data_sources": sorted({item.source for item in finding.evidences}),
            "first_seen_time": epoch_milliseconds(times[0]),
            "last_seen_time": epoch_milliseconds(times[-1]),
        }
    )


def _evidence_order(evidence: Evidence) -> tuple[Any, ...]:
    milliseconds = epoch_milliseconds(evidence.time) if evidence.time else -1
    return (milliseconds, evidence.source, evidence.event_uid, evidence.location)


def _evidence(evidence: Evidence) -> dict[str, Any]:
    """Where the event stands, and what it shows."""
    place = evidence.location
    data: dict[str, Any] = {"uid": evidence.event_uid, "source": evidence.source}
    data |= {"file": place.file, "offset": place.offset, "index": place.index}
    if evidence.time:
        data["time"] = evidence.time.isoformat()
    return {"uid": evidence.event_uid, "data": data} | shown_objects(evidence.ocsf)


def shown_objects(columns: Mapping[str, Any]) -> dict[str, Any]:
    """What of an event's columns the schema lets an evidence hold."""
    shown = {name: valid_part(name, columns.get(name)) for name in EVIDENCE_OBJECTS}
    # An evidence has the container of its process beside it.
    shown["container"] = valid_part("container", (columns.get("process") or {}).get("container"))
    return _without_empty(shown)


def observables(evidences: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What an analyst pivots on in some evidences, each value once, by name."""
    found = {
        (f"evidences.{path}", type_id, kind, str(value))
        for evidence in evidences
        for path, type_id, kind in _OBSERVABLES
        for value in _values(evidence, path.split("."))
    }
    return [
        {"name": name, "type_id": number, "type": kind, "value": value} for name, number, kind, value in sorted(found)
    ]


def _values(value: Any, path: list[str]) -> Iterable[Any]:
    if isinstance(value, list):
        return [found for item in value for found in _values(item, path)]
    if not path:
        return [value]
    return _values(value[path[0]], path[1:]) if isinstance(value, Mapping) and path[0] in value else []


def attacks(tags: Iterable[str], version: str) -> list[dict[str, Any]]:
    """ATT&CK ids and tactic names (with or without `attack.`) as OCSF attack objects, in their order.

    A technique carries its tactic where a tag names it or the technique has only one; a tactic that no technique
    carries stands alone. Groups and software are not attack objects.
    """
    return list(_attacks(tuple(tags), version))


@lru_cache(maxsize=4096)
def _attacks(tags: tuple[str, ...], version: str) -> tuple[dict[str, Any], ...]:
    """Worked out once for each rule. Nobody changes what it gives."""
    table = _table(version)
    words = list(dict.fromkeys(re.sub(r"^attack\.", "", tag.strip(), flags=re.IGNORECASE) for tag in tags))
    techniques = list(dict.fromkeys(word.upper() for word in words if _TECHNIQUE.fullmatch(word.upper())))
    tactics = [found for word in words if (found := _tactic(word, table))]
    objects = [_technique(uid, tactics, table) for uid in techniques]
    carried = [item["tactic"] for item in objects if "tactic" in item]
    objects += [{"tactic": tactic} for tactic in tactics if tactic not in carried]
    shown = table.version if table else version
    return tuple(item | {"version": shown} if shown else item for item in objects)


def _table(version: str) -> Attack | None:
    """The pinned table of this ATT&CK version; None where there is none: names are then left out."""
    from stratagem.attack import load
    from stratagem.errors import StratagemError

    try:
        return load(version)
    except (StratagemError, OSError):
        return None


def _tactic(word: str, table: Attack | None) -> dict[str, str] | None:
    known = table.tactic(word) if table else None
    if known:
        return {"uid": known.id, "name": known.name}
    return {"uid": word.upper()} if re.fullmatch(r"TA\d{4}", word.upper()) else None


def _technique(uid: str, tactics: list[dict[str, str]], table: Attack | None) -> dict[str, Any]:
    known = table.technique(uid) if table else None
    parent, dot, _ = uid.partition(".")
    attack: dict[str, Any] = {"technique": _named(parent, table)}
    if dot:
        attack["sub_technique"] = _named(uid, table)
    own = [tactic for name in (known.tactics if known else ()) if (tactic := _tactic(name, table))]
    named = [tactic for tactic in own if tactic in tactics]
    if named or len(own) == 1:
        attack["tactic"] = (named or own)[0]
    return attack


def _named(uid: str, table: Attack | None) -> dict[str, str]:
    known = table.technique(uid) if table else None
    return {"uid": uid, "name": known.name} if known else {"uid": uid}


def _unmapped(finding: Finding) -> dict[str, Any]:
    labels = finding.labels
    own = {
        "principal": finding.principal,
        "cluster": labels.cluster,
        "account": labels.account,
        "tenant": labels.tenant,
        "region": labels.region,
        "level_because": finding.level_because,
        "strategy_status": finding.status,
        "strategy_file": finding.strategy_file,
        "key": dict(finding.key),
        "measure": dict(finding.measure),
    }
    return {key: value for key, value in own.items() if value}


def _without_empty(pairs: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in pairs.items() if value not in (None, "", [], {})}
