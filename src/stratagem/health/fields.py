"""Field drift: a field that a rule reads is gone, or of another type, in events that always had it.

Presence depends on what happened, so it is compared among events with the same discriminator values (operation, verb):
a field counts as always there when nine in ten of at least twenty earlier such events had it, and as gone when none of
at least five recent ones has it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from stratagem.detect.informed import PREFIX
from stratagem.health.model import Complaint, Trouble
from stratagem.rules.fetch import reader, values
from stratagem.rules.model import Rule
from stratagem.rules.reads import tested
from stratagem.rules.resolve import MISSING, Resolver
from stratagem.sources._contract import Native, Source

_ALWAYS, _EARLIER, _RECENT = 0.9, 20, 5


@dataclass(slots=True)
class _Seen:
    """What one field was, in one kind of event."""

    events: int = 0
    present: int = 0
    types: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class Drift:
    """Watches the fields of a source's rules. `add` earlier and recent events, then ask for `complaints`."""

    source: Source
    fields: Sequence[str]
    _readers: list[tuple[str, Callable[[Native], Any]]] = field(default_factory=list)
    _kind: list[Callable[[Native], Any]] = field(default_factory=list)
    _earlier: dict[tuple[Any, ...], dict[str, _Seen]] = field(default_factory=lambda: defaultdict(dict))
    _recent: dict[tuple[Any, ...], dict[str, _Seen]] = field(default_factory=lambda: defaultdict(dict))

    def __post_init__(self) -> None:
        resolver = Resolver.for_source(self.source)
        self._readers = [(name, reader(name, resolver)) for name in self.fields]
        self._kind = [reader(path, Resolver()) for path in self.source.dispatch]

    def add(self, native: Native, *, is_recent: bool) -> None:
        """One event."""
        kind = tuple(_plain(read(native)) for read in self._kind)
        seen = (self._recent if is_recent else self._earlier)[kind]
        for name, read in self._readers:
            one = seen.setdefault(name, _Seen())
            one.events += 1
            found = read(native)
            if found is not MISSING and found is not None:
                one.present += 1
                one.types.update({type(value).__name__ for value in values(found)})

    def complaints(self) -> Iterator[Complaint]:
        """One for each field, telling in how many kinds of events it is gone or changed."""
        gone: Counter[str] = Counter()
        changed: dict[str, tuple[str, str]] = {}
        for kind, fields in self._earlier.items():
            for name, before in fields.items():
                now = self._recent.get(kind, {}).get(name)
                if now is None or before.events < _EARLIER or now.events < _RECENT:
                    continue
                if before.present < _ALWAYS * before.events:
                    continue
                if not now.present:
                    gone[name] += 1
                elif not set(now.types) & set(before.types) and now.types and before.types:
                    changed[name] = (before.types.most_common(1)[0][0], now.types.most_common(1)[0][0])
        for name, count in sorted(gone.items()):
            kinds = "one kind of event" if count == 1 else f"{count} kinds of events"
            message = f"'{name}' is gone from {kinds} that always had it"
            yield Complaint(trouble=Trouble.FIELD, message=message, field=name)
        for name, (was, now_is) in sorted(changed.items()):
            yield Complaint(trouble=Trouble.FIELD, message=f"'{name}' was {was} and is {now_is}", field=name)


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | int | float | bool | None) else None


def fields_of(rules: Iterable[Rule]) -> tuple[str, ...]:
    """Every field that the rules' conditions and filters read."""
    found: dict[str, None] = {}
    for rule in rules:
        for node in (rule.condition, *(one.condition for one in rule.filters)):
            found.update(dict.fromkeys(name for name in tested(node) if not name.startswith(PREFIX)))
    return tuple(sorted(found))


def by_source(rules: Sequence[Rule], routes: Mapping[str, Sequence[int]]) -> dict[str, tuple[str, ...]]:
    """The fields that matter in each source's records."""
    return {source: fields_of(rules[index] for index in indexes) for source, indexes in routes.items()}
