"""What `stratagem baseline` shows: rows for machines, lines for people."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from stratagem.cli.render._contract import Listing, Screen
from stratagem.cli.safe import printable
from stratagem.errors import UsageError

if TYPE_CHECKING:
    from stratagem.baselines._contract import Learned
    from stratagem.learned.diff import Change
    from stratagem.learned.model import Snapshot

SHOWN = 10
"""Values of an entity that people see; machines get all."""
_GREEN, _YELLOW = "32", "33"


def learned(snapshots: Sequence[Snapshot], entity: str | None = None) -> Listing:
    """Entities with their values."""
    rows = [
        _row(snapshot, entry) for snapshot in snapshots for entry in snapshot.entries if _is_meant(entry.key, entity)
    ]

    def lines(screen: Screen) -> Iterator[str]:
        for number, snapshot in enumerate(snapshots):
            yield "\n" if number else ""
            yield from (f"{printable(line)}\n" if line else "\n" for line in _header(snapshot))
            for one in snapshot.entities:
                if _is_meant(one.key, entity):
                    yield from _entity(snapshot, one, screen)

    columns = ("baseline", "key", "value", "observations", "first", "last", "warm", "warmth", "facts")
    return Listing(name="learned", columns=columns, rows=rows, lines=lines)


def _is_meant(key: str, entity: str | None) -> bool:
    from stratagem.learned.model import shown_key

    return entity is None or entity in shown_key(key)


def _row(snapshot: Snapshot, entry: Learned) -> dict[str, Any]:
    entity = next(one for one in snapshot.entities if one.key == entry.key)
    return {
        "baseline": snapshot.baseline.uid,
        "key": json.loads(entry.key),
        "value": entry.value,
        "observations": entry.observations,
        "first": entry.first,
        "last": entry.last,
        "warm": entry.warm,
        "warmth": snapshot.warmth(entity),
        "facts": dict(entry.facts),
    }


def _header(snapshot: Snapshot) -> Iterator[str]:
    from stratagem.baselines._text import duration

    baseline, entities = snapshot.baseline, snapshot.entities
    yield f"{baseline.uid}: {baseline.title} ({baseline.kind})"
    yield (
        f"as of {snapshot.as_of:%Y-%m-%d %H:%M} UTC; history {duration(baseline.history)}, "
        f"warm-up {duration(baseline.warm_up)}, at least {_number(baseline.min_observations, 'observation')}"
    )
    warm = sum(entity.warm for entity in entities)
    cold = f", {len(entities) - warm:,} in warm-up" if warm < len(entities) else ""
    of = f"{_number(snapshot.matches, 'match', 'matches')} of {_number(len(entities), 'entity', 'entities')}"
    yield f"{of}: {warm:,} warm{cold}"
    if snapshot.left_out:
        fields = ", ".join(baseline.entity)
        yield f"{_number(snapshot.left_out, 'event')} left out, which lack one of: {fields}"
    if not entities:
        rules = ", ".join(baseline.rules)
        yield f"Nothing was learned: no match of {rules} within the history."
    yield ""


def _number(count: int, word: str, words: str | None = None) -> str:
    return f"{count:,} {word if count == 1 else words or f'{word}s'}"


def _entity(snapshot: Snapshot, entity: Learned, screen: Screen) -> Iterator[str]:
    from stratagem.learned.model import shown_key, shown_value

    warmth = _paint(snapshot.warmth(entity), _GREEN if entity.warm else _YELLOW, screen)
    yield f"{printable(shown_key(entity.key))}: {warmth}\n"
    seen = f"{_number(entity.observations, 'observation')}, {entity.first[:10]} to {entity.last[:10]}"
    yield f"  {seen}{_facts(entity)}\n"
    values = sorted(snapshot.values_of(entity.key), key=lambda one: (-one.observations, one.value or ""))
    for one in values[:SHOWN]:
        name = printable(shown_value(one.value or ""))
        yield f"  {one.observations:>9,}  {name}  (last {one.last[:10]}){_facts(one)}\n"
    if len(values) > SHOWN:
        yield f"  ... and {len(values) - SHOWN:,} more values\n"


def _facts(entry: Learned) -> str:
    hidden = ("since", "counted", "values")
    told = [f"{name.replace('_', ' ')} {fact}" for name, fact in entry.facts.items() if name not in hidden]
    return f"; {printable(', '.join(told))}" if told else ""


def _paint(text: str, colour: str, screen: Screen) -> str:
    return f"\x1b[{colour}m{text}\x1b[0m" if screen.colour else text


def drawing(snapshots: Sequence[Snapshot], entity: str | None) -> str:
    """The picture as SVG: of the only baseline, or of the first that knows the entity."""
    from stratagem.learned.picture import svg

    for snapshot in snapshots:
        if snapshot.picture is not None:
            return svg(snapshot.picture)
    raise UsageError(
        f"no entity with {entity!r} in its name was learned." if entity else "nothing was learned to draw."
    )


_SIGNS = {"added": "+", "removed": "-", "changed": "~"}


def changes(found: Sequence[Change]) -> Listing:
    """Differences, one a line."""
    columns = ("baseline", "change", "key", "value", "fact", "before", "after")
    rows = [{name: getattr(one, name) for name in columns} | {"key": json.loads(one.key)} for one in found]

    def lines(screen: Screen) -> Iterator[str]:
        from stratagem.learned.model import shown_key, shown_value

        last = ""
        for one in found:
            if one.baseline != last:
                yield f"{printable(one.baseline)}\n"
                last = one.baseline
            value = f": {shown_value(one.value)}" if one.value is not None else ""
            fact = f": {one.fact} {one.before or 'none'} -> {one.after or 'none'}" if one.fact else ""
            yield f"{_SIGNS[one.change]} {printable(f'{shown_key(one.key)}{value}{fact}')}\n"

    return Listing(name="changes", columns=columns, rows=rows, lines=lines)


def change_count(found: Sequence[Change]) -> str:
    """`3 differences` or that there is none."""
    return _number(len(found), "difference") if found else "No difference."
