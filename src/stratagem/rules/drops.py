"""`ingest.yml` of a workspace -> ingest rules: what is dropped before it is stored or matched, by whom and why."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from stratagem.context.entry import Lists
from stratagem.context.sheet import Sheet
from stratagem.errors import Problem, Severity
from stratagem.rules.detection import read_detection
from stratagem.rules.drop import Drop
from stratagem.rules.model import Rule, RuleLogSource
from stratagem.rules.problem import BadRule
from stratagem.rules.reference import matches
from stratagem.rules.resolve import PLAIN
from stratagem.rules.routing import answering
from stratagem.sources._contract import Source


@cache
def schema() -> dict[str, Any]:
    """The JSON Schema of the file."""
    loaded: dict[str, Any] = json.loads((files("stratagem.rules") / "schemas" / "ingest.json").read_text("utf-8"))
    return loaded


def read_drops(
    path: Path, lists: Lists, sources: Mapping[str, Source], *, now: datetime
) -> tuple[tuple[Drop, ...], tuple[Problem, ...]]:
    """The rules that can be used, in the order of the file, and everything that is wrong with it.

    A file that is not there says nothing. Rules that `now` has left behind are warned of.
    """
    if not path.is_file():
        return (), ()
    sheet = Sheet.of(path, schema())
    drops: dict[str, Drop] = {}
    for place, entry in sheet.entries("drop"):
        drop = _drop(sheet, place, entry, lists)
        if drop is None or not _is_answered(sheet, place, drop, sources):
            continue
        if drop.name in drops:
            fix = "Counts are by name: give each rule its own."
            line = drops[drop.name].rule.line
            sheet.add(
                "I-NAME", f"'{drop.name}' is already the name of the rule in line {line}", _at(sheet, place), fix=fix
            )
            continue
        drops[drop.name] = drop
        for message, fix, where in _doubts(drop, place, now):
            sheet.add("I-DOUBT", message, sheet.at(where), fix=fix, severity=Severity.WARNING)
    return tuple(drops.values()), tuple(sorted(sheet.problems, key=lambda one: (one.line, one.column)))


def _drop(sheet: Sheet, place: str, entry: Mapping[str, Any], lists: Lists) -> Drop | None:
    try:
        condition, named = read_detection(entry["detection"], lists)
    except BadRule as problem:
        at = problem.under(f"{place}.detection").path
        sheet.add("I-DETECTION", f"{problem.construct}: {problem.reason}", sheet.at(at), fix=problem.fix)
        return None
    if entry.get("expires") and sheet.day_after(entry["expires"], f"{place}.expires") is None:
        return None
    rule = Rule(
        uid=entry["name"],
        title=entry["name"],
        name=entry["name"],
        logsource=RuleLogSource(**entry["logsource"]),
        condition=condition,
        named=named,
        description=entry["reason"],
        author=entry.get("owner", ""),
        file=sheet.file,
        line=_at(sheet, place)[0],
    )
    return Drop(
        name=entry["name"],
        reason=entry["reason"],
        owner=entry.get("owner", ""),
        expires=entry.get("expires"),
        rule=rule,
    )


def _at(sheet: Sheet, place: str) -> tuple[int, int]:
    return sheet.at(f"{place}.name")


def _is_answered(sheet: Sheet, place: str, drop: Drop, sources: Mapping[str, Source]) -> bool:
    if any(answering(source.logsources, drop.rule.logsource) for source in sources.values()):
        return True
    message = f"no source answers the logsource {drop.rule.logsource}"
    sheet.add("I-LOGSOURCE", message, sheet.at(f"{place}.logsource"), fix="See `stratagem sources`.")
    return False


def _doubts(drop: Drop, place: str, now: datetime) -> Iterator[tuple[str, str, str]]:
    """What is allowed and hardly meant."""
    if drop.is_over(now):
        yield (
            f"'{drop.name}' expired with {drop.expires}: events since then are kept",
            "Renew it, or take it out.",
            f"{place}.expires",
        )
    if drop.rule.logsource.product == "ocsf":
        yield (
            f"'{drop.name}' drops records that came as OCSF, and no others: they are dropped before they have columns",
            "For other logs, name the product and the fields as it writes them.",
            f"{place}.logsource",
        )
    if matches(drop.rule.condition, {}, PLAIN):
        yield (
            f"'{drop.name}' drops every record that lacks its fields: the condition holds on an empty one",
            "Say what is dropped, not what is kept.",
            f"{place}.detection.condition",
        )
