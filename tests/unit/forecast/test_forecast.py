"""Alerts a day from findings, and the filters that would have made a strategy quieter."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from stratagem.context.known import Context
from stratagem.detect.model import Evidence, Finding, Location
from stratagem.detect.run import RunResult, run
from stratagem.detect.verdicts import Incidents, record
from stratagem.emulate import bases
from stratagem.engines.local import Job
from stratagem.forecast.alerts import forecast
from stratagem.forecast.tune import Tuning, tune
from stratagem.strategy.model import Strategy
from stratagem.strategy.parse import parse
from stratagem.strategy.proof import run_tests
from stratagem.workspace import Workspace

START = datetime(2026, 2, 2, tzinfo=UTC)
PAGE = """\
---
title: A trail is changed
status: live
owner: cloud-security
attack: [T1526]
severity: medium
---

## Strategy Abstract

```yaml sigma
logsource: {product: aws, service: cloudtrail}
detection:
  read: {eventName: GetAccountAuthorizationDetails}
  condition: read
fields: [sourceIPAddress]
```

## Validation

```yaml scenario
name: the scanner's role from elsewhere
expect: finding
base: aws_cloudtrail/get_account_authorization_details_scanner
set: {sourceIPAddress: 203.0.113.9}
```

## Priority

```yaml priority
title: "{aws.actor} read everything"
levels:
  - level: informational
    when: {userAgent: quiet}
  - level: medium
key: [aws.actor]
budget_per_day: 1
```
"""


@pytest.fixture
def strategy() -> Strategy:
    return parse(PAGE, file="strategies/aws/read.md").strategy


def finding(
    hours: float, *, role: str = "posture-scanner", level: str = "medium", address: str = "192.0.2.80"
) -> Finding:
    native = bases.load("aws_cloudtrail/get_account_authorization_details_scanner")
    native["sourceIPAddress"] = address
    native["userIdentity"]["sessionContext"]["sessionIssuer"]["arn"] = f"arn:aws:iam::111122223333:role/{role}"
    time = START + timedelta(hours=hours)
    place = Location(file="x", offset=0)
    return Finding(
        uid=f"{hours}/{role}",
        analytic_uid="read",
        analytic_name="",
        rule_uid="read#read",
        rule_name="",
        title="",
        level=level,
        level_because="",
        time=time,
        attacks=(),
        attack_version="18.1",
        evidences=(Evidence(event_uid="e", source="aws_cloudtrail", location=place, time=time, native=native),),
    )


def tuned(strategy: Strategy, findings: list[Finding], true_positives: tuple[str, ...] = ()) -> Tuning:
    return tune(
        strategy,
        findings,
        lambda changed: run_tests([changed]),
        today=date(2026, 2, 5),
        true_positives=true_positives,
    )


def test_findings_of_one_key_within_a_day_are_one_alert(strategy: Strategy) -> None:
    findings = [finding(hour) for hour in (1, 2, 23, 26)] + [finding(3, role="other")]
    told = forecast(findings, [strategy], START, START + timedelta(days=2))["read"]
    assert (told.findings, told.alerts, told.per_day, told.busiest) == (5, 3, 1.5, 2)
    assert told.by_day == {date(2026, 2, 2): 2, date(2026, 2, 3): 1}
    assert told.is_over


def test_informational_findings_are_recorded_and_never_alert(strategy: Strategy) -> None:
    told = forecast([finding(1, level="informational")], [strategy], START, START + timedelta(days=1))["read"]
    assert (told.findings, told.alerts) == (1, 0)


def test_a_strategy_without_findings_is_told_too(strategy: Strategy) -> None:
    assert forecast([], [strategy], START, START + timedelta(days=1))["read"].alerts == 0


def test_findings_outside_the_span_do_not_count(strategy: Strategy) -> None:
    told = forecast([finding(-1), finding(24)], [strategy], START, START + timedelta(days=1))["read"]
    assert told.findings == 0


def test_the_habit_of_one_role_is_proposed_as_a_filter_of_two_fields(strategy: Strategy) -> None:
    found = tuned(strategy, [finding(24 * day) for day in range(5)])
    first = found.proposals[0]
    assert (first.removes, first.of, first.days) == (5, 5, 5)
    assert dict(first.conditions) == {
        "aws.actor": "arn:aws:iam::111122223333:role/posture-scanner",
        "sourceIPAddress": "192.0.2.80",
    }
    assert "expires: '2026-05-06'" in first.text


def test_what_a_scenario_proves_is_not_given_up(strategy: Strategy) -> None:
    found = tuned(strategy, [finding(24 * day, address="203.0.113.9") for day in range(5)])
    assert any("would be lost" in why for _, why in found.dropped)
    assert all("203.0.113.9" not in dict(one.conditions).values() for one in found.proposals)


def test_what_a_verdict_calls_a_true_positive_is_not_given_up(strategy: Strategy) -> None:
    findings = [finding(24 * day) for day in range(5)]
    found = tuned(strategy, findings, true_positives=(findings[2].uid,))
    assert found.proposals == ()
    assert "true positive" in found.dropped[0][1]


def test_what_happened_on_one_day_only_is_not_offered(strategy: Strategy) -> None:
    found = tuned(strategy, [finding(hour) for hour in range(5)])
    assert found.proposals == ()
    assert "one day only" in found.dropped[0][1]


def test_a_lake_and_the_files_it_was_made_of_give_the_same_forecast(tmp_path: Path) -> None:
    workspace = Workspace()
    workspace.estate(tmp_path / "logs", days=2, people=100, nodes=10)
    workspace.run([tmp_path / "logs"], lake=str(tmp_path / "lake"), workers=1)
    end = START + timedelta(days=2)
    from_files = workspace.backtest([tmp_path / "logs"], start=START, end=end, workers=1)
    from_lake = workspace.backtest(lake=str(tmp_path / "lake"), start=START, end=end, workers=1)
    assert from_files.alerts_per_day > 0
    assert from_files.changes == from_lake.changes


def test_a_change_is_shown_beside_what_was(tmp_path: Path) -> None:
    logs = tmp_path / "logs"
    Workspace().estate(logs, days=1, people=100, nodes=10)
    for name, call in (("before", "ListUsers"), ("after", "GetAccountAuthorizationDetails")):
        page = tmp_path / name / "read.md"
        page.parent.mkdir()
        page.write_text(PAGE.replace("GetAccountAuthorizationDetails", call), encoding="utf-8")
    end = START + timedelta(days=1)
    found = Workspace().backtest(
        [logs], start=START, end=end, strategies=tmp_path / "after", against=tmp_path / "before", workers=1
    )
    (change,) = found.changes
    assert change.before and change.after
    assert (change.before.findings, change.after.findings) == (10, 10)


def test_a_backtest_knows_the_context_and_the_incidents_that_a_run_knows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "context").mkdir()
    (tmp_path / "context" / "identities.yml").write_text(
        "identities: [{actor: posture, class: scanner, names: ['aws:111122223333:role/posture-scanner']}]\n"
    )
    record(tmp_path / "verdicts", "f", "true_positive", by="lee", reason="phished", at=START, events=["aws/e"])
    page = tmp_path / "strategies" / "aws" / "read.md"
    page.parent.mkdir(parents=True)
    page.write_text(PAGE, encoding="utf-8")
    logs = tmp_path / "audit.jsonl"
    logs.write_text(json.dumps(bases.load("aws_cloudtrail/get_account_authorization_details_scanner")))
    workspace = Workspace(tmp_path)
    given: list[tuple[Context, Incidents | None]] = []

    def noted(job: Job, *files: Any, **more: Any) -> RunResult:
        given.append((job.plan.context, more.get("incidents")))
        return run(job, *files, **more)

    monkeypatch.setattr("stratagem.workspace.run", noted)
    workspace.run([logs], workers=1)
    workspace.backtest([logs], start=START, end=START + timedelta(days=1), workers=1)
    assert given[0] == given[1] == (workspace.context, Incidents(events=frozenset({"aws/e"}), findings=frozenset("f")))
    assert workspace.context.names
