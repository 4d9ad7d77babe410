"""AWS GuardDuty findings: what AWS itself has found. Derived data: evidence beside one's own detections.

The canonical shape is the finding as S3 exports and EventBridge's `detail` have it; the API's capitals are brought to
it. A finding is sent again each time that it grows; each such state is an event.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from stratagem.sources._contract import Derived, Labels, LogSource, Malformed, Native, Source
from stratagem.sources._text import at, first_text, text
from stratagem.sources.aws_guardduty import columns
from stratagem.sources.aws_guardduty.examples import EXAMPLES
from stratagem.sources.aws_guardduty.fields import ALIASES, FIELDS

_DEEPEST = 16


def recognise(record: Native) -> bool:
    """A finding's type with its service, or an ARN of GuardDuty."""
    if record.get("type", record.get("Type")) is None or ("resource" not in record and "Resource" not in record):
        return False
    arn = first_text(record.get("arn"), record.get("Arn")) or ""
    if ":guardduty:" in arn:
        return True
    service = record.get("service", record.get("Service"))
    return isinstance(service, dict) and service.get("serviceName", service.get("ServiceName")) == "guardduty"


def is_canonical(head: Native) -> bool:
    """A type of GuardDuty's service about a kind of resource, in a version of its format."""
    told = (head.get("type"), head.get("schemaVersion"), at(head, "resource", "resourceType"))
    return at(head, "service", "serviceName") == "guardduty" and all(isinstance(one, str) for one in told)


def canonical(record: Native) -> tuple[Native, Labels]:
    """The finding in lower camel case. Raises Malformed where it has no type."""
    if is_canonical(record):
        return record, labels(record)
    made: dict[str, Any] = _lowered(record, 0) if "Type" in record else dict(record)
    if not isinstance(made.get("type"), str) or not isinstance(made.get("resource"), dict):
        raise Malformed("type or resource is missing")
    if not isinstance(made.get("service", {}), dict):
        raise Malformed("service is no object")
    made["service"] = {"serviceName": "guardduty"} | made.get("service", {})
    made.setdefault("schemaVersion", "2.0")
    return made, labels(made)


def _lowered(value: Any, depth: int) -> Any:
    """The value with keys that begin in lower case, as the API's answers do not."""
    if depth > _DEEPEST:
        return value
    if isinstance(value, dict):
        return {key[:1].lower() + key[1:]: _lowered(below, depth + 1) for key, below in value.items()}
    return [_lowered(item, depth + 1) for item in value] if isinstance(value, list) else value


def labels(record: Native) -> Labels:
    return Labels(
        cluster=text(at(record, "resource", "eksClusterDetails", "name")),
        account=text(record.get("accountId")),
        region=text(record.get("region")),
    )


def uid(head: Native) -> str | None:
    """A finding's state: its id, and when it was updated."""
    name, moment = text(head.get("id")), text(head.get("updatedAt"))
    return f"{name}/{moment}" if name and moment else None


def time(head: Native) -> str | None:
    return first_text(at(head, "service", "eventLastSeen"), head.get("updatedAt"), head.get("createdAt"))


def _part(which: int) -> Any:
    """`UnauthorizedAccess:EC2/TorRelay.Custom` in its parts."""

    def compute(record: Native) -> str | None:
        said = text(record.get("type")) or ""
        purpose, _, rest = said.partition(":")
        kind, _, family = rest.partition("/")
        return (purpose, kind, family)[which] or None

    return compute


def level(record: Native) -> str | None:
    """`low`, `medium`, `high` or `critical`, as GuardDuty's console has it."""
    severity = record.get("severity")
    if isinstance(severity, bool) or not isinstance(severity, int | float):
        return None
    return next((word for least, word in ((9, "critical"), (7, "high"), (4, "medium")) if severity >= least), "low")


def is_sample(record: Native) -> bool:
    """Was it made to try GuardDuty out?"""
    return at(record, "service", "additionalInfo", "sample") is True


_ACTIONS = ("awsApiCallAction", "networkConnectionAction", "kubernetesApiCallAction", "rdsLoginAttemptAction")


def remote_address(record: Native) -> str | None:
    found = (at(record, "service", "action", name, "remoteIpDetails", "ipAddressV4") for name in _ACTIONS)
    return first_text(*found)


DERIVED = {
    "guardduty.purpose": Derived(
        compute=_part(0), describe="Threat purpose: UnauthorizedAccess, Recon, Execution.", fields=("type",)
    ),
    "guardduty.resource": Derived(
        compute=_part(1), describe="Resource type of the finding's type: EC2, IAMUser, Kubernetes.", fields=("type",)
    ),
    "guardduty.family": Derived(
        compute=_part(2), describe="Threat family and mechanism: TorRelay, MaliciousIPCaller.Custom.", fields=("type",)
    ),
    "guardduty.level": Derived(compute=level, describe="low, medium, high or critical.", fields=("severity",)),
    "guardduty.is_sample": Derived(
        compute=is_sample, describe="A sample finding, made to try GuardDuty out.", fields=("service.additionalInfo",)
    ),
    "guardduty.remote_ip": Derived(
        compute=remote_address,
        describe="The other end's address, whatever the action.",
        fields=("service.action",),
        witnesses=("remoteIpDetails",),
    ),
}

PLUGIN = Source(
    title="AWS GuardDuty",
    vendor_page="https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_findings.html (read 2026-11-24)",
    enable=(
        "Enable GuardDuty in every region with the protection plans for EKS, runtime, S3 and malware; export findings "
        "to S3, or send them on with an EventBridge rule."
    ),
    silent_gaps=(
        "Regions and accounts without a detector are silent; each protection plan is off until enabled.",
        "Findings are exported within minutes at first, updates only every 15 minutes to 6 hours as set.",
        "Suppression rules archive findings, and EventBridge never sees those.",
        "Roles are named without their path and without the person behind the session.",
    ),
    logsources=(LogSource(product="aws", service="guardduty"),),
    order=55,
    recognise=recognise,
    canonical=canonical,
    is_canonical=is_canonical,
    head=(
        "type",
        "schemaVersion",
        "id",
        "updatedAt",
        "createdAt",
        "service.serviceName",
        "service.eventLastSeen",
        "resource.resourceType",
    ),
    dispatch=("type", "resource.resourceType"),
    uid=uid,
    time=time,
    uid_fields=("id", "updatedAt"),
    time_fields=("service.eventLastSeen", "updatedAt", "createdAt"),
    shape=("schemaVersion", "service.serviceName"),
    ocsf=columns.PROJECTION,
    columns=columns.STRUCTURE,
    lateness=timedelta(hours=6),
    examples=EXAMPLES,
    fields=FIELDS,
    derived=DERIVED,
    aliases=ALIASES,
)
