"""A strategy's baseline blocks: the keys that all kinds have, and those of the kind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from stratagem.baselines import KINDS
from stratagem.baselines._contract import Baseline, Kind
from stratagem.complaints import closest
from stratagem.places import Located
from stratagem.strategy.model import Strategy
from stratagem.strategy.notes import Notes
from stratagem.strategy.schemas import DURATION, schema

CODE = "S-BASELINE"
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_TIMES = ("window", "history", "warm_up")
_FIELDS = ("entity", "value", "peers")


def duration(text: str) -> timedelta:
    """14d, 2h, 5m or 90s; capped at 100 years, which no log is as long as."""
    return timedelta(**{_UNITS[text[-1]]: min(int(text[:-1]), 36_500 * 86_400 // _SECONDS[text[-1]])})


_SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}


def baseline(located: Located, notes: Notes, *, strategy: Strategy, name: str, known: Sequence[str]) -> Baseline | None:
    """A block whose data fits its schema, as a baseline of the strategy; None when it makes no sense (noted).

    `known` are the names of the document's rules, correlations and other baselines.
    """
    data, kind = located.value, KINDS[located.value["kind"]]
    before = len(notes.found)
    options = {key: _option(data[key], kind.schema[key]) for key in kind.schema if key in data}
    given = {**kind.defaults(data), **data}
    said: dict[str, Any] = {key: duration(given[key]) for key in _TIMES if key in given}
    said |= {key: given[key] for key in ("min_observations", "generate") if key in given}
    said |= {key: _listed(data.get(key, ())) for key in _FIELDS}
    made = Baseline(
        uid=f"{strategy.id}#{name}",
        name=name,
        title=data.get("title", strategy.title),
        kind=data["kind"],
        rules=tuple(dict.fromkeys(_references(data, kind))),
        measure=data.get("measure"),
        aliases=data.get("aliases", {}),
        options=options,
        level=data.get("level", strategy.severity),
        file=notes.file,
        line=located.start[0],
        strategy=strategy.id,
        **said,
    )
    _check_parts(located, kind, notes)
    _check_times(made, located, notes)
    _check_names(made, located, kind, known, notes)
    for flaw in kind.flaws(made):
        notes.add(CODE, flaw.message, located.place_of(flaw.key, key=True), fix=flaw.fix)
    return made if len(notes.found) == before else None


def _option(value: Any, of: Mapping[str, Any]) -> Any:
    if of.get("pattern") == DURATION:
        return duration(value)
    return tuple(value) if isinstance(value, list) else (value,) if "array" in of.get("type", ()) else value


def _references(data: Mapping[str, Any], kind: Kind) -> Iterable[str]:
    for key in kind.names_rules or ("rules",):
        yield from _listed(data.get(key, ()))


def _listed(value: str | Sequence[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _check_parts(located: Located, kind: Kind, notes: Notes) -> None:
    """Note parts that the kind needs and the block has not, and those that mean nothing to it."""
    data, described = located.value, schema("baseline")["properties"]
    needed = (*kind.needs, *(() if kind.names_rules else ("rules",)))
    for key in needed:
        if key not in data:
            place = located.place_of("kind", key=True)
            notes.add(CODE, f"kind '{data['kind']}' needs '{key}'", place, fix=described[key]["description"])
    for key in data:
        if key in ("value", "measure", "peers", "rules") and key not in (*needed, *kind.takes):
            fix = f"It reads {', '.join(sorted((*kind.needs, *kind.takes, *kind.names_rules)) or ['rules'])}."
            place = located.place_of(key, key=True)
            notes.add(CODE, f"'{key}' has no meaning for kind '{data['kind']}'", place, fix=fix)


def _check_times(made: Baseline, located: Located, notes: Notes) -> None:
    """Note times of which none can be zero, and a warm-up or window that the history cannot hold."""
    for key in _TIMES:
        if not getattr(made, key) and key != "warm_up":
            notes.add(CODE, f"'{key}' must not be 0", located.place_of(key), fix="Write it like 1h or 30d.")
    for key in ("warm_up", "window"):
        if getattr(made, key) > made.history:
            place = located.place_of(key if key in located.value else "history")
            notes.add(CODE, f"'{key}' is longer than 'history': it would never alert", place, fix="Make it shorter.")


def _check_names(made: Baseline, located: Located, kind: Kind, known: Sequence[str], notes: Notes) -> None:
    for path, reference in _places(located.value, kind):
        if reference.startswith("tag:") or "#" in reference or reference in known:
            continue
        fix = f"The document has: {', '.join(known) or 'no rule'}."
        notes.add(CODE, f"no rule named '{reference}'{closest(reference, known)}", located.place_of(path), fix=fix)
    for field, by_rule in made.aliases.items():
        for reference in by_rule:
            if reference not in made.rules:
                place = located.place_of(f"aliases.{field}.{reference}", key=True)
                notes.add(CODE, f"'{reference}' in aliases is none of the baseline's rules", place)


def _places(data: Mapping[str, Any], kind: Kind) -> Iterator[tuple[str, str]]:
    """Every reference to a rule, with its path in the block."""
    for key in kind.names_rules or ("rules",):
        value = data.get(key, ())
        if isinstance(value, str):
            yield key, value
        else:
            yield from ((f"{key}.{number}", reference) for number, reference in enumerate(value))
