"""Correlations and baselines -> analytics: their references resolved, in an order in which each finds its inputs ready.

Pure, as all of compile is. What an analytic needs of a rule's events becomes the rule's observed fields.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import partial
from typing import NamedTuple

from stratagem.baselines import KINDS
from stratagem.baselines._contract import Baseline
from stratagem.context.edge import EDGE
from stratagem.context.known import NOTHING, Context
from stratagem.detect.informed import asks_context
from stratagem.rules.correlation import Correlation
from stratagem.rules.model import And, Elements, Node, Not, Or, Rejection, Rule, Timed
from stratagem.strategy.model import Strategy
from stratagem.strategy.priority import placeholders

Body = Correlation | Baseline

ACTOR = "actor"
"""The context's name for the principal at event time, else the principal."""
OWN = ("principal", ACTOR, "impersonator", "session", "cluster", "account", "tenant", "region")
"""Columns of our own that every rule's events have under these names, where the record has no field called so."""
COLUMN = "ocsf."
"""What stands before a column's path, so that it is not taken for a field of the record."""
SCOPE = "scope"
"""The cluster, account or tenant of an event, as an observed field."""
_SHARED = frozenset({"api", "cloud", "http_request", "source", "class_uid", "activity_id", "type_uid", "severity_id"})
"""Columns whose values mean the same everywhere; names of users, resources and devices do not."""
_TAG = "tag:"


class Ask(NamedTuple):
    """A field of a rule's events that is kept with each observation."""

    field: str
    is_number: bool = False
    """Kubernetes quantities and numbers as text are then written as plain decimal numbers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """A rule, or an earlier analytic, under the reference by which an analytic knows it, and where its fields are."""

    reference: str
    rule: int | None = None
    """Index into the plan's rules."""
    analytic: int | None = None
    """Index into the plan's analytics: its episodes are the matches."""
    key: tuple[str, ...] = ()
    value: tuple[str, ...] = ()
    number: str | None = None
    peer: tuple[str, ...] = ()
    is_scoped: bool = False
    """Whether the key holds names that mean something only within a cluster, account or tenant."""
    edge: tuple[str, ...] = ()
    """The fields by which the architecture is asked about the event, where it is."""

    @property
    def fields(self) -> tuple[str, ...]:
        return (*self.key, *self.value, *self.peer)


@dataclass(frozen=True, slots=True, kw_only=True)
class Analytic:
    """A correlation or a baseline, ready to evaluate."""

    body: Body
    inputs: tuple[Input, ...]
    local: frozenset[str] = frozenset()
    """The names of its key and value whose values mean something only within a cluster, account or tenant."""
    is_quiet: bool = False
    """An analytic of its own document uses it, and it does not report by itself."""
    shown: tuple[str, ...] = ()
    """Fields of the first member that the strategy's title and levels name."""

    @property
    def key_names(self) -> tuple[str, ...]:
        return self.body.group_by if isinstance(self.body, Correlation) else self.body.entity

    @property
    def value_names(self) -> tuple[str, ...]:
        return self.body.field if isinstance(self.body, Correlation) else self.body.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """What the analytics of a plan came to."""

    analytics: tuple[Analytic, ...] = ()
    observed: Mapping[int, tuple[Ask, ...]] = field(default_factory=dict)
    """Rule index -> the fields kept of its events, in the order in which they are kept."""
    quiet: frozenset[int] = frozenset()
    """Rules that do not report on their own."""
    rejected: tuple[Rejection, ...] = ()


@dataclass(slots=True)
class _Names:
    """What can be referred to from one document, or from the folder of rules."""

    rules: dict[str, list[int]] = field(default_factory=dict)
    bodies: dict[str, int] = field(default_factory=dict)


def resolve(
    bodies: Sequence[Body],
    rules: Sequence[Rule],
    strategies: Mapping[str, Strategy],
    shared: Mapping[int, frozenset[str]],
) -> Resolved:
    """Resolve every reference. `shared` gives, for each rule, the fields whose values mean the same everywhere.

    Unknown references, cycles and duplicate names reject the analytic, with its file and line, and what depends on it.
    """
    rejected: dict[int, Rejection] = {}
    names = _names(bodies, rules, rejected)
    targets = {
        place: found
        for place, body in enumerate(bodies)
        if place not in rejected and (found := _targets(place, body, bodies, rules, names, rejected))
    }
    order = _ordered(targets, bodies, rejected)
    positions = {place: number for number, place in enumerate(order)}
    made: list[Analytic] = []
    for place in order:
        made.append(_analytic(bodies[place], targets[place], positions, made, shared))
    silent_rules, silent_bodies = _silenced([bodies[place] for place in order], made, rules)
    analytics = tuple(
        replace(one, is_quiet=number in silent_bodies, shown=_shown(one, strategies)) for number, one in enumerate(made)
    )
    return Resolved(
        analytics=analytics,
        observed=_observed(analytics),
        quiet=frozenset(silent_rules),
        rejected=tuple(rejected[place] for place in sorted(rejected)),
    )


def version(rule: Rule, asks: Sequence[Ask], context: Context = NOTHING) -> str:
    """Changes when observations of the rule made before are no longer what they would be made now."""
    known = context.digest if any(asks_context(one) for one in rule.filters) else ""
    said = repr((rule.logsource, rule.condition, rule.filters, tuple(asks))) + known
    return hashlib.blake2b(said.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def _names(bodies: Sequence[Body], rules: Sequence[Rule], rejected: dict[int, Rejection]) -> dict[str | None, _Names]:
    names: dict[str | None, _Names] = {}
    for index, rule in enumerate(rules):
        here = names.setdefault(rule.strategy, _Names()).rules
        for name in dict.fromkeys((rule.name, rule.uid)):
            if name:
                here.setdefault(name, []).append(index)
    for place, body in enumerate(bodies):
        scope = names.setdefault(body.strategy, _Names())
        twice = [name for name in (body.name, body.uid) if name in scope.bodies or name in scope.rules]
        if twice:
            other = bodies[scope.bodies[twice[0]]] if twice[0] in scope.bodies else rules[scope.rules[twice[0]][0]]
            reason = f"{twice[0]!r} is also the name of {other.title!r} in {other.file}:{other.line}."
            rejected[place] = _rejection(body, "name", reason, "Give one of the two another name.")
            continue
        scope.bodies |= {body.name: place, body.uid: place}
    return names


_Target = tuple[str, tuple[int, ...], int | None]
"""(reference, rules, body)"""


def _targets(
    place: int,
    body: Body,
    bodies: Sequence[Body],
    rules: Sequence[Rule],
    names: Mapping[str | None, _Names],
    rejected: dict[int, Rejection],
) -> list[_Target]:
    found: list[_Target] = []
    for reference in body.rules:
        target = _target(reference, body, rules, names)
        if isinstance(target, str):
            rejected[place] = _rejection(body, "rules", target, _hint(reference, body, names))
            return []
        if target[2] is not None and (missing := _missing(_fields(body, reference), bodies[target[2]])):
            reason = (
                f"{reference!r} has no {missing[0]!r} to group by: an episode has the fields that it was grouped by."
            )
            rejected[place] = _rejection(body, "group-by", reason, "Group both by it, or name it in `aliases`.")
            return []
        found.append(target)
    return found


def _target(reference: str, body: Body, rules: Sequence[Rule], names: Mapping[str | None, _Names]) -> _Target | str:
    """What a reference means, or what is wrong with it."""
    if reference.startswith(_TAG):
        tag = _plain_tag(reference.removeprefix(_TAG))
        tagged = tuple(index for index, rule in enumerate(rules) if tag in map(_plain_tag, rule.tags))
        return (reference, tagged, None) if tagged else f"no rule has the tag {reference.removeprefix(_TAG)!r}."
    document, _, name = reference.rpartition("#")
    for scope, words in ((body.strategy, (reference,)), (document or body.strategy, (reference, name))):
        known = names.get(scope, _Names())
        for word in words:
            if len(known.rules.get(word, ())) > 1:
                return f"{reference!r} is the name of {len(known.rules[word])} rules."
            if word in known.rules:
                return reference, tuple(known.rules[word]), None
            if word in known.bodies:
                return reference, (), known.bodies[word]
    return f"no rule or correlation is called {reference!r}."


def _missing(asked: Input, used: Body) -> list[str]:
    """Fields that the episodes of an analytic do not have."""
    there = (*used.group_by, *used.field) if isinstance(used, Correlation) else (*used.entity, *used.value)
    return [name for name in asked.fields if name not in there]


def _plain_tag(tag: str) -> str:
    return tag.strip().lower().removeprefix("attack.")


def _hint(reference: str, body: Body, names: Mapping[str | None, _Names]) -> str:
    here = names.get(body.strategy, _Names())
    known = [name for name in (*here.rules, *here.bodies) if name not in (body.name, body.uid)]
    close = get_close_matches(reference, known, n=3) or known[:5]
    return f"There are: {', '.join(close)}." if close else "A reference is a name, an id, strategy#rule or tag:TAG."


def _ordered(
    targets: Mapping[int, Sequence[_Target]], bodies: Sequence[Body], rejected: dict[int, Rejection]
) -> list[int]:
    """Every analytic after those that it uses. Those in a cycle, and those whose inputs are rejected, are rejected."""
    order: list[int] = []
    waiting = list(targets)
    while waiting:
        ready = [place for place in waiting if all(body is None or body in order for _, _, body in targets[place])]
        if not ready:
            break
        order += ready
        waiting = [place for place in waiting if place not in ready]
    for place in waiting:
        circle = _circle(place, (place,), targets)
        if circle:
            reason = f"refers to itself: {' -> '.join(bodies[one].name for one in circle)}."
            rejected[place] = _rejection(bodies[place], "rules", reason, "Remove one of these references.")
        else:
            used = next(body for _, _, body in targets[place] if body is not None and body not in order)
            rejected[place] = _rejection(bodies[place], "rules", f"uses {bodies[used].name!r}, which was rejected.", "")
    return order


def _circle(start: int, path: tuple[int, ...], targets: Mapping[int, Sequence[_Target]]) -> tuple[int, ...] | None:
    """The way from an analytic back to itself; None if there is none."""
    for _, _, used in targets.get(path[-1], ()):
        if used == start:
            return (*path, start)
        if used is not None and used not in path and (found := _circle(start, (*path, used), targets)):
            return found
    return None


def _analytic(
    body: Body,
    targets: Sequence[_Target],
    positions: Mapping[int, int],
    made: Sequence[Analytic],
    shared: Mapping[int, frozenset[str]],
) -> Analytic:
    bare = Analytic(body=body, inputs=())
    names = (*bare.key_names, *bare.value_names)
    inputs: list[Input] = []
    local: set[str] = set()
    for reference, rules, used in targets:
        fields = _fields(body, reference)
        alike = [(rule, partial(_is_local, shared=shared.get(rule, frozenset()))) for rule in rules]
        for rule, is_local in alike:
            inputs.append(replace(fields, rule=rule, is_scoped=any(map(is_local, fields.key))))
            local |= {name for name in names if is_local(body.aliases.get(name, {}).get(reference, name))}
        if used is not None:
            there = made[positions[used]].local
            inputs.append(replace(fields, analytic=positions[used], is_scoped=not there.isdisjoint(fields.key)))
            local |= {name for name in names if body.aliases.get(name, {}).get(reference, name) in there}
    return replace(bare, inputs=tuple(inputs), local=frozenset(local))


def _fields(body: Body, reference: str) -> Input:
    def named(name: str) -> str:
        return body.aliases.get(name, {}).get(reference, name)

    if isinstance(body, Correlation):
        is_number = body.type.startswith("value_") and body.type != "value_count"
        return Input(
            reference=reference,
            key=tuple(map(named, body.group_by)),
            value=() if is_number else tuple(map(named, body.field)),
            number=named(body.field[0]) if is_number and body.field else None,
        )
    return Input(
        reference=reference,
        key=tuple(map(named, body.entity)),
        value=tuple(map(named, body.value)),
        number=named(body.measure) if body.measure else None,
        peer=tuple(map(named, body.peers)),
        edge=tuple(f"{COLUMN}{name}" for name in EDGE) if KINDS[body.kind].asks_architecture else (),
    )


def _is_local(name: str, shared: frozenset[str]) -> bool:
    """Whether a field's values are names that another cluster, account or tenant may use for something else."""
    if name in OWN:
        return False
    if name.startswith(COLUMN):
        path = name.removeprefix(COLUMN).split(".")
        return not (path[0] in _SHARED or path[-1] == "ip" or name.removeprefix(COLUMN) in OWN)
    parts = re.sub(r"\[-?\d+\]", "", name).split(".")
    return not any(".".join(parts[:count]) in shared for count in range(1, len(parts) + 1))


def _silenced(bodies: Sequence[Body], made: Sequence[Analytic], rules: Sequence[Rule]) -> tuple[set[int], set[int]]:
    """What does not report on its own: a document's analytics silence what they name in it, unless they `generate`."""
    silent_rules: set[int] = set()
    silent_bodies: set[int] = set()
    for body, analytic in zip(bodies, made, strict=True):
        if body.generate:
            continue
        for one in analytic.inputs:
            if one.reference.startswith(_TAG):
                continue
            if one.rule is not None and rules[one.rule].strategy == body.strategy:
                silent_rules.add(one.rule)
            if one.analytic is not None and bodies[one.analytic].strategy == body.strategy:
                silent_bodies.add(one.analytic)
    return silent_rules, silent_bodies


def _shown(analytic: Analytic, strategies: Mapping[str, Strategy]) -> tuple[str, ...]:
    strategy = strategies.get(analytic.body.strategy or "")
    if strategy is None or strategy.priority is None:
        return ()
    named = [*placeholders(strategy.priority.title), *strategy.priority.key]
    for level in strategy.priority.levels:
        named += _tested(level.when) if level.when is not None else ()
    known = {*analytic.key_names, *analytic.value_names, "value", "count"}
    return tuple(sorted({name for name in named if name not in known}))


def _tested(node: Node) -> Iterator[str]:
    """The fields that a condition reads."""
    match node:
        case And(parts=parts) | Or(parts=parts):
            for part in parts:
                yield from _tested(part)
        case Not(part=part) | Timed(part=part):
            yield from _tested(part)
        case Elements(field=name):
            yield name
        case _:
            if node.field is not None:
                yield node.field


def _observed(analytics: Iterable[Analytic]) -> dict[int, tuple[Ask, ...]]:
    asks: dict[int, set[Ask]] = {}
    for analytic in analytics:
        for one in analytic.inputs:
            if one.rule is None:
                continue
            mine = asks.setdefault(one.rule, set())
            mine |= {Ask(name) for name in (*one.fields, *one.edge, *analytic.shown)}
            if one.number is not None:
                mine.add(Ask(one.number, True))
            if one.is_scoped:
                mine.add(Ask(SCOPE))
    return {rule: tuple(sorted(mine)) for rule, mine in sorted(asks.items())}


def _rejection(body: Body, construct: str, reason: str, fix: str) -> Rejection:
    return Rejection(
        file=body.file,
        line=body.line,
        title=body.title,
        construct=construct,
        reason=reason,
        fix=fix,
        rule_id=body.uid,
    )
