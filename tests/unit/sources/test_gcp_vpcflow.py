from __future__ import annotations

from typing import Any

import pytest

from stratagem.events.project import project_one
from stratagem.events.query import connect
from stratagem.sources import SOURCES
from stratagem.sources._contract import Malformed
from stratagem.sources.gcp_vpcflow.examples import DENIED, FROM_OUTSIDE, POD_TO_POD

FLOWS = SOURCES["gcp_vpcflow"]


def columns(record: dict[str, Any]) -> dict[str, Any]:
    return project_one("gcp_vpcflow", FLOWS, record, connect(), event_uid="x")


def test_both_ends_have_their_workload_though_only_one_names_it() -> None:
    found = columns(POD_TO_POD)
    assert [found[end]["workload"] for end in ("src_endpoint", "dst_endpoint")] == ["web", "db"]


def test_the_end_that_reports_tells_the_cluster() -> None:
    assert FLOWS.canonical(POD_TO_POD)[1].cluster == "prod-1"
    assert FLOWS.canonical(FROM_OUTSIDE)[1].cluster is None


def test_a_firewall_entry_names_the_instance_that_the_rule_was_applied_to() -> None:
    found = columns(DENIED)
    assert found["disposition_id"] == 2
    assert found["dst_endpoint"]["name"] == "gke-prod-1-pool-a-00000001"
    assert "name" not in found["src_endpoint"]


def test_the_zone_of_a_subnet_is_read_as_its_region() -> None:
    assert FLOWS.canonical(POD_TO_POD)[1].region == "europe-west1"
    regional = {**POD_TO_POD, "resource": {"labels": {"location": "europe-west1"}}}
    assert FLOWS.canonical(regional)[1].region == "europe-west1"


def test_an_entry_without_a_connection_is_refused() -> None:
    with pytest.raises(Malformed, match="connection is missing"):
        FLOWS.canonical({"logName": "projects/p/logs/compute.googleapis.com%2Fvpc_flows", "jsonPayload": {}})
