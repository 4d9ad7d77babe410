"""What a strategy looks at: its own rules, and those of other documents that its correlations and baselines name."""

from __future__ import annotations

from collections.abc import Container

from stratagem.detect.compile import Plan
from stratagem.strategy.model import Strategy


def rules_of(plan: Plan, strategy: Strategy) -> frozenset[int]:
    """Indexes of the rules that the strategy reports on, or that an analytic of it uses, however far away."""
    indexes = {index for index, rule in enumerate(plan.rules) if rule.strategy == strategy.id}
    waiting = [number for number, one in enumerate(plan.analytics) if one.body.strategy == strategy.id]
    while waiting:
        for one in plan.analytics[waiting.pop()].inputs:
            indexes |= {one.rule} if one.rule is not None else set()
            waiting += [one.analytic] if one.analytic is not None else []
    return frozenset(indexes)


def met_by(plan: Plan, used: Container[int], source: str) -> list[int]:
    """Which of these rules (indexes) the source's records meet; then those on columns, which meet every source's."""
    return [index for index in (*plan.routes.get(source, ()), *plan.on_columns) if index in used]


def sources_of(plan: Plan, strategy: Strategy) -> tuple[str, ...]:
    """The sources whose records meet these rules, sorted."""
    indexes = rules_of(plan, strategy)
    found = {source for source, routed in plan.routes.items() if indexes.intersection(routed)}
    if indexes.intersection(plan.on_columns):
        # A rule on columns meets every source: the page says which it is meant for.
        found |= {one.source for one in strategy.telemetry}
    return tuple(sorted(found))
