"""The table of recall and alerts a day by threshold."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import sensitivity
from bench.sensitivity import Row, Setting
from stratagem.emulate.estate import write_estate
from stratagem.errors import UsageError
from stratagem.strategy.model import Strategy
from stratagem.strategy.parse import parse

PAGE = """\
---
title: One identity asks for many things
status: shadow
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
  condition: {field: eventName, gte: 4}
```

```yaml baseline
name: burst
kind: spike
rules: [read]
entity: [aws.actor]
threshold: 8
```

## False Positives

```yaml filter
name: own_scanner
owner: cloud-security
reason: the nightly scan
detection:
  scanner: {aws.actor|endswith: posture-scanner}
  condition: scanner
```

## Validation

```yaml scenario
name: four calls
expect: finding
rule: many
base: aws_cloudtrail/list_groups
repeat: 4
set: {requestParameters: null}
vary: {eventName: [ListUsers, ListRoles, ListGroups, ListPolicies]}
```

## Priority

```yaml priority
title: "{aws.actor} asks"
levels:
  - level: low
    because: a test
key: [recipientAccountId, aws.actor]
```
"""


@pytest.fixture(scope="module")
def strategy() -> Strategy:
    return parse(PAGE, file="strategies/aws/many_reads.md").strategy


def test_the_setting_is_the_first_lower_bound_unless_another_analytic_is_named(strategy: Strategy) -> None:
    assert sensitivity.setting_of(strategy) == Setting(analytic="many", option="gte", value=4.0)
    assert sensitivity.setting_of(strategy, "burst") == Setting(analytic="burst", option="threshold", value=8.0)
    with pytest.raises(UsageError, match="no correlation or baseline none"):
        sensitivity.setting_of(strategy, "none")


def test_another_value_changes_that_analytic_alone(strategy: Strategy) -> None:
    changed = sensitivity.with_value(strategy, sensitivity.setting_of(strategy, "burst"), 3)
    assert changed.baselines[0].options["threshold"] == 3
    assert changed.correlations == strategy.correlations


def test_fewer_calls_are_found_by_a_lower_threshold_and_the_filter_takes_the_scanner_out(
    strategy: Strategy, tmp_path: Path
) -> None:
    write_estate(tmp_path, days=15, people=130, nodes=10)
    setting = sensitivity.setting_of(strategy)
    low, own = sensitivity.rows(strategy, [], setting, tmp_path, 15, [2, 4])
    assert (low.found, own.found, own.placed) == (4, 2, 5)
    assert own.unfiltered_per_day == own.per_day + 10, "the scanner of ten accounts"


def test_the_row_of_the_documents_own_value_stands_out() -> None:
    setting = Setting(analytic="many", option="gte", value=4.0)
    row = Row(value=4.0, found=2, placed=5, unfiltered_per_day=1.0, per_day=0.25)
    assert "| **4** | 2 of 5 | 1.00 | 0.25 |" in sensitivity.markdown(setting, [row])
