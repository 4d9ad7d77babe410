"""Health of a lake: it names what stopped, shrank, lost a field or a level, or never came, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from stratagem.health.model import Health, SourceHealth
from stratagem.sources._json import encode
from stratagem.strategy.model import Habit, History, ScenarioEvent
from stratagem.strategy.scenario import CLOCK, Staged, stage_history
from stratagem.workspace import Workspace

DAYS = 10
ESTATE = """\
clusters:
  - {id: prod-eu, sources: [kubernetes_audit]}
  - {id: edge-9, sources: [kubernetes_audit]}
"""
POD = "kubernetes_audit/deployment_create_kubectl"


def habit(base: str, every: str = "20m", **event: Any) -> list[Staged]:
    one = ScenarioEvent(base=base, every=every, **event)
    return list(stage_history(History(days=DAYS, habits=(Habit(event=one),))))


def before(events: list[Staged], hours: float) -> list[Staged]:
    """Those until so many hours before the end."""
    return [one for one in events if one.time and one.time < CLOCK - timedelta(hours=hours)]


def last_day(events: list[Staged]) -> list[Staged]:
    return [one for one in events if one.time and one.time >= CLOCK - timedelta(days=1)]


def written(folder: Path, name: str, events: list[Staged], labels: Mapping[str, str] | None = None) -> None:
    lines = (encode({"stratagem_labels": labels, "event": one.native} if labels else one.native) for one in events)
    (folder / f"{name}.jsonl").write_bytes(b"\n".join(lines) + b"\n")


def told(found: Health) -> set[tuple[str, str, str]]:
    return {(one.source, str(one.scope), one.state) for one in found.sources if one.state != "ok"}


def of(found: Health, source: str) -> SourceHealth:
    (one,) = [one for one in found.sources if one.source == source and one.events]
    return one


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A lake in which one source stops, one drops to a tenth, one loses a field, one drops to level Metadata."""
    home = tmp_path_factory.mktemp("health")
    logs = home / "logs"
    logs.mkdir()
    written(logs, "signin", habit("entra_signin/interactive_user"))
    written(logs, "stops", before(habit("entra_audit/add_member_to_group"), hours=12))
    graph = habit("graph_activity/me_member_of")
    written(logs, "shrinks", before(graph, hours=24) + last_day(graph)[::10])
    trail = habit("aws_cloudtrail/list_groups")
    for one in last_day(trail):
        one.native.pop("userAgent")  # type: ignore[attr-defined]
    written(logs, "loses", trail)
    pods = habit(POD)
    for one in last_day(pods):
        one.native["level"] = "Metadata"  # type: ignore[index]
        for part in ("requestObject", "responseObject"):
            one.native.pop(part, None)  # type: ignore[attr-defined]
    written(logs, "drops", pods, {"cluster": "prod-eu"})
    (home / "context").mkdir()
    (home / "context" / "estate.yml").write_text(ESTATE, encoding="utf-8")
    made = Workspace(home)
    made.run([logs], lake=str(home / "lake"), workers=1)
    return made


@pytest.fixture(scope="module")
def found(workspace: Workspace) -> Health:
    assert workspace.root
    return workspace.health(str(workspace.root / "lake"))


def test_it_says_exactly_what_is_wrong(found: Health) -> None:
    assert told(found) == {
        ("entra_audit", str(of(found, "entra_audit").scope), "silent"),
        ("graph_activity", str(of(found, "graph_activity").scope), "low"),
        ("aws_cloudtrail", "account 111122223333", "field"),
        ("kubernetes_audit", "cluster prod-eu", "level"),
        ("kubernetes_audit", "cluster edge-9", "never_seen"),
    }
    assert not found.is_well


def test_it_says_since_when_a_source_is_silent(found: Health) -> None:
    (complaint,) = of(found, "entra_audit").complaints
    assert complaint.since == before(habit("entra_audit/add_member_to_group"), hours=12)[-1].time
    assert "longest quiet stretch" in complaint.message


def test_it_names_the_field_that_is_gone(found: Health) -> None:
    assert [one.field for one in of(found, "aws_cloudtrail").complaints if one.field] == ["userAgent"]


def test_what_the_level_takes_along_is_told_once(found: Health) -> None:
    assert [one.trouble.value for one in of(found, "kubernetes_audit").complaints if one.field] == []


def test_strategies_are_blind_where_their_source_is(found: Health) -> None:
    sights = {(one.strategy, str(one.scope)): one for one in found.strategies}
    tool = sights["discovery_tool_calls_aws", "account 111122223333"]
    assert tool.sight == "partly"
    assert "blind in tool" in tool.reasons[0]
    assert sights["privileged_container_deployed", "cluster prod-eu"].sight == "blind"
    assert sights["privileged_container_deployed", "cluster edge-9"].sight == "blind"
    assert sights["anonymous_request_allowed", "cluster prod-eu"].sight == "evaluable"
    assert sights["device_code_sign_in_to_command_line", str(of(found, "entra_signin").scope)].sight == "evaluable"


def test_an_earlier_moment_is_judged_by_what_had_happened_then(workspace: Workspace) -> None:
    assert workspace.root
    then = workspace.health(str(workspace.root / "lake"), as_of=CLOCK - timedelta(days=2))
    assert told(then) == {("kubernetes_audit", "cluster edge-9", "never_seen")}


def test_records_that_could_not_be_read_are_remembered(tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    written(tmp_path / "logs", "signin", habit("entra_signin/interactive_user", every="6h"))
    (tmp_path / "logs" / "odd.jsonl").write_text('{"nobody": 1}\n' * 20, encoding="utf-8")
    workspace = Workspace()
    workspace.run([tmp_path / "logs"], lake=str(tmp_path / "lake"), workers=1)
    health = workspace.health(str(tmp_path / "lake"))
    assert sum(health.quarantined.values()) == 20
    assert ("(any)", "no scope", "quarantined") in told(health)


def test_what_was_never_there_is_noted_and_is_no_trouble(tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    written(tmp_path / "logs", "signin", habit("entra_signin/interactive_user", every="6h"))
    pods = habit(POD, every="6h")
    for one in pods:
        one.native["level"] = "Metadata"  # type: ignore[index]
        for part in ("requestObject", "responseObject"):
            one.native.pop(part, None)  # type: ignore[attr-defined]
    written(tmp_path / "logs", "pods", pods, {"cluster": "prod-eu"})
    workspace = Workspace()
    workspace.run([tmp_path / "logs"], lake=str(tmp_path / "lake"), workers=1)
    health = workspace.health(str(tmp_path / "lake"))
    assert health.is_well
    assert [one.trouble.value for one in of(health, "entra_signin").complaints] == ["graph_absent"]
    assert [one.trouble.value for one in of(health, "kubernetes_audit").complaints] == ["objects_absent"]
    sights = {one.strategy: one.sight for one in health.strategies if one.scope.id == "prod-eu"}
    assert (sights["privileged_container_deployed"], sights["anonymous_request_allowed"]) == ("blind", "evaluable")
