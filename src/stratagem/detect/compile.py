"""Strategies and rules -> a plan: which rules meet which source's records. Pure: data in, data out.

No engine, driver or network module is loaded here, so that a plan can be made, shown and tested anywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from stratagem.context.known import Context
from stratagem.detect.analytics import Analytic, Ask, Body, resolve
from stratagem.events.vocabulary import may_give
from stratagem.rules.correlation import Correlation
from stratagem.rules.dispatch import possible
from stratagem.rules.drop import Drop
from stratagem.rules.model import Rejection, Rule, RuleLogSource
from stratagem.rules.reads import tested
from stratagem.rules.resolve import MISSING, Resolver
from stratagem.rules.routing import answering
from stratagem.sources._contract import AS_IT_IS, Source
from stratagem.strategy.model import Strategy

OCSF = "ocsf"
"""The logsource product of rules on OCSF columns, whatever the source."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a run evaluates. `routes` gives, for each source, the indexes of the rules that its records meet."""

    rules: tuple[Rule, ...]
    routes: Mapping[str, tuple[int, ...]]
    on_columns: tuple[int, ...] = ()
    """Indexes of the rules on OCSF columns."""
    columned: frozenset[str] = frozenset()
    """The sources on whose columns one of those rules may hold; without a lake, only their events are normalised."""
    strategies: Mapping[str, Strategy] = field(default_factory=dict)
    analytics: tuple[Analytic, ...] = ()
    """Correlations and baselines, each after those that it uses."""
    observed: Mapping[int, tuple[Ask, ...]] = field(default_factory=dict)
    """Rule index -> the fields that are kept of its events, for the analytics that use it."""
    quiet: frozenset[int] = frozenset()
    """Rules that do not report on their own."""
    rejected: tuple[Rejection, ...] = ()
    context: Context = field(default_factory=Context)
    """What the workspace's context says; strategies' levels, titles and filters may depend on it, rules never do."""
    drops: tuple[Drop, ...] = ()
    """Ingest rules: records on which one holds are counted and go no further."""
    dropping: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    """For each source that has any, the indexes of its ingest rules."""


def compile(
    rules: Iterable[Rule],
    strategies: Iterable[Strategy],
    sources: Mapping[str, Source],
    rejected: Iterable[Rejection] = (),
    correlations: Iterable[Correlation] = (),
    drops: Sequence[Drop] = (),
) -> Plan:
    """Route every rule to the sources that answer its logsource, and resolve what correlations and baselines refer to.

    A rule that no source answers is rejected, by name; so is an analytic whose references lead nowhere or in a circle.
    """
    known = {strategy.id: strategy for strategy in strategies}
    refused = list(rejected)
    kept: list[Rule] = []
    routes: dict[str, list[int]] = {}
    on_columns: list[int] = []
    answered: dict[RuleLogSource, list[str]] = {}
    for rule in [*rules, *(rule for strategy in known.values() for rule in strategy.rules)]:
        homes = answered.get(rule.logsource)
        if homes is None:
            homes = [source_id for source_id, source in sources.items() if answering(source.logsources, rule.logsource)]
            answered[rule.logsource] = homes
        if rule.logsource.product == OCSF:
            on_columns.append(len(kept))
            homes = []  # Events that came as OCSF have columns like all others.
        elif not homes:
            refused.append(_homeless(rule, sources))
            continue
        for source_id in homes:
            routes.setdefault(source_id, []).append(len(kept))
        kept.append(rule)
    bodies: list[Body] = [*correlations]
    for strategy in known.values():
        bodies += [*strategy.correlations, *strategy.baselines]
    resolved = resolve(bodies, kept, known, _shared(kept, routes, sources))
    return Plan(
        rules=tuple(kept),
        routes={source_id: tuple(indexes) for source_id, indexes in sorted(routes.items())},
        on_columns=tuple(on_columns),
        columned=frozenset(
            source_id
            for source_id, source in sources.items()
            if any(_may_hold(kept[index], source) for index in on_columns)
        ),
        strategies=known,
        analytics=resolved.analytics,
        observed=resolved.observed,
        quiet=resolved.quiet,
        rejected=(*refused, *resolved.rejected),
        drops=tuple(drops),
        dropping=_dropping(drops, sources),
    )


def _dropping(drops: Sequence[Drop], sources: Mapping[str, Source]) -> dict[str, tuple[int, ...]]:
    routes = {
        source_id: tuple(index for index, drop in enumerate(drops) if answering(source.logsources, drop.rule.logsource))
        for source_id, source in sources.items()
    }
    return {source_id: indexes for source_id, indexes in routes.items() if indexes}


def _shared(
    rules: Sequence[Rule], routes: Mapping[str, Sequence[int]], sources: Mapping[str, Source]
) -> dict[int, frozenset[str]]:
    """For each rule, the fields that mean the same everywhere in all sources that it meets."""
    shared: dict[int, frozenset[str]] = {}
    for source_id, indexes in routes.items():
        source = sources[source_id]
        here = source.shared | {name for name, paths in source.aliases.items() if source.shared.issuperset(paths)}
        for index in indexes:
            shared[index] = shared[index] & here if index in shared else here
    return shared


def _may_hold(rule: Rule, source: Source) -> bool:
    """Whether a rule on columns may hold on an event of the source, by the columns that its projection gives."""
    if source.ocsf == AS_IT_IS:
        return True
    missing = {name: MISSING for name in tested(rule.condition) if not may_give(source.ocsf, name)}
    return possible(rule.condition, missing, Resolver(nested=frozenset(missing)))


def _homeless(rule: Rule, sources: Mapping[str, Source]) -> Rejection:
    products = sorted(
        {offered.product for source in sources.values() for offered in source.logsources if offered.product}
    )
    return Rejection(
        file=rule.file,
        line=rule.line,
        title=rule.title,
        construct="logsource",
        reason=f"no source answers the logsource {rule.logsource}",
        fix=f"Products with a source: {', '.join(products)}. See `stratagem sources`.",
        rule_id=rule.uid,
    )
