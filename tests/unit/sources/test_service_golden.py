"""What becomes of each example record of detection services, load balancers and other services, in full."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path

import pytest

from stratagem.sources import SOURCES
from tests.golden import check_golden
from tests.unit.sources.test_delivery_golden import told

SERVICES = (
    "aws_alb",
    "aws_bedrock",
    "aws_securityhub",
    "aws_waf",
    "container_logs",
    "defender_alerts",
    "entra_risk",
    "gcp_requests",
    "gcp_scc",
    "gitlab_requests",
    "intune_audit",
    "m365_messagetrace",
)
RECORDS = {source_id: import_module(f"stratagem.sources.{source_id}.examples").RECORDS for source_id in SERVICES}
CASES = [(source_id, name) for source_id in SERVICES for name in RECORDS[source_id]]


@pytest.mark.parametrize(("source_id", "name"), CASES, ids=lambda value: value)
def test_a_record_becomes_what_its_golden_file_says(source_id: str, name: str) -> None:
    text = json.dumps(told(source_id, RECORDS[source_id][name]), indent=2, ensure_ascii=False, default=str)
    check_golden(Path(source_id) / f"{name}.json", text + "\n")


@pytest.mark.parametrize("source_id", SERVICES)
def test_every_derived_field_has_a_value_in_some_example(source_id: str) -> None:
    source = SOURCES[source_id]
    natives = [source.canonical(record)[0] for record in RECORDS[source_id].values()]
    for name, derived in source.derived.items():
        assert any(derived.compute(native) is not None for native in natives), name


@pytest.mark.parametrize("source_id", SERVICES)
def test_every_alias_leads_to_a_documented_or_derived_field(source_id: str) -> None:
    source = SOURCES[source_id]
    known = [*source.fields, *source.derived]
    for targets in source.aliases.values():
        for target in targets:
            assert any(f"{path}.".startswith(f"{target}.") or target.startswith(f"{path}.") for path in known), target
