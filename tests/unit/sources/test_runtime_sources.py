"""Runtime sensors and container engines: shapes, traps, and the names that rules use."""

from __future__ import annotations

from typing import Any

import pytest

from stratagem.rules import matcher
from stratagem.rules.load import load_text
from stratagem.rules.resolve import Resolver
from stratagem.sources import SOURCES, unwrap
from stratagem.sources.containerd.examples import RECORDS as CONTAINERD
from stratagem.sources.docker_events.examples import RECORDS as DOCKER
from stratagem.sources.falco.examples import RECORDS as FALCO
from stratagem.sources.kubernetes_admission.examples import RECORDS as REVIEWS
from stratagem.sources.kubernetes_events.examples import RECORDS as EVENTS
from stratagem.sources.tetragon.examples import RECORDS as TETRAGON
from stratagem.sources.tracee.examples import RECORDS as TRACEE

NSENTER = """
title: nsenter
id: nsenter
logsource: {product: linux, category: process_creation}
detection: {a: {Image|endswith: /nsenter, CommandLine|contains: ' -t 1'}, condition: a}
"""


def derived(source_id: str, name: str, record: Any) -> Any:
    return SOURCES[source_id].derived[name].compute(record)


@pytest.mark.parametrize(
    ("source_id", "record"),
    [
        ("falco", FALCO["nsenter_in_a_pod"]),
        ("tetragon", TETRAGON["nsenter_in_a_pod"]),
        ("tracee", TRACEE["program_started"]),
    ],
)
def test_one_rule_for_linux_processes_matches_every_sensor(source_id: str, record: dict[str, Any]) -> None:
    (rule,) = load_text(NSENTER, file="nsenter.yml").rules
    source = SOURCES[source_id]
    assert matcher.compile(rule.condition, Resolver.for_source(source))(record)
    (offered,) = (one for one in source.logsources if one.category == "process_creation")
    assert offered.only is not None
    assert offered.only(record)


def test_falco_s_classes_stand_for_output_fields() -> None:
    resolver = Resolver.for_source(SOURCES["falco"])
    record = FALCO["kubernetes_audit"]
    assert resolver.values(record, "ka.verb") == resolver.values(record, "output_fields.ka.verb") == ["get"]


@pytest.mark.parametrize(("container", "inside"), [("host", False), ("", False), (None, False), ("0a1b2c3d4e5f", True)])
def test_a_falco_alert_is_of_a_container_unless_it_says_host(container: Any, inside: bool) -> None:
    record = {**FALCO["drops"], "output_fields": {"container.id": container}}
    assert derived("falco", "falco.in_container", record) is inside


@pytest.mark.parametrize(("drops", "number"), [("815508", 815508), (815508, 815508), ("many", None), ([], None)])
def test_falco_tells_its_losses_as_text_or_number(drops: Any, number: int | None) -> None:
    record = {**FALCO["drops"], "output_fields": {"n_drops": drops}}
    assert derived("falco", "falco.drops", record) == number


def test_falcosidekick_s_id_does_not_make_another_event_of_an_alert() -> None:
    alert = FALCO["metadata_service"]
    assert SOURCES["falco"].uid(alert) == SOURCES["falco"].uid({**alert, "uuid": "another"})


def test_tetragon_s_capabilities_all_begin_alike_and_host_namespaces_are_named() -> None:
    record = TETRAGON["nsenter_in_a_pod"]
    assert "CAP_DAC_OVERRIDE" in derived("tetragon", "tetragon.capabilities", record)
    assert derived("tetragon", "tetragon.host_namespaces", record) == ["mnt"]
    outside = {"process_exec": {"process": {"binary": "/bin/sh", "ns": {"mnt": {"is_host": True}}}}}
    assert derived("tetragon", "tetragon.host_namespaces", outside) is None


def test_a_tetragon_event_without_a_process_is_malformed() -> None:
    (found,) = unwrap.records({"process_exec": "cut", "node_name": "node-3", "time": "2026-11-20T10:00:00Z"})
    assert (found.status, found.reason) == ("malformed", "process_exec holds no process")


def test_any_kind_s_process_answers_to_one_name() -> None:
    resolver = Resolver.for_source(SOURCES["tetragon"])
    binaries = [resolver.values(record, "tetragon.process.binary") for record in TETRAGON.values()]
    assert binaries[:-1] == [[name] for name in ("/usr/bin/nsenter", "/usr/bin/curl", "/bin/cat", "/usr/sbin/insmod",
                                                 "/usr/bin/nsenter")]  # fmt: skip


def test_tracee_s_arguments_are_read_by_name() -> None:
    resolver = Resolver.for_source(SOURCES["tracee"])
    assert resolver.values(TRACEE["file_opened"], "tracee.args.flags") == ["O_RDONLY"]


def test_docker_tells_the_command_of_an_exec_in_its_action_alone() -> None:
    assert derived("docker_events", "docker.action", DOCKER["exec_started"]) == "exec_start"
    assert derived("docker_events", "docker.command", DOCKER["exec_started"]) == "/bin/sh -c id"
    healthy = {**DOCKER["exec_started"], "Action": "health_status: healthy"}
    assert derived("docker_events", "docker.command", healthy) is None


def test_a_kubernetes_event_is_read_in_either_api_and_names_no_actor() -> None:
    source = SOURCES["kubernetes_events"]
    assert "principal" not in source.ocsf
    newer = {"regarding": {"kind": "Pod", "name": "web-1"}, "note": "n", "reason": "Killing", "eventTime": "t"}
    native, _ = source.canonical(newer)
    assert native["involvedObject"] == newer["regarding"]
    assert native["message"] == "n"


def test_a_repeated_kubernetes_event_is_a_record_of_its_own() -> None:
    event = EVENTS["mount_refused"]
    again = {**event, "metadata": {**event["metadata"], "resourceVersion": "9999"}, "count": 5}
    assert SOURCES["kubernetes_events"].uid(event) != SOURCES["kubernetes_events"].uid(again)


def test_an_event_inside_an_admission_review_stays_the_review_s_object() -> None:
    (found,) = unwrap.records(REVIEWS["event_written"])
    assert found.source_id == "kubernetes_admission"


def test_a_line_of_containerd_in_the_journal_is_its_json() -> None:
    line = 'time="2026-11-20T10:00:06Z" level=error msg="StartContainer for \\"0a1b2c3d4e5f\\" failed" error=gone'
    (found,) = unwrap.records({"SYSLOG_IDENTIFIER": "containerd", "MESSAGE": line, "_HOSTNAME": "node-3"})
    assert found.native == {
        "time": "2026-11-20T10:00:06Z",
        "level": "error",
        "msg": 'StartContainer for "0a1b2c3d4e5f" failed',
        "error": "gone",
        "engine": "containerd",
        "node": "node-3",
    }
    assert derived("containerd", "containerd.container", found.native) == "0a1b2c3d4e5f"
    assert derived("containerd", "containerd.failed", found.native) is True


def test_json_lines_of_other_programs_are_not_containerd_s() -> None:
    other = {**CONTAINERD["stopped"], "msg": "request served"}
    (found,) = unwrap.records(other)
    assert found.status == "unidentified"
