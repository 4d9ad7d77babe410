"""Why a strategy is quiet: each cause in one sentence with its counts, and no cause where there is none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from stratagem.emulate.bases import load
from stratagem.errors import UsageError
from stratagem.quiet.model import Quiet
from stratagem.sources._json import encode
from stratagem.workspace import Workspace
from tests.end_to_end.program import call

START = datetime(2026, 1, 5, 8, tzinfo=UTC)
HEAD = """\
---
title: Somebody lists groups
status: live
owner: cloud-security
attack: [T1069.003]
severity: medium
---

## Strategy Abstract

```yaml sigma
name: lists
logsource: {product: aws, service: cloudtrail}
detection:
  call: {eventName: ListGroups}
  refused: {errorCode: AccessDenied}
  condition: call and not refused
```
"""
FILTER = """
## False Positives

```yaml filter
name: ours
owner: cloud-security
reason: our own scanner
expires: 2027-01-01
detection:
  scanner: {sourceIPAddress: 203.0.113.9}
  condition: scanner
```
"""
CORRELATION = """
```yaml correlation
name: many
correlation:
  type: event_count
  rules: [lists]
  group-by: [sourceIPAddress]
  timespan: 10m
  condition: {gte: 8}
```
"""
BASELINE = """
```yaml baseline
name: newcomer
kind: first_seen
rules: [lists]
entity: [recipientAccountId]
value: [sourceIPAddress]
history: 30d
warm_up: 14d
min_observations: 20
```
"""


def calls(count: int, every: timedelta = timedelta(minutes=1), name: str = "a", **changes: Any) -> list[dict[str, Any]]:
    """ListGroups calls, the first at START; `name` keeps the ids of several lots apart."""
    plain = load("aws_cloudtrail/list_groups")
    plain.pop("errorCode", None)
    return [
        {
            **plain,
            "eventID": f"{name}-{number}",
            "eventTime": f"{START + every * number:%Y-%m-%dT%H:%M:%SZ}",
            **changes,
        }
        for number in range(count)
    ]


def told(folder: Path, page: str, events: Iterable[Mapping[str, Any]], **span: Any) -> Quiet:
    """What is said of a strategy in a workspace of its own."""
    (folder / "strategies").mkdir()
    (folder / "strategies" / "groups_listed.md").write_text(page, encoding="utf-8")
    logs = folder / "trail.jsonl"
    logs.write_bytes(b"\n".join(map(encode, events)) + b"\n")
    return Workspace(folder).why("groups_listed", [logs], workers=1, **span)


def said(found: Quiet, why: str) -> str:
    (one,) = [cause.says for cause in found.causes if cause.why == why]
    return one


def causes(found: Quiet) -> list[str]:
    return [cause.why.value for cause in found.causes if cause.why != "never_validated"]


def test_a_source_without_events_is_named_with_what_came_instead(tmp_path: Path) -> None:
    found = told(tmp_path, HEAD, [load("kubernetes_audit/secrets_list_all")])
    assert causes(found) == ["no_events"]
    assert said(found, "no_events") == "no event of aws_cloudtrail among the 1 events read: 1 of kubernetes_audit"


def test_events_outside_the_span_are_counted(tmp_path: Path) -> None:
    found = told(tmp_path, HEAD, calls(3), start=START + timedelta(days=1))
    assert said(found, "no_events").endswith("0 events read; 3 lie outside the span")


def test_the_selection_that_never_holds_is_named_with_its_field(tmp_path: Path) -> None:
    found = told(tmp_path, HEAD, calls(5, eventName="ListUsers"))
    assert causes(found) == ["no_match"]
    assert said(found, "no_match") == (
        "lists: 'call' holds on none of 5 events of aws_cloudtrail (not 'refused' on 5): "
        "'eventName' never has a value that it asks for"
    )


def test_what_must_not_hold_and_always_does_is_named(tmp_path: Path) -> None:
    found = told(tmp_path, HEAD, calls(5, errorCode="AccessDenied"))
    assert said(found, "no_match") == (
        "lists: 'refused' holds on each of 5 events of aws_cloudtrail ('call' on 5), and must not"
    )


def test_parts_that_never_hold_together_are_counted_and_the_closest_shown(tmp_path: Path) -> None:
    events = [*calls(4, errorCode="AccessDenied"), *calls(3, name="b", eventName="ListUsers")]
    found = told(tmp_path, HEAD, events)
    assert said(found, "no_match") == (
        "lists: of 7 events of aws_cloudtrail, 'call' on 4, not 'refused' on 3, never all at once; "
        "the closest 4 lack not 'refused'"
    )


def test_a_field_that_no_event_has_is_told_apart_from_one_with_other_values(tmp_path: Path) -> None:
    page = HEAD.replace("call: {eventName: ListGroups}", "call: {userAgent|contains: tool}")
    events = calls(5)
    for one in events:
        del one["userAgent"]
    found = told(tmp_path, page, events)
    assert causes(found) == ["field_absent"]
    assert "'userAgent' absent from all of them" in said(found, "field_absent")


def test_matches_that_filters_took_out_are_counted_by_filter(tmp_path: Path) -> None:
    found = told(tmp_path, HEAD + FILTER, calls(6, sourceIPAddress="203.0.113.9"))
    assert causes(found) == ["filtered"]
    assert said(found, "filtered") == "6 matches were taken out by filters: 'ours' 6"


def test_a_threshold_that_is_not_reached_is_told_with_the_greatest_measure(tmp_path: Path) -> None:
    events = [*calls(5, sourceIPAddress="198.51.100.1"), *calls(3, name="b", sourceIPAddress="198.51.100.2")]
    found = told(tmp_path, HEAD + CORRELATION, events)
    assert causes(found) == ["below_threshold"]
    assert said(found, "below_threshold") == (
        "many: 8 matches of 2 keys; the greatest count within 10 min is 5 (198.51.100.1), and >= 8 is asked"
    )


def test_matches_without_a_field_to_group_by_are_told(tmp_path: Path) -> None:
    page = HEAD + CORRELATION.replace("sourceIPAddress", "requestParameters.nowhere")
    found = told(tmp_path, page, calls(9))
    assert causes(found) == ["field_absent"]
    assert said(found, "field_absent") == (
        "many: 9 matches without 'requestParameters.nowhere' to group by, so they count for nobody"
    )


def test_a_correlation_whose_rule_never_matched_says_why_the_rule_did_not(tmp_path: Path) -> None:
    found = told(tmp_path, HEAD + CORRELATION, calls(9, eventName="ListUsers"))
    assert causes(found) == ["no_match"]
    assert "'call' holds on none of 9 events" in said(found, "no_match")


@pytest.mark.parametrize(
    ("timing", "asked", "greatest"),
    [
        ("temporal", "rules: [lists, users]", "number of rules within 10 min is 1"),
        ("temporal_ordered", "rules: [users, lists]", "chain of rules within 10 min is 1"),
    ],
)
def test_of_rules_that_belong_together_the_most_that_came_are_told(
    tmp_path: Path, timing: str, asked: str, greatest: str
) -> None:
    users = HEAD[HEAD.index("```yaml sigma") :].replace("name: lists", "name: users").replace("ListGroups", "ListUsers")
    body = (
        CORRELATION.replace("event_count", timing)
        .replace("rules: [lists]", asked)
        .replace("  condition: {gte: 8}\n", "")
    )
    found = told(tmp_path, HEAD + users + body, calls(9))
    assert greatest in said(found, "below_threshold")
    assert "'call' holds on none of 9 events" in said(found, "no_match")


def test_a_baseline_in_warm_up_says_what_it_lacks(tmp_path: Path) -> None:
    found = told(tmp_path, HEAD + BASELINE, calls(12, every=timedelta(hours=12)))
    assert causes(found) == ["warming_up"]
    assert said(found, "warming_up").startswith("newcomer: 12 observations of 1 entity, none past warm-up; ")
    assert "5 of 14 days, 12 of 20 observations" in said(found, "warming_up")


def test_a_warm_baseline_that_saw_nothing_new_says_so(tmp_path: Path) -> None:
    found = told(tmp_path, HEAD + BASELINE, calls(60, every=timedelta(hours=12)))
    assert causes(found) == ["usual"]
    assert said(found, "usual") == (
        "newcomer: 60 observations of 1 entity, 1 past warm-up; nothing that they did is unusual"
    )


def test_a_strategy_that_nothing_proves_is_told_so(tmp_path: Path) -> None:
    found = told(tmp_path, HEAD, calls(1, eventName="ListUsers"))
    assert said(found, "never_validated").startswith("nothing proves that it works: nothing proves this strategy")


def test_findings_are_no_quiet(tmp_path: Path) -> None:
    found = told(tmp_path, HEAD, calls(2))
    assert (found.findings, causes(found)) == (2, ["not_quiet"])
    assert said(found, "not_quiet") == "2 findings from 2026-01-05 08:00 to 2026-01-05 08:01 UTC"


def test_a_lake_is_looked_at_like_logs(tmp_path: Path) -> None:
    found = told(tmp_path, HEAD, calls(5, eventName="ListUsers"))
    lake = str(tmp_path / "lake")
    workspace = Workspace(tmp_path)
    workspace.run([tmp_path / "trail.jsonl"], lake=lake, workers=1)
    assert workspace.why("groups_listed", lake=lake, workers=1) == found


def test_the_command_prints_a_line_a_cause(tmp_path: Path) -> None:
    told(tmp_path, HEAD, calls(5, eventName="ListUsers"))
    done = call("why", "groups_listed", "trail.jsonl", "--format", "table", cwd=tmp_path)
    assert done.returncode == 3  # outside the workspace there is no such strategy
    (tmp_path / "stratagem.toml").write_text("", encoding="utf-8")
    done = call("why", "groups_listed", "trail.jsonl", "--format", "table", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("no match: lists: 'call' holds on none of 5 events of aws_cloudtrail")
    assert "groups_listed: 0 findings in 5 events." in done.stderr
    assert call("why", "groups_listed", cwd=tmp_path).returncode == 3


def test_an_unknown_strategy_is_an_error_that_names_the_like(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="groups_listed_through_graph"):
        Workspace().why("groups_listed_trough_graph", [tmp_path])
