"""Scenarios that state the context they run under."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from stratagem.proving import Prover
from stratagem.strategy.parse import Parsed, parse
from stratagem.strategy.proof import TestResult, run_tests

FRONT = """\
---
title: Somebody lists groups
status: shadow
owner: cloud-security
attack: [T1069.003]
severity: medium
---

## Strategy Abstract

"""
NATIVE = """\
```yaml sigma
name: listed
logsource: {product: aws, service: cloudtrail}
detection:
  list: {eventName: ListGroups}
  condition: list
```
"""
ON_COLUMNS = """\
```yaml sigma
name: listed
logsource: {product: ocsf}
detection:
  list: {api.operation: ListGroups}
  condition: list
```
"""
STRANGER = """\
```yaml baseline
name: stranger
kind: first_seen
rules: [listed]
entity: [account]
value: [principal]
history: 30d
warm_up: 14d
min_observations: 20
```
"""
USER = "aws:111122223333:arn:aws:iam::111122223333:user/ci-legacy"


def filter_of(detection: str) -> str:
    return (
        "\n## False Positives\n\n```yaml filter\nname: known\nowner: me\nreason: known\n"
        f"detection: {detection}\n```\n\n## Validation\n"
    )


CLASS = filter_of("{scanner: {context.actor_class: scanner}, condition: scanner}")


def scenario(expect: str, more: str = "") -> str:
    text = f"name: it\nexpect: {expect}\nbase: aws_cloudtrail/list_groups\n{dedent(more)}"
    return f"\n```yaml scenario\n{text}```\n"


def read(page: str, file: str = "strategies/aws/groups.md") -> Parsed:
    return parse(FRONT + page, file=file)


def told(page: str) -> TestResult:
    strategy = read(page).strategy
    (result,) = run_tests([strategy], behaviour=Prover([strategy]).fired)
    return result


KNOWN = f"context: {{identities: [{{class: scanner, names: ['{USER}']}}]}}\n"
OTHER = KNOWN.replace("scanner", "ci")


@pytest.mark.parametrize("rule", [NATIVE, ON_COLUMNS], ids=["native", "on columns"])
def test_a_filter_takes_out_whom_the_scenarios_context_names(rule: str) -> None:
    result = told(rule + CLASS + scenario("silent", KNOWN))
    assert result.passed, result.reason
    assert [hit.filtered_by for hit in result.fired] == ["known"]


@pytest.mark.parametrize("rule", [NATIVE, ON_COLUMNS], ids=["native", "on columns"])
@pytest.mark.parametrize("context", ["", OTHER], ids=["nobody is named", "another class"])
def test_a_filter_on_the_context_leaves_everybody_else(rule: str, context: str) -> None:
    result = told(rule + CLASS + scenario("finding", context))
    assert result.passed, result.reason


@pytest.mark.parametrize("rule", [NATIVE, ON_COLUMNS], ids=["native", "on columns"])
@pytest.mark.parametrize("expect", ["finding", "silent"])
def test_what_a_baseline_observes_is_filtered_by_context_too(rule: str, expect: str) -> None:
    history = """\
        history:
          days: 20
          events:
            - base: aws_cloudtrail/list_groups
              per_day: 3
              set: {userIdentity.userName: other, userIdentity.arn: "arn:aws:iam::111122223333:user/other"}
    """
    context = KNOWN if expect == "silent" else ""
    result = told(rule + STRANGER + CLASS + scenario(expect, context + dedent(history)))
    assert result.passed, result.reason


def test_a_filter_with_a_list_waits_for_the_list(tmp_path: Path) -> None:
    page = NATIVE + filter_of("{some: {userIdentity.userName|expand: '%robots%'}, condition: some}")
    file = tmp_path / "groups.md"
    for expect, lists in (("finding", ""), ("silent", "context: {lists: {robots: [ci-legacy]}}\n")):
        whole = page + scenario(expect, lists)
        file.write_text(FRONT + whole)
        made = read(whole, str(file))
        assert [one for one in made.problems if one.code != "S-SECTION"] == []
        (result,) = run_tests([made.strategy], behaviour=Prover([made.strategy]).fired)
        assert result.passed, result.reason


def test_a_priority_block_sees_the_tier_that_the_scenario_states() -> None:
    priority = """
        ## Priority

        ```yaml priority
        title: "{context.actor} in a {context.tier} account"
        levels:
          - {level: low, when: {context.actor_class: ci}}
          - {level: medium}
        ```
    """
    estate = "estate: {tiers: {crown: 2}, accounts: [{id: '111122223333', tier: crown}]}"
    context = f"context:\n  {estate}\n  identities: [{{actor: robot, class: ci, names: ['{USER}']}}]\nlevel: high\n"
    result = told(NATIVE + "\n## Validation\n" + scenario("finding", context) + dedent(priority))
    assert result.passed, result.reason
    assert result.fired[0].title == "robot in a crown account"
    assert "tier crown" in result.fired[0].because


def test_a_context_that_breaks_a_schema_is_told_with_its_place() -> None:
    page = read(
        NATIVE + "\n## Validation\n" + scenario("finding", "context: {identities: [{klass: ci, names: [x]}]}\n")
    )
    (problem, *_) = [one for one in page.problems if one.code == "S-SCENARIO"]
    assert "klass" in problem.message
    assert problem.line


def test_a_context_that_contradicts_itself_fails_the_scenario() -> None:
    twice = "{class: ci, names: ['aws:1:x']}"
    result = told(NATIVE + "\n## Validation\n" + scenario("finding", f"context: {{identities: [{twice}, {twice}]}}\n"))
    assert not result.passed
    assert "context, identities.yml" in result.reason


def test_a_rule_that_names_the_context_is_refused_with_where_to_write_it() -> None:
    page = read(NATIVE.replace("eventName: ListGroups", "context.tier: crown"))
    assert any("a rule sees the event alone" in problem.message for problem in page.problems)
