"""Why an analytic fires on an event or does not: the event as rules see it, then every test."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from stratagem.errors import UsageError
from stratagem.ingest.batch import Elements, Lines, Row, Texts
from stratagem.ingest.framing import read
from stratagem.ingest.limits import DEFAULT
from stratagem.ingest.salvage import embedded
from stratagem.rules.explain import Step
from stratagem.rules.explain import explain as explain_rule
from stratagem.rules.model import Rule
from stratagem.rules.resolve import Resolver
from stratagem.rules.routing import answering, takes
from stratagem.sources import SOURCES, unwrap
from stratagem.sources._contract import Malformed
from stratagem.sources._json import decode


def explain(analytic: str, event: Mapping[str, Any] | str | bytes, rules: Sequence[Rule]) -> Step:
    """One tree: a branch for each rule and record.

    `event` is a decoded record, JSON text, or the place of a record as findings give it: `file:offset[:index]`.
    Raises UsageError where there is no record there.
    """
    value, only = _decoded(event)
    branches = tuple(_branches(value, rules, only))
    return Step(label=analytic, passed=any(branch.passed for branch in branches), children=branches)


def _branches(value: Any, rules: Sequence[Rule], only: int | None) -> Iterator[Step]:
    for index, found in enumerate(unwrap.records(value)):
        if only is not None and index != only:
            continue
        if found.status != "event" or found.source_id is None:
            yield Step(label="the event", passed=False, reason=found.reason)
            continue
        source = SOURCES[found.source_id]
        resolver = Resolver.for_source(source)
        for rule in rules:
            if not answering(source.logsources, rule.logsource):
                reason = f"the rule is for {rule.logsource}, the event is {source.title} ({found.source_id})"
                yield Step(label=rule.title, passed=False, reason=reason)
            elif not takes(source.logsources, rule.logsource, found.native):
                reason = f"the logsource {rule.logsource} takes only some records of {found.source_id}, not this one"
                yield Step(label=rule.title, passed=False, reason=reason)
            else:
                yield explain_rule(rule, found.native, resolver)


def _decoded(event: Mapping[str, Any] | str | bytes) -> tuple[Any, int | None]:
    """The value, and which of the records in it is meant; None means all."""
    if isinstance(event, Mapping):
        return dict(event), None
    text = event.encode() if isinstance(event, str) else event
    if text.lstrip()[:1] not in (b"{", b"["):
        return _record_at(text.decode(errors="replace"))
    try:
        return decode(text), None
    except Malformed as error:
        raise UsageError(f"the event is not readable: {error}. Give one JSON object.") from error


def _record_at(place: str) -> tuple[Any, int | None]:
    """The record at `file:offset[:index]`, with the envelope that it stands in."""
    file, offset, index = _place(place)
    if not Path(file).is_file():
        raise UsageError(f"{place!r} is neither JSON nor file:offset of a file that is there.")
    for batch in read(file, DEFAULT):
        match batch:
            case Lines() if batch.offset <= offset < batch.offset + len(batch.data):
                line = batch.data[offset - batch.offset :].split(b"\n", 1)[0]
                return _line(line), index
            case Elements() if batch.offset == offset and not batch.key and len(batch.items) == 1 and not batch.first:
                return decode(batch.items[0]), index
            case Elements() if batch.offset == offset and batch.first <= index < batch.first + len(batch.items):
                value = decode(batch.items[index - batch.first])
                return ({**batch.around, batch.key: [value]} if batch.key else value), None
            case Row() if batch.offset == offset:
                return dict(batch.value), index
            case Texts() if offset in batch.offsets:
                return decode(batch.items[batch.offsets.index(offset)]), None
    raise UsageError(f"{place}: no record begins there. Findings name their places as file:offset:index.")


def _line(line: bytes) -> Any:
    try:
        return decode(line)
    except Malformed as error:
        texts, _ = embedded(line)
        if texts:
            return [decode(text) for text in texts]
        raise UsageError(f"the record is not readable: {error}") from error


def _place(text: str) -> tuple[str, int, int]:
    file, _, last = text.rpartition(":")
    if file and last.isdigit():
        before, _, offset = file.rpartition(":")
        if before and offset.isdigit() and not Path(file).is_file():
            return before, int(offset), int(last)
        return file, int(last), 0
    return text, 0, 0
