"""Google Security Command Center findings, with Event Threat Detection: what Google itself has found.

The canonical shape is that of a notification and of the API's list: `finding` beside `resource`. Findings that Event
Threat Detection writes to Cloud Logging are brought to it, their payload as `sourceProperties`. A finding is sent again
as it changes; each such state is an event.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from stratagem.sources import _google
from stratagem.sources._contract import Derived, Labels, LogSource, Malformed, Native, Source
from stratagem.sources._text import address, at, first_text, joined, mapping, objects, text
from stratagem.sources.gcp_scc import columns
from stratagem.sources.gcp_scc.examples import EXAMPLES
from stratagem.sources.gcp_scc.fields import ALIASES, FIELDS

UID = ("finding.name", "finding.eventTime")


def recognise(record: Native) -> bool:
    """A finding with its category and state, or an entry of Event Threat Detection's log."""
    return is_canonical(record) or _is_bare(record) or _is_entry(record)


def is_canonical(head: Native) -> bool:
    return all(isinstance(at(head, "finding", name), str) for name in ("category", "state"))


def _is_bare(record: Native) -> bool:
    """A finding without its wrapping."""
    name = str(record.get("name"))
    return "category" in record and "/sources/" in name and "/findings/" in name


def _is_entry(record: Native) -> bool:
    return text(at(record, "resource", "type")) == "threat_detector" and "jsonPayload" in record


def canonical(record: Native) -> tuple[Native, Labels]:
    """Finding and resource. Raises Malformed where the finding has no category."""
    made = record
    if not is_canonical(record):
        made = _from_entry(_google.entry_of(record)) if _is_entry(record) else _wrapped(record)
    if not is_canonical(made):
        raise Malformed("the finding has no category")
    return made, labels(made)


def _wrapped(record: Native) -> dict[str, Any]:
    finding = dict(mapping(record.get("finding")) or record)
    finding["state"] = text(finding.get("state")) or "ACTIVE"
    return {"finding": finding, "resource": record.get("resource") if "finding" in record else None}


def _from_entry(entry: Native) -> dict[str, Any]:
    """Event Threat Detection's LogEntry: the rule is the category, the priority the severity."""
    payload = mapping(entry.get("jsonPayload"))
    category, properties = mapping(payload.get("detectionCategory")), mapping(payload.get("properties"))
    affected = next(objects(payload.get("affectedResources")), {})
    project = first_text(properties.get("project_id"), at(entry, "resource", "labels", "project_id"))
    access = {
        "principalEmail": text(properties.get("principalEmail")),
        "callerIp": first_text(properties.get("callerIp"), properties.get("ip")),
        "methodName": text(properties.get("methodName")),
        "serviceName": text(properties.get("serviceName")),
    }
    finding = {
        "name": f"{text(entry.get('logName')) or ''}/{text(entry.get('insertId')) or ''}",
        "category": first_text(category.get("ruleName"), at(entry, "resource", "labels", "detector_name")),
        "state": "ACTIVE",
        "severity": text(payload.get("detectionPriority")),
        "findingClass": "THREAT",
        "eventTime": first_text(payload.get("eventTime"), entry.get("timestamp")),
        "createTime": text(entry.get("timestamp")),
        "resourceName": text(affected.get("gcpResourceName")),
        "access": {name: value for name, value in access.items() if value},
        "sourceProperties": dict(payload),
    }
    return {
        "finding": {name: value for name, value in finding.items() if value},
        "resource": {"name": finding["resourceName"], "projectDisplayName": project},
    }


def labels(record: Native) -> Labels:
    """The project by name, else as the resource's name has it."""
    resource = record.get("resource")
    named = first_text(at(resource, "projectDisplayName"), at(resource, "project_display_name"))
    if named is None:
        told = first_text(at(record, "resource", "projectName"), at(record, "finding", "resourceName")) or ""
        named = told.partition("/projects/")[2].partition("/")[0] or None
    return Labels(account=named, region=text(at(record, "resource", "location")))


def uid(head: Native) -> str | None:
    """A finding's state: its name, and when it was seen."""
    return joined(head, UID)


def time(head: Native) -> str | None:
    return first_text(at(head, "finding", "eventTime"), at(head, "finding", "createTime"))


def is_open(record: Native) -> bool:
    """Is the finding active and not muted?"""
    return text(at(record, "finding", "state")) == "ACTIVE" and text(at(record, "finding", "mute")) != "MUTED"


def addresses(record: Native) -> list[str] | None:
    """The caller's address, and those of the indicators."""
    listed = at(record, "finding", "indicator", "ipAddresses")
    told = [at(record, "finding", "access", "callerIp"), *(listed if isinstance(listed, list) else ())]
    return list(dict.fromkeys(found for value in told if (found := address(value)))) or None


def rule(record: Native) -> str | None:
    """Rule of Event Threat Detection: iam_anomalous_grant."""
    return text(at(record, "finding", "sourceProperties", "detectionCategory", "ruleName"))


DERIVED = {
    "scc.is_open": Derived(
        compute=is_open, describe="Is the finding active and not muted.", fields=("finding.state", "finding.mute")
    ),
    "scc.addresses": Derived(
        compute=addresses,
        describe="The caller's address, and those of the indicators.",
        fields=("finding.access", "finding.indicator"),
        witnesses=("callerIp", "ipAddresses"),
    ),
    "scc.rule": Derived(
        compute=rule,
        describe="Rule of Event Threat Detection: iam_anomalous_grant.",
        fields=("finding.sourceProperties",),
        witnesses=("ruleName",),
    ),
}

PLUGIN = Source(
    title="Google Security Command Center",
    vendor_page="https://cloud.google.com/security-command-center/docs/how-to-api-manage-notifications",
    enable=(
        "Activate Security Command Center (Event Threat Detection needs Premium or Enterprise), and add a continuous "
        "export of findings to Pub/Sub, or the export of findings to Cloud Logging."
    ),
    silent_gaps=(
        "Event Threat Detection reads the logs that are on: without data access logs its detectors of reads are blind.",
        "A notification config has a filter: what it leaves out is never sent.",
        "Muted findings go on being sent.",
        "The entries in Cloud Logging have neither state nor class, and begin with the export.",
    ),
    logsources=(
        LogSource(product="gcp", service="scc"),
        LogSource(product="gcp", service="security_command_center"),
        LogSource(product="gcp", service="event_threat_detection"),
    ),
    order=84,
    recognise=recognise,
    canonical=canonical,
    is_canonical=is_canonical,
    head=("finding.category", "finding.state", "finding.severity", "finding.createTime", *UID),
    dispatch=("finding.category", "finding.severity"),
    uid=uid,
    time=time,
    uid_fields=UID,
    uid_gaps=True,
    time_fields=("finding.eventTime", "finding.createTime"),
    shape=("finding.state",),
    labels=labels,
    label_fields=(
        "resource.projectDisplayName",
        "resource.project_display_name",
        "resource.projectName",
        "resource.location",
        "finding.resourceName",
    ),
    ocsf=columns.PROJECTION,
    columns=columns.STRUCTURE,
    lateness=timedelta(hours=6),
    shared=frozenset({"finding.access.callerIp", "finding.access.principalEmail", "finding.category", "finding.name"}),
    examples=EXAMPLES,
    fields=FIELDS,
    derived=DERIVED,
    aliases=ALIASES,
)
