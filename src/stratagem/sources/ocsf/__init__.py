"""OCSF events of any class, as Amazon Security Lake and other products keep them: read as they are.

Rules on columns (`product: ocsf`) hold on them. Rules for a product's own log do not: its fields are gone.
"""

from __future__ import annotations

from datetime import timedelta

from stratagem.sources._contract import AS_IT_IS, NO_LABELS, Derived, Labels, LogSource, Malformed, Native, Source
from stratagem.sources._text import at, first_text, text
from stratagem.sources.ocsf.examples import EXAMPLES
from stratagem.sources.ocsf.fields import ALIASES, FIELDS


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def recognise(record: Native) -> bool:
    """A class with a time and one of the members that every OCSF event has; or by names, as the head tells."""
    if _is_number(record.get("class_uid")) and ("time" in record or "time_dt" in record):
        return any(name in record for name in ("metadata", "type_uid", "category_uid", "activity_id"))
    return is_canonical(record)


def is_canonical(head: Native) -> bool:
    """A class by name, and the version of the schema."""
    return isinstance(head.get("class_name"), str) and isinstance(at(head, "metadata", "version"), str)


def canonical(record: Native) -> tuple[Native, Labels]:
    """The event as it is. Raises Malformed where it has no class."""
    if not recognise(record):
        raise Malformed("no class_uid with a time")
    return record, labels(record)


def labels(record: Native) -> Labels:
    found = Labels(
        account=first_text(at(record, "cloud", "account", "uid"), at(record, "cloud", "account_uid")),
        tenant=first_text(at(record, "metadata", "tenant_uid"), at(record, "cloud", "org", "uid")),
        region=text(at(record, "cloud", "region")),
    )
    return found if any(found) else NO_LABELS


def uid(head: Native) -> str | None:
    return text(at(head, "metadata", "uid"))


def time(head: Native) -> str | int | float | None:
    found = head.get("time")
    if found is None:
        found = head.get("time_dt")
    return found if isinstance(found, str | int | float) and not isinstance(found, bool) else None


def outcome(record: Native) -> str:
    """`success`, `failure` or `unknown`, by `status_id`."""
    return (
        {1: "success", 2: "failure"}.get(record["status_id"], "unknown")
        if _is_number(record.get("status_id"))
        else "unknown"
    )


PLUGIN = Source(
    title="OCSF events",
    vendor_page="https://schema.ocsf.io/1.6.0 (read 2026-11-24)",
    enable="Point at the files: JSON lines, or Parquet as Amazon Security Lake keeps it.",
    silent_gaps=(
        "Rules for a product's own log (CloudTrail, Kubernetes audit) cannot be evaluated: its fields are gone.",
        "What the product that mapped the log left in unmapped is not in columns.",
        "Events without metadata.uid are told apart by their content.",
    ),
    logsources=(LogSource(product="ocsf", service="event"),),
    order=900,
    recognise=recognise,
    canonical=canonical,
    is_canonical=is_canonical,
    head=("class_name", "metadata.version", "metadata.uid", "metadata.product.name", "time", "time_dt"),
    dispatch=("class_name", "metadata.product.name"),
    uid=uid,
    time=time,
    uid_fields=("metadata.uid",),
    time_fields=("time", "time_dt"),
    time_numbers=True,
    shape=("metadata.version",),
    ocsf=AS_IT_IS,
    columns="{}",
    lateness=timedelta(hours=2),
    examples=EXAMPLES,
    fields=FIELDS,
    derived={
        "outcome": Derived(compute=outcome, describe="success, failure or unknown.", fields=("status_id",)),
    },
    aliases=ALIASES,
)
