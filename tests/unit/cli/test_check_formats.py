"""JUnit and SARIF: what CI servers and code scanning read of `test` and `lint`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from stratagem.cli import _checks
from stratagem.cli.render import FORMATS
from stratagem.cli.render._contract import FINDINGS, Listing, Screen
from stratagem.errors import Problem, Severity
from stratagem.strategy.proof import TestResult

RESULTS = (
    TestResult(strategy="a", file="a.md", line=3, scenario="fires", expect="finding", passed=True),
    TestResult(
        strategy="b", file="b.md", line=9, scenario='<"q\x1b\ufffe', expect="silent", passed=False, reason="rule x & y"
    ),
    TestResult(strategy="b", file="b.md", line=1, scenario="", expect="", passed=False, reason="no scenario"),
)
PROBLEMS = (
    Problem(code="L-ATT-01", severity=Severity.ERROR, file="a b.md", line=4, column=2, message="no T1999", fix="Look."),
    Problem(code="S-SIGMA", severity=Severity.INFO, file="/elsewhere/c.md", message="odd"),
)


def written(name: str, listing: Listing) -> str:
    return "".join(FORMATS[name].listing(listing, Screen()))


def sarif(listing: Listing) -> dict[str, Any]:
    (run,) = json.loads(written("sarif", listing))["runs"]
    return run  # type: ignore[no-any-return]


def test_junit_has_a_suite_a_strategy_and_a_failure_with_its_place() -> None:
    root = ElementTree.fromstring(written("junit", _checks.results(RESULTS)))
    assert (root.get("tests"), root.get("failures")) == ("3", "2")
    assert [suite.get("name") for suite in root] == ["a", "b"]
    cases = root.findall("./testsuite/testcase")
    assert [case.get("name") for case in cases] == ["fires", '<"q\\x1b\\ufffe', "has a scenario"]
    failure = cases[1].find("failure")
    assert failure is not None and failure.text == "b.md:9: rule x & y"
    assert cases[0].find("failure") is None


def test_sarif_names_the_check_the_level_and_the_place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    run = sarif(_checks.problems(PROBLEMS))
    first, second = run["results"]
    assert (first["ruleId"], first["level"], first["message"]["text"]) == ("L-ATT-01", "error", "no T1999 Look.")
    place = first["locations"][0]["physicalLocation"]
    assert place == {"artifactLocation": {"uri": "a%20b.md"}, "region": {"startLine": 4, "startColumn": 2}}
    assert second["level"] == "note"
    assert second["locations"][0]["physicalLocation"] == {"artifactLocation": {"uri": "file:///elsewhere/c.md"}}
    described = {rule["id"]: rule["shortDescription"]["text"] for rule in run["tool"]["driver"]["rules"]}
    assert described["L-ATT-01"].startswith("technique id unknown")


def test_sarif_of_scenarios_holds_those_that_fail() -> None:
    run = sarif(_checks.results(RESULTS))
    assert [result["locations"][0]["physicalLocation"]["region"]["startLine"] for result in run["results"]] == [9, 1]


def test_a_problem_keeps_its_fingerprint_when_its_line_moves() -> None:
    moved = Problem(code="L-ATT-01", severity=Severity.ERROR, file="a b.md", line=5, message="no T1999", fix="Look.")
    prints = [sarif(_checks.problems([one]))["results"][0]["partialFingerprints"] for one in (PROBLEMS[0], moved)]
    assert prints[0] == prints[1]


@pytest.mark.parametrize(("name", "shows"), [("junit", "problems"), ("junit", FINDINGS), ("sarif", FINDINGS)])
def test_formats_of_checks_are_for_checks(name: str, shows: str) -> None:
    assert not FORMATS[name].writes(shows)
