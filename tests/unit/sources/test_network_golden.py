"""What becomes of each example record of the network sources, in full: labels, derived fields and columns."""

from __future__ import annotations

import pytest

from stratagem.rules.resolve import Resolver
from stratagem.sources import SOURCES
from tests.unit.sources.told import check_told, records_of

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
CASES = [(source_id, name) for source_id in NETWORK for name in records_of(source_id)]


@pytest.mark.parametrize(("source_id", "name"), CASES, ids=lambda value: value)
def test_a_record_becomes_what_its_golden_file_says(source_id: str, name: str) -> None:
    check_told(source_id, name, event_uid="golden", sort_keys=True)


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
    for record in records_of(source_id).values():
        for path in source.fields:
            if resolver.find(record, path) is not None:
                assert resolver.find(record, path.upper()) is not None, path
