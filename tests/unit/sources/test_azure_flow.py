from __future__ import annotations

from pathlib import Path

import pytest

from stratagem.sources import SOURCES, unwrap
from stratagem.sources._contract import Malformed
from stratagem.sources.azure_flow.examples import RECORDS
from stratagem.sources.azure_flow.tuples import parsed
from stratagem.workspace import Workspace

AZURE = SOURCES["azure_flow"]


@pytest.mark.parametrize(
    ("text", "time", "protocol", "state", "decision"),
    [
        ("1795168800,203.0.113.7,10.0.1.20,40000,53,U,I,D", 1795168800000, 17, None, "Denied"),
        ("1795168800,10.0.1.20,10.0.2.30,41000,5432,T,O,A,B,,,,", 1795168800000, 6, "Begin", "Allowed"),
        ("1795168800123,10.0.1.20,10.0.2.30,0,0,1,O,C,X,1,2,3,4", 1795168800123, 1, "Continue", "Allowed"),
        ("1795168800123,203.0.113.7,10.0.1.20,40000,22,6,I,D,NX,0,0,0,0", 1795168800123, 6, "Deny", "Denied"),
    ],
)
def test_time_protocol_and_decision_stand_in_the_version_s_own_way(
    text: str, time: int, protocol: int, state: str | None, decision: str
) -> None:
    flow = parsed(text)
    assert (flow["time"], flow["protocol"], flow.get("state"), flow["decision"]) == (time, protocol, state, decision)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("1,2,3", "a flow tuple of 3 parts"),
        ("soon,203.0.113.7,10.0.1.20,40000,53,U,I,D", "time is no whole number"),
        ("1795168800,203.0.113.7,10.0.1.20,40000,53,X,I,D", "unknown protocol"),
        ("1795168800,203.0.113.7,10.0.1.20,40000,53,U,X,D", "unknown direction"),
        ("1795168800123,203.0.113.7,10.0.1.20,40000,22,6,I,Z,NX,0,0,0,0", "unknown flow state"),
    ],
)
def test_a_tuple_that_does_not_fit_says_what_does_not(text: str, reason: str) -> None:
    with pytest.raises(Malformed, match=reason):
        parsed(text)


def test_a_broken_tuple_is_quarantined_and_its_neighbours_stand() -> None:
    record = {
        "category": "FlowLogFlowEvent",
        "flowRecords": {
            "flows": [
                {
                    "aclID": "a",
                    "flowGroups": [{"rule": "r", "flowTuples": ["broken", RECORDS["vnet_end"]["flow"]["tuple"]]}],
                }
            ]
        },
    }
    found = list(unwrap.records(record))
    assert [(one.status, one.reason) for one in found] == [("malformed", "a flow tuple of 1 parts"), ("event", "")]


def test_a_record_without_flows_is_counted_as_one_that_holds_no_event() -> None:
    (found,) = unwrap.records({"category": "FlowLogFlowEvent", "flowRecords": {"flows": []}})
    assert (found.status, found.reason) == ("excluded", "Azure flow logs: a record that holds no event")


def test_a_blob_read_again_when_it_has_grown_counts_its_flows_once(tmp_path: Path) -> None:
    blob = next(example.raw for example in AZURE.examples if example.name == "vnet_blob")
    (tmp_path / "early.json").write_bytes(blob)
    (tmp_path / "late.json").write_bytes(blob.replace(b'{"records":[', b'{"records":[{"category":"Other"},'))
    summary = Workspace(None).run([tmp_path]).summary
    assert summary["events"]["by_source"] == {"azure_flow": 3}
    assert summary["duplicates"] == 3


def test_subscription_and_region_come_from_the_flow_log_s_resource() -> None:
    _, labels = AZURE.canonical(RECORDS["vnet_end"])
    assert (labels.account, labels.region) == ("11111111-0000-4000-8000-000000000001", "westeurope")
