"""What golden tests of sources share: what is known of a record, and what each source's examples have to show."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from stratagem.events.project import project_one
from stratagem.events.query import connect
from stratagem.sources import SOURCES
from stratagem.sources._contract import Labels
from tests.golden import check_golden


def records_of(source_id: str) -> Mapping[str, dict[str, Any]]:
    """The records that a source's examples are made of, by name."""
    records: Mapping[str, dict[str, Any]] = import_module(f"stratagem.sources.{source_id}.examples").RECORDS
    return records


def columns_of(source_id: str, record: dict[str, Any], event_uid: str | None = None) -> dict[str, Any]:
    """A record's columns, without what every row has; `event_uid` stands for the source's own id."""
    source = SOURCES[source_id]
    native, labels = source.canonical(record)
    uid = source.uid(native) or "" if event_uid is None else event_uid
    row = project_one(source_id, source, native, connect(), event_uid=uid, labels=labels)
    return {name: value for name, value in row.items() if name not in ("event_uid", "source")}


def check_told(
    source_id: str,
    name: str,
    *,
    labelled: Collection[str] = Labels._fields,
    event_uid: str | None = None,
    sort_keys: bool = False,
) -> None:
    """Assert that a record's labels (those in `labelled`), derived fields and columns are what its file says.

    What is null is in no file.
    """
    source = SOURCES[source_id]
    record = records_of(source_id)[name]
    native, labels = source.canonical(record)
    derived = {field: one.compute(native) for field, one in source.derived.items()}
    told = {
        "labels": {key: value for key, value in labels._asdict().items() if value and key in labelled},
        "derived": {field: value for field, value in derived.items() if value is not None},
        "columns": columns_of(source_id, record, event_uid),
    }
    text = json.dumps(told, indent=2, ensure_ascii=False, sort_keys=sort_keys, default=str)
    check_golden(Path(source_id) / f"{name}.json", text + "\n")


def check_derived(source_id: str) -> None:
    """Assert that every derived field has a value in some example."""
    source = SOURCES[source_id]
    natives = [source.canonical(record)[0] for record in records_of(source_id).values()]
    for name, derived in source.derived.items():
        assert any(derived.compute(native) is not None for native in natives), name


def check_aliases(source_id: str) -> None:
    """Assert that every alias leads to a documented or derived field, to what is above one or below it."""
    source = SOURCES[source_id]
    known = [*source.fields, *source.derived]
    for targets in source.aliases.values():
        for target in targets:
            assert any(f"{path}.".startswith(f"{target}.") or target.startswith(f"{path}.") for path in known), target
