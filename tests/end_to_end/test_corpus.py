"""The main job over real logs of four products in one go: sums, known attacks, valid findings, places that exist."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from ocsf_json_schema import OcsfJsonSchemaEmbedded, get_ocsf_schema

from stratagem.detect.run import RunResult
from stratagem.events.columns import OCSF_VERSION
from stratagem.sources import SOURCES
from stratagem.workspace import Workspace
from tests.end_to_end.program import PROGRAM, Done, environment, rows

FOLDERS = ("aws_cloudtrail", "kubernetes_audit", "entra", "m365_audit")
HELD = {"aws_cloudtrail", "defender_alerts", "entra_audit", "entra_risk", "entra_signin", "graph_activity"}
HELD |= {"kubernetes_audit", "m365_audit"}
"""The sources whose records lie in those folders."""
SAMPLE = 400
pytestmark = pytest.mark.long


def given(variable: str) -> Path:
    value = os.environ.get(variable)
    if not value:
        pytest.skip(f"{variable} is not set: this test runs on data that is not part of the project")
    return Path(value)


@pytest.fixture(scope="module")
def folders() -> list[Path]:
    return [given("STRATAGEM_CORPUS") / name for name in FOLDERS]


@pytest.fixture(scope="module")
def rules() -> Path:
    return given("STRATAGEM_SIGMA_RULES")


@pytest.fixture(scope="module")
def packaged(folders: list[Path]) -> RunResult:
    return Workspace().run(folders)


@pytest.fixture(scope="module")
def by_rules(folders: list[Path], rules: Path) -> RunResult:
    return Workspace().run(folders, rules=rules)


def run(cwd: Path, *arguments: object) -> Done:
    done = subprocess.run(
        [str(PROGRAM), "run", *map(str, arguments)], cwd=cwd, env=environment(cwd), capture_output=True, text=True
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done


def all_are_accounted_for(summary: Mapping[str, Any]) -> bool:
    parts = (summary["events"]["total"], summary["duplicates"], summary["excluded"], summary["quarantined"]["count"])
    return bool(summary["records"] == sum(parts))


def test_packaged_strategies_run_over_all_of_it(packaged: RunResult) -> None:
    assert all_are_accounted_for(packaged.summary)
    assert set(packaged.summary["events"]["by_source"]) == HELD
    assert len(packaged.findings) == packaged.summary["findings"]["total"] > 0


def test_public_rules_run_over_all_of_it_and_each_that_is_refused_says_why(by_rules: RunResult) -> None:
    assert all_are_accounted_for(by_rules.summary)
    assert len(by_rules.findings) == by_rules.summary["findings"]["total"] > 0
    assert all(one["construct"] and one["reason"] and one["file"] for one in by_rules.summary["rules"]["rejected"])


def test_rules_and_strategies_read_the_same_events(packaged: RunResult, by_rules: RunResult) -> None:
    for name in ("records", "events", "duplicates", "excluded", "quarantined"):
        assert packaged.summary[name] == by_rules.summary[name]


def test_the_program_ends_well_and_writes_what_the_workspace_finds(
    folders: list[Path], packaged: RunResult, tmp_path: Path
) -> None:
    done = run(tmp_path, *folders)
    assert done.returncode == 0
    assert sorted(row["finding_info"]["uid"] for row in rows(done)) == sorted(one.uid for one in packaged.findings)


def test_every_finding_is_a_valid_detection_finding(folders: list[Path], rules: Path, tmp_path: Path) -> None:
    schema = OcsfJsonSchemaEmbedded(get_ocsf_schema(version=OCSF_VERSION))
    published = Draft202012Validator(schema.get_class_schema(class_name="detection_finding", profiles=[]))
    found = rows(run(tmp_path, *folders, "--rules", rules))
    for row in found[:: max(1, len(found) // SAMPLE)]:
        assert [error.message for error in published.iter_errors(row)] == []


def test_every_evidence_is_a_record_at_a_place_that_exists(by_rules: RunResult, packaged: RunResult) -> None:
    texts: dict[str, bytes] = {}
    for finding in (*packaged.findings, *by_rules.findings):
        for evidence in finding.evidences:
            location = evidence.location
            if location.file not in texts:
                data = Path(location.file).read_bytes()
                texts[location.file] = gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
            here = texts[location.file][location.offset :]
            assert here.lstrip()[:1] in (b"{", b"[") or b"{" in here[:600], location
            own = SOURCES[evidence.source].uid(evidence.native)  # else the id is a hash of the record
            assert own is None or own.split("/")[0].encode() in here, location


def test_every_labelled_attack_is_an_event(folders: list[Path], tmp_path: Path) -> None:
    """A detection can only find what was read: a rule that holds on every event lists them."""
    (tmp_path / "all.yml").write_text(
        "title: all\nid: all\nlogsource: {product: aws, service: cloudtrail}\n"
        "detection: {never: {no: such}, condition: not never}\n",
        encoding="utf-8",
    )
    trails = folders[0]
    found = Workspace().run([trails], rules=tmp_path)
    events = {evidence.event_uid for finding in found.findings for evidence in finding.evidences}
    assert len(events) == found.summary["events"]["by_source"]["aws_cloudtrail"]
    labels = [
        json.loads(line)
        for file in sorted((trails.parent / "labels").glob("aws_cloudtrail__*.ndjson"))
        for line in file.read_text(encoding="utf-8").splitlines()
    ]
    attacks = {label["id"] for label in labels if label["label"] == "attack"}
    assert attacks
    assert not attacks - events
