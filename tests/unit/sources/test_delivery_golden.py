"""What becomes of each example record of the runtime, registry and delivery sources, in full."""

from __future__ import annotations

import pytest

from tests.unit.sources.told import check_aliases, check_derived, check_told, records_of

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
CASES = [(source_id, name) for source_id in DELIVERY for name in records_of(source_id)]


@pytest.mark.parametrize(("source_id", "name"), CASES, ids=lambda value: value)
def test_a_record_becomes_what_its_golden_file_says(source_id: str, name: str) -> None:
    check_told(source_id, name)


@pytest.mark.parametrize("source_id", DELIVERY)
def test_every_derived_field_has_a_value_in_some_example(source_id: str) -> None:
    check_derived(source_id)


@pytest.mark.parametrize("source_id", DELIVERY)
def test_every_alias_leads_to_a_documented_or_derived_field(source_id: str) -> None:
    check_aliases(source_id)
