from __future__ import annotations

from typing import Any

import pytest

from stratagem.events.project import project_many
from stratagem.events.query import connect
from stratagem.sources import SOURCES
from stratagem.sources._contract import NO_LABELS, Labels

SOURCE = SOURCES["kubernetes_audit"]
EVENT: dict[str, Any] = {
    "kind": "Event",
    "apiVersion": "audit.k8s.io/v1",
    "auditID": "a",
    "stage": "ResponseComplete",
    "verb": "create",
    "user": {"username": "ann@example.com", "groups": ["system:masters"]},
    "objectRef": {"resource": "pods", "namespace": "shop"},
    "responseStatus": {"code": 201},
    "stageTimestamp": "2026-11-20T10:00:00.5+01:00",
}
CONNECTION = connect()


def columns(labels: Labels = NO_LABELS, **members: Any) -> dict[str, Any]:
    (row,) = project_many("kubernetes_audit", SOURCE, [({**EVENT, **members}, "uid", labels)], CONNECTION)
    return row


@pytest.mark.parametrize(
    ("verb", "activity"),
    [
        ("create", 1),
        ("get", 2),
        ("list", 2),
        ("watch", 2),
        ("update", 3),
        ("patch", 3),
        ("delete", 4),
        ("deletecollection", 4),
    ],
)
def test_the_verb_is_the_activity(verb: str, activity: int) -> None:
    row = columns(verb=verb)
    assert (row["class_uid"], row["activity_id"], row["api"]["operation"]) == (6003, activity, verb)


def test_an_exec_is_no_read_though_its_verb_is_get() -> None:
    assert columns(verb="get", objectRef={"resource": "pods", "subresource": "exec"})["activity_id"] == 99


@pytest.mark.parametrize(
    ("members", "status"),
    [
        ({"responseStatus": {"code": 101}}, 1),
        ({"responseStatus": {"code": 403}}, 2),
        ({"responseStatus": None}, 0),
        ({"responseStatus": None, "annotations": {"authorization.k8s.io/decision": "forbid"}}, 2),
        ({"responseStatus": None, "stage": "Panic"}, 2),
    ],
)
def test_the_status_is_known_once_there_is_an_answer(members: dict[str, Any], status: int) -> None:
    assert columns(**members)["status_id"] == status


@pytest.mark.parametrize(
    ("labels", "scope"),
    [
        (NO_LABELS, "unknown"),
        (Labels(cluster="prod"), "prod"),
        (Labels(cluster="prod", account="111122223333"), "111122223333/prod"),
        (Labels(cluster="projects/p/locations/l/clusters/c", account="p"), "projects/p/locations/l/clusters/c"),
    ],
)
def test_equal_names_of_two_clusters_are_two_principals(labels: Labels, scope: str) -> None:
    assert columns(labels)["principal"] == f"kubernetes:{scope}:ann@example.com"


def test_who_acts_as_another_is_kept_beside_whom_he_acts_as() -> None:
    row = columns(impersonatedUser={"username": "system:admin", "groups": ["system:masters"]})
    assert row["principal"] == "kubernetes:unknown:system:admin"
    assert row["impersonator"] == "kubernetes:unknown:ann@example.com"
    assert row["actor"]["user"]["name"] == "system:admin"
    assert "impersonator" not in columns()


def test_an_eks_user_keeps_the_session_that_joins_it_to_cloudtrail() -> None:
    extra = {"arn": ["arn:aws:sts::1:assumed-role/r/s"], "accessKeyId": ["ASIAEXAMPLE"], "sessionName": ["s"]}
    row = columns(user={"username": "u", "extra": extra})
    assert row["session"] == "s"
    assert row["actor"]["session"] == {"uid_alt": "s", "credential_uid": "ASIAEXAMPLE"}
    assert row["actor"]["user"]["uid_alt"] == "arn:aws:sts::1:assumed-role/r/s"


def test_only_the_address_that_the_server_saw_is_the_source() -> None:
    row = columns(sourceIPs=["198.51.100.1", "203.0.113.1", "192.0.2.1"])
    assert row["src_endpoint"]["ip"] == "192.0.2.1"
    assert row["http_request"]["x_forwarded_for"] == ["198.51.100.1", "203.0.113.1"]


def test_the_time_keeps_its_offset_and_a_generated_name_is_taken_from_the_answer() -> None:
    row = columns(responseObject={"metadata": {"name": "job-x7k2p", "uid": "u"}})
    assert row["time"].isoformat() == "2026-11-20T09:00:00.500000+00:00"
    assert row["resources"] == [{"uid": "u", "name": "job-x7k2p", "type": "pods", "namespace": "shop"}]
