"""The one object: what a user asks of it, and what it answers."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from stratagem.emulate import bases
from stratagem.engines.progress import Progress
from stratagem.errors import UsageError
from stratagem.sources import SOURCES
from stratagem.workspace import Workspace

STRATEGY = """---
title: A trail was stopped
severity: high
---

## Strategy Abstract

```yaml sigma
logsource: {product: aws, service: cloudtrail}
detection: {s: {eventName: StopLogging}, condition: s}
```
"""


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    """A trail that was stopped, and that is delivered twice; something else; something broken."""
    stop = json.dumps(bases.load("aws_cloudtrail/cloudtrail_stop_logging"))
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "a.json").write_text(f"{stop}\n{stop}\n{{broken\n", encoding="utf-8")
    (tmp_path / "logs" / "b.json").write_text(
        json.dumps(bases.load("kubernetes_audit/pods_list_kubectl")), encoding="utf-8"
    )
    return tmp_path / "logs"


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "list.yml").write_text(
        "title: Lists\nid: lists\nlevel: low\nlogsource: {product: kubernetes, service: audit}\n"
        "detection: {a: {verb: list}, condition: a}\n",
        encoding="utf-8",
    )
    return tmp_path / "rules"


def test_the_packaged_strategies_run_where_nothing_else_is_said(logs: Path) -> None:
    result = Workspace().run([logs])
    assert [finding.analytic_uid for finding in result.findings] == ["cloudtrail_logging_stopped"]


def test_every_record_is_accounted_for(logs: Path) -> None:
    summary = Workspace().run([logs]).summary
    assert summary["records"] == 4
    assert summary["events"] == {"total": 2, "by_source": {"aws_cloudtrail": 1, "kubernetes_audit": 1}}
    assert (summary["duplicates"], summary["excluded"], summary["quarantined"]["count"]) == (1, 0, 1)


def test_rules_run_alone_unless_strategies_are_named_too(logs: Path, rules: Path, tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "stopped.md").write_text(STRATEGY, encoding="utf-8")
    alone = Workspace().run([logs], rules=rules)
    both = Workspace().run([logs], rules=rules, strategies=tmp_path / "own")
    assert [finding.analytic_uid for finding in alone.findings] == ["lists"]
    assert [finding.analytic_uid for finding in both.findings] == ["stopped", "lists"]


def test_a_workspaces_own_strategies_take_the_place_of_the_packaged(logs: Path, tmp_path: Path) -> None:
    (tmp_path / "strategies").mkdir()
    (tmp_path / "strategies" / "stopped.md").write_text(STRATEGY, encoding="utf-8")
    assert [finding.analytic_uid for finding in Workspace(tmp_path).run([logs]).findings] == ["stopped"]
    assert Workspace(tmp_path / "logs").run([logs]).findings[0].analytic_uid == "cloudtrail_logging_stopped"


def test_only_events_of_the_window_are_evaluated_and_the_others_are_counted(logs: Path) -> None:
    result = Workspace().run([logs], end=datetime(2001, 1, 1, tzinfo=UTC))
    assert (len(result.findings), result.summary["events"]["total"], result.summary["excluded"]) == (0, 0, 3)
    assert result.summary["excluded_reasons"] == {"outside --from/--to": 3}


def test_a_source_that_is_named_is_the_only_one(logs: Path) -> None:
    result = Workspace().run([logs], source="kubernetes_audit")
    assert result.summary["events"]["by_source"] == {"kubernetes_audit": 1}
    assert result.summary["quarantined"]["reasons"]["not kubernetes_audit, looks like aws_cloudtrail"] == 2


def test_a_source_that_does_not_exist_is_a_usage_error_that_lists_them(logs: Path) -> None:
    with pytest.raises(UsageError, match="aws_cloudtrail"):
        Workspace().run([logs], source="aws_cloudtrial")


def test_progress_ends_where_the_input_ends(logs: Path) -> None:
    seen: list[Progress] = []
    Workspace().run([logs], progress=seen.append)
    assert seen[-1].bytes_done == seen[-1].bytes_total == sum(file.stat().st_size for file in logs.iterdir())
    assert seen[-1].events == 3


def test_identify_says_for_each_file_once_whose_it_is_and_why_not(logs: Path) -> None:
    (logs / "c.md").write_text("# Notes\n", encoding="utf-8")
    (logs / "d.json").touch()
    found = {Path(name).name: (dict(sources), why) for name, sources, why in Workspace().identify([logs])}
    assert found["a.json"][0] == {"aws_cloudtrail": 2}
    assert found["a.json"][1].startswith("broken JSON")
    assert found["b.json"] == ({"kubernetes_audit": 1}, "")
    assert found["c.md"] == ({}, "text without JSON")
    assert found["d.json"] == ({}, "empty")
    assert len(list(Workspace().identify([logs]))) == 4


def test_explain_names_analytics_that_are_close_to_an_unknown_one() -> None:
    with pytest.raises(UsageError, match="cloudtrail_logging_stopped"):
        Workspace().explain("cloudtrail_loging_stopped", {})


def test_new_never_overwrites(tmp_path: Path) -> None:
    file = Workspace(tmp_path).new("mine", "aws", owner="me")
    assert file == tmp_path / "strategies" / "aws" / "mine.md"
    with pytest.raises(UsageError, match="exists"):
        Workspace(tmp_path).new("mine", "aws")


def test_sources_are_all_there_are() -> None:
    assert [source_id for source_id, _ in Workspace().sources()] == list(SOURCES.ids)


def test_lint_and_test_name_a_path_that_is_not_there(tmp_path: Path) -> None:
    for ask in (Workspace().lint, Workspace().test):
        with pytest.raises(UsageError, match="gone"):
            ask([tmp_path / "gone"])
