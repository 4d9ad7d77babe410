"""What two exports say differently: entities and values that came or went, and facts that changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from stratagem.learned.export import Exported, Known


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference. `value` None: of the entity itself."""

    baseline: str
    change: str
    """added, removed or changed."""
    key: str
    value: str | None = None
    fact: str | None = None
    """What changed."""
    before: str | None = None
    after: str | None = None


def diff(before: Exported, after: Exported) -> tuple[Change, ...]:
    """The changes, by baseline, entity and value."""
    return tuple(
        change
        for baseline in sorted({*before, *after})
        for key in sorted({*before.get(baseline, {}), *after.get(baseline, {})})
        for change in _entity(baseline, key, before.get(baseline, {}).get(key), after.get(baseline, {}).get(key))
    )


def _entity(baseline: str, key: str, before: Known | None, after: Known | None) -> Iterator[Change]:
    if before is None or after is None:
        yield Change(baseline=baseline, change="added" if after else "removed", key=key)
    elif before.warm != after.warm:
        words = [{True: "warm", False: "in warm-up"}[one.warm] for one in (before, after)]
        yield Change(baseline=baseline, change="changed", key=key, fact="warm-up", before=words[0], after=words[1])
    old, new = before or Known(warm=False), after or Known(warm=False)
    if before and after:
        yield from _facts(baseline, key, None, old.facts, new.facts)
    for value in sorted({*old.values, *new.values}):
        if value not in old.values or value not in new.values:
            change = "added" if value in new.values else "removed"
            yield Change(baseline=baseline, change=change, key=key, value=value)
        else:
            yield from _facts(baseline, key, value, old.values[value], new.values[value])


def _facts(
    baseline: str, key: str, value: str | None, old: Mapping[str, str], new: Mapping[str, str]
) -> Iterator[Change]:
    for fact in sorted({*old, *new}):
        if old.get(fact) != new.get(fact):
            yield Change(
                baseline=baseline,
                change="changed",
                key=key,
                value=value,
                fact=fact,
                before=old.get(fact),
                after=new.get(fact),
            )
