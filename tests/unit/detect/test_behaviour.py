"""Logs in, findings of correlations and baselines out."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from ocsf_json_schema import OcsfJsonSchemaEmbedded, get_ocsf_schema

from stratagem.detect.model import Finding
from stratagem.detect.run import RunResult
from stratagem.events.detection_finding import to_ocsf
from stratagem.events.vocabulary import OCSF_VERSION
from stratagem.workspace import Workspace

BEGIN = datetime(2026, 11, 2, 10, tzinfo=UTC)
RULE = """
title: Reads a secret
name: reads
logsource: {product: kubernetes, service: audit}
detection: {a: {verb: get, objectRef.resource: secrets}, condition: a}
level: low
---
"""
BURST = (
    RULE
    + """
title: Many secrets
name: burst
correlation:
  type: value_count
  rules: [reads]
  group-by: [user.username]
  timespan: 10m
  condition: {gte: 3, field: objectRef.name}
level: high
"""
)


def read(
    minute: float, name: str, *, user: str = "system:serviceaccount:default:default", **more: Any
) -> dict[str, Any]:
    """An audit event of a secret that was read."""
    time = (BEGIN + timedelta(minutes=minute)).isoformat().replace("+00:00", "Z")
    event = {
        "kind": "Event",
        "apiVersion": "audit.k8s.io/v1",
        "level": "Metadata",
        "auditID": f"{user}-{name}-{minute}",
        "stage": "ResponseComplete",
        "requestURI": f"/api/v1/namespaces/default/secrets/{name}",
        "verb": "get",
        "user": {"username": user},
        "sourceIPs": ["192.0.2.10"],
        "userAgent": "kubectl/v1.34.1",
        "objectRef": {"resource": "secrets", "namespace": "default", "name": name, "apiVersion": "v1"},
        "responseStatus": {"code": 200},
        "requestReceivedTimestamp": time,
        "stageTimestamp": time,
    }
    return {**event, **more}


def ran(folder: Path, rules: str, *files: Iterable[Mapping[str, Any]], **options: Any) -> RunResult:
    (folder / "rules").mkdir(exist_ok=True)
    (folder / "rules" / "r.yml").write_text(rules)
    logs = folder / f"logs{len(list(folder.iterdir()))}"
    logs.mkdir()
    for number, events in enumerate(files):
        (logs / f"{number}.json").write_text("".join(f"{json.dumps(event)}\n" for event in events))
    return Workspace().run([logs], rules=folder / "rules", workers=1, **options)


def only(found: Sequence[Finding]) -> Finding:
    (one,) = found
    return one


def test_a_burst_is_one_finding_with_all_its_events(tmp_path: Path) -> None:
    result = ran(tmp_path, BURST, [read(minute, f"s{minute}") for minute in range(5)])
    found = only(result.findings)
    assert (found.rule_name, found.level, found.count, len(found.evidences)) == ("Many secrets", "high", 5, 5)
    assert found.time == BEGIN + timedelta(minutes=2)
    assert found.span == (BEGIN, BEGIN + timedelta(minutes=4))
    assert found.key["user.username"] == "system:serviceaccount:default:default"
    assert found.measure["count"] == 3
    assert result.summary["findings"]["by_analytic"] == {"burst": 1}
    assert result.summary["analytics"]["matches"] == {"burst": 5}


def test_a_finding_of_many_events_shows_the_first_hundred_and_counts_all(tmp_path: Path) -> None:
    found = only(ran(tmp_path, BURST, [read(second / 60, f"s{second}") for second in range(130)]).findings)
    assert (found.count, len(found.evidences)) == (130, 100)


def test_findings_of_episodes_are_valid_ocsf(tmp_path: Path) -> None:
    found = ran(tmp_path, BURST, [read(minute, f"s{minute}") for minute in range(3)]).findings
    schema = OcsfJsonSchemaEmbedded(get_ocsf_schema(version=OCSF_VERSION)).get_class_schema("detection_finding")
    import jsonschema

    for one in found:
        jsonschema.validate(json.loads(json.dumps(to_ocsf(one))), schema)
    assert to_ocsf(only(found))["count"] == 3


def test_the_rule_of_a_correlation_reports_only_where_it_is_asked_to(tmp_path: Path) -> None:
    events = [read(minute, f"s{minute}") for minute in range(3)]
    loud = BURST.replace("timespan", "generate: true\n  timespan")
    assert [one.level for one in ran(tmp_path, loud, events).findings] == ["high", "low", "low", "low"]


def test_clusters_with_equal_names_never_join(tmp_path: Path) -> None:
    where = {"annotations": {}}
    one = [read(minute, f"s{minute}", **where) for minute in range(2)]
    rules = BURST
    events = [{"cluster": name, **event} for name in ("a", "b") for event in one]
    result = ran(tmp_path, rules, [_gke(event, event["cluster"]) for event in events])
    assert result.summary["analytics"]["matches"] == {"burst": 4}
    assert not result.findings


def _gke(event: Mapping[str, Any], cluster: str) -> dict[str, Any]:
    """The same event as Google Cloud writes it, which names its cluster."""
    name = event["objectRef"]["name"]
    return {
        "logName": "projects/example-project/logs/cloudaudit.googleapis.com%2Fdata_access",
        "insertId": f"{cluster}-{event['auditID']}",
        "timestamp": event["requestReceivedTimestamp"],
        "operation": {"id": f"{cluster}-{event['auditID']}", "producer": "k8s.io", "first": True, "last": True},
        "resource": {
            "type": "k8s_cluster",
            "labels": {"cluster_name": cluster, "location": "europe-west1", "project_id": "example-project"},
        },
        "protoPayload": {
            "@type": "type.googleapis.com/google.cloud.audit.AuditLog",
            "serviceName": "k8s.io",
            "methodName": "io.k8s.core.v1.secrets.get",
            "resourceName": f"core/v1/namespaces/default/secrets/{name}",
            "authenticationInfo": {"principalEmail": event["user"]["username"]},
            "requestMetadata": {"callerIp": "192.0.2.10", "callerSuppliedUserAgent": "kubectl"},
            "authorizationInfo": [{"granted": True, "permission": "io.k8s.core.v1.secrets.get"}],
            "status": {},
        },
    }


def test_within_one_cluster_the_same_events_do_join(tmp_path: Path) -> None:
    events = [_gke(read(minute, f"s{minute}"), "a") for minute in range(4)]
    assert only(ran(tmp_path, BURST, events).findings).labels.account == "example-project"


def test_order_repetition_and_split_change_nothing(tmp_path: Path) -> None:
    events = [read(minute, f"s{minute}", user=user) for minute in range(6) for user in ("ann", "bob")]
    once = [to_ocsf(one) for one in ran(tmp_path, BURST, events).findings]
    shuffled = random.Random(1).sample(events * 2, 24)
    again = [to_ocsf(one) for one in ran(tmp_path, BURST, shuffled[:9], shuffled[9:]).findings]
    assert [one["finding_info"]["uid"] for one in once] == [one["finding_info"]["uid"] for one in again]
    assert [one["count"] for one in again] == [6, 6]


def test_what_a_filter_takes_out_is_not_counted(tmp_path: Path) -> None:
    rules = (
        BURST
        + """
---
title: Our backup
logsource: {product: kubernetes, service: audit}
filter: {rules: [reads], s: {objectRef.name: s1}, condition: not s}
"""
    )
    result = ran(tmp_path, rules, [read(minute, f"s{minute}") for minute in range(3)])
    assert not result.findings
    assert result.summary["findings"]["filtered"]["total"] == 1


def test_an_event_without_the_field_to_group_by_is_counted_and_left_out(tmp_path: Path) -> None:
    result = ran(
        tmp_path,
        BURST,
        [{**read(minute, f"s{minute}"), **({"user": {}} if minute else {})} for minute in range(3)],
    )
    assert result.summary["analytics"]["without_key"] == {"burst": 2}


def test_a_chain_counts_episodes_and_shows_the_events_behind_them(tmp_path: Path) -> None:
    rules = (
        BURST
        + """
---
title: Bursts again and again
name: twice
correlation: {type: event_count, rules: [burst], group-by: [user.username], timespan: 1d, condition: {gte: 2}}
"""
    )
    events = [read(minute + 60 * hour, f"s{minute}") for minute in range(3) for hour in range(2)]
    found = only(ran(tmp_path, rules, events).findings)
    assert (found.rule_name, found.count, len(found.evidences)) == ("Bursts again and again", 2, 6)


def test_rules_on_columns_and_on_records_meet_by_principal(tmp_path: Path) -> None:
    rules = (
        RULE
        + """
title: Any call
name: calls
logsource: {product: ocsf}
detection: {a: {class_uid: 6003}, condition: a}
---
title: Read and called
name: both
correlation:
  type: temporal
  rules: [reads, calls]
  group-by: [principal]
  timespan: 10m
"""
    )
    found = only(ran(tmp_path, rules, [read(0, "a"), read(1, "b", verb="list")]).findings)
    assert found.principal and found.principal.startswith("kubernetes:")
    assert found.count == 3


def test_learning_reports_nothing_from_before_its_end(tmp_path: Path) -> None:
    events = [read(minute + 600 * part, f"s{minute}") for minute in range(3) for part in range(2)]
    result = ran(tmp_path, BURST, events, learn_until=BEGIN + timedelta(hours=1))
    assert only(result.findings).time == BEGIN + timedelta(minutes=602)
    assert result.summary["analytics"]["learned_only"] == 1


def test_what_is_later_than_now_waits(tmp_path: Path) -> None:
    events = [read(minute, f"s{minute}") for minute in range(3)]
    result = ran(tmp_path, BURST, events, as_of=BEGIN + timedelta(minutes=1))
    assert not result.findings
    assert result.summary["analytics"]["later_than_as_of"] == 1


@pytest.mark.parametrize("format_name", ["table", "ndjson", "json", "csv", "md"])
def test_every_format_shows_them(tmp_path: Path, format_name: str) -> None:
    from stratagem.cli.render import FORMATS
    from stratagem.cli.render._contract import Screen

    result = ran(tmp_path, BURST, [read(minute, f"s{minute}") for minute in range(3)])
    text = "".join(FORMATS[format_name].findings(result.findings, result.summary, Screen(width=200, colour=False)))
    assert "Many secrets" in text


def test_events_that_name_no_cluster_are_counted_and_a_label_tells_them_apart(tmp_path: Path) -> None:
    rules = BURST.replace("gte: 3", "gte: 2")
    events = [read(0, "a"), read(1, "b")]
    blind = ran(tmp_path, rules, events[:1], events[1:])
    assert len(blind.findings) == 1
    assert blind.summary["analytics"]["without_label"] == 2
    told = [{"stratagem_labels": {"cluster": f"c{number}"}, "event": event} for number, event in enumerate(events)]
    apart = ran(tmp_path, rules, told[:1], told[1:])
    assert not apart.findings
    assert apart.summary["analytics"]["without_label"] == 0
