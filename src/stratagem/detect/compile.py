"""Strategies and rules -> a plan: which rules meet which source's records. Pure: data in, data out.

No engine, driver or network module is loaded here, so that a plan can be made, shown and tested anywhere.
"""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from stratagem.rules.model import Rejection, Rule
from stratagem.rules.routing import answering
from stratagem.sources._contract import Source
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
    strategies: Mapping[str, Strategy] = field(default_factory=dict)
    rejected: tuple[Rejection, ...] = ()
    digest: str = ""
    """Content hash of the rules: what compiled artefacts are cached by."""


def compile(
    rules: Iterable[Rule],
    strategies: Iterable[Strategy],
    sources: Mapping[str, Source],
    rejected: Iterable[Rejection] = (),
) -> Plan:
    """Route every rule to the sources that answer its logsource; a rule that none answers is rejected, by name."""
    known = {strategy.id: strategy for strategy in strategies}
    refused = list(rejected)
    kept: list[Rule] = []
    routes: dict[str, list[int]] = {}
    on_columns: list[int] = []
    for rule in [*rules, *(rule for strategy in known.values() for rule in strategy.rules)]:
        homes = [source_id for source_id, source in sources.items() if answering(source.logsources, rule.logsource)]
        if rule.logsource.product == OCSF:
            on_columns.append(len(kept))
        elif not homes:
            refused.append(_homeless(rule, sources))
            continue
        for source_id in homes:
            routes.setdefault(source_id, []).append(len(kept))
        kept.append(rule)
    return Plan(
        rules=tuple(kept),
        routes={source_id: tuple(indexes) for source_id, indexes in sorted(routes.items())},
        on_columns=tuple(on_columns),
        strategies=known,
        rejected=tuple(refused),
        digest=_digest(kept),
    )


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


def _digest(rules: Iterable[Rule]) -> str:
    return hashlib.sha256(pickle.dumps(tuple(rules), protocol=5)).hexdigest()
