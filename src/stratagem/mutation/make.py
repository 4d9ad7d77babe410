"""A strategy -> its mutants: each differs from it in one clause of one block."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from stratagem.baselines._contract import Baseline
from stratagem.context.entry import Lists
from stratagem.mutation.clauses import Change, changes
from stratagem.mutation.model import Mutant
from stratagem.rules.correlation import Both, Correlation, CorrelationType, Either
from stratagem.rules.load import BadRule, load_condition
from stratagem.rules.model import Node, Rule
from stratagem.strategy.model import Block, Priority, Strategy
from stratagem.strategy.sigma import rule_name


def mutants(strategy: Strategy, lists: Lists) -> Iterator[Mutant]:
    """Every mutant, in document order of blocks. What does not load, or means the same, is none."""
    for block in strategy.blocks:
        data = block.data
        if not isinstance(data, Mapping):
            continue
        match block.kind:
            case "sigma":
                yield from _of_rules(strategy, block, lists)
            case "filter":
                yield from _of_filter(strategy, block, lists)
            case "correlation":
                yield from _of_analytic(strategy, block, _correlations)
            case "baseline":
                yield from _of_analytic(strategy, block, _baselines)
            case "priority" if strategy.priority is not None:
                yield from _of_priority(strategy, strategy.priority, block)


def _of_rules(strategy: Strategy, block: Block, lists: Lists) -> Iterator[Mutant]:
    rule = next((one for one in strategy.rules if one.line == block.line), None)
    detection = block.data.get("detection")
    if rule is None or not isinstance(detection, Mapping):
        return
    for change, condition, named in _read(detection, rule.condition, lists):
        made = [replace(one, condition=condition, named=named) if one is rule else one for one in strategy.rules]
        yield Mutant(
            part=rule_name(rule),
            kind=change.kind,
            change=change.what,
            line=block.line_of(change.path),
            made=replace(strategy, rules=tuple(made)),
        )


def _of_filter(strategy: Strategy, block: Block, lists: Lists) -> Iterator[Mutant]:
    name, detection = str(block.data.get("name")), block.data.get("detection")
    held = [one for rule in strategy.rules for one in rule.filters if one.name == name]
    if not held or not isinstance(detection, Mapping):
        return
    part = f"filter {name}"
    without = _with_filters(strategy, name, None)
    yield Mutant(part=part, kind="drop", change="without the filter", line=block.line, made=without)
    for change, condition, _ in _read(detection, held[0].condition, lists):
        made = _with_filters(strategy, name, condition)
        line = block.line_of(change.path)
        yield Mutant(part=part, kind=change.kind, change=change.what, line=line, made=made)


def _read(
    detection: Mapping[str, Any], condition: Node, lists: Lists
) -> Iterator[tuple[Change, Node, Mapping[str, Node]]]:
    """The changes of a detection that load and mean something new, with the condition and the selections of each."""
    seen = [condition]
    for change in changes(detection):
        try:
            changed, named = load_condition(change.detection, lists=lists)
        except (BadRule, RecursionError):
            continue
        if changed not in seen:
            seen.append(changed)
            yield change, changed, named


def _with_filters(strategy: Strategy, name: str, condition: Any) -> Strategy:
    """The strategy with another condition for the filter; without the filter where that is None."""

    def changed(rule: Rule) -> Rule:
        filters = (
            replace(one, condition=condition) if one.name == name and condition is not None else one
            for one in rule.filters
            if one.name != name or condition is not None
        )
        return replace(rule, filters=tuple(filters))

    return replace(strategy, rules=tuple(map(changed, strategy.rules)))


def _of_priority(strategy: Strategy, priority: Priority, block: Block) -> Iterator[Mutant]:
    if len(priority.levels) < 2:
        return
    for number, level in enumerate(priority.levels):
        rest = tuple(one for place, one in enumerate(priority.levels) if place != number)
        yield Mutant(
            part="priority",
            kind="drop",
            change=f"without level {level.level} ({level.because})" if level.because else f"without {level.level}",
            line=block.line_of(f"levels.{number}"),
            made=replace(strategy, priority=replace(priority, levels=rest)),
        )


Parts = Iterator[tuple[str, str, str, Any]]
"""Path in the block, kind, what was done, and the changed analytic."""


def _of_analytic(strategy: Strategy, block: Block, parts: Callable[[Any], Parts]) -> Iterator[Mutant]:
    analytics: tuple[Correlation | Baseline, ...] = (*strategy.correlations, *strategy.baselines)
    one = next((one for one in analytics if one.line == block.line), None)
    if one is None:
        return
    for path, kind, change, made in parts(one):
        yield Mutant(
            part=one.name,
            kind=kind,
            change=change,
            line=block.line_of(path),
            made=replace(
                strategy,
                correlations=tuple(made if other is one else other for other in strategy.correlations),
                baselines=tuple(made if other is one else other for other in strategy.baselines),
            ),
        )


def _correlations(one: Correlation) -> Parts:
    for number, name in enumerate(one.group_by):
        path = f"correlation.group-by.{number}"
        yield path, "drop", f"not by {name}", replace(one, group_by=_without(one.group_by, number))
    for span in (one.timespan * 4, one.timespan / 4):
        what = f"timespan {_span(span)} in place of {_span(one.timespan)}"
        yield "correlation.timespan", "limit", what, replace(one, timespan=span)
    for number, bound in enumerate(one.bounds):
        for step in (Decimal(1), Decimal(-1)):
            moved = replace(bound, limit=bound.limit + step)
            bounds = (*one.bounds[:number], moved, *one.bounds[number + 1 :])
            what = f"{bound.op} {moved.limit} in place of {bound.limit}"
            yield f"correlation.condition.{bound.op}", "limit", what, replace(one, bounds=bounds)
    if one.type is CorrelationType.TEMPORAL_ORDERED:
        changed = replace(one, type=CorrelationType.TEMPORAL)
        yield "correlation.type", "widen", "in any order", changed
    if one.type in (CorrelationType.TEMPORAL, CorrelationType.TEMPORAL_ORDERED) and one.expression is None:
        for number, name in enumerate(one.rules):
            if len(one.rules) > 2:
                without = replace(one, rules=_without(one.rules, number))
                yield f"correlation.rules.{number}", "drop", f"without rule {name}", without
    if isinstance(one.expression, Both | Either):
        other = Either if isinstance(one.expression, Both) else Both
        swapped = replace(one, expression=other(parts=one.expression.parts))
        yield "correlation.condition", "swap", "'and' and 'or' exchanged in the condition", swapped


def _baselines(one: Baseline) -> Parts:
    for name in ("entity", "value", "peers"):
        fields: tuple[str, ...] = getattr(one, name)
        for number, field in enumerate(fields):
            if len(fields) > 1:
                changed = _changed(one, name, _without(fields, number))
                yield f"{name}.{number}", "drop", f"{name} without {field}", changed
    for name in ("warm_up", "window"):
        span: timedelta = getattr(one, name)
        for other in (span * 4, span / 4) if span else ():
            changed = _changed(one, name, other)
            yield name, "limit", f"{name} {_span(other)} in place of {_span(span)}", changed
    least = one.min_observations
    for count in (least * 4, least // 4):
        if count != least:
            what = f"min_observations {count} in place of {least}"
            yield "min_observations", "limit", what, replace(one, min_observations=count)
    for name, value in one.options.items():
        if isinstance(value, int | float) and not isinstance(value, bool):
            for moved in (value * 2, value / 2 if isinstance(value, float) else value // 2):
                options = {**one.options, name: moved}
                yield name, "limit", f"{name} {moved} in place of {value}", replace(one, options=options)


def _changed(one: Baseline, name: str, value: Any) -> Baseline:
    given: dict[str, Any] = {name: value}
    return replace(one, **given)


def _without(fields: Sequence[str], number: int) -> tuple[str, ...]:
    return tuple(one for place, one in enumerate(fields) if place != number)


def _span(span: timedelta) -> str:
    seconds = span.total_seconds()
    for unit, size in (("d", 86400), ("h", 3600), ("m", 60)):
        if seconds >= size and seconds % size == 0:
            return f"{int(seconds // size)}{unit}"
    return f"{seconds:g}s"
