"""The context beside what a priority block judges: `context.*` fields, and the weights of tiers and changes.

Only strategies that name such a field, or contexts that declare a weight, pay for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from stratagem.context.known import Context
from stratagem.context.weigh import weigh
from stratagem.rules.reads import tested
from stratagem.sources._contract import Labels
from stratagem.strategy.model import Priority, Strategy
from stratagem.strategy.priority import placeholders

PREFIX = "context."


def asks(strategy: Strategy | None, context: Context) -> bool:
    """Whether findings of the strategy depend on the context."""
    if strategy is None or strategy.priority is None:
        return False
    return context.weighs or any(name.startswith(PREFIX) for name in _named(strategy.priority))


def informed(
    record: Mapping[str, Any],
    context: Context,
    *,
    columns: Mapping[str, Any],
    labels: Labels,
    time: datetime,
    strategy: str | None,
) -> dict[str, Any]:
    """The record with `context` beside its fields. `columns` are the event's OCSF columns, as far as they are known."""
    said = context.enrich(
        columns.get("principal"),
        labels,
        time,
        ip=(columns.get("src_endpoint") or {}).get("ip"),
        namespaces=[one["namespace"] for one in columns.get("resources") or () if one.get("namespace")],
        strategy=strategy,
    )
    return {**record, "context": said}


def weighed(level: str, because: str, record: Mapping[str, Any]) -> tuple[str, str]:
    """(level, because) after the weights that the record's context has."""
    level, why = weigh(level, record.get("context") or {})
    return level, "; ".join(part for part in (because, why) if part)


def _named(priority: Priority) -> Iterator[str]:
    yield from placeholders(priority.title)
    for level in priority.levels:
        yield from tested(level.when) if level.when else ()
