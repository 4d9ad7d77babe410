"""Amazon EventBridge events of the container services: image pushes and scans, Inspector findings, ECS task states.

They tell what CloudTrail does not: how an image's scan ended, and how long a task lived. Events that carry a CloudTrail
record or a GuardDuty finding in `detail` belong to those sources.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from stratagem.sources._contract import Derived, Labels, LogSource, Malformed, Native, Source
from stratagem.sources._text import at, objects, text, texts
from stratagem.sources.aws_eventbridge import columns
from stratagem.sources.aws_eventbridge.examples import EXAMPLES
from stratagem.sources.aws_eventbridge.fields import ALIASES, FIELDS

SOURCES = ("aws.ecr", "aws.inspector2", "aws.ecs", "aws.eks")


def recognise(record: Native) -> bool:
    """EventBridge's envelope of one of these services, but for one that carries a CloudTrail record."""
    kind = record.get("detail-type")
    if not isinstance(kind, str) or record.get("source") not in SOURCES:
        return False
    return not kind.endswith("via CloudTrail")


def is_canonical(head: Native) -> bool:
    return recognise(head)


def canonical(record: Native) -> tuple[Native, Labels]:
    """The event as it is. Raises Malformed where it is of another service."""
    if not recognise(record):
        raise Malformed("no detail-type of a container service")
    return record, Labels(account=text(record.get("account")), region=text(record.get("region")))


def uid(head: Native) -> str | None:
    return text(head.get("id"))


def time(head: Native) -> str | None:
    return text(head.get("time"))


def image(record: Native) -> str | None:
    """The image in short: repository, and tag or digest."""
    repository = text(at(record, "detail", "repository-name"))
    if repository is None:
        return None
    tag = text(at(record, "detail", "image-tag")) or next(iter(texts(at(record, "detail", "image-tags"))), None)
    digest = text(at(record, "detail", "image-digest"))
    return f"{repository}:{tag}" if tag else f"{repository}@{digest}" if digest else repository


def images(record: Native) -> list[str] | None:
    """Images of a task's containers, or of what an Inspector finding is about."""
    found = [text(each.get("image")) for each in objects(at(record, "detail", "containers"))]
    for each in objects(at(record, "detail", "resources")):
        details = at(each, "details", "awsEcrContainerImage")
        name, digest = text(at(details, "repositoryName")), text(at(details, "imageHash"))
        found.append(f"{name}@{digest}" if name and digest else name)
    return [one for one in found if one] or None


def outcome(record: Native) -> str:
    """`success` or `failure` of a push, a deletion or a scan; `unknown` for what has no outcome."""
    said = text(at(record, "detail", "result")) or text(at(record, "detail", "scan-status"))
    return {"SUCCESS": "success", "COMPLETE": "success", "FAILURE": "failure", "FAILED": "failure"}.get(
        said or "", "unknown"
    )


def _count(level: str) -> Any:
    def compute(record: Native) -> int | None:
        counts = at(record, "detail", "finding-severity-counts")
        if not isinstance(counts, dict):
            return None
        found = counts.get(level, 0)
        return found if isinstance(found, int) else None

    return compute


_COUNTS: dict[str, Any] = {
    "fields": ("detail.finding-severity-counts",),
    "witnesses": ("finding-severity-counts",),
}
DERIVED = {
    "outcome": Derived(
        compute=outcome,
        describe="success or failure of a push, a deletion or a scan; else unknown.",
        fields=("detail.result", "detail.scan-status"),
    ),
    "ecr.image": Derived(
        compute=image,
        describe="Repository with the tag, or the digest where there is none.",
        fields=("detail.repository-name", "detail.image-tag", "detail.image-tags", "detail.image-digest"),
        witnesses=("repository-name",),
    ),
    "ecr.critical": Derived(compute=_count("CRITICAL"), describe="Critical vulnerabilities of a scan.", **_COUNTS),
    "ecr.high": Derived(compute=_count("HIGH"), describe="High vulnerabilities of a scan.", **_COUNTS),
    "aws.images": Derived(
        compute=images,
        describe="Images of a task's containers, or of an Inspector finding.",
        fields=("detail.containers", "detail.resources"),
        witnesses=("image", "repositoryName"),
    ),
}

PLUGIN = Source(
    title="Amazon EventBridge (containers)",
    vendor_page="https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-eventbridge.html (read 2026-11-24)",
    enable=(
        "Create an EventBridge rule for the sources aws.ecr, aws.inspector2, aws.ecs and aws.eks with a target that "
        "keeps events: CloudWatch Logs, Firehose to S3, or SQS."
    ),
    silent_gaps=(
        "Nothing is kept without a rule; events from before it are lost.",
        "Image events name no caller: PutImage in CloudTrail does.",
        "Pulls are not here, only in CloudTrail.",
        "Basic scanning runs on push or by hand: an image that is never scanned again gets no new findings.",
        "Delivery is best effort and unordered; a task's states may come out of order.",
    ),
    logsources=(LogSource(product="aws", service="eventbridge"), LogSource(product="aws", service="ecr")),
    order=50,
    recognise=recognise,
    canonical=canonical,
    is_canonical=is_canonical,
    head=("detail-type", "source", "id", "time"),
    dispatch=("detail-type", "source"),
    uid=uid,
    time=time,
    uid_fields=("id",),
    time_fields=("time",),
    ocsf=columns.PROJECTION,
    columns=columns.STRUCTURE,
    lateness=timedelta(minutes=30),
    examples=EXAMPLES,
    fields=FIELDS,
    derived=DERIVED,
    aliases=ALIASES,
)
