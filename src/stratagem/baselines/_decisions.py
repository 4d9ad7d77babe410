"""What people decided about baselines: entries that are fine, and dates before which nothing counts any more.

They stand in `baselines/<strategy>.yml` of the workspace, a list to which the commands append, reviewed like code.
Both are compared with event time, so that a run over old logs gives what it gave then.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol, TypeVar

from stratagem.baselines import KINDS
from stratagem.baselines._contract import Acceptance, Baseline, Decision, Reset
from stratagem.complaints import closest, complaints
from stratagem.errors import ContentError, Problem, Severity
from stratagem.places import read
from stratagem.relation import Moment
from stratagem.sqltext import at, literal

CODE = "C-BASELINE"
_ERA = chr(30)
"""Between a key and its era, where a key has several."""


def load(folder: Path) -> Mapping[str, tuple[Decision, ...]]:
    """The decisions of a workspace's `baselines` folder, by strategy. Raises ContentError with all problems."""
    found: dict[str, tuple[Decision, ...]] = {}
    problems: list[Problem] = []
    for file in sorted([*folder.glob("*.yml"), *folder.glob("*.yaml")]):
        found[file.stem] = tuple(_read(file, problems))
    if problems:
        raise ContentError(problems)
    return found


def decided(baseline: Baseline, decisions: Sequence[Decision]) -> Baseline:
    """The baseline with what was decided about it, of all that was decided in its strategy's file."""
    about = tuple(one for one in decisions if one.baseline in (baseline.name, baseline.uid))
    return replace(baseline, decisions=about) if about else baseline


class _Page(Protocol):
    """A strategy, which is known to none of the modules here."""

    @property
    def id(self) -> str: ...
    @property
    def baselines(self) -> tuple[Baseline, ...]: ...


P = TypeVar("P", bound=_Page)


def apply(pages: Iterable[P], folder: Path) -> tuple[tuple[P, ...], tuple[Problem, ...]]:
    """Strategies with what the folder says about their baselines; a decision about none of them is a problem."""
    decisions = load(folder)
    changed: list[P] = []
    problems: list[Problem] = []
    for page in pages:
        about = decisions.get(page.id, ())
        known = {name for one in page.baselines for name in (one.name, one.uid)}
        problems += (
            Problem(
                code=CODE,
                severity=Severity.WARNING,
                file=str(folder / f"{page.id}.yml"),
                message=f"no baseline named '{name}'{closest(name, known) or '.'}",
                fix="Remove the entry, or correct the name.",
            )
            for name in dict.fromkeys(one.baseline for one in about)
            if name not in known
        )
        made = tuple(decided(one, about) for one in page.baselines)
        changed.append(replace(page, baselines=made) if about else page)  # type: ignore[type-var]
    return tuple(changed), tuple(problems)


def append(folder: Path, strategy: str, decision: Decision) -> Path:
    """Write a decision at the end of the strategy's file; what stands there stays as it is."""
    file = folder / f"{strategy}.yml"
    before = file.read_text("utf-8") if file.exists() else _HEAD.format(strategy=strategy)
    folder.mkdir(parents=True, exist_ok=True)
    file.write_text(f"{before.rstrip()}\n{text(decision)}", encoding="utf-8")
    return file


_HEAD = "# What was decided about the baselines of {strategy}.\n"


def text(decision: Decision) -> str:
    """The decision as an entry of the file."""
    lines: list[tuple[str, Any]] = []
    if isinstance(decision, Acceptance):
        lines += [("accept", decision.baseline), ("key", json.loads(decision.key))]
        lines += [("value", decision.value)] if decision.value is not None else []
    else:
        lines += [("reset", decision.baseline)]
        lines += [("key", json.loads(decision.key))] if decision.key is not None else []
        lines += [("from", _when(decision.start))]
    lines += [("owner", decision.owner), ("reason", decision.reason)]
    lines += [("expires", _when(decision.expires))] if isinstance(decision, Acceptance) else []
    # JSON strings are YAML, and say of every text that it is one.
    body = (f"{key}: {value if key in _PLAIN else json.dumps(value, ensure_ascii=False)}" for key, value in lines)
    return "- " + "\n  ".join(body) + "\n"


_PLAIN = ("accept", "reset", "from", "expires")


def _when(time: datetime) -> str:
    shown = time.astimezone(UTC)
    return shown.strftime("%Y-%m-%d" if shown.time() == datetime.min.time() else "%Y-%m-%dT%H:%M:%SZ")


def key_text(values: Sequence[str]) -> str:
    """A key as relation.MATCHES has it."""
    return json.dumps(list(values), ensure_ascii=False, separators=(",", ":"))


def _read(file: Path, problems: list[Problem]) -> Iterator[Decision]:
    try:
        located = read(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        problems.append(Problem(code=CODE, severity=Severity.ERROR, file=str(file), message=f"cannot be read: {error}"))
        return
    flaws = [(flaw.place, flaw.message, flaw.fix) for flaw in located.flaws]
    value = [] if located.value is None else located.value
    for complaint in complaints(_SCHEMA, value, whole="the file"):
        flaws.append((located.place_of(complaint.path, key=complaint.at_key), complaint.message, complaint.fix))
    decisions: list[Decision] = []
    for number, entry in enumerate(value if not flaws else ()):
        try:
            decisions.append(_decision(entry))
        except ValueError as error:
            flaws.append((located.place_of(str(number)), str(error), "Write 2026-12-31 or 2026-12-31T08:00:00Z."))
    problems += (
        Problem(
            code=CODE, severity=Severity.ERROR, file=str(file), line=place[0], column=place[1], message=message, fix=fix
        )
        for place, message, fix in flaws
    )
    yield from decisions


def _decision(entry: Mapping[str, Any]) -> Decision:
    common = {"owner": entry["owner"], "reason": entry["reason"]}
    key = key_text(entry["key"]) if "key" in entry else None
    if "accept" in entry:
        if key is None or "expires" not in entry:
            raise ValueError("an acceptance names its 'key' and when it 'expires'")
        expires = _time(entry["expires"])
        return Acceptance(baseline=entry["accept"], key=key, value=entry.get("value"), expires=expires, **common)
    if "reset" not in entry or "from" not in entry:
        raise ValueError("neither 'accept' nor 'reset' with 'from'")
    return Reset(baseline=entry["reset"], key=key, start=_time(entry["from"]), **common)


def _time(written: str) -> datetime:
    time = datetime.fromisoformat(written)
    return time if time.tzinfo else time.replace(tzinfo=UTC)


_TEXT = {"type": "string", "minLength": 1}
_SCHEMA: Mapping[str, Any] = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {
            "accept": {**_TEXT, "description": "The baseline whose entry is fine."},
            "reset": {**_TEXT, "description": "The baseline that begins anew."},
            "key": {"type": "array", "items": {"type": "string"}, "description": "The entity, as findings show it."},
            "value": {"type": "string", "description": "The value; without it all of the entity's."},
            "from": _TEXT,
            "owner": {**_TEXT, "description": "Who answers for it."},
            "reason": {**_TEXT, "description": "Why."},
            "expires": _TEXT,
        },
        "required": ["owner", "reason"],
        "additionalProperties": False,
    },
}


def has_eras(baseline: Baseline) -> bool:
    """Whether something was forgotten on purpose: then its matches cannot be summed."""
    return any(isinstance(one, Reset) for one in baseline.decisions)


def episodes(baseline: Baseline, moment: Moment, matches: str, sums: str | None = None) -> str:
    """SQL of the baseline's episodes, as its kind gives them, with the decisions about it."""
    resets = [one for one in baseline.decisions if isinstance(one, Reset)]
    select = _in_eras(baseline, moment, matches, resets, sums)
    accepted = [one for one in baseline.decisions if isinstance(one, Acceptance)]
    if not accepted:
        return select
    fine = " OR ".join(
        f"(key = {literal(one.key)} AND crossed < {at(one.expires)}"
        + (f" AND value = {literal(one.value)})" if one.value is not None else ")")
        for one in accepted
    )
    return f"SELECT * FROM ({select}) WHERE NOT coalesce({fine}, false)"


def learned(baseline: Baseline, moment: Moment, matches: str) -> str:
    """SQL of what was learned since the last reset."""
    for one in baseline.decisions:
        if isinstance(one, Reset) and one.start <= moment.as_of:
            whose = "true" if one.key is None else f"key = {literal(one.key)}"
            matches = f"(SELECT * FROM {matches} WHERE NOT ({whose}) OR time >= {at(one.start)})"
    return KINDS[baseline.kind].learned(baseline, moment, matches)


def _in_eras(baseline: Baseline, moment: Moment, matches: str, resets: Sequence[Reset], sums: str | None) -> str:
    """Each era by itself: its matches teach only in it, and it reports only what crossed in it."""
    sql = KINDS[baseline.kind].sql
    own: dict[str, list[datetime]] = {}
    for one in resets:
        if one.key is not None:
            own.setdefault(one.key, []).append(one.start)
    table = f"(SELECT * REPLACE ({_with_era(own)} AS key) FROM {matches})" if own else matches
    edges = sorted({one.start for one in resets if one.key is None})
    parts = []
    for start, end in zip([None, *edges], [*edges, None], strict=True):
        within = [f"time >= {at(start)}"] if start else []
        within += [f"time < {at(end)}"] if end else []
        era = f"(SELECT * FROM {table} WHERE {' AND '.join(within)})" if within else table
        select = sql(baseline, moment, era, sums)
        parts.append(f"SELECT * FROM ({select}) WHERE crossed < {at(end)}" if end else select)
    select = " UNION ALL ".join(f"SELECT * FROM ({part})" for part in parts) if len(parts) > 1 else parts[0]
    if not own:
        return select
    return (
        f"SELECT * REPLACE (split_part(key, chr({ord(_ERA)}), 1) AS key) FROM ({select}) "
        f"WHERE coalesce(crossed < {_end(own)}, true)"
    )


def _with_era(own: Mapping[str, Sequence[datetime]]) -> str:
    """SQL of a key with the number of its era."""
    cases = (
        f"WHEN {literal(key)} THEN concat(key, chr({ord(_ERA)}), "
        + " + ".join(f"(time >= {at(start)})::INT" for start in sorted(set(starts)))
        + ")"
        for key, starts in sorted(own.items())
    )
    return f"CASE key {' '.join(cases)} ELSE key END"


def _end(own: Mapping[str, Sequence[datetime]]) -> str:
    """SQL of when the era of a key ends."""
    cases = (
        f"WHEN concat({literal(key)}, chr({ord(_ERA)}), '{number}') THEN {at(start)}"
        for key, starts in sorted(own.items())
        for number, start in enumerate(sorted(set(starts)))
    )
    return f"CASE key {' '.join(cases)} END"
