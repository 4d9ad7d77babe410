"""Scenarios of strategies that correlate or learn, run over log files that are written for them."""

from __future__ import annotations

from textwrap import dedent

from stratagem.proving import Prover
from stratagem.strategy.parse import parse
from stratagem.strategy.proof import TestResult, effective_status, run_tests

PAGE = """\
---
title: One identity asks for many things
status: live
owner: cloud-security
attack: [T1526]
severity: medium
---

## Strategy Abstract

```yaml sigma
name: read
logsource: {product: aws, service: cloudtrail}
detection:
  read: {readOnly: true, aws.untargeted: true}
  condition: read
```

```yaml correlation
name: many
correlation:
  type: value_count
  rules: [read]
  group-by: [recipientAccountId, aws.actor]
  timespan: 10m
  condition: {field: eventName, gte: 3}
```

```yaml baseline
name: stranger
kind: first_seen
rules: [read]
entity: [recipientAccountId]
value: [aws.actor]
history: 30d
warm_up: 14d
min_observations: 20
```

## Validation
"""

MANY = """
```yaml scenario
name: three calls
expect: finding
rule: many
base: aws_cloudtrail/list_groups
repeat: 3
set: {requestParameters: null}
vary: {eventName: [ListUsers, ListRoles, ListGroups]}
```
"""
FEW = """
```yaml scenario
name: two calls
expect: silent
near_miss_of: three calls
rule: many
base: aws_cloudtrail/list_groups
repeat: 3
set: {requestParameters: null}
vary: {eventName: [ListUsers, ListRoles]}
```
"""


def told(*scenarios: str) -> list[TestResult]:
    parsed = parse(PAGE + "\n".join(map(dedent, scenarios)), file="strategies/aws/many_reads.md")
    strategy = parsed.strategy
    return list(run_tests([strategy], behaviour=Prover([strategy]).fired))


def stranger(name: str, expect: str, days: int, who: str = "ci-legacy") -> str:
    return f"""
        ```yaml scenario
        name: {name}
        expect: {expect}
        rule: stranger
        base: aws_cloudtrail/list_groups
        set: {{requestParameters: null}}
        history:
          days: {days}
          events:
            - base: aws_cloudtrail/list_groups
              per_day: 4
              set:
                requestParameters: null
                userIdentity.userName: {who}
                userIdentity.arn: arn:aws:iam::111122223333:user/{who}
        ```
    """


def test_a_correlation_fires_on_what_its_scenario_repeats_and_stays_silent_on_the_near_miss() -> None:
    results = told(MANY, FEW)
    assert [(result.scenario, result.passed) for result in results] == [("three calls", True), ("two calls", True)]
    assert [hit.rule for hit in results[0].fired] == ["many"]


def test_a_baseline_learns_from_the_history_and_reports_the_test_alone() -> None:
    (result,) = told(stranger("a new name", "finding", days=20, who="other"))
    assert result.passed, result.reason
    assert [hit.rule for hit in result.fired] == ["stranger"]


def test_a_baseline_is_quiet_about_what_the_history_holds_and_in_warm_up() -> None:
    known = stranger("a known name", "silent", days=20, who="ci-legacy")
    young = stranger("a young log", "silent", days=10, who="other")
    assert [result.passed for result in told(known, young)] == [True, True]


def test_a_failure_says_on_how_many_events_the_rules_hold() -> None:
    (result,) = told(MANY.replace("repeat: 3", "repeat: 2"))
    assert not result.passed
    assert "read on 2 of 2" in result.reason


def test_without_something_that_runs_it_such_a_scenario_fails() -> None:
    strategy = parse(PAGE + MANY, file="strategies/aws/many_reads.md").strategy
    (result,) = run_tests([strategy])
    assert "nothing here can run that" in result.reason
    assert effective_status(strategy, [result]) == "shadow"


def test_a_scenario_says_who_is_who_so_that_steps_of_two_sources_meet() -> None:
    page = PAGE.replace(
        "```yaml baseline\n",
        dedent("""\
            ```yaml sigma
            name: sign_in
            logsource: {product: azure, service: signinlogs}
            detection: {ok: {outcome: success}, condition: ok}
            ```

            ```yaml correlation
            name: chain
            correlation: {type: temporal_ordered, rules: [sign_in, read], group-by: [actor], timespan: 1h}
            ```

            ```yaml baseline
            """),
        1,
    )
    scenario = dedent("""
        ```yaml scenario
        name: a person signs in and reads
        expect: finding
        rule: chain
        events:
          - base: entra_signin/interactive_user
          - base: aws_cloudtrail/list_groups
            at: 5m
        identities:
          alice:
            - entra:7b1f2c3d-4e5a-4b6c-8d7e-9f0a1b2c3d4e:*
            - "aws:111122223333:arn:aws:iam::111122223333:user/ci-legacy"
        ```
    """)
    unknown = scenario.replace("user/ci-legacy", "user/other").replace("expect: finding", "expect: silent")
    for text in (scenario, unknown):
        strategy = parse(page + text, file="strategies/aws/many_reads.md").strategy
        (result,) = run_tests([strategy], behaviour=Prover([strategy]).fired)
        assert result.passed, result.reason
