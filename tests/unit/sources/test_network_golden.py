"""What becomes of each example record of the network sources, in full: labels, derived fields and columns."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from stratagem.events.project import project_one
from stratagem.events.query import connect
from stratagem.rules.resolve import Resolver
from stratagem.sources import SOURCES
from tests.golden import check_golden

NETWORK = (
    "aws_vpcflow",
    "azure_flow",
    "gcp_vpcflow",
    "hubble",
    "aws_guardduty",
    "aws_resolver_query",
    "aws_s3access",
    "aws_eventbridge",
    "ocsf",
)
RECORDS = {source_id: import_module(f"stratagem.sources.{source_id}.examples").RECORDS for source_id in NETWORK}
CASES = [(source_id, name) for source_id in NETWORK for name in RECORDS[source_id]]


@pytest.mark.parametrize(("source_id", "name"), CASES, ids=lambda value: value)
def test_a_record_becomes_what_its_golden_file_says(source_id: str, name: str) -> None:
    source = SOURCES[source_id]
    native, labels = source.canonical(RECORDS[source_id][name])
    derived = {field: one.compute(native) for field, one in source.derived.items()}
    row: dict[str, Any] = project_one(source_id, source, native, connect(), event_uid="golden", labels=labels)
    told = {
        "labels": {key: value for key, value in labels._asdict().items() if value},
        "derived": {field: value for field, value in derived.items() if value is not None},
        "columns": {column: value for column, value in row.items() if column not in ("event_uid", "source")},
    }
    text = json.dumps(told, indent=2, ensure_ascii=False, sort_keys=True, default=str) + "\n"
    check_golden(Path(source_id) / f"{name}.json", text)


@pytest.mark.parametrize("source_id", NETWORK)
def test_every_alias_leads_to_a_documented_or_derived_field(source_id: str) -> None:
    source = SOURCES[source_id]
    for alias, targets in source.aliases.items():
        for target in targets:
            assert target in source.fields or target in source.derived, f"{alias} -> {target}"


@pytest.mark.parametrize("source_id", NETWORK)
def test_a_documented_field_is_found_in_any_case(source_id: str) -> None:
    source = SOURCES[source_id]
    resolver = Resolver.for_source(source)
    for record in RECORDS[source_id].values():
        for path in source.fields:
            if resolver.find(record, path) is not None:
                assert resolver.find(record, path.upper()) is not None, path
