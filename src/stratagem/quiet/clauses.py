"""Which part of a rule's condition keeps it from holding: found by trying each part on a sample of events."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from stratagem.quiet.model import Cause, Why
from stratagem.rules.model import And, Elements, Node, Not, Op, Or, Rule, Test, Timed
from stratagem.rules.reference import matches
from stratagem.rules.resolve import Resolver
from stratagem.rules.routing import takes
from stratagem.sources._contract import Native, Source

_FIELDS = 3
_NEEDS_NO_VALUE = frozenset({Op.EXISTS, Op.IS_NULL})


def unmet(rule: Rule, source_id: str, source: Source, natives: Sequence[Native], events: int) -> Iterator[Cause]:
    """Why a rule held on none of a source's events; `natives` are a sample of `events`."""
    meant = [native for native in natives if takes(source.logsources, rule.logsource, native)]
    if not meant:
        says = f"{events:,} events of {source_id}, none of the kind that logsource {rule.logsource} means"
        yield Cause(why=Why.NO_EVENTS, says=says, counts={"events": events})
        return
    resolver = Resolver.for_source(source)
    parts = _parts(rule)
    held = [[matches(node, native, resolver) for node in parts.values()] for native in meant]
    names = list(parts)
    counts = {name: sum(row[place] for row in held) for place, name in enumerate(names)}
    looked = f"{len(meant):,} events of {source_id}" + (" looked into" if len(natives) < events else "")
    title = rule.name or rule.title
    missing = [name for name in names if not counts[name]]
    if missing:
        others = [place for place, name in enumerate(names) if counts[name]]
        near = [native for native, row in zip(meant, held, strict=True) if all(row[place] for place in others)]
        yield from _lacking(title, missing, parts, near or meant, meant, resolver, looked, counts)
        return
    most = max(map(sum, held))
    closest = [(native, row) for native, row in zip(meant, held, strict=True) if sum(row) == most]
    lacked = Counter(name for _, row in closest for name, holds in zip(names, row, strict=True) if not holds)
    told = ", ".join(f"{name} on {count:,}" for name, count in counts.items())
    if not lacked:
        # The sample holds an event on which all of it holds: another copy of it stands, or the window parts them.
        yield Cause(why=Why.NO_MATCH, says=f"{title}: of {looked}: {told}; yet no match stands", counts=counts)
        return
    name, count = lacked.most_common(1)[0]
    near = [native for native, row in closest if not row[names.index(name)]]
    gone = _gone(parts[name], near, resolver)
    because = f"; there {' and '.join(gone)} {'is' if len(gone) == 1 else 'are'} absent" if gone else ""
    says = f"{title}: of {looked}, {told}, never all at once; the closest {count:,} lack {name}{because}"
    yield Cause(why=Why.FIELD_ABSENT if gone else Why.NO_MATCH, says=says, counts=counts)


def _lacking(
    title: str,
    missing: Sequence[str],
    parts: Mapping[str, Node],
    near: Sequence[Native],
    meant: Sequence[Native],
    resolver: Resolver,
    looked: str,
    counts: Mapping[str, int],
) -> Iterator[Cause]:
    """For each part that holds nowhere: are its fields absent, or have they other values."""
    for name in missing:
        node = parts[name]
        gone = _gone(node, near, resolver)
        rest = ", ".join(f"{other} on {count:,}" for other, count in counts.items() if count)
        beside = f" ({rest})" if rest else ""
        if isinstance(node, Not):
            says = f"{title}: {name.removeprefix('not ')} holds on each of {looked}{beside}, and must not"
            yield Cause(why=Why.NO_MATCH, says=says, counts=counts)
        elif gone:
            where = "all of them" if len(near) == len(meant) else f"the {len(near):,} on which the rest holds"
            says = f"{title}: {name} holds on none of {looked}{beside}: {' and '.join(gone)} absent from {where}"
            yield Cause(why=Why.FIELD_ABSENT, says=says, counts=counts)
        else:
            within = _never(node, meant, resolver)
            because = f": {' and '.join(within)} never {'has' if len(within) == 1 else 'have'} a value that it asks for"
            says = f"{title}: {name} holds on none of {looked}{beside}{because if within else ''}"
            yield Cause(why=Why.NO_MATCH, says=says, counts=counts)


def _parts(rule: Rule) -> dict[str, Node]:
    """The parts that must all hold, by the selection's name where a part is one."""
    node = rule.condition
    parts = node.parts if isinstance(node, And) and node not in rule.named.values() else (node,)
    found: dict[str, Node] = {}
    for part in parts:
        name = _name(part, rule)
        while name in found:
            name += "'"
        found[name] = part
    return found


def _name(node: Node, rule: Rule) -> str:
    for name, selection in rule.named.items():
        if selection == node:
            return f"'{name}'"
    match node:
        case Not():
            return f"not {_name(node.part, rule)}"
        case Or():
            return _some(" or ", [_name(part, rule) for part in node.parts])
        case And():
            return _some(" and ", [_name(part, rule) for part in node.parts])
        case Test() | Elements():
            return node.field or "a keyword"
        case Timed():
            return _name(node.part, rule)


def _never(node: Node, natives: Sequence[Native], resolver: Resolver) -> list[str]:
    """The fields of a selection's tests that hold on no event by themselves."""
    tests = node.parts if isinstance(node, And) else (node,)
    found = {
        f"'{name}'": None
        for test in tests
        if len(names := set(_needed(test))) == 1 and not any(matches(test, native, resolver) for native in natives)
        for name in names
    }
    return list(found)[:_FIELDS]


def _some(word: str, names: Sequence[str]) -> str:
    different = list(dict.fromkeys(names))
    more = [f"{len(different) - _FIELDS} more"] if len(different) > _FIELDS + 1 else different[_FIELDS:]
    return word.join([*different[:_FIELDS], *more])


def _gone(node: Node, near: Sequence[Native], resolver: Resolver) -> list[str]:
    """The fields that the part needs a value of, and that no event near by has."""
    found = []
    for name in dict.fromkeys(_needed(node)):
        if not any(value is not None for native in near for value in resolver.values(native, name)):
            found.append(f"'{name}'")
    return found[:_FIELDS]


def _needed(node: Node) -> Iterator[str]:
    """Fields without which the part cannot hold; of alternatives none is."""
    match node:
        case Test():
            if node.field is not None and node.op not in _NEEDS_NO_VALUE and node.value is not None:
                yield node.field
        case And():
            for part in node.parts:
                yield from _needed(part)
        case Or():
            each = [set(_needed(part)) for part in node.parts]
            yield from sorted(set.intersection(*each)) if each else ()
        case Timed():
            yield from _needed(node.part)
        case Elements():
            if node.quantifier == "any":
                yield node.field
        case Not():
            return
