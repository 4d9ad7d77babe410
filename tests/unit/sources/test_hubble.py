from __future__ import annotations

import copy
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from stratagem.events.project import project_many, project_one
from stratagem.events.query import connect
from stratagem.sources import SOURCES, unwrap
from stratagem.sources._contract import Malformed
from stratagem.sources.hubble.examples import DROPPED, FORWARDED, LOST, REPLY

HUBBLE = SOURCES["hubble"]


def columns(record: dict[str, Any]) -> dict[str, Any]:
    return project_one("hubble", HUBBLE, record, connect(), event_uid="x")


def test_a_bare_flow_and_camel_case_come_to_the_exporter_s_shape() -> None:
    bare, _ = HUBBLE.canonical(FORWARDED["flow"])
    assert bare == FORWARDED
    found, _ = HUBBLE.canonical(
        {
            "flow": {"verdict": "DROPPED", "IP": {"ipVersion": "IPv4"}, "l4": {"TCP": {"destinationPort": 22}}},
            "nodeName": "n",
        }
    )
    assert found == {
        "flow": {
            "verdict": "DROPPED",
            "IP": {"ipVersion": "IPv4"},
            "l4": {"TCP": {"destination_port": 22}},
            "Type": "L3_L4",
        },
        "node_name": "n",
    }


def test_a_reply_has_the_ends_of_the_connection_that_it_answers() -> None:
    request, reply = columns(FORWARDED), columns(REPLY)
    ends = ("src_endpoint", "dst_endpoint")
    assert [request[end]["ip"] for end in ends] == [reply[end]["ip"] for end in ends] == ["10.0.1.15", "10.0.2.25"]
    assert [reply[end]["workload"] for end in ends] == ["web", "db"]


def test_a_pod_without_workloads_is_known_by_its_name() -> None:
    record = copy.deepcopy(FORWARDED)
    for end, pod in (("source", "node-local-dns-88zrp"), ("destination", "db-0")):
        del record["flow"][end]["workloads"]
        record["flow"][end]["pod_name"] = pod
    found = columns(record)
    assert (found["src_endpoint"]["workload"], found["dst_endpoint"]["workload"]) == ("node-local-dns", "db")


@pytest.mark.parametrize(("reason", "outcome"), [("POLICY_DENIED", "denied"), ("CT_MAP_INSERTION_FAILED", "failure")])
def test_only_what_policy_dropped_is_denied(reason: str, outcome: str) -> None:
    record = {**DROPPED, "flow": {**DROPPED["flow"], "drop_reason_desc": reason}}
    assert HUBBLE.derived["outcome"].compute(record) == outcome


def test_lost_events_are_seen_as_an_event_that_says_so() -> None:
    assert columns(LOST)["status"] == "lost events"


def test_the_exporter_s_other_records_are_counted_as_no_events() -> None:
    (found,) = unwrap.records(
        {"agent_event": {"type": "AGENT_STARTED"}, "node_name": "n", "time": "2026-11-20T10:00:00Z"}
    )
    assert (found.status, found.reason) == ("excluded", "Cilium Hubble: not an event")


def test_a_flow_without_a_verdict_is_refused_where_the_source_is_named() -> None:
    with pytest.raises(Malformed, match="verdict is missing"):
        HUBBLE.canonical({"flow": {"IP": {"source": "10.0.1.15"}}})


def test_real_flows_are_told_apart_by_their_ids_and_become_columns(corpus: Path) -> None:
    records: list[tuple[Any, str, Any]] = []
    ids = set()
    for file in sorted((corpus / "hubble" / "cilium-hubble-otel").glob("basic-sample-400-*")):
        for line in file.read_bytes().splitlines():
            (found,) = unwrap.records(unwrap.decode(line))
            assert found.source_id == "hubble"
            ids.add(HUBBLE.uid(found.native))
            records.append((found.native, "x", found.labels))
    rows = project_many("hubble", HUBBLE, records, connect())
    assert Counter(row["class_uid"] for row in rows) == {4001: 418}
    assert len(ids) == 418
