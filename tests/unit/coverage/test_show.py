"""Coverage as a navigator layer, a picture, and what the command says."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest

from stratagem.attack import load
from stratagem.coverage.model import Cell, Claim, Coverage, State
from stratagem.coverage.navigator import layer
from stratagem.coverage.picture import svg
from tests.end_to_end.program import call

ATTACK = load("18.1")
SVG = "{http://www.w3.org/2000/svg}"


def cell(technique: str, state: State, source: str = "aws_cloudtrail", reason: str = "it is a draft") -> Cell:
    found = ATTACK.technique(technique)
    assert found
    reasons = () if state is State.EARNED else (reason,)
    claim = Claim(strategy=f"finds_{source}", status="live", state=state, reasons=reasons)
    return Cell(technique=found, platform="IaaS", source=source, claims=(claim,))


def coverage(*cells: Cell) -> Coverage:
    return Coverage(attack_version="18.1", cells=cells, proven=datetime(2026, 1, 15, tzinfo=UTC))


FOUND = coverage(
    cell("T1526", State.EARNED),
    cell("T1526", State.CLAIMED, "azure_activity"),
    cell("T1552.007", State.EARNED, "kubernetes_audit"),
    cell("T1580", State.CLAIMED, reason="a <script>&\x1b[2J"),
)


def test_the_layer_has_the_versions_that_the_navigator_asks_for() -> None:
    made = json.loads(layer(FOUND))
    assert made["versions"] == {"attack": "18", "navigator": "5.1.0", "layer": "4.5"}
    assert made["domain"] == "enterprise-attack"
    assert made["gradient"]["minValue"] == 0
    assert made["gradient"]["maxValue"] == 100


def test_a_technique_is_scored_by_all_its_cells_and_its_comment_names_strategies_and_reasons() -> None:
    rows = {row["techniqueID"]: row for row in json.loads(layer(FOUND))["techniques"]}
    assert {name: row.get("score") for name, row in rows.items()} == {
        "T1526": 50,
        "T1552.007": 100,
        "T1580": 0,
        "T1552": None,
    }
    assert "earned: IaaS from aws_cloudtrail: finds_aws_cloudtrail" in rows["T1526"]["comment"]
    assert "finds_azure_activity: it is a draft" in rows["T1526"]["comment"]


def test_a_parent_is_opened_for_its_sub_techniques() -> None:
    rows = {row["techniqueID"]: row for row in json.loads(layer(FOUND))["techniques"]}
    assert rows["T1552"] == {"techniqueID": "T1552", "showSubtechniques": True}


def test_the_picture_is_one_document_with_a_mark_and_a_title_for_each_cell() -> None:
    root = ElementTree.fromstring(svg(FOUND, ATTACK))
    titles = [one.findtext(f"{SVG}title") or "" for one in root.iter(f"{SVG}g")]
    assert [title.partition(":")[0] for title in titles] == ["earned", "claimed", "earned", "claimed"]
    assert "3 techniques; of 4 cells 2 earned, 0 partly, 2 claimed." in (root.findtext(f"{SVG}desc") or "")


def test_the_picture_takes_any_text_and_no_cell_at_all() -> None:
    assert "<script>" not in svg(FOUND, ATTACK)
    assert "No strategy claims a technique." in svg(coverage(), ATTACK)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("coverage")


def test_the_command_writes_layer_picture_and_markdown(folder: Path) -> None:
    done = call("coverage", "--navigator", "layer.json", "--svg", "picture.svg", "--output", "page.md", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert json.loads((folder / "layer.json").read_text(encoding="utf-8"))["techniques"]
    ElementTree.fromstring((folder / "picture.svg").read_text(encoding="utf-8"))
    page = (folder / "page.md").read_text(encoding="utf-8")
    assert "| technique | name | platform | source | state | strategies | why |" in page
    assert "T1552.007" in page
    assert "claimed" in done.stderr


def test_the_command_says_where_git_is_missing(folder: Path) -> None:
    (folder / "bare").mkdir()
    done = call("-C", "bare", "coverage", "--as-of", "2026-01-15", cwd=folder)
    assert done.returncode == 3
    assert "is in no git repository" in done.stderr
