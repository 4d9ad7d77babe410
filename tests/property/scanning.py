"""Records of every source in every odd dress, and the scan of them on the quick and on the careful path."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from stratagem.detect.compile import Plan, compile
from stratagem.detect.scan import Scanner
from stratagem.detect.tally import Hit, Tally
from stratagem.ingest.batch import Batch, Elements, Lines
from stratagem.rules.drop import Drop
from stratagem.rules.load import load_text
from stratagem.rules.model import Filter, Rule
from stratagem.sources import SOURCES, unwrap
from stratagem.sources._contract import Malformed, Native
from stratagem.sources._json import decode

EXAMPLES = int(os.environ.get("STRATAGEM_EXAMPLES", "50"))
"""Examples for each property; a long run is STRATAGEM_EXAMPLES=20000."""
quick = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))

_LOGSOURCES = {
    "acme_gate": "{product: acme, service: gate}",
    "aad_graph_activity": "{product: azure, service: aadgraphactivitylogs}",
    "aws_cloudtrail": "{product: aws, service: cloudtrail}",
    "azure_activity": "{product: azure, service: activitylogs}",
    "azure_container_registry": "{product: azure, service: containerregistry}",
    "azure_key_vault": "{product: azure, service: keyvault}",
    "entra_audit": "{product: azure, service: auditlogs}",
    "entra_signin": "{product: azure, service: signinlogs}",
    "gcp_audit": "{product: gcp, service: gcp.audit}",
    "google_workspace": "{product: google_workspace, service: audit}",
    "graph_activity": "{product: azure, service: microsoftgraphactivitylogs}",
    "kubernetes_audit": "{product: kubernetes, service: audit}",
    "m365_audit": "{product: m365, service: audit}",
}
_CONDITIONS = (
    "{a: ['*'], condition: not a}",
    "{a: ['example'], condition: a}",
    "{a: ['marked'], condition: a}",
    "{a: {extra|contains: odd}, condition: a}",
    "{a: {extra: null}, condition: a}",
    "{a: {extra|exists: true}, condition: a}",
    "{a: {verb: create}, condition: a}",
    "{a: {eventName: RunInstances}, b: {extra: odd}, condition: a or b}",
    "{a: {Operation|startswith: New}, condition: a}",
    "{a: {extra|gte: 3}, condition: a}",
)


def rules() -> list[Rule]:
    """For each source: rules by discriminator, by literals, by negation, by absence."""
    made = []
    for source_id, logsource in _LOGSOURCES.items():
        for number, detection in enumerate(_CONDITIONS):
            text = f"title: r{number}\nid: {source_id}-{number}\nlogsource: {logsource}\ndetection: {detection}\n"
            made += load_text(text, file="rules.yml").rules
    return made


def filtered(rule: Rule, expires: str) -> Rule:
    """The rule with a filter that takes everything out until it expires."""
    (anything,) = load_text(
        "title: f\nid: f\nlogsource: {product: aws, service: cloudtrail}\n"
        "detection: {a: {never: here}, condition: not a}\n",
        file="filter.yml",
    ).rules
    return replace(rule, filters=(Filter(name="all", condition=anything.condition, expires=expires),))


def plan() -> Plan:
    return _plan(SOURCES.revision)


def dropping_plan() -> Plan:
    """The plan with ingest rules: by discriminator, by words, by another field, for a time, of several sources."""
    return _dropping_plan(SOURCES.revision)


@cache
def _plan(_revision: int) -> Plan:
    return compile(rules(), [], SOURCES)


_DROPS = (
    ("leases", "{product: kubernetes, service: audit}", "{a: {verb: [create, get]}, condition: a}", None),
    ("calls", "{product: aws}", "{a: {eventName|startswith: Li}, condition: a}", "2026-01-15"),
    ("again", "{product: aws}", "{a: {eventName: [ListGroups, RunInstances]}, condition: a}", None),
    ("words", "{product: azure}", "{a: ['odd'], condition: a}", None),
    ("field", "{product: azure, service: signinlogs}", "{a: {extra: [odd, 3]}, condition: a}", None),
    ("rest", "{product: gcp}", "{a: {extra|exists: true}, condition: not a}", "2025-12-31"),
    ("gate", "{product: acme}", "{a: {extra: null}, condition: a}", None),
)


@cache
def _dropping_plan(_revision: int) -> Plan:
    made = []
    for name, logsource, detection, expires in _DROPS:
        text = f"title: {name}\nlogsource: {logsource}\ndetection: {detection}\n"
        (rule,) = load_text(text, file="ingest.yml").rules
        made.append(Drop(name=name, reason="nobody asks", expires=expires, rule=rule))
    return compile(rules(), [], SOURCES, drops=made)


@cache
def natives(source_id: str) -> tuple[Native, ...]:
    """The canonical records of a source's examples."""
    found = []
    for example in SOURCES[source_id].examples:
        for line in (example.raw, *example.raw.splitlines()):
            try:
                values = list(unwrap.records(unwrap.decode(line)))
            except Malformed:
                continue
            found += [one.native for one in values if one.status == "event" and one.source_id == source_id]
            if values:
                break
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a scan came to, without the order in which it came to it."""

    records: int
    sources: dict[str, int]
    excluded: dict[str, int]
    quarantined: dict[str, int]
    ids: dict[str, list[int]]
    hits: list[Any]
    samples: list[Any]


def _settled(hit: Hit) -> Any:
    """A hit with its record decoded: the quick path keeps the bytes as they came, the careful one writes them anew."""
    return hit._replace(raw=b"", digest=0), decode(hit.raw)


def outcome(*tallies: Tally) -> Outcome:
    """The sum of tallies, comparable."""
    total: dict[str, dict[str, int]] = {"sources": {}, "excluded": {}, "quarantined": {}}
    ids: dict[str, list[int]] = {}
    for tally in tallies:
        for name, counts in total.items():
            for key, count in getattr(tally, name).items():
                counts[key] = counts.get(key, 0) + count
        for source_id, held in tally.ids.items():
            ids.setdefault(source_id, []).extend(np.concatenate(held).tolist())
    return Outcome(
        records=sum(tally.records for tally in tallies),
        **total,
        ids={source_id: sorted(held) for source_id, held in ids.items()},
        hits=sorted((_settled(hit) for tally in tallies for hit in tally.hits), key=repr),
        samples=sorted((sample for tally in tallies for sample in tally.samples), key=repr),
    )


def scanned(batches: Iterable[Batch], **options: Any) -> Tally:
    """One file's batches, scanned as they come."""
    scanner = Scanner(options.pop("plan", None) or plan(), SOURCES, **options)
    scanner.scan("file", batches)
    return scanner.tally


def carefully(batches: Iterable[Batch], **options: Any) -> Tally:
    """The same, every record as if it were the first of its file: such a record takes the careful path."""
    scanner = Scanner(options.pop("plan", None) or plan(), SOURCES, **options)
    for batch in batches:
        for alone in _apart(batch):
            scanner.scan("file", [alone])
    return scanner.tally


def _apart(batch: Batch) -> Iterable[Batch]:
    if isinstance(batch, Lines):
        offset = batch.offset
        for line in batch.data.split(b"\n"):
            if line.strip():
                yield Lines(data=line, offset=offset)
            offset += len(line) + 1
    elif isinstance(batch, Elements):
        for index, item in enumerate(batch.items, batch.first):
            yield replace(batch, items=[item], first=index)
    else:
        yield batch


ODD = (None, True, False, 0, 1, 1.0, 3, -1, 2**70, "", "odd", "marked", [], {}, ["odd"], {"odd": "é"}, "\0", "a\0")
_TIMES = ("2026-01-15T10:00:00Z", "2026-01-15T10:00:00.123456789Z", "no time", "", 1_768_471_200, 1_768_471_200_000)


@st.composite
def records(draw: st.DrawFn, source_ids: Sequence[str] = SOURCES.ids) -> dict[str, Any]:
    """A canonical record, perhaps with values of other types or nothing at head paths."""
    source_id = draw(st.sampled_from(source_ids))
    record: dict[str, Any] = json.loads(unwrap.encode(draw(st.sampled_from(natives(source_id)))))
    for _ in range(draw(st.integers(0, 2))):
        path = draw(st.sampled_from([*SOURCES[source_id].head, "extra"]))
        _put(record, path, draw(st.sampled_from((*ODD, *_TIMES, ...))))
    return record


def _put(record: dict[str, Any], path: str, value: Any) -> None:
    *parents, last = path.split(".")
    here: Any = record
    for parent in parents:
        here = here.get(parent)
        if not isinstance(here, dict):
            return
    if value is ...:
        here.pop(last, None)
    else:
        here[last] = value


@st.composite
def written(draw: st.DrawFn, source_ids: Sequence[str] = SOURCES.ids) -> bytes:
    """A record as one writer or another puts it on a line."""
    text = json.dumps(
        draw(records(source_ids)),
        ensure_ascii=draw(st.booleans()),
        separators=draw(st.sampled_from([(",", ":"), (", ", ": "), (" ,\t", " : ")])),
    )
    dress = draw(st.integers(0, 11))
    if dress == 0:
        text = text.replace("e", "\\u0065").replace("\\\\u0065", "\\e")
    elif dress == 1:  # a duplicate key: the last one counts
        text = '{"eventName": "First", "verb": "first", "Operation": "First", "extra": "first", ' + text[1:]
    elif dress == 2:
        text = " \t" + text + " \r"
    return text.encode("utf-8", "surrogatepass")


GARBAGE = (
    b"", b"  ", b"\r", b"{", b"}", b"[]", b"{}", b"null", b"not json", b'{"a": 1', b'{"x": "\xff\xfe"}', b"\xff",
    b'{"extra": "odd"}{"extra": "odd"}', b'{"extra":', b"1}", b'"text"', b"[[[", b'{"x": 1e999}', b'{"x": "\\ud800"}',
    b'2026-01-15T10:00:00Z {"extra": "odd"}', b'{"x": ' + b"9" * 400 + b"}", b'{"x": NaN}', b'{"Records": []}',
)  # fmt: skip


def lines(source_ids: Sequence[str] = SOURCES.ids) -> st.SearchStrategy[list[bytes]]:
    """Lines of a file: records, their copies, and what may stand between."""
    return st.lists(written(source_ids) | st.sampled_from(GARBAGE), min_size=1, max_size=12).flatmap(
        lambda some: st.lists(st.sampled_from(some), max_size=3).map(lambda again: [*some, *again])
    )
