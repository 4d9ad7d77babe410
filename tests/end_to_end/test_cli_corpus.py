"""The main job on real logs of others, where they are there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.end_to_end.program import call

FOLDERS = ("aws_cloudtrail", "kubernetes_audit", "entra", "m365_audit")
pytestmark = pytest.mark.long


def _run(corpus: Path, cwd: Path, *options: str) -> dict[str, object]:
    paths = [str(corpus / name) for name in FOLDERS]
    done = call("run", *paths, *options, "--output", "findings.ndjson", "--summary", "summary.json", cwd=cwd)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    summary: dict[str, object] = json.loads((cwd / "summary.json").read_text(encoding="utf-8"))
    return summary


def _assert_all_are_accounted_for(summary: dict[str, object]) -> None:
    events, quarantined = summary["events"], summary["quarantined"]
    assert isinstance(events, dict) and isinstance(quarantined, dict)
    parts = (events["total"], summary["duplicates"], summary["excluded"], quarantined["count"])
    assert summary["records"] == sum(parts)


def test_the_packaged_strategies_run_over_all_of_it(corpus: Path, tmp_path: Path) -> None:
    summary = _run(corpus, tmp_path)
    _assert_all_are_accounted_for(summary)


def test_public_sigma_rules_run_over_all_of_it_and_all_have_their_say(
    corpus: Path, sigma_rules: Path, tmp_path: Path
) -> None:
    summary = _run(corpus, tmp_path, "--rules", str(sigma_rules))
    _assert_all_are_accounted_for(summary)
    rules = summary["rules"]
    assert isinstance(rules, dict)
    assert rules["loaded"] > 0
    assert all(rejected["construct"] and rejected["reason"] for rejected in rules["rejected"])
