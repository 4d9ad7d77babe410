"""What becomes of each example record of the runtime, registry and delivery sources, in full."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from stratagem.events.project import project_one
from stratagem.events.query import connect
from stratagem.sources import SOURCES
from tests.golden import check_golden

DELIVERY = (
    "containerd",
    "docker_events",
    "falco",
    "github_audit",
    "github_webhook",
    "gitlab_audit",
    "harbor_audit",
    "harbor_webhook",
    "hcp_terraform_audit",
    "kubernetes_admission",
    "kubernetes_events",
    "oci_distribution",
    "okta_system_log",
    "podman_events",
    "tetragon",
    "tracee",
)
RECORDS = {source_id: import_module(f"stratagem.sources.{source_id}.examples").RECORDS for source_id in DELIVERY}
CASES = [(source_id, name) for source_id in DELIVERY for name in RECORDS[source_id]]


def told(source_id: str, record: dict[str, Any]) -> dict[str, Any]:
    """A record's labels, derived fields and columns, without what is null."""
    source = SOURCES[source_id]
    native, labels = source.canonical(record)
    derived = {field: one.compute(native) for field, one in source.derived.items()}
    row = project_one(source_id, source, native, connect(), event_uid=source.uid(native) or "", labels=labels)
    return {
        "labels": {key: value for key, value in labels._asdict().items() if value},
        "derived": {field: value for field, value in derived.items() if value is not None},
        "columns": {name: value for name, value in row.items() if name not in ("event_uid", "source")},
    }


@pytest.mark.parametrize(("source_id", "name"), CASES, ids=lambda value: value)
def test_a_record_becomes_what_its_golden_file_says(source_id: str, name: str) -> None:
    text = json.dumps(told(source_id, RECORDS[source_id][name]), indent=2, ensure_ascii=False, default=str)
    check_golden(Path(source_id) / f"{name}.json", text + "\n")


@pytest.mark.parametrize("source_id", DELIVERY)
def test_every_derived_field_has_a_value_in_some_example(source_id: str) -> None:
    source = SOURCES[source_id]
    natives = [source.canonical(record)[0] for record in RECORDS[source_id].values()]
    for name, derived in source.derived.items():
        assert any(derived.compute(native) is not None for native in natives), name


@pytest.mark.parametrize("source_id", DELIVERY)
def test_every_alias_leads_to_a_documented_or_derived_field(source_id: str) -> None:
    source = SOURCES[source_id]
    known = [*source.fields, *source.derived]
    for targets in source.aliases.values():
        for target in targets:
            assert any(f"{path}.".startswith(f"{target}.") or target.startswith(f"{path}.") for path in known), target
