"""Conditions changed one by one: which changes are made, and who notices them."""

from __future__ import annotations

from typing import Any

import pytest

from stratagem.mutation.clauses import changes
from stratagem.mutation.lines import changed_lines
from stratagem.mutation.make import mutants
from stratagem.mutation.model import Mutation
from stratagem.mutation.score import mutate
from stratagem.proving import Prover
from stratagem.strategy.model import Strategy
from stratagem.strategy.parse import parse
from tests.unit.strategy.documents import FRONT, strategy

BURST = (
    FRONT
    + """
## Strategy Abstract

```yaml sigma
name: role_assumed
logsource: {product: aws, service: cloudtrail}
detection:
  all: {eventName: AssumeRole}
  condition: all
```

```yaml correlation
name: many
correlation:
  type: event_count
  rules: [role_assumed]
  group-by: [recipientAccountId]
  timespan: 5m
  condition: {gte: 3}
```

## Validation

```yaml scenario
name: three
expect: finding
base: aws_cloudtrail/assume_role_by_service
repeat: 3
every: 1m
```

```yaml scenario
name: two
expect: silent
near_miss_of: three
base: aws_cloudtrail/assume_role_by_service
repeat: 2
every: 1m
```
"""
)


def whats(detection: dict[str, Any]) -> list[str]:
    return [change.what for change in changes(detection)]


def mutation(made: Strategy) -> Mutation:
    return mutate(made, Prover([made]), lists={})


def test_every_clause_of_a_selection_is_dropped_once() -> None:
    said = whats({"a": {"x": 1, "y": ["p", "q"]}, "condition": "a"})
    assert "without 'x: 1'" in said and "without 'y'" in said
    assert "without y: p" in said and "without y: q" in said


@pytest.mark.parametrize(
    ("key", "value", "what"),
    [
        ("x|startswith", "a", "'x|contains' in place of 'x|startswith'"),
        ("x|contains|all", ["a", "b"], "'x|contains|all': any of the values in place of all"),
        ("x|cased", "a", "'x|cased' without case"),
        ("x|gte", 5, "'x|gte' 4 in place of 5"),
        ("x|exists", True, "'x|exists' is false"),
        ("x|cidr", "192.0.2.0/24", "'x|cidr' 192.0.0.0/20 in place of 192.0.2.0/24"),
        ("x[any]", {"y": 1}, "[all] in place of [any] in 'x[any]'"),
    ],
)
def test_a_test_is_widened_narrowed_or_turned_round(key: str, value: Any, what: str) -> None:
    assert what in whats({"a": {key: value}, "condition": "a"})


def test_a_condition_line_loses_its_filter_and_swaps_its_words() -> None:
    lines = {line for _, _, line in changed_lines("sel and not 1 of filter_*", ["sel", "filter_a"])}
    assert lines == {
        "not sel and not 1 of filter_*",
        "sel or not 1 of filter_*",
        "sel and 1 of filter_*",
        "sel and not all of filter_*",
        "not 1 of filter_*",
        "sel",
    }


def test_a_group_in_brackets_goes_as_a_whole() -> None:
    assert "a" in {line for _, _, line in changed_lines("a and (b or c)", ["a", "b", "c"])}


def test_a_mutant_names_its_clause_and_line() -> None:
    made = parse(BURST, file="burst.md").strategy
    (dropped,) = [one for one in mutants(made, {}) if one.change == "timespan 20m in place of 5m"]
    assert BURST.splitlines()[dropped.line - 1].strip() == "timespan: 5m"
    assert dropped.part == "many"


def test_a_change_that_no_scenario_notices_survives() -> None:
    made = strategy()
    outcomes = {one.mutant.change: one.killed_by for one in mutation(made).outcomes}
    assert outcomes["not call"] is not None
    assert None in outcomes.values()


def test_a_strategy_whose_scenarios_fail_is_not_measured() -> None:
    made = strategy(Validation="Nobody has tried.")
    found = mutation(made)
    assert not found.outcomes and found.score is None
    assert "no scenario" in found.skipped


def test_a_correlations_bound_is_held_by_its_near_miss() -> None:
    made = parse(BURST, file="burst.md").strategy
    outcomes = {one.mutant.change: one.killed_by for one in mutation(made).outcomes}
    assert outcomes["gte 2 in place of 3"] == "two"
    assert outcomes["gte 4 in place of 3"] == "three"
    assert outcomes["timespan 75s in place of 5m"] == "three"
    assert outcomes["not by recipientAccountId"] is None
