"""A finding in a person's words: the parts that every format for people shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from stratagem.detect.model import Evidence, Finding, Location

SHOWN_REASONS = 3


def when(time: datetime) -> str:
    """The event time to the second, in UTC: `2026-11-20 14:30:05`."""
    return time.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


def who(finding: Finding) -> str:
    """The principal's readable name where the event has one, else its scoped id, else nothing."""
    for evidence in finding.evidences:
        user = _inside(evidence.ocsf, "actor", "user")
        name = user.get("name") or user.get("email_addr")
        if name:
            return str(name)
    return finding.principal or ""


def where(finding: Finding) -> str:
    """Cluster, account, tenant and region, as far as they are known."""
    labels = finding.labels
    known = (labels.cluster, labels.account, labels.tenant, labels.region)
    return " ".join(str(label) for label in known if label)


def place(location: Location) -> str:
    """`file:offset`, and `:index` inside a document of several records: what `stratagem explain` takes."""
    text = f"{_from_here(location.file)}:{location.offset}"
    return f"{text}:{location.index}" if location.index else text


def first_place(evidences: Sequence[Evidence]) -> str:
    """Where the first event stands, and how many more there are."""
    if not evidences:
        return ""
    more = f" (+{len(evidences) - 1})" if len(evidences) > 1 else ""
    return place(evidences[0].location) + more


def words(value: Any) -> str:
    """A value of a listing in words: counts as `aws_cloudtrail 12, entra_audit 3`, lists with commas."""
    if isinstance(value, Mapping):
        return ", ".join(
            f"{key} {count:,}" if isinstance(count, int) else f"{key} {count}" for key, count in value.items()
        )
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)


LABELLED = '{"stratagem_labels": {"cluster": "NAME"}, "event": RECORD}'
"""How a record is told where it comes from, if it does not say so itself."""


def summary_lines(summary: Mapping[str, Any]) -> Iterator[str]:
    """The run in a few lines: events by source, what was set aside and why, rules, findings, seconds."""
    events = summary["events"]
    sources = ", ".join(f"{source} {count:,}" for source, count in events["by_source"].items() if count)
    yield f"{events['total']:,} events{f' ({sources})' if sources else ''} in {summary['seconds']:.1f} s"
    aside = [f"{summary[word]:,} {word}" for word in ("duplicates", "excluded") if summary.get(word)]
    if aside:
        yield ", ".join(aside)
    dropped = summary.get("dropped", {}).get("by_rule", {})
    if any(dropped.values()):
        yield f"{sum(dropped.values()):,} of them dropped by ingest rules: {_top(_told(dropped))}"
    quarantined = summary["quarantined"]
    if quarantined["count"]:
        yield f"{quarantined['count']:,} quarantined: {_top(quarantined['reasons'])}"
    missing = summary.get("not_in_lake", {})
    if missing:
        yield f"{sum(missing.values()):,} events are not in the lake: {_top(missing)}"
    blind = summary.get("not_evaluable")
    if blind:
        yield f"{blind['events']:,} events came as OCSF: {blind['rules']:,} rules for products' own logs not evaluable"
    unlabelled = summary.get("analytics", {}).get("without_label")
    if unlabelled:
        yield (
            f"{unlabelled:,} observed events name no cluster, account or tenant: equal names of two clusters count as "
            f"one. Wrap records: {LABELLED}"
        )
    rules = summary["rules"]
    rejected = rules["rejected"]
    number = rejected["count"] if isinstance(rejected, Mapping) else len(rejected)
    yield f"{rules['loaded']:,} rules loaded" + (f", {number:,} rejected" if number else "")
    total = summary["findings"]["total"]
    yield f"{total:,} finding{'' if total == 1 else 's'}"


def _told(counts: Mapping[str, int]) -> dict[str, int]:
    """What is not zero."""
    return {name: count for name, count in counts.items() if count}


def _top(reasons: Mapping[str, int]) -> str:
    ordered = sorted(reasons.items(), key=lambda item: (-item[1], item[0]))
    shown = "; ".join(f"{reason} ({count:,})" for reason, count in ordered[:SHOWN_REASONS])
    rest = len(ordered) - SHOWN_REASONS
    return f"{shown}; and {rest} more reasons" if rest > 0 else shown


def _from_here(file: str) -> str:
    path = Path(file)
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_absolute() and path.is_relative_to(here) else file


def _inside(value: Any, *path: str) -> Mapping[str, Any]:
    for key in path:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value if isinstance(value, Mapping) else {}
