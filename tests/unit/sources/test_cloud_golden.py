"""What becomes of each example record of the cloud sources, in full: labels, derived fields and columns."""

from __future__ import annotations

import pytest

from stratagem.rules.resolve import Resolver
from stratagem.sources import SOURCES
from tests.unit.sources.told import check_told, columns_of, records_of

PROVIDERS = {
    "aws_cloudtrail": ("aws",),
    "entra_signin": ("entra",),
    "entra_audit": ("entra",),
    "graph_activity": ("entra",),
    "aad_graph_activity": ("entra",),
    "azure_activity": ("entra",),
    "azure_container_registry": ("entra", "acr"),
    "azure_key_vault": ("entra",),
    "gcp_audit": ("google",),
    "google_workspace": ("google",),
    "m365_audit": ("entra",),
}
"""Source -> what its principals begin with."""
CLOUD = tuple(PROVIDERS)
CASES = [(source_id, name) for source_id in CLOUD for name in records_of(source_id)]


@pytest.mark.parametrize(("source_id", "name"), CASES, ids=lambda value: value)
def test_a_record_becomes_what_its_golden_file_says(source_id: str, name: str) -> None:
    check_told(source_id, name, labelled=("account", "tenant", "region"), sort_keys=True)


@pytest.mark.parametrize(("source_id", "name"), CASES, ids=lambda value: value)
def test_the_columns_say_the_same_as_the_derived_fields(source_id: str, name: str) -> None:
    source = SOURCES[source_id]
    record = records_of(source_id)[name]
    row = columns_of(source_id, record)
    assert row["status"] == source.derived["outcome"].compute(record)
    actor = next(one for field, one in source.derived.items() if field.endswith(".actor"))
    if actor.compute(record) is None:
        assert "principal" not in row
    else:
        assert row["principal"].endswith(f":{actor.compute(record)}")
        assert row["principal"].split(":")[0] in PROVIDERS[source_id]


@pytest.mark.parametrize("source_id", CLOUD)
def test_every_alias_leads_to_a_documented_or_derived_field(source_id: str) -> None:
    source = SOURCES[source_id]
    for alias, targets in source.aliases.items():
        for target in targets:
            below = any(target.startswith(f"{name}.") for name in source.derived)
            known = target in source.fields or target in source.derived or target in ENVELOPE
            assert known or below, f"{alias} -> {target}"


ENVELOPE = {
    "level",
    "Level",
    "operationVersion",
    "properties",
    "durationMs",
    "resultType",
    "resultDescription",
    "identity",
    "location",
    "resourceId",
    "resultSignature",
    "properties.C_Sid",
}
"""Members of Azure's envelope that say nothing worth a line."""


@pytest.mark.parametrize("source_id", CLOUD)
def test_a_field_is_found_in_any_case(source_id: str) -> None:
    source = SOURCES[source_id]
    resolver = Resolver.for_source(source)
    record = next(iter(records_of(source_id).values()))
    for path in source.fields:
        if resolver.find(record, path) is not None and path not in ("status", "category"):
            assert resolver.find(record, path.upper()) is not None, path
