"""Ingest rules of a workspace: counted, in no lake, matched by nothing, and told as blindness."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from stratagem.detect.run import RunResult
from stratagem.errors import ContentError
from stratagem.lake.store import Lake
from stratagem.sources._json import decode, encode
from stratagem.workspace import Workspace
from tests.property.scanning import natives

INGEST = """\
drop:
  - name: node leases
    reason: Renewed every ten seconds.
    logsource: {product: kubernetes, service: audit}
    detection: {lease: {objectRef.resource: leases}, condition: lease}
  - name: secrets of the past
    reason: They were noise.
    logsource: {product: kubernetes, service: audit}
    detection: {secret: {objectRef.resource: secrets}, condition: secret}
    expires: 2020-01-01
"""
STRATEGY = """\
---
title: Secrets are listed
status: live
---

## Strategy Abstract

```yaml sigma
logsource: {product: kubernetes, service: audit}
detection:
  any_list: {verb: list}
  condition: any_list
```
"""


def line(number: int, resource: str) -> bytes:
    native = decode(encode(natives("kubernetes_audit")[0]))
    native |= {"auditID": f"a{number}", "verb": "list", "objectRef": {"resource": resource}}
    return encode(native)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    home = tmp_path_factory.mktemp("drops")
    (home / "ingest.yml").write_text(INGEST, encoding="utf-8")
    (home / "strategies" / "test").mkdir(parents=True)
    (home / "strategies" / "test" / "lists.md").write_text(STRATEGY, encoding="utf-8")
    kinds = ["secrets", "leases", "pods", "leases", "leases"]
    lines = [line(number, kind) for number, kind in enumerate(kinds)]
    (home / "log.jsonl").write_bytes(b"\n".join([*lines, lines[1], lines[0]]) + b"\n")
    return Workspace(home)


@pytest.fixture(scope="module")
def result(workspace: Workspace) -> Iterator[RunResult]:
    assert workspace.root
    yield workspace.run([workspace.root / "log.jsonl"], lake=str(workspace.root / "lake"), workers=1)


def test_dropped_records_are_counted_by_rule_and_the_account_is_whole(result: RunResult) -> None:
    summary = result.summary
    assert summary["dropped"] == {"total": 4, "by_rule": {"node leases": 4, "secrets of the past": 0}}
    assert summary["excluded_reasons"] == {"ingest rule 'node leases'": 4}
    assert (summary["events"]["total"], summary["duplicates"], summary["excluded"]) == (2, 1, 4)
    assert summary["records"] == 7


def test_nothing_matches_them_and_the_lake_has_none(workspace: Workspace, result: RunResult) -> None:
    assert workspace.root
    assert len(result.findings) == 2
    connection = Lake(str(workspace.root / "lake")).connect()
    rows = connection.execute("SELECT count(*), count(*) FILTER (raw_data LIKE '%leases%') FROM events").fetchall()
    connection.close()
    assert rows == [(2, 0)]


def test_health_names_what_is_dropped_and_whom_it_blinds(workspace: Workspace, result: RunResult) -> None:
    assert workspace.root
    health = workspace.health(str(workspace.root / "lake"))
    assert [(one.name, one.state, one.records) for one in health.dropped] == [
        ("node leases", "drops", 4),
        ("secrets of the past", "expired", 0),
    ]
    (lists,) = health.strategies
    assert lists.sight == "partly"
    assert lists.reasons == (
        "kubernetes_audit: ingest rule 'node leases' drops records on which it could hold: lists (any_list)",
    )
    assert health.is_well


def test_why_tells_it(workspace: Workspace) -> None:
    assert workspace.root
    quiet = workspace.why("lists", [workspace.root / "log.jsonl"], workers=1)
    (cause,) = [one for one in quiet.causes if one.why.value == "dropped"]
    assert cause.says.endswith("lists (any_list); 4 of the records that were read now")


def test_a_file_that_is_wrong_stops_the_run_and_lint_tells_it(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "ingest.yml").write_text(INGEST.replace("lease: {", "lease: 3 #"), encoding="utf-8")
    (tmp_path / "strategies").mkdir()
    (tmp_path / "strategies" / "lists.md").write_text(STRATEGY, encoding="utf-8")
    broken = Workspace(tmp_path)
    with pytest.raises(ContentError, match=r"ingest\.yml:"):
        broken.run([workspace.root / "log.jsonl"] if workspace.root else [])
    assert any(problem.file.endswith("ingest.yml") for problem in broken.lint())
