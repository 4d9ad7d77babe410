"""Bad input beside good: it is named with its place and reason, the good is processed, the sums are right."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import zstandard

from stratagem.emulate import bases
from tests.end_to_end.program import PROGRAM, Done, call, environment, rows, trail

Write = Callable[[Path], None]


def program(*arguments: str, cwd: Path) -> Done:
    """The program, which never ends in a traceback."""
    done = call(*arguments, cwd=cwd)
    assert "Traceback" not in done.stderr, done.stderr
    return done


def process(*arguments: str, cwd: Path, stdin: bytes = b"") -> Done:
    """The same as a process of its own."""
    done = subprocess.run(
        [str(PROGRAM), *arguments], cwd=cwd, env=environment(cwd), input=stdin, capture_output=True, timeout=300
    )
    assert b"Traceback" not in done.stderr, done.stderr
    return Done(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


def record(event_id: str, **changes: Any) -> bytes:
    """A call that one packaged strategy reports, as one line."""
    return json.dumps({**bases.load("aws_cloudtrail/cloudtrail_stop_logging"), "eventID": event_id, **changes}).encode()


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    """A folder whose one good file gives one finding."""
    trail(tmp_path / "logs", "cloudtrail_stop_logging")
    return tmp_path


def read(folder: Path, *options: str, start: Callable[..., Done] = program) -> tuple[Done, dict[str, Any]]:
    done = start("run", "logs", "--summary", "summary.json", *options, cwd=folder)
    summary: dict[str, Any] = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    parts = (summary["events"]["total"], summary["duplicates"], summary["excluded"], summary["quarantined"]["count"])
    assert summary["records"] == sum(parts)
    return done, summary


def _nested(depth: int) -> bytes:
    return b'{"a":' * depth + b"1" + b"}" * depth


CASES: dict[str, tuple[str, bytes, int, dict[str, int]]] = {
    # name: (file, content, events beside the good one, quarantine reasons)
    "a truncated gzip": (
        "bad.json.gz",
        gzip.compress(b"\n".join(record(os.urandom(8).hex()) for _ in range(400)) + b"\n")[:-9],
        400,
        {"gzip data ends early": 1},
    ),
    "a truncated zstd": (
        "bad.zst",
        zstandard.ZstdCompressor(level=1).compress(record("z1") + b"\n" + record("z2"))[:-9],
        0,
        {"zstd data ends early": 1},
    ),
    "a broken line in the middle": (
        "bad.ndjson",
        record("b1") + b'\n{"eventVersion": "1.1", broken\n' + record("b2") + b"\n",
        2,
        {"broken JSON: unexpected character, expected a string key": 1},
    ),
    "a document that ends early": (
        "bad.json",
        b'{"Records": [' + record("d1") + b",\n" + record("d2") + b",\n" + record("d3")[:-20],
        2,
        {"broken JSON: Unterminated string starting at": 1},
    ),
    "a document that ends between two records": (
        "bad.json",
        b'{"Records": [' + record("d1") + b",\n" + record("d2") + b",\n",
        2,
        {"the JSON document ends early": 1},
    ),
    "a broken record in the middle of a document": (
        "bad.json",
        b'{"Records": [\n' + record("d1") + b',\n{"a": oops},\n' + record("d2") + b"\n]}",
        2,
        {"broken JSON: Expecting value": 1},
    ),
    "binary data": ("bad.bin", bytes(range(256)) * 64, 0, {"binary data, not a log": 1}),
    "a ZIP archive": ("bad.zip", b"PK\x03\x04" + bytes(range(256)), 0, {"a ZIP archive: unpack it first": 1}),
    "Latin-1 in one line of many": (
        "bad.json",
        record("l1") + b"\n" + record("l2", userAgent="x").replace(b'"x"', b'"Zo\xeb"') + b"\n" + record("l3") + b"\n",
        2,
        {"broken JSON: str is not valid UTF-8: surrogates not allowed": 1},
    ),
    "deep nesting in a document": ("bad.json", _nested(10_000), 0, {"nested too deep (limit)": 1}),
    "deep nesting in a line": (
        "bad.json",
        record("n1") + b"\n" + _nested(10_000) + b"\n" + record("n2") + b"\n",
        2,
        {"JSON nested too deep (limit 1,024)": 1},
    ),
    "text that is no log": ("README.md", b"# Logs\n\nThese are our logs.\n" * 50, 0, {"text without JSON": 1}),
    "CSV with broken rows": (
        "bad.csv",
        b"Name,AuditData\na,1,2\nb\n",
        0,
        {"CSV row of 1 cells under a header of 2": 1, "CSV row of 3 cells under a header of 2": 1},
    ),
    "numbers that no machine holds": (
        "bad.json",
        record("h1") + b"\n" + record("h2")[:-1] + b', "x": ' + b"9" * 5_000 + b', "y": 1e999}\n',
        2,
        {},
    ),
}


@pytest.mark.parametrize(("file", "data", "events", "reasons"), CASES.values(), ids=CASES.keys())
def test_bad_input_costs_itself_alone(logs: Path, file: str, data: bytes, events: int, reasons: dict[str, int]) -> None:
    (logs / "logs" / file).write_bytes(data)
    done, summary = read(logs)
    assert done.returncode == 0
    assert summary["quarantined"]["reasons"] == reasons
    assert summary["events"]["total"] == events + 1
    assert len(rows(done)) == events + 1
    for reason in reasons:
        assert f"logs/{file}:" in done.stderr
        assert reason in done.stderr
    assert program("run", "logs", "--strict", cwd=logs).returncode == (2 if reasons else 0)


GOOD: dict[str, tuple[bytes, int]] = {
    "an empty file": (b"", 0),
    "a file of blanks": (b" \n\r\n\t\n", 0),
    "UTF-16 with a mark": ((record("u1").decode() + "\n").encode("utf-16"), 1),
    "UTF-16 without one": ((record("u1").decode() + "\n").encode("utf-16-le"), 1),
    "UTF-8 with a mark and Windows line ends": (
        b"\xef\xbb\xbf" + record("w1") + b"\r\n\r\n" + record("w2") + b"\r\n",
        2,
    ),
    "a pretty document with a mark and Windows line ends": (
        b"\xef\xbb\xbf" + json.dumps({"Records": [json.loads(record("p1"))]}, indent=2).replace("\n", "\r\n").encode(),
        1,
    ),
    "documents end to end": (b'{"Records": [' + record("e1") + b"]}" + record("e2") + b"[" + record("e3") + b"]", 3),
    "a document with a record a line": (b'{"Records": [\n' + record("o1") + b",\n" + record("o2") + b"\n]}\n", 2),
    "zero bytes between lines": (record("t1") + b"\n" + record("t2") + b"\n", 2),
    "a line of many blanks": (b" " * 5_000_000 + b"\n" + record("k1") + b"\n", 1),
}


@pytest.mark.parametrize(("data", "events"), GOOD.values(), ids=GOOD.keys())
def test_unusual_input_is_read_without_complaint(logs: Path, data: bytes, events: int) -> None:
    (logs / "logs" / "odd.json").write_bytes(data)
    done, summary = read(logs, "--strict")
    assert done.returncode == 0, done.stderr
    assert summary["events"]["total"] == events + 1
    assert len(rows(done)) == events + 1


def test_zero_bytes_of_a_crash_cost_only_their_line(logs: Path) -> None:
    (logs / "logs" / "torn.json").write_bytes(record("t1") + b"\n" + b"\0" * 4096 + b"\n" + record("t2") + b"\n")
    done, summary = read(logs)
    assert len(rows(done)) == 3
    assert summary["quarantined"]["count"] == 1


def test_files_that_cannot_be_opened_are_named(logs: Path) -> None:
    (logs / "logs" / "gone.json").symlink_to(logs / "nowhere")
    (logs / "logs" / "self.json").symlink_to("self.json")
    os.mkfifo(logs / "logs" / "pipe.json")
    done, summary = read(logs)
    assert len(rows(done)) == 1
    assert "logs/gone.json: quarantined: cannot be read: No such file or directory" in _plain(done.stderr)
    assert "logs/self.json: quarantined: cannot be read: Too many levels of symbolic links" in _plain(done.stderr)
    assert "logs/pipe.json: quarantined: cannot be read: Not a regular file" in _plain(done.stderr)
    assert summary["quarantined"]["count"] == 3


def _plain(text: str) -> str:
    return text.replace(":0: ", ": ")


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads every file")
def test_a_file_without_permission_is_named(logs: Path) -> None:
    (logs / "logs" / "shut.json").touch(mode=0o000)
    done, _ = read(logs)
    assert "Permission denied" in done.stderr


def test_folders_that_link_to_each_other_are_walked_once(logs: Path) -> None:
    (logs / "logs" / "loop").symlink_to(logs / "logs", target_is_directory=True)
    (logs / "logs" / "a").mkdir()
    (logs / "logs" / "a" / "up").symlink_to(logs, target_is_directory=True)
    _, summary = read(logs, "--strict")
    assert summary["records"] == 1


@pytest.mark.parametrize("arguments", [["nowhere"], ["logs/*.gone"], ["logs", "nowhere"]], ids=str)
def test_a_path_that_matches_nothing_is_a_usage_error(logs: Path, arguments: list[str]) -> None:
    done = program("run", *arguments, cwd=logs)
    assert (done.returncode, done.stdout) == (3, "")
    assert arguments[-1] in done.stderr


def test_standard_input_and_globs_are_read(logs: Path) -> None:
    assert len(rows(process("run", "-", cwd=logs, stdin=record("s1") + b"\n" + record("s2")))) == 2
    assert len(rows(process("run", "-", cwd=logs, stdin=gzip.compress(record("s1"))))) == 1
    assert len(rows(program("run", "lo*/**/*.json", cwd=logs))) == 1
    assert process("run", "-", cwd=logs, stdin=b"").returncode == 0


def test_copies_that_differ_settle_on_standard_input_as_they_do_in_a_file(logs: Path) -> None:
    data = record("s1") + b"\n" + record("s1", eventName="Other") + b"\n" + record("s1", extra=1)
    (logs / "copies.json").write_bytes(data)
    piped = process("run", "-", "--format", "ndjson", cwd=logs, stdin=data)
    named = process("run", "copies.json", "--format", "ndjson", cwd=logs)
    assert (piped.returncode, named.returncode) == (0, 0)
    assert len(piped.stdout.splitlines()) == len(named.stdout.splitlines())


def test_the_exit_code_tells_what_was_asked_for(logs: Path) -> None:
    assert program("run", "logs", cwd=logs).returncode == 0
    assert program("run", "logs", "--fail-on", "low", cwd=logs).returncode == 1
    (logs / "logs" / "bad.json").write_bytes(b"{")
    assert program("run", "logs", "--fail-on", "low", "--strict", cwd=logs).returncode == 2
    assert program("run", "logs", "--fail-on", "never", cwd=logs).returncode == 3


def test_a_rule_with_an_unknown_modifier_is_named_with_its_line(logs: Path) -> None:
    (logs / "rules").mkdir()
    for name, field in (("good", "eventName"), ("bad", "eventName|resembles")):
        (logs / "rules" / f"{name}.yml").write_text(
            f"title: {name}\nid: {name}\nlogsource: {{product: aws, service: cloudtrail}}\n"
            f"detection: {{s: {{'{field}': StopLogging}}, condition: s}}\n",
            encoding="utf-8",
        )
    (logs / "rules" / "broken.yml").write_text("title: [\n", encoding="utf-8")
    done, summary = read(logs, "--rules", "rules")
    assert (done.returncode, len(rows(done)), summary["rules"]["loaded"]) == (0, 1, 1)
    assert {(one["file"], one["construct"]) for one in summary["rules"]["rejected"]} == {
        ("rules/bad.yml", "|resembles"),
        ("rules/broken.yml", "YAML"),
    }
    assert "rules/bad.yml" in done.stderr
    assert "resembles" in done.stderr
    assert program("run", "logs", "--rules", "rules", "--strict", cwd=logs).returncode == 2


def test_a_strategy_without_a_section_is_named_and_runs(logs: Path) -> None:
    (logs / "own").mkdir()
    (logs / "own" / "stopped.md").write_text(
        "---\ntitle: A trail was stopped\n---\n\n## Goal\n\nDetect it.\n\n## Strategy Abstract\n\n"
        "```yaml sigma\nlogsource: {product: aws, service: cloudtrail}\n"
        "detection: {s: {eventName: StopLogging}, condition: s}\n```\n",
        encoding="utf-8",
    )
    done, _ = read(logs, "--strategies", "own")
    assert (done.returncode, len(rows(done))) == (0, 1)
    assert "own/stopped.md" in done.stderr
    assert program("lint", "own", cwd=logs).returncode == 1


LIMIT = 1_500_000_000


def _write_long_line(file: Path) -> None:
    with file.open("wb") as out:
        out.write(record("before") + b'\n{"a": "')
        for _ in range(200):
            out.write(b"x" * 1_000_000)
        out.write(b'"}\n' + record("after") + b"\n")


def _write_bomb(file: Path) -> None:
    with gzip.open(file, "wb", compresslevel=9) as out:
        out.write(record("before") + b"\n" + record("after") + b"\n")
        for _ in range(400):
            out.write(b" " * 1_000_000 + b"\n")


def _write_huge_array(file: Path) -> None:
    with file.open("wb") as out:
        out.write(b'{"owner": "111122223333", "Records": [\n' + record("before") + b",\n")
        for number in range(120_000):
            out.write(record(f"{number}", eventName="Other", requestParameters={"x": "y" * 500}) + b",\n")
        out.write(record("after") + b"\n]}\n")


def _write_tiny_elements(file: Path) -> None:
    with file.open("wb") as out:
        out.write(b'{"Records": [' + record("before") + b"," + record("after") + b',{"x": [')
        out.write(b"[]," * 10_000_000)
        out.write(b"[]]}]}")


def _write_long_ids(file: Path) -> None:
    with file.open("wb") as out:
        out.write(record("before") + b"\n" + record("after") + b"\n")
        for number in range(20_000):
            out.write(record(f"{number}" if number % 5_000 else "x" * 1_000_000, eventName="Other") + b"\n")


HUGE: dict[str, tuple[Write, dict[str, int]]] = {
    "a line of 200 MB": (_write_long_line, {"a line of more than 32 MiB (limit)": 1}),
    "a compression bomb": (_write_bomb, {"grows more than 250 times when decompressed (limit)": 1}),
    "an array document of 150 MB": (_write_huge_array, {}),
    "ten million empty lists in a record": (
        _write_tiny_elements,
        {"no source recognises keys x": 1},
    ),
    "ids of a megabyte": (_write_long_ids, {}),
}


@pytest.mark.long
@pytest.mark.parametrize(("write", "reasons"), HUGE.values(), ids=HUGE.keys())
def test_huge_input_is_read_in_bounded_memory(logs: Path, write: Write, reasons: dict[str, int]) -> None:
    write(logs / "logs" / "huge.json")
    done, summary = read(logs, start=process)
    assert done.returncode == 0, done.stderr
    assert summary["quarantined"]["reasons"] == reasons
    assert {"before", "after"} <= {row["evidences"][0]["uid"] for row in rows(done)}
    assert summary["peak_memory_bytes"] < LIMIT


def test_a_named_pipe_is_read_once_and_not_waited_for_again(logs: Path) -> None:
    os.mkfifo(logs / "pipe")
    data = record("s1") + b"\n" + record("s1", eventName="Other") + b"\n"
    with subprocess.Popen(["sh", "-c", "cat > pipe"], cwd=logs, stdin=subprocess.PIPE) as writer:
        assert writer.stdin is not None
        writer.stdin.write(data)
        writer.stdin.close()
        assert process("run", "pipe", cwd=logs).returncode == 0
