"""Positive scenarios as an attacker might write them instead."""

from __future__ import annotations

from stratagem.evasion import Attempt, evade, rates
from stratagem.proving import Prover
from stratagem.strategy.parse import parse
from tests.unit.strategy.documents import FRONT

PAGE = (
    FRONT
    + """
## Strategy Abstract

```yaml sigma
logsource: {product: aws, service: cloudtrail}
detection:
  stop: {eventName: StopLogging, userAgent|contains: aws-cli}
  condition: stop
```

## Validation

```yaml scenario
name: stopped
expect: finding
base: aws_cloudtrail/cloudtrail_stop_logging
set: {userAgent: aws-cli/2.17}
```
"""
)


def attempts() -> dict[str, Attempt]:
    made = parse(PAGE, file="stopped.md").strategy
    return {one.way: one for one in evade(made, behaviour=Prover([made]).fired)}


def test_a_rule_on_a_user_agent_is_evaded_by_another() -> None:
    found = attempts()
    assert not found["rename"].caught
    assert "userAgent" in found["rename"].changed


def test_case_and_padding_do_not_hide_what_is_contained() -> None:
    found = attempts()
    assert found["case"].caught and found["pad"].caught


def test_a_single_event_cannot_be_split() -> None:
    assert not {"split over principals", "split over time"} & set(attempts())


def test_rates_count_by_way() -> None:
    assert rates(list(attempts().values())) == {"rename": (0, 1), "case": (1, 1), "drop": (1, 1), "pad": (1, 1)}
