"""Priority blocks, titles and group-bys that ask the context."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from stratagem.workspace import Workspace
from tests.unit.context.files import write

STRATEGY = """\
---
title: Trail stopped
status: live
owner: us
attack: [T1562.008]
severity: medium
---

## Strategy Abstract

```yaml sigma
title: Trail stopped
name: stopped
logsource: {product: aws, service: cloudtrail}
detection:
  selection: {eventName: StopLogging}
  condition: selection
```
REST
## Priority

```yaml priority
title: "{context.actor} of {context.tier} stopped a trail"
levels:
  - {level: low, when: {context.actor_class: ci}, because: a pipeline}
  - {level: high, when: {context.actor_class: unknown}}
  - {level: medium}
```
"""
CORRELATION = """
```yaml correlation
name: many
correlation: {type: event_count, rules: [stopped], group-by: [actor], timespan: 1h, condition: {gte: 2}}
```
"""
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def event(number: int, user: str, account: str = "111122223333", time: datetime = NOON) -> dict[str, Any]:
    arn = f"arn:aws:iam::{account}:user/{user}"
    return {
        "eventVersion": "1.09",
        "eventID": f"e-{number}",
        "eventTime": (time + timedelta(minutes=number)).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "eventSource": "cloudtrail.amazonaws.com",
        "eventName": "StopLogging",
        "awsRegion": "eu-west-1",
        "sourceIPAddress": "192.0.2.7",
        "userAgent": "aws-cli/2",
        "userIdentity": {"type": "IAMUser", "arn": arn, "accountId": account, "userName": user, "principalId": "AIDAX"},
        "recipientAccountId": account,
        "eventType": "AwsApiCall",
        "eventCategory": "Management",
        "readOnly": False,
        "requestParameters": {"name": "trail"},
        "responseElements": None,
    }


def name(user: str, account: str = "111122223333") -> str:
    return f"aws:{account}:arn:aws:iam::{account}:user/{user}"


@pytest.fixture(params=["in detail", "as lines"])
def detail(request: pytest.FixtureRequest) -> Iterator[bool]:
    yield request.param == "in detail"


def run(folder: Path, events: list[dict[str, Any]], *, rest: str = "", detail: bool = True) -> list[Any]:
    (folder / "strategies" / "aws").mkdir(parents=True, exist_ok=True)
    (folder / "strategies" / "aws" / "trail.md").write_text(STRATEGY.replace("REST\n", rest), encoding="utf-8")
    logs = folder / "logs.ndjson"
    logs.write_text("".join(json.dumps(one) + "\n" for one in events), encoding="utf-8")
    return sorted(Workspace(folder).run([logs], workers=1, detail=detail).findings, key=lambda one: one.time)


def test_criteria_and_title_see_the_actor_and_the_tier_of_the_events_time(tmp_path: Path, detail: bool) -> None:
    write(
        tmp_path / "context",
        estate="""
            tiers: {critical: 0}
            accounts: [{id: "111122223333", tier: critical, valid_from: 2026-03-02T12:01:00Z}]
            """,
        identities=f"identities: [{{actor: deployer, class: ci, names: ['{name('ci')}']}}]\n",
    )
    found = run(tmp_path, [event(0, "ci"), event(1, "ci"), event(2, "eve")], detail=detail)
    assert [(one.level, one.level_because, one.title) for one in found] == [
        ("low", "a pipeline", "deployer of unknown stopped a trail"),
        ("low", "a pipeline", "deployer of critical stopped a trail"),
        ("high", "", f"{name('eve')} of critical stopped a trail"),
    ]


def test_tiers_and_changes_weigh_and_hide_nothing(tmp_path: Path, detail: bool) -> None:
    write(
        tmp_path / "context",
        estate="""
            tiers: {critical: 1, sandbox: -2}
            accounts: [{id: "111122223333", tier: critical}, {id: "444455556666", tier: sandbox}]
            """,
        identities=f"identities: [{{class: ci, names: ['{name('ci', '444455556666')}']}}]\n",
        changes__x="""
            changes:
              - {id: CHG-7, starts: 2026-03-02T12:02:00Z, ends: 2026-03-02T12:03:00Z, weight: -2,
                 scope: {strategies: [trail]}}
            """,
    )
    found = run(tmp_path, [event(0, "eve"), event(1, "ci", "444455556666"), event(2, "eve")], detail=detail)
    assert [(one.level, one.level_because) for one in found] == [
        ("critical", "raised from high: tier critical"),
        ("informational", "a pipeline; lowered from low: tier sandbox"),
        ("medium", "lowered from high: tier critical, announced change CHG-7"),
    ]


def test_without_context_everything_is_unknown(tmp_path: Path, detail: bool) -> None:
    (found,) = run(tmp_path, [event(0, "eve")], detail=detail)
    assert (found.level, found.title) == ("high", f"{name('eve')} of unknown stopped a trail")


def test_a_correlation_groups_by_actor_across_accounts_and_by_no_more(tmp_path: Path) -> None:
    write(
        tmp_path / "context",
        identities=f"""
            identities:
              - actor: bob
                class: human
                names: ["{name("bob")}", "{name("robert", "444455556666")}"]
            """,
    )
    events = [event(0, "bob"), event(1, "robert", "444455556666"), event(2, "eve"), event(3, "eve", "444455556666")]
    found = run(tmp_path, events, rest=CORRELATION)
    assert [one.key for one in found] == [{"actor": "bob"}]
