"""The filter that would have removed most noise without losing what the strategy was made for.

A proposal names at least two fields, so that it removes one habit and not one name; it is offered only if every
scenario that must fire still fires, and if it removes nothing that a verdict calls a true positive. It is printed as an
overlay, with an expiry, for somebody to review: nothing is written.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import combinations
from typing import Any

from stratagem.detect.model import Finding
from stratagem.forecast.alerts import UNSAID, native_values
from stratagem.rules.model import And, Filter, Op, Test
from stratagem.strategy.model import Strategy
from stratagem.strategy.proof import TestResult

LASTS = timedelta(days=90)
"""How long a proposed filter holds: long enough to be useful, short enough to be looked at again."""
MIN_DAYS = 2
"""What happens on one day only may be the incident itself."""
MIN_SHARE = 0.1
"""A filter that removes less than this share of the findings is not worth its keep."""
_MOST_VALUES = 40
_MOST_PAIRS = 60
_ACTORS = ("aws.actor", "user.username", "userIdentity.arn", "properties.userPrincipalName", "UserId")
_VAGUE = frozenset({"objectRef.resource", "objectRef.apiGroup", "verb", "eventName", "eventSource", "outcome"})
"""Fields that say what was done, which is what the strategy is about."""
_DEPUTY = re.compile(r".*system:serviceaccount:kube-system:.*-controller|.*\.amazonaws\.com")
"""Actors that act for somebody else: leaving them out leaves out whoever sent them."""
_PLACES = (
    "sourceIPAddress",
    "sourceIPs",
    "callerIpAddress",
    "objectRef.namespace",
    "recipientAccountId",
    "userAgent",
    "k8s.pod.registries",
    "image.repository",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A filter and what it would have done."""

    strategy: str
    conditions: tuple[tuple[str, str], ...]
    """(field, value): all must hold."""
    removes: int
    of: int
    """Findings of the strategy in the span."""
    days: int
    """Days on which it would have removed something."""
    text: str
    """The overlay, as YAML."""
    context: str = ""
    """The context entry that would do instead, where the strategy reads a list; empty where it reads none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tuning:
    """Proposals, the best first, and those that were dropped with the reason."""

    strategy: str
    findings: int
    proposals: tuple[Proposal, ...] = ()
    dropped: tuple[tuple[str, str], ...] = ()
    """(what it was, why it is not offered)."""


def tune(
    strategy: Strategy,
    findings: Sequence[Finding],
    prove: Callable[[Strategy], Sequence[TestResult]],
    *,
    today: date,
    true_positives: Collection[str] = (),
    most: int = 3,
) -> Tuning:
    """Propose up to `most` filters for a strategy from its findings (with their events, in detail).

    `prove` runs the scenarios of a changed strategy. `true_positives` are ids of findings that a verdict calls so.
    """
    own = [one for one in findings if one.analytic_uid == strategy.id and one.level not in UNSAID]
    if not own or not strategy.rules:
        return Tuning(strategy=strategy.id, findings=len(own))
    values = [_values(one, strategy) for one in own]
    proposals: list[Proposal] = []
    dropped: list[tuple[str, str]] = []
    settled: set[tuple[int, ...]] = set()
    for conditions, rows in _candidates(values, len(own)):
        if len(proposals) == most:
            break
        if tuple(rows) in settled:
            continue
        name = ", ".join(f"{field}={value}" for field, value in conditions)
        days = {own[row].time.date() for row in rows}
        lost = [own[row].uid for row in rows if own[row].uid in true_positives]
        if lost:
            dropped.append((name, f"a verdict calls finding {lost[0]} a true positive"))
        elif len(days) < MIN_DAYS:
            dropped.append((name, "it happened on one day only, which may be the incident"))
        elif broken := _broken(strategy, conditions, prove):
            dropped.append((name, f"scenario '{broken}' would be lost"))
        else:
            settled.add(tuple(rows))
            proposals.append(
                Proposal(
                    strategy=strategy.id,
                    conditions=conditions,
                    removes=len(rows),
                    of=len(own),
                    days=len(days),
                    text=_overlay(strategy, conditions, len(rows), len(own), today),
                    context=_context(strategy, conditions),
                )
            )
    return Tuning(strategy=strategy.id, findings=len(own), proposals=tuple(proposals), dropped=tuple(dropped[:5]))


def _fields(strategy: Strategy) -> tuple[str, ...]:
    """Fields that a filter could name: those that the strategy shows or groups by, and who, from where and what."""
    shown = [name for rule in strategy.rules for name in rule.fields]
    keys = list(strategy.priority.key) if strategy.priority else []
    return tuple(name for name in dict.fromkeys([*keys, *shown, *_ACTORS, *_PLACES]) if name not in _VAGUE)


def _values(finding: Finding, strategy: Strategy) -> dict[str, str]:
    """The finding's fields with one value each."""
    found = {}
    for name in _fields(strategy):
        values = {str(value) for value in native_values(finding, name)}
        if len(values) == 1 and not _DEPUTY.fullmatch(value := values.pop()) and value:
            found[name] = value
    return found


Conditions = tuple[tuple[str, str], ...]


def _candidates(values: Sequence[dict[str, str]], count: int) -> Iterator[tuple[Conditions, list[int]]]:
    """Pairs of field and value, not both of them an actor, that hold on many findings; the most first."""
    singles = Counter((name, value) for row in values for name, value in row.items())
    common = {pair for pair, times in singles.most_common(_MOST_VALUES) if times >= max(2, MIN_SHARE * count)}
    holds: dict[Conditions, list[int]] = defaultdict(list)
    for number, row in enumerate(values):
        mine = sorted(pair for pair in row.items() if pair in common)
        for one, other in combinations(mine, 2):
            if not (one[0] in _ACTORS and other[0] in _ACTORS) and one[1] != other[1]:
                holds[one, other].append(number)
    for conditions, rows in sorted(holds.items(), key=lambda item: (-len(item[1]), item[0]))[:_MOST_PAIRS]:
        if len(rows) >= max(2, MIN_SHARE * count):
            yield conditions, rows


def _broken(
    strategy: Strategy, conditions: Conditions, prove: Callable[[Strategy], Sequence[TestResult]]
) -> str | None:
    """The first scenario that passes without the filter and fails with it."""
    tests = tuple(Test(field=name, op=Op.EQUALS, value=value) for name, value in conditions)
    made = Filter(name="proposed", condition=And(parts=tests))
    rules = tuple(replace(rule, filters=(*rule.filters, made)) for rule in strategy.rules)
    before = {result.scenario for result in prove(strategy) if result.passed}
    after = {result.scenario for result in prove(replace(strategy, rules=rules)) if result.passed}
    return min(before - after, default=None)


def _overlay(strategy: Strategy, conditions: Conditions, removes: int, count: int, today: date) -> str:
    import yaml

    entry: dict[str, Any] = {
        "name": "proposed_" + "_".join(name.rpartition(".")[2].lower() for name, _ in conditions),
        "owner": "",
        "reason": f"removes {removes} of {count} findings; say here why this is expected",
        "ticket": "",
        "expires": (today + LASTS).isoformat(),
        "detection": {"habit": dict(conditions), "condition": "habit"},
    }
    text: str = yaml.safe_dump({"filters": [entry]}, sort_keys=False, allow_unicode=True)
    return f"# overlays/{strategy.id}.yml\n{text}"


def _context(strategy: Strategy, conditions: Conditions) -> str:
    """A list that the strategy's rules read for one of the fields: its entry says the same for all strategies."""
    for block in strategy.blocks:
        if block.kind != "sigma":
            continue
        for line in block.text.splitlines():
            for name, value in conditions:
                key, _, rest = line.strip().partition(":")
                if key.startswith(f"{name}|") and "expand" in key and "%" in rest:
                    lists = rest.split("%")[1]
                    return f"context/lists/{lists}.yml: {{value: '{value}', owner: '', reason: '', expires: ''}}"
    return ""
