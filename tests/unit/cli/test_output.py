"""Where text goes."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from stratagem.cli import output
from stratagem.errors import UsageError


def test_a_file_appears_only_when_it_is_complete(tmp_path: Path) -> None:
    target = tmp_path / "findings.csv"
    target.write_text("old", encoding="utf-8")

    def chunks() -> Iterator[str]:
        yield "half"
        raise RuntimeError("stopped")

    with pytest.raises(RuntimeError):
        output.write(chunks(), target)
    assert [path.name for path in tmp_path.iterdir()] == ["findings.csv"]
    assert target.read_text(encoding="utf-8") == "old"


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    target = tmp_path / "findings.csv"
    target.write_text("a longer text than the new one", encoding="utf-8")
    output.write(["new"], target)
    assert target.read_text(encoding="utf-8") == "new"


def test_a_folder_that_is_not_there_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be written: No such file"):
        output.write(["x"], tmp_path / "missing" / "out.csv")


def test_a_device_is_written_to_and_not_replaced() -> None:
    output.write(["x"], Path("/dev/null"))
    assert not Path("/dev/null").is_file()


def test_a_reader_that_leaves_is_no_error() -> None:
    code = "from stratagem.cli.output import write; write('line\\n' for _ in range(200_000))"
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout and process.stderr
    process.stdout.readline()
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait() == 0


def test_no_color_turns_colours_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert output.screen().colour
    monkeypatch.setenv("NO_COLOR", "1")
    assert not output.screen().colour


def test_a_character_that_the_terminal_cannot_show_is_spelt_out() -> None:
    code = "from stratagem.cli.output import write; write(['田'])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, env={"PYTHONIOENCODING": "ascii"}, text=True
    )
    assert done.stdout == "\\u7530"
