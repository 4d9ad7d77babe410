"""Bad input costs itself and nothing else: it is told by place, counted, and the exit code tells under --strict."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path

import pytest

from tests.end_to_end.program import call, rows, trail


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    """A folder whose one good file gives one finding."""
    trail(tmp_path / "logs", "cloudtrail_stop_logging")
    return tmp_path


def _truncated_gzip(folder: Path) -> None:
    noise = "".join(f'{{"line": "{os.urandom(8).hex()}"}}\n' for _ in range(2000))
    whole = gzip.compress(noise.encode())
    (folder / "bad.json.gz").write_bytes(whole[: len(whole) // 2])


def _broken_line(folder: Path) -> None:
    good = json.dumps(json.loads((folder / "trail.json").read_text(encoding="utf-8"))["Records"][0])
    (folder / "bad.ndjson").write_text(f'{good}\n{{"eventVersion": "1.1", broken\n{good}\n', encoding="utf-8")


def _binary(folder: Path) -> None:
    (folder / "bad.bin").write_bytes(bytes(range(256)) * 64)


def _wrong_encoding(folder: Path) -> None:
    (folder / "bad.json").write_bytes('{"eventVersion": "1.1", "user": "Zoë"}'.encode("latin-1"))


def _deep(folder: Path) -> None:
    (folder / "bad.json").write_text("[" * 10_000 + "]" * 10_000, encoding="utf-8")


BAD = [_truncated_gzip, _broken_line, _binary, _wrong_encoding, _deep]


@pytest.mark.parametrize("make", BAD, ids=lambda make: make.__name__.strip("_"))
def test_a_bad_file_is_quarantined_by_place_and_the_rest_is_processed(logs: Path, make) -> None:  # type: ignore[no-untyped-def]
    make(logs / "logs")
    done = call("run", "logs", "--summary", "summary.json", cwd=logs)
    assert done.returncode == 0, done.stderr
    assert len(rows(done)) == 1
    assert "logs/bad" in done.stderr
    assert "quarantined" in done.stderr
    summary = json.loads((logs / "summary.json").read_text(encoding="utf-8"))
    assert summary["quarantined"]["count"] >= 1
    assert call("run", "logs", "--strict", cwd=logs).returncode == 2


def test_an_empty_file_is_no_problem(logs: Path) -> None:
    (logs / "logs" / "empty.json").touch()
    assert call("run", "logs", "--strict", cwd=logs).returncode == 0


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads every file")
def test_an_unreadable_file_is_named(logs: Path) -> None:
    (logs / "logs" / "bad.json").touch(mode=0o000)
    done = call("run", "logs", cwd=logs)
    assert len(rows(done)) == 1
    assert "bad.json" in done.stderr


def test_a_symlink_loop_ends(logs: Path) -> None:
    (logs / "logs" / "loop").symlink_to(logs / "logs", target_is_directory=True)
    assert len(rows(call("run", "logs", cwd=logs))) == 1


def test_a_rule_with_an_unknown_modifier_is_rejected_by_name_and_the_others_run(logs: Path) -> None:
    (logs / "rules").mkdir()
    for name, field in (("good", "eventName"), ("bad", "eventName|resembles")):
        (logs / "rules" / f"{name}.yml").write_text(
            f"title: {name}\nlogsource: {{product: aws, service: cloudtrail}}\n"
            f"detection: {{s: {{'{field}': StopLogging}}, condition: s}}\n",
            encoding="utf-8",
        )
    done = call("run", "logs", "--rules", "rules", cwd=logs)
    assert (done.returncode, len(rows(done))) == (0, 1)
    assert "rules/bad.yml" in done.stderr
    assert "resembles" in done.stderr
    assert call("run", "logs", "--rules", "rules", "--strict", cwd=logs).returncode == 2


def test_a_strategy_without_a_section_is_told_by_place_and_still_runs(logs: Path) -> None:
    (logs / "own").mkdir()
    (logs / "own" / "stopped.md").write_text(
        "---\ntitle: A trail was stopped\n---\n\n## Goal\n\nDetect it.\n\n## Strategy Abstract\n\n"
        "```yaml sigma\nlogsource: {product: aws, service: cloudtrail}\n"
        "detection: {s: {eventName: StopLogging}, condition: s}\n```\n",
        encoding="utf-8",
    )
    done = call("run", "logs", "--strategies", "own", cwd=logs)
    assert (done.returncode, len(rows(done))) == (0, 1)
    assert "own/stopped.md" in done.stderr
    assert call("lint", "own", cwd=logs).returncode == 1
