"""What findings look like in the formats for people and spreadsheets."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from rich.cells import cell_len

from stratagem.cli.render import FORMATS, _words
from stratagem.cli.render._contract import Screen
from stratagem.detect.model import Location
from stratagem.sources._contract import Labels
from tests.golden import check_golden
from tests.unit.cli import samples

LONG = samples.finding(
    level="critical",
    title="cluster-admin was given to \x1b[31mevil\x1b[0m by system:serviceaccount:kube-system:a-long-controller-name",
    attacks=("T1098.006", "T1078.004"),
    principal="k8s:prod-eu-west-1:system:serviceaccount:kube-system:a-long-controller-name",
    labels=Labels(cluster="prod-eu-west-1"),
    evidences=tuple(
        samples.evidence(
            ocsf={}, location=Location(file="/evidence/kubernetes/prod/2026/11/20/audit.log.gz", offset=offset)
        )
        for offset in (1234567, 2345678)
    ),
)
FINDINGS = (LONG, samples.finding(), samples.finding(level="low", attacks=(), evidences=(), principal=None))


def _text(name: str, *, width: int = 100, colour: bool = False) -> str:
    screen = Screen(width=width, colour=colour)
    return "".join(FORMATS[name].findings(FINDINGS, samples.summary(), screen))


@pytest.mark.parametrize("width", [80, 100, 139, 140, 160, 200])
def test_the_table_fits_the_terminal_and_cuts_nothing_off(width: int) -> None:
    text = _text("table", width=width)
    assert max(cell_len(line) for line in text.splitlines()) <= width
    assert "…" not in text
    squeezed = "".join(text.split())
    for words in ("aws_root_console_login", "T1098.006", "111122223333"):
        assert words in squeezed


@pytest.mark.parametrize("width", [80, 160])
def test_the_table_looks_as_it_did(width: int) -> None:
    check_golden(Path("cli") / f"findings_{width}.txt", _text("table", width=width))


@pytest.mark.parametrize("name", ["csv", "md"])
def test_the_text_looks_as_it_did(name: str) -> None:
    check_golden(Path("cli") / f"findings.{name}", _text(name))


@pytest.mark.parametrize("name", ["table", "csv", "md"])
def test_no_format_passes_an_escape_sequence_on(name: str) -> None:
    assert "\x1b" not in _text(name, width=160)


def test_colours_are_only_ours() -> None:
    assert "\\x1b[31mevil" in _text("table", colour=True)


def test_csv_reads_back_with_one_row_a_finding() -> None:
    rows = list(csv.DictReader(io.StringIO(_text("csv"))))
    assert [row["level"] for row in rows] == ["critical", "high", "low"]
    assert rows[1]["account"] == "111122223333"


def test_a_title_that_is_a_formula_is_no_formula_in_csv() -> None:
    text = "".join(FORMATS["csv"].findings([samples.finding(title="=HYPERLINK(1)")], {}, Screen()))
    assert ",'=HYPERLINK(1)," in text


def test_no_findings_are_said_in_words() -> None:
    assert "".join(FORMATS["table"].findings([], samples.summary(), Screen())) == "No findings.\n"


def test_the_summary_names_the_commonest_reasons_first() -> None:
    reasons = {"not JSON": 1, "no event time": 5, "too deep": 2, "binary": 1}
    lines = list(_words.summary_lines(samples.summary(quarantined={"count": 9, "reasons": reasons})))
    assert lines[2] == "9 quarantined: no event time (5); too deep (2); binary (1); and 1 more reasons"


def test_the_summary_tells_what_is_missing_from_the_lake() -> None:
    lines = list(_words.summary_lines(samples.summary(not_in_lake={"no class": 3})))
    assert "3 events are not in the lake: no class (3)" in lines


def test_a_place_under_this_folder_is_shown_from_here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert _words.place(Location(file=str(tmp_path / "a.json"), offset=7, index=2)) == "a.json:7:2"
