"""What each strategy can see, in each scope: its sources' troubles, as far as its rules are concerned."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from stratagem.detect.compile import OCSF, Plan
from stratagem.detect.uses import met_by, rules_of, sources_of
from stratagem.health.dropped import blinded
from stratagem.health.fields import fields_of
from stratagem.health.model import Blinded, Scope, SourceHealth, StrategyHealth, Trouble
from stratagem.rules.model import Rule

_NO_OBJECTS = frozenset({Trouble.LEVEL, Trouble.OBJECTS_ABSENT})
_BLIND = frozenset({Trouble.NEVER_SEEN, Trouble.SILENT})


def sights(plan: Plan, sources: Sequence[SourceHealth], as_of: datetime) -> Iterator[StrategyHealth]:
    """One for each strategy and scope that its sources report from, or are expected to."""
    for strategy in plan.strategies.values():
        needed = sources_of(plan, strategy)
        scopes = sorted({one.scope for one in sources if one.source in needed})
        used = rules_of(plan, strategy)
        met = {source: [plan.rules[index] for index in met_by(plan, used, source)] for source in needed}
        lost = {source: tuple(blinded(plan, source, rules, as_of)) for source, rules in met.items()}
        routed = {source: [rule for rule in rules if rule.logsource.product != OCSF] for source, rules in met.items()}
        if not scopes:
            reason = f"no event of {' or '.join(needed) or 'its sources'} in the lake"
            drops = tuple(one for some in lost.values() for one in some)
            reasons = (reason, *(_said(one) for one in drops))
            yield StrategyHealth(strategy=strategy.id, scope=Scope(), sight="blind", reasons=reasons, dropped=drops)
        for scope in scopes:
            here = [one for one in sources if one.scope == scope and one.source in needed]
            yield _in(strategy.id, scope, here, routed, tuple(drop for one in here for drop in lost[one.source]))


def _in(
    strategy: str,
    scope: Scope,
    sources: Sequence[SourceHealth],
    routed: Mapping[str, Sequence[Rule]],
    lost: tuple[Blinded, ...],
) -> StrategyHealth:
    """`routed` are the strategy's rules on each source's own fields.

    `lost` is what ingest rules keep from the strategy: that alone makes it partly blind.
    """
    reasons: list[str] = []
    since = []
    blind = 0
    for one in sources:
        rules = routed[one.source]
        read = set(fields_of(rules))
        dark = False
        for complaint in one.complaints:
            if complaint.trouble in _BLIND:
                dark = True
            elif complaint.trouble in _NO_OBJECTS:
                need = [rule for rule in rules if _reads_objects(rule)]
                dark = dark or (bool(rules) and len(need) == len(rules))
                if not need:
                    continue
            elif complaint.trouble is not Trouble.FIELD or complaint.field not in read:
                continue
            clause = _clause(rules, complaint.field) if complaint.field else ""
            reasons.append(f"{one.source}: {complaint.message}{clause}")
            since += [complaint.since] if complaint.since else []
        blind += dark
    reasons += map(_said, lost)
    sight = "evaluable" if not reasons else "blind" if blind == len(sources) else "partly"
    return StrategyHealth(
        strategy=strategy,
        scope=scope,
        sight=sight,
        reasons=tuple(reasons),
        since=min(since, default=None),
        dropped=lost,
    )


def _said(one: Blinded) -> str:
    return f"{one.source}: {one}"


def _reads_objects(rule: Rule) -> bool:
    """Does the rule look at what a request carries."""
    return any(name.startswith(("requestObject", "responseObject", "k8s.pod")) for name in fields_of([rule]))


def _clause(rules: Sequence[Rule], field: str) -> str:
    """Which selections of the rules read the field."""
    names = [
        name
        for rule in rules
        for name, node in rule.named.items()
        if field in fields_of([Rule(uid="", title="", logsource=rule.logsource, condition=node)])
    ]
    return f"; blind in {', '.join(dict.fromkeys(names))}" if names else ""
