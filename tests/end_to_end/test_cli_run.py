"""`stratagem run` on small logs: what comes out, in which format, and how it ends."""

from __future__ import annotations

import csv
import io
import json
import signal
import subprocess
from pathlib import Path

import pytest

from stratagem.emulate import bases
from tests.end_to_end.program import PROGRAM, call, environment, process, rows, shell, trail

NAMES = ("console_login", "cloudtrail_stop_logging", "list_buckets")


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    """A folder with one delivery, in which one call stops the trail."""
    trail(tmp_path / "logs", *NAMES)
    return tmp_path


def test_a_finding_comes_out_as_an_ocsf_detection_finding_a_line(logs: Path) -> None:
    done = call("run", "logs", cwd=logs)
    assert done.returncode == 0, done.stderr
    (finding,) = rows(done)
    assert finding["class_uid"] == 2004
    assert finding["finding_info"]["analytic"]["uid"] == "cloudtrail_logging_stopped"
    assert "3 events (aws_cloudtrail 3)" in done.stderr


def test_the_suggested_explanation_works(logs: Path) -> None:
    done = call("run", "logs", "--format", "table", cwd=logs)
    (line,) = [line for line in done.stderr.splitlines() if "why it fired" in line]
    command = line.split("why it fired", 1)[1].strip()
    explained = shell(command + " --format table", cwd=logs)
    assert explained.returncode == 0, explained.stderr
    assert explained.stdout.startswith("PASS")


def test_an_event_can_be_explained_from_a_file_and_from_standard_input(logs: Path) -> None:
    event = json.dumps(bases.load("aws_cloudtrail/console_login"))
    (logs / "event.json").write_text(event, encoding="utf-8")
    for place, stdin in (("@event.json", ""), ("-", event), (event, "")):
        done = process("explain", "cloudtrail_logging_stopped", place, "--format", "table", cwd=logs, stdin=stdin)
        assert (done.returncode, done.stdout[:4]) == (0, "FAIL"), done.stderr
        assert "got 'ConsoleLogin'" in done.stdout


@pytest.mark.parametrize("event", ["@missing.json", "logs/trail.json:7", "nonsense", "{"])
def test_an_event_that_is_not_there_ends_with_3(logs: Path, event: str) -> None:
    done = call("explain", "cloudtrail_logging_stopped", event, cwd=logs)
    assert (done.returncode, "Traceback" in done.stderr) == (3, False)


def test_json_is_one_document_with_the_summary(logs: Path) -> None:
    document = json.loads(call("run", "logs", "--format", "json", cwd=logs).stdout)
    assert document["summary"]["findings"]["total"] == len(document["findings"]) == 1


def test_csv_has_a_row_a_finding(logs: Path) -> None:
    (row,) = csv.DictReader(io.StringIO(call("run", "logs", "--format", "csv", cwd=logs).stdout))
    assert (row["analytic"], row["account"], row["index"]) == ("cloudtrail_logging_stopped", "111122223333", "1")


def test_the_summary_file_accounts_for_every_record(logs: Path) -> None:
    call("run", "logs", "--summary", "summary.json", cwd=logs)
    summary = json.loads((logs / "summary.json").read_text(encoding="utf-8"))
    assert summary["events"] == {"total": 3, "by_source": {"aws_cloudtrail": 3}}
    assert summary["rules"]["rejected"] == []
    assert summary["peak_memory_bytes"] > 0


def test_every_key_of_the_summary_is_on_its_page(logs: Path) -> None:
    summary = json.loads(call("run", "logs", "--format", "json", cwd=logs).stdout)["summary"]
    page = (Path(__file__).parents[2] / "docs" / "reference" / "summary.md").read_text(encoding="utf-8")
    open_ended = ("by_source", "by_analytic", "by_level", "reasons", "excluded_reasons", "filtered")
    keys = [
        f"{key}.{inner}" if isinstance(value, dict) and key not in open_ended else key
        for key, value in summary.items()
        for inner in (value if isinstance(value, dict) else ("",))
    ]
    assert [key for key in keys if f"`{key}`" not in page] == []


def test_standard_input_is_a_path(logs: Path) -> None:
    text = (logs / "logs" / "trail.json").read_text(encoding="utf-8")
    assert len(rows(process("run", "-", cwd=logs, stdin=text))) == 1


def test_an_interval_leaves_other_events_out(logs: Path) -> None:
    assert rows(call("run", "logs", "--from", "2026-03-13", cwd=logs)) == []
    assert len(rows(call("run", "logs", "--from", "2026-03-12", "--to", "2026-03-13", cwd=logs))) == 1


def test_copies_give_one_finding_and_are_counted(logs: Path) -> None:
    trail(logs / "logs" / "again", *NAMES)
    done = call("run", "logs", cwd=logs)
    assert len(rows(done)) == 1
    assert "3 duplicates" in done.stderr


def test_a_level_at_the_threshold_ends_with_1(logs: Path) -> None:
    assert call("run", "logs", "--fail-on", "high", cwd=logs).returncode == 1
    assert call("run", "logs", "--fail-on", "critical", cwd=logs).returncode == 0


def test_a_folder_of_sigma_rules_runs_as_it_is_and_alone(logs: Path) -> None:
    (logs / "rules").mkdir()
    (logs / "rules" / "login.yml").write_text(
        "title: A console sign-in\nid: 6f9a2d2e-1111-4a53-9a53-3b1b9f6f0d11\nlevel: low\n"
        "logsource: {product: aws, service: cloudtrail}\n"
        "detection: {s: {eventName: ConsoleLogin}, condition: s}\n",
        encoding="utf-8",
    )
    (finding,) = rows(call("run", "logs", "--rules", "rules", cwd=logs))
    assert finding["finding_info"]["analytic"]["uid"] == "6f9a2d2e-1111-4a53-9a53-3b1b9f6f0d11"


def test_a_path_that_is_not_there_ends_with_3(logs: Path) -> None:
    done = call("run", "nowhere", cwd=logs)
    assert done.returncode == 3
    assert "nowhere" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_reader_that_leaves_early_is_no_error(logs: Path) -> None:
    done = shell("set -o pipefail; stratagem run logs | head -c 1 > /dev/null", cwd=logs)
    assert (done.returncode, "Traceback" in done.stderr, "BrokenPipe" in done.stderr) == (0, False, False)


def test_ctrl_c_ends_with_130_and_one_word(logs: Path) -> None:
    process = subprocess.Popen(
        [str(PROGRAM), "run", "-"],
        cwd=logs,
        env=environment(logs),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdin
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(timeout=3)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=20)
    assert (process.returncode, err) == (130, "Interrupted.\n")
