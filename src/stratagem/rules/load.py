"""Sigma text, values and folders -> rules, or the reason why not. Nothing here raises on a bad rule.

One document that cannot load leaves its neighbours alone; filters stay apart from the rules that they belong to.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from stratagem.context.entry import Lists
from stratagem.rules.correlation import Correlation
from stratagem.rules.correlations import read_correlation
from stratagem.rules.detection import read_detection, read_selection
from stratagem.rules.documents import Document, documents
from stratagem.rules.filters import Applicable, attach, read_filter
from stratagem.rules.metadata import line_of, log_source, metadata
from stratagem.rules.model import Node, Rejection, Rule, RuleSet
from stratagem.rules.problem import BadRule

__all__ = ["BadRule", "load_condition", "load_data", "load_folder", "load_selection", "load_text"]

T = TypeVar("T")

ENDINGS = (".yml", ".yaml")
NO_LISTS: Lists = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Loaded:
    """What came of some documents, before filters meet rules and duplicates meet each other."""

    rules: tuple[Rule, ...] = ()
    correlations: tuple[Correlation, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    """Rule id -> the rule's `name`, by which filters may call it."""
    filters: tuple[Applicable, ...] = ()
    rejected: tuple[Rejection, ...] = ()


def load_text(
    text: str,
    *,
    file: str,
    line: int = 0,
    defaults: Mapping[str, Any] | None = None,
    lists: Lists = NO_LISTS,
) -> RuleSet:
    """Every rule of one YAML text, which may hold several documents.

    `line` lines of the file stand before the text. `defaults` are Sigma keys that the documents may leave out.
    `lists` are the values behind `%name%` for `|expand`.
    """
    return _together([_documents(text, file=file, line=line, defaults=defaults or {}, lists=lists)])


def load_data(
    data: Any,
    *,
    file: str,
    line: int = 0,
    defaults: Mapping[str, Any] | None = None,
    lists: Lists = NO_LISTS,
    lines: Mapping[str, int] | None = None,
) -> Rule | Rejection:
    """One rule from a parsed mapping, which stands at file line `line`.

    `lines` gives the file lines of what is inside, by path ("detection.selection").
    """
    merged = {**(defaults or {}), **data} if isinstance(data, Mapping) else data
    place = lines or {}
    return _guarded(
        lambda: _rule(merged, lists),
        merged,
        file,
        line,
        place,
        lambda rule: replace(rule, file=file, line=line, uid=rule.uid or Path(file).stem),
    )


def load_correlation(
    data: Any,
    *,
    file: str,
    line: int = 0,
    defaults: Mapping[str, Any] | None = None,
    lines: Mapping[str, int] | None = None,
) -> Correlation | Rejection:
    """One correlation from a parsed mapping, as `load_data` reads a rule."""
    merged = {**(defaults or {}), **data} if isinstance(data, Mapping) else data

    def finish(read: Correlation) -> Correlation:
        stem = Path(file).stem
        return replace(read, file=file, line=line, uid=read.uid or stem, name=read.name or stem)

    return _guarded(lambda: _correlation(merged), merged, file, line, lines or {}, finish)


def _correlation(data: Any) -> Correlation:
    if not isinstance(data, Mapping):
        raise BadRule("document", "is not a map, so it is no Sigma correlation.")
    return read_correlation(data)


def load_condition(
    detection: Any, *, file: str = "", line: int = 0, lists: Lists = NO_LISTS
) -> tuple[Node, dict[str, Node]]:
    """A detection that is not a rule's (a filter's): its condition, and its selections by name. Raises BadRule."""
    try:
        return read_detection(detection, lists)
    except BadRule as problem:
        problem.line = problem.line or line
        raise


def load_selection(data: Any, *, lists: Lists = NO_LISTS) -> Node:
    """One selection (a map, or a list of maps and keywords) as a condition. Raises BadRule."""
    return read_selection(data, lists)


def load_folder(paths: Iterable[str | os.PathLike[str]], lists: Lists = NO_LISTS) -> RuleSet:
    """Every rule of the files and folders, in path order. Of two rules with one id the later is rejected."""
    loaded = []
    for path in _files(paths):
        try:
            text = path.read_bytes().decode("utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            loaded.append(_Loaded(rejected=(_unreadable(path, error),)))
            continue
        loaded.append(_documents(text, file=str(path), line=0, defaults={}, lists=lists))
    return _together(loaded)


def _files(paths: Iterable[str | os.PathLike[str]]) -> list[Path]:
    """Files as given, and the YAML files below folders; each once."""
    found: dict[Path, None] = {}
    for given in map(Path, paths):
        if not given.is_dir():
            found[given] = None
            continue
        for folder, _, names in os.walk(given):
            found.update({Path(folder, name): None for name in names if name.lower().endswith(ENDINGS)})
    return sorted(found)


def _unreadable(path: Path, error: Exception) -> Rejection:
    reason = f"cannot be read: {error.strerror}." if isinstance(error, OSError) else "is not UTF-8 text."
    return Rejection(file=str(path), line=0, title=path.name, construct="file", reason=reason)


def _documents(text: str, *, file: str, line: int, defaults: Mapping[str, Any], lists: Lists) -> _Loaded:
    rules: list[Rule] = []
    correlations: list[Correlation] = []
    names: dict[str, str] = {}
    filters: list[Applicable] = []
    rejected: list[Rejection] = []
    found = list(documents(text, line=line))
    if not found:
        problem = BadRule("document", "holds no YAML document.", fix="Remove the file, or write a rule.")
        rejected.append(_rejection(problem, {}, file, line + 1, {}))
    for number, document in enumerate(found, start=1):
        if isinstance(document, BadRule):
            rejected.append(_rejection(document, {}, file, document.line, {}))
            continue
        uid = Path(file).stem if len(found) == 1 else f"{Path(file).stem}#{number}"
        result = _document(document, file, uid, defaults, lists)
        if isinstance(result, Rule):
            rules.append(result)
            names[result.uid] = str(document.data.get("name") or "")
        elif isinstance(result, Correlation):
            correlations.append(result)
        elif isinstance(result, Applicable):
            filters.append(result)
        else:
            rejected.append(result)
    return _Loaded(
        rules=tuple(rules),
        correlations=tuple(correlations),
        names=names,
        filters=tuple(filters),
        rejected=tuple(rejected),
    )


def _document(
    document: Document, file: str, uid: str, defaults: Mapping[str, Any], lists: Lists
) -> Rule | Correlation | Applicable | Rejection:
    data, line, lines = document.data, document.line, document.lines
    if isinstance(data, Mapping) and "correlation" in data:
        read = load_correlation(data, file=file, line=line, defaults=defaults, lines=lines)
        if isinstance(read, Correlation) and not _given_uid({**defaults, **data}):
            return replace(read, uid=uid, name=uid)
        return read
    if isinstance(data, Mapping) and "filter" in data:
        return _guarded(
            lambda: read_filter(data, lists), data, file, line, lines, lambda read: replace(read, file=file, line=line)
        )
    result = load_data(data, file=file, line=line, defaults=defaults, lists=lists, lines=lines)
    if isinstance(result, Rule) and not _given_uid({**defaults, **data}):
        return replace(result, uid=uid)
    return result


def _given_uid(data: Mapping[str, Any]) -> str:
    for key in ("id", "name"):
        if data.get(key) is not None and str(data[key]).strip():
            return str(data[key]).strip()
    return ""


def _guarded(
    read: Callable[[], T],
    data: Any,
    file: str,
    line: int,
    lines: Mapping[str, int],
    finish: Callable[[T], T],
) -> T | Rejection:
    """What `read` gives, or the rejection: whatever a rule holds, it must not end the run."""
    try:
        return finish(read())
    except BadRule as problem:
        return _rejection(problem, data, file, line, lines)
    except RecursionError:
        return _rejection(BadRule("rule", "is nested too deeply."), data, file, line, lines)


def _rejection(problem: BadRule, data: Any, file: str, line: int, lines: Mapping[str, int]) -> Rejection:
    meta = data if isinstance(data, Mapping) else {}
    rule_id = _given_uid(meta)
    return Rejection(
        file=file,
        line=problem.line or line_of(problem.path, lines) or line,
        title=str(meta.get("title") or rule_id or Path(file).name),
        construct=problem.construct,
        reason=problem.reason,
        fix=problem.fix,
        rule_id=rule_id or None,
    )


def _rule(data: Any, lists: Lists) -> Rule:
    """A rule without its place. Raises BadRule."""
    if not isinstance(data, Mapping):
        raise BadRule("document", "is not a map, so it is no Sigma rule.")
    _refuse_other_kinds(data)
    if "detection" not in data:
        raise BadRule("detection", "is missing.", fix="A Sigma rule needs `logsource:` and `detection:`.")
    source = log_source(data)
    try:
        condition, named = read_detection(data["detection"], lists)
    except BadRule as problem:
        raise problem.under("detection") from None
    return Rule(
        uid=_given_uid(data),
        name=str(data.get("name") or ""),
        logsource=source,
        condition=condition,
        named=named,
        **metadata(data),
    )


def _refuse_other_kinds(data: Mapping[Any, Any]) -> None:
    if "action" in data:
        raise BadRule(
            "action",
            "rule collections with `action: global` were removed from Sigma.",
            fix="Write each rule out as a document of its own.",
            path="action",
        )


def _together(parts: Iterable[_Loaded]) -> RuleSet:
    """All rules with their filters, later duplicates of an id rejected."""
    loaded = list(parts)
    rejected = [rejection for part in loaded for rejection in part.rejected]
    kept: dict[str, Rule | Correlation] = {}
    every: list[Rule | Correlation] = []
    for part in loaded:
        every += [*part.rules, *part.correlations]
    for one in every:
        if one.uid in kept:
            first = kept[one.uid]
            reason = f"{one.uid} is also the id of {first.title!r} in {first.file}:{first.line}."
            problem = BadRule("id", reason, fix="Give one of the two a new id.")
            rejected.append(replace(_rejection(problem, {}, one.file, one.line, {}), title=one.title, rule_id=one.uid))
        else:
            kept[one.uid] = one
    names = {uid: name for part in loaded for uid, name in part.names.items()}
    rules, unused = attach(
        [one for one in kept.values() if isinstance(one, Rule)],
        [found for part in loaded for found in part.filters],
        names,
    )
    rejected.extend(unused)
    rejected.sort(key=lambda rejection: (rejection.file, rejection.line))
    correlations = tuple(one for one in kept.values() if isinstance(one, Correlation))
    return RuleSet(rules=rules, correlations=correlations, rejected=tuple(rejected))
