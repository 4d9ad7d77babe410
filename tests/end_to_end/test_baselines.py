"""A baseline from logs to finding, and what a user does about it: show, export, compare, accept, begin anew."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.end_to_end.program import Done, call

START = datetime(2026, 10, 1, tzinfo=UTC)
PAGE = """\
---
title: Pods of a registry that the namespace never used
status: draft
owner: platform
attack: [T1610]
---

## Goal

Detect images of new registries.

## Strategy Abstract

```yaml sigma
name: pod_creations
logsource: {product: kubernetes, service: audit}
detection:
  made: {verb: create, objectRef.resource: pods}
  condition: made
```

```yaml baseline
name: registries
kind: first_seen
rules: pod_creations
entity: objectRef.namespace
value: image.registry
```

```yaml baseline
name: cpu
kind: spike
rules: pod_creations
entity: objectRef.namespace
measure: requestObject.spec.containers.resources.requests.cpu
min_volume: 4
min_spread: 0.25
```
"""


def event(hours: float, image: str = "registry.example.com/team/app:1", cpu: str = "250m") -> dict[str, object]:
    time = (START + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%S.000000Z")
    container = {"name": "app", "image": image, "resources": {"requests": {"cpu": cpu}}}
    return {
        "kind": "Event",
        "apiVersion": "audit.k8s.io/v1",
        "level": "Request",
        "auditID": f"00000000-0000-4000-8000-{round(hours * 1000):012d}",
        "stage": "ResponseComplete",
        "requestURI": "/api/v1/namespaces/shop/pods",
        "verb": "create",
        "user": {"username": "system:serviceaccount:gitops:deployer"},
        "sourceIPs": ["192.0.2.10"],
        "objectRef": {"resource": "pods", "namespace": "shop", "name": "app", "apiVersion": "v1"},
        "responseStatus": {"code": 201},
        "requestObject": {"spec": {"containers": [container, {**container, "name": "helper"}]}},
        "requestReceivedTimestamp": time,
        "stageTimestamp": time,
    }


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """A workspace with the page, and logs of twenty days of which the last has an odd pod."""
    assert call("init", "work", cwd=tmp_path).returncode == 0
    page = tmp_path / "work" / "strategies" / "kubernetes" / "unusual_pods.md"
    page.parent.mkdir()
    page.write_text(PAGE, encoding="utf-8")
    records = [event(hour) for hour in range(0, 480, 3)] + [event(481, "docker.io/other/app:1", "8")]
    logs = "".join(json.dumps(record) + "\n" for record in records)
    (tmp_path / "work" / "audit.ndjson").write_text(logs, encoding="utf-8")
    return tmp_path / "work"


def run(work: Path) -> list[dict[str, object]]:
    done = call("run", "audit.ndjson", "--as-of", "2026-10-22", cwd=work)
    return [json.loads(line)["unmapped"] for line in done.stdout.splitlines()]


def decide(work: Path, command: str, *words: str) -> Done:
    reason = ("--owner", "platform", "--reason", "A new team.")
    done = call("baseline", command, "unusual_pods#registries", *words, *reason, cwd=work)
    assert done.returncode == 0, done.stderr
    return done


def test_a_new_registry_and_an_unusual_sum_are_findings(work: Path) -> None:
    measures = [one["measure"] for one in run(work)]
    assert len(measures) == 2
    assert {"observations": 160, "since": "2026-10-01T00:00:00Z"} in measures
    assert {"sum": 16, "usual": 0, "spread": 0.25, "asked": ">= 4", "windows": 1} in measures


def test_show_says_what_was_learned_and_draws_it(work: Path) -> None:
    words = ("--path", "audit.ndjson", "--format", "table", "--picture", "shop.svg")
    done = call("baseline", "show", "unusual_pods#registries", *words, cwd=work)
    assert "shop: warm\n  161 observations, 2026-10-01 to 2026-10-21\n" in done.stdout
    assert "160  registry.example.com  (last 2026-10-20)" in done.stdout
    assert "docker.io" in (work / "shop.svg").read_text(encoding="utf-8")


def test_show_says_what_is_missing_until_it_alerts(work: Path) -> None:
    words = ("--path", "audit.ndjson", "--format", "table", "--as-of", "2026-10-13")
    done = call("baseline", "show", "unusual_pods#registries", *words, cwd=work)
    assert "shop: 12 of 14 days; will not alert yet\n" in done.stdout


def test_an_export_is_compared_with_what_logs_teach_now(work: Path) -> None:
    before = ("--path", "audit.ndjson", "--as-of", "2026-10-21")
    assert call("baseline", "export", "unusual_pods", *before, "-o", "known.yml", cwd=work).returncode == 0
    done = call("baseline", "diff", "known.yml", "--path", "audit.ndjson", "--format", "table", cwd=work)
    assert (done.returncode, done.stdout) == (1, "unusual_pods#registries\n+ shop: docker.io\n")
    assert call("baseline", "diff", "known.yml", "known.yml", cwd=work).returncode == 0


def test_an_accepted_value_is_silent_until_it_expires(work: Path) -> None:
    entry = ("--key", "shop", "--key", "", "--value", "docker.io", "--expires")
    decide(work, "accept", *entry, "2026-10-21")
    assert len(run(work)) == 2
    decide(work, "accept", *entry, "2027-01-01")
    assert len(run(work)) == 1


def test_after_a_reset_the_entity_has_its_warm_up_again(work: Path) -> None:
    decide(work, "reset", "--from", "2026-10-15")
    assert [one["measure"]["asked"] for one in run(work)] == [">= 4"]  # type: ignore[index]
    words = ("--path", "audit.ndjson", "--format", "table")
    done = call("baseline", "show", "unusual_pods#registries", *words, cwd=work)
    assert "shop: 6 of 14 days; will not alert yet\n" in done.stdout


def test_a_key_of_the_wrong_length_is_told_what_it_is_made_of(work: Path) -> None:
    words = ("--key", "shop", "--owner", "me", "--reason", "x", "--expires", "2027-01-01")
    done = call("baseline", "accept", "unusual_pods#registries", *words, cwd=work)
    assert done.returncode == 3
    assert "keys of 2: objectRef.namespace, its cluster, account or tenant ('' if unknown); 1 given" in done.stderr


@pytest.mark.parametrize(
    ("analytic", "said"),
    [
        ("unusual_pod", "Strategies with baselines: unusual_pods."),
        ("unusual_pods#registry", "It has: registries, cpu."),
        ("unusual_pods", "Choose one: unusual_pods#registries, unusual_pods#cpu."),
    ],
)
def test_names_that_are_not_there_are_told_those_that_are(work: Path, analytic: str, said: str) -> None:
    words = ("--key", "shop", "--owner", "me", "--reason", "x", "--expires", "2027-01-01")
    done = call("baseline", "accept", analytic, *words, cwd=work)
    assert done.returncode == 3
    assert said in done.stderr


def test_a_lake_teaches_as_its_logs_do_even_if_nothing_was_looked_for_when_they_came(
    work: Path, tmp_path: Path
) -> None:
    words = ("--format", "json", "--strategies", str(work / "strategies"))
    there = ("run", str(work / "audit.ndjson"), "--lake", "lake", "--rules", str(work / "strategies"))
    assert call(*there, cwd=tmp_path).returncode == 0
    of_lake = call("baseline", "show", "unusual_pods", "--lake", "lake", *words, cwd=tmp_path)
    of_logs = call("baseline", "show", "unusual_pods", "--path", str(work / "audit.ndjson"), *words, cwd=tmp_path)
    assert of_lake.returncode == 0, of_lake.stderr
    assert json.loads(of_lake.stdout) == json.loads(of_logs.stdout)


def test_a_lake_that_is_not_there_is_told(work: Path) -> None:
    done = call("baseline", "show", "unusual_pods", "--lake", "nowhere", cwd=work)
    assert (done.returncode, done.stderr) == (3, "there is no lake nowhere.\n")


def test_decisions_need_a_workspace(work: Path, tmp_path: Path) -> None:
    words = ("--from", "2026-10-15", "--owner", "me", "--reason", "x", "--strategies", str(work / "strategies"))
    done = call("baseline", "reset", "unusual_pods#registries", *words, cwd=tmp_path)
    assert (done.returncode, "stratagem init" in done.stderr) == (3, True)
