"""Strategies, what their scenarios came to, and a lake's health -> coverage."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType

from stratagem.attack.model import Attack, Technique
from stratagem.coverage.model import Cell, Claim, State
from stratagem.detect.compile import Plan
from stratagem.detect.uses import sources_of
from stratagem.health.model import Health, Trouble
from stratagem.scores import NONE, Scores
from stratagem.strategy.checks._attack import platform_names, platforms
from stratagem.strategy.model import Strategy
from stratagem.strategy.proof import TestResult, effective_status, unproven

_DARK = frozenset({Trouble.NEVER_SEEN, Trouble.SILENT})
_SHOWN = 3
"""Reasons and scopes that a claim tells; the rest are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """The cells, and the strategies that are in none of them with the reason."""

    cells: tuple[Cell, ...]
    unplaced: tuple[tuple[str, str], ...]


def check(
    plan: Plan,
    attack: Attack,
    results: Sequence[TestResult],
    health: Health | None,
    scores: Mapping[str, Scores] = MappingProxyType({}),
) -> Made:
    """The coverage of a plan's strategies. Without `health` nobody asks whether sources are alive.

    `scores` says, by strategy, how good its proof is, as far as anybody has measured.
    """
    claims: dict[tuple[str, str, str], list[Claim]] = {}
    known: dict[str, Technique] = {}
    unplaced: list[tuple[str, str]] = []
    for strategy in sorted(plan.strategies.values(), key=lambda one: one.id):
        sources = sources_of(plan, strategy)
        found, strangers = _techniques(strategy, attack)
        if not sources:
            unplaced.append((strategy.id, _unheard(plan, strategy)))
        elif not found:
            unplaced.append((strategy.id, "it names no ATT&CK technique"))
        unplaced += [(strategy.id, f"{name} is not in ATT&CK {attack.version}") for name in strangers]
        for source in sources:
            claim = replace(_claim(strategy, source, results, health), scores=scores.get(strategy.id, NONE))
            for technique in found:
                known[technique.id] = technique
                for platform in _platforms(strategy, technique, attack):
                    claims.setdefault((technique.id, platform, source), []).append(claim)
    cells = (
        Cell(technique=known[technique], platform=platform, source=source, claims=tuple(some))
        for (technique, platform, source), some in claims.items()
    )
    return Made(cells=tuple(sorted(cells, key=lambda cell: _order(cell, attack))), unplaced=tuple(unplaced))


def _unheard(plan: Plan, strategy: Strategy) -> str:
    refused = [one for one in plan.rejected if one.file == strategy.file]
    return f"'{refused[0].title}' did not load: {refused[0].reason}" if refused else "no source meets its rules"


def _techniques(strategy: Strategy, attack: Attack) -> tuple[tuple[Technique, ...], tuple[str, ...]]:
    """The techniques of the front matter, revoked ones as their successors, and the ids that the version lacks."""
    found: dict[str, Technique] = {}
    strangers = []
    for name in strategy.attack:
        technique = attack.successor(name) or attack.technique(name)
        if technique:
            found[technique.id] = technique
        elif attack.tactic(name) is None:
            strangers.append(name)
    return tuple(found.values()), tuple(strangers)


def _platforms(strategy: Strategy, technique: Technique, attack: Attack) -> tuple[str, ...]:
    """The platforms that the page names and the technique has; all that the page names where it has none of them."""
    named = dict.fromkeys(name for mention in platforms(strategy) for name in platform_names(mention.name, attack))
    fitting = [name for name in named if technique.platforms is None or name in technique.platforms]
    return tuple(fitting or named or ("",))


def _claim(strategy: Strategy, source: str, results: Sequence[TestResult], health: Health | None) -> Claim:
    status = effective_status(strategy, results)
    lacks = [*(("it is a draft",) if strategy.status == "draft" else ()), *unproven(strategy, results)]
    if lacks:
        more = [f"and {len(lacks) - _SHOWN} more"] if len(lacks) > _SHOWN else []
        return Claim(strategy=strategy.id, status=status, state=State.CLAIMED, reasons=(*lacks[:_SHOWN], *more))
    state, reasons, since = _fed(strategy, source, health) if health else (State.EARNED, (), None)
    return Claim(strategy=strategy.id, status=status, state=state, reasons=reasons, since=since)


def _fed(strategy: Strategy, source: str, health: Health) -> tuple[State, tuple[str, ...], datetime | None]:
    """Is a source alive for a strategy, over all scopes that it comes from or is expected from."""
    rows = [one for one in health.sources if one.source == source]
    if not rows:
        return State.CLAIMED, (f"no event of {source} in the lake",), None
    sights = {one.scope: one for one in health.strategies if one.strategy == strategy.id}
    dark: list[str] = []
    dim: list[str] = []
    since: list[datetime] = []
    for row in rows:
        said = [f"{row.scope}: {one.message}" for one in row.complaints if one.trouble in _DARK]
        if said:
            dark += said[:1]
            since += [one.since for one in row.complaints if one.since and one.trouble in _DARK]
            continue
        sight = sights.get(row.scope)
        own = [
            reason.removeprefix(f"{source}: ")
            for reason in (sight.reasons if sight else ())
            if reason.startswith(f"{source}: ")
        ]
        if own and sight:
            (dark if sight.sight == "blind" else dim).append(f"{row.scope}: {'; '.join(own)}")
            since += [sight.since] if sight.since else []
    reasons = tuple(_some(f"{source} blind", dark, len(rows))) + tuple(_some(f"{source} partly blind", dim, len(rows)))
    state = State.EARNED if not (dark or dim) else State.CLAIMED if len(dark) == len(rows) else State.PARTLY
    return state, reasons, min(since, default=None)


def _some(what: str, places: Sequence[str], scopes: int) -> Iterator[str]:
    if places:
        more = f"; and {len(places) - _SHOWN} more" if len(places) > _SHOWN else ""
        yield f"{what} in {len(places)} of {scopes} scopes: {'; '.join(places[:_SHOWN])}{more}"


def _order(cell: Cell, attack: Attack) -> tuple[object, ...]:
    names = [tactic.short_name for tactic in attack.tactics]
    first = min((names.index(name) for name in cell.technique.tactics if name in names), default=len(names))
    return (first, cell.technique.id, cell.platform, cell.source)
