"""AWS Security Hub findings in the security finding format (ASFF): of its own checks and of every product that reports.

The canonical shape is the finding as GetFindings and EventBridge's `detail.findings` have it. Findings in OCSF, as the
newer Security Hub sends them, are read by `ocsf`. A finding is sent again as it changes; each such state is an event.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from stratagem.sources._contract import Derived, Labels, LogSource, Malformed, Native, Source
from stratagem.sources._text import address, at, first_text, joined, objects, text
from stratagem.sources.aws_securityhub import columns
from stratagem.sources.aws_securityhub.examples import EXAMPLES
from stratagem.sources.aws_securityhub.fields import ALIASES, FIELDS

UID = ("Id", "UpdatedAt")


def recognise(record: Native) -> bool:
    """A finding's generator, under the ARN of a product of Security Hub."""
    return ":securityhub:" in str(record.get("ProductArn")) and "GeneratorId" in record


def is_canonical(head: Native) -> bool:
    """A product's ARN with the state of the record; both have few values."""
    product = head.get("ProductArn")
    if not isinstance(product, str) or ":securityhub:" not in product:
        return False
    return all(isinstance(head.get(name), str) for name in ("RecordState", "GeneratorId"))


def canonical(record: Native) -> tuple[Native, Labels]:
    """The finding with its state. Raises Malformed where its product or generator is no text."""
    if is_canonical(record):
        return record, labels(record)
    made = {**record, "RecordState": text(record.get("RecordState")) or "ACTIVE"}
    if not is_canonical(made):
        raise Malformed("ProductArn or GeneratorId is no text")
    return made, labels(made)


def labels(record: Native) -> Labels:
    return Labels(account=text(record.get("AwsAccountId")), region=text(record.get("Region")))


def uid(head: Native) -> str | None:
    """A finding's state: its id, and when it was updated."""
    return joined(head, UID)


def time(head: Native) -> str | None:
    return first_text(head.get("UpdatedAt"), head.get("CreatedAt"))


def level(record: Native) -> str | None:
    """The label: `critical`, `high`, `medium`, `low` or `informational`; the provider's where there is none."""
    found = first_text(at(record, "Severity", "Label"), at(record, "FindingProviderFields", "Severity", "Label"))
    return found.lower() if found else None


def is_open(record: Native) -> bool:
    """Is the finding active, and neither suppressed nor resolved?"""
    state = at(record, "Workflow", "Status")
    return record.get("RecordState") == "ACTIVE" and state not in ("SUPPRESSED", "RESOLVED")


def _of_resources(member: str) -> Any:
    def compute(record: Native) -> list[str] | None:
        found = (text(each.get(member)) for each in objects(record.get("Resources")))
        return list(dict.fromkeys(value for value in found if value)) or None

    return compute


_ACTIONS = ("AwsApiCallAction", "NetworkConnectionAction")


def remote_address(record: Native) -> str | None:
    told = (at(record, "Action", name, "RemoteIpDetails", "IpAddressV4") for name in _ACTIONS)
    return address(*told, at(record, "Network", "SourceIpV4"), at(record, "Network", "SourceIpV6"))


_RESOURCES = ("Resources",)

DERIVED = {
    "securityhub.level": Derived(
        compute=level,
        describe="critical, high, medium, low or informational.",
        fields=("Severity", "FindingProviderFields"),
    ),
    "securityhub.is_open": Derived(
        compute=is_open,
        describe="Is the finding active, and neither suppressed nor resolved.",
        fields=("RecordState", "Workflow"),
    ),
    "securityhub.control": Derived(
        compute=lambda record: text(at(record, "Compliance", "SecurityControlId")),
        describe="Control that was checked: S3.1.",
        fields=("Compliance",),
        witnesses=("SecurityControlId",),
    ),
    "securityhub.resources": Derived(
        compute=_of_resources("Id"), describe="Ids of the resources, mostly ARNs.", fields=_RESOURCES
    ),
    "securityhub.resource_types": Derived(
        compute=_of_resources("Type"), describe="Types of the resources: AwsS3Bucket.", fields=_RESOURCES
    ),
    "securityhub.remote_ip": Derived(
        compute=remote_address,
        describe="The other end's address, whatever the action.",
        fields=("Action", "Network"),
        witnesses=("IpAddressV4", "SourceIpV4", "SourceIpV6"),
    ),
}

PLUGIN = Source(
    title="AWS Security Hub",
    vendor_page="https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-findings-format.html",
    enable=(
        "Enable Security Hub in every region with AWS Config, and send `Security Hub Findings - Imported` on with an "
        "EventBridge rule, or poll GetFindings."
    ),
    silent_gaps=(
        "Checks need AWS Config with the resource types concerned; without it controls stay silent or NO_DATA.",
        "Checks run every 12 to 24 hours or on a change of configuration: findings are no timeline.",
        "Products that are not enabled in a region do not report there.",
        "Findings that automation rules suppress are sent with that state.",
    ),
    logsources=(LogSource(product="aws", service="securityhub"),),
    order=56,
    recognise=recognise,
    canonical=canonical,
    is_canonical=is_canonical,
    head=("GeneratorId", "RecordState", "ProductArn", "CreatedAt", *UID),
    dispatch=("GeneratorId", "RecordState"),
    uid=uid,
    time=time,
    uid_fields=UID,
    uid_gaps=True,
    time_fields=("UpdatedAt", "CreatedAt"),
    shape=("ProductArn",),
    labels=labels,
    label_fields=("AwsAccountId", "Region"),
    ocsf=columns.PROJECTION,
    columns=columns.STRUCTURE,
    lateness=timedelta(hours=12),
    shared=frozenset({"GeneratorId", "Id", "ProductArn", "Resources.Id", "Types"}),
    examples=EXAMPLES,
    fields=FIELDS,
    derived=DERIVED,
    aliases=ALIASES,
)
