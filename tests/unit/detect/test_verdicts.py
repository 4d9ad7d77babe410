"""The verdict log: what does not teach."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from stratagem.detect.verdicts import Incidents, read
from stratagem.errors import UsageError
from stratagem.workspace import Workspace


def said(finding: str, verdict: str, at: str, **more: object) -> str:
    return json.dumps({"finding": finding, "verdict": verdict, "at": at, "by": "ann", "reason": "seen", **more})


def log(folder: Path, *lines: str) -> Path:
    (folder / "2026.ndjson").write_text("\n".join(lines) + "\n")
    return folder


def test_an_incident_s_events_do_not_teach(tmp_path: Path) -> None:
    entry = said("f1", "true_positive", "2026-11-02T10:00:00Z", events=["kubernetes_audit/e1"])
    assert read(log(tmp_path, entry)) == Incidents(frozenset({"kubernetes_audit/e1"}), frozenset({"f1"}))


def test_the_last_verdict_on_a_finding_counts_wherever_it_stands(tmp_path: Path) -> None:
    later = said("f1", "false_positive", "2026-11-03T10:00:00Z")
    assert read(log(tmp_path, later, said("f1", "true_positive", "2026-11-02T10:00:00Z"))) == Incidents()


def test_a_workspace_without_verdicts_has_no_incidents(tmp_path: Path) -> None:
    assert read(tmp_path / "verdicts") == Incidents()


@pytest.mark.parametrize("line", ["{", "[]", '{"finding": "f"}', said("f", "maybe", "2026-11-02")])
def test_a_line_that_is_no_verdict_is_an_error_with_its_place(tmp_path: Path, line: str) -> None:
    with pytest.raises(UsageError, match=r"2026.ndjson:2: "):
        read(log(tmp_path, said("f", "false_positive", "2026-11-02"), line))


def test_what_a_command_records_is_what_a_run_reads(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    first = workspace.verdict("f1", "true_positive", by="alice", reason="exfiltration", events=["aws_cloudtrail/e1"])
    second = workspace.verdict("f2", "false_positive", by="bob")
    assert first == second
    assert read(tmp_path / "verdicts") == Incidents(frozenset({"aws_cloudtrail/e1"}), frozenset({"f1"}))
    with pytest.raises(UsageError, match="no verdict"):
        workspace.verdict("f3", "maybe", by="bob")
