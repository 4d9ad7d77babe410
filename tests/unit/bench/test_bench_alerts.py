"""The table of alerts a day before and after `context suggest`."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.alerts import Cost, main, markdown


def test_a_row_tells_what_filters_and_context_save() -> None:
    row = markdown([Cost(strategy="many_reads", bare=12.5, before=10.25, after=0.5)]).splitlines()[-1]
    assert [cell.strip() for cell in row.strip("|").split("|")] == ["many_reads", "12.50", "10.25", "0.50"]


def test_an_unknown_strategy_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["no_such", "--estate", str(tmp_path)]) == 3
    assert "no_such" in capsys.readouterr().err
