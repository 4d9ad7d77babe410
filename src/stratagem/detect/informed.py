"""The context beside what a priority block or a filter judges: `context.*` fields, and weights of tiers and changes.

Only strategies that name such a field, or contexts that declare a weight, pay for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from stratagem.clock import parse_time
from stratagem.context.known import Context
from stratagem.context.weigh import weigh
from stratagem.rules.model import Filter
from stratagem.rules.reads import tested
from stratagem.sources._contract import Labels
from stratagem.strategy.model import Priority, Strategy
from stratagem.strategy.priority import placeholders

PREFIX = "context."
NEEDED = frozenset({"principal", "cluster", "account", "tenant", "cloud", "src_endpoint", "resources"})
"""The columns by which the context is asked."""


def asks(strategy: Strategy | None, context: Context) -> bool:
    """Whether findings of the strategy depend on the context."""
    if strategy is None or strategy.priority is None:
        return False
    return context.weighs or any(name.startswith(PREFIX) for name in _named(strategy.priority))


def asks_context(filter_: Filter) -> bool:
    """Whether a filter names a `context.*` field."""
    return any(name.startswith(PREFIX) for name in tested(filter_.condition))


def labels_of(labels: Labels, columns: Mapping[str, Any]) -> Labels:
    """The record's own labels where its columns name them, else the envelope's (`labels`)."""
    own = Labels(
        cluster=columns.get("cluster"),
        account=columns.get("account"),
        tenant=columns.get("tenant"),
        region=(columns.get("cloud") or {}).get("region"),
    )
    return own.under(labels)


def taken_out_by(
    filters: Iterable[tuple[Filter, Callable[[Any], bool]]],
    record: Mapping[str, Any],
    time: str | int | float | datetime,
) -> str | None:
    """The first filter that holds on the record and has not expired by the event's own time."""
    for one, holds in filters:
        if holds(record) and not (one.expires and one.is_over(_moment(time))):
            return one.name
    return None


def _moment(time: str | int | float | datetime) -> datetime:
    return time if isinstance(time, datetime) else parse_time(time)


def beside(
    record: Mapping[str, Any],
    context: Context,
    columns: Mapping[str, Any],
    labels: Labels,
    time: datetime,
    strategy: str | None,
) -> dict[str, Any]:
    """The record that filters see, with `context` beside its fields; `labels` are the envelope's."""
    own = labels_of(labels, columns)
    return informed(record, context, columns=columns, labels=own, time=time, strategy=strategy)


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
