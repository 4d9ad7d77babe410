from __future__ import annotations

import os
from pathlib import Path

import pytest

from stratagem.errors import Severity, UsageError
from stratagem.strategy.lint import lint, render_markdown, report, select
from stratagem.strategy.parse import Parsed, parse

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "lint.md"
CLEAN = (Path(__file__).parent / "checks" / "trail_stopped.md").read_text("utf-8")
SENTENCE = "CloudTrail records each call that changes a trail."


def _document(abstract: str = SENTENCE, top: str = "") -> Parsed:
    text = CLEAN.replace(SENTENCE, abstract).replace("## Goal", f"{top}\n\n## Goal")
    return parse(text, file="trail_stopped.md")


def test_problems_are_sorted_by_file_and_line() -> None:
    first = parse("## Goal\n\nDetect unusual things.\n", file="a.md")
    second = parse("## Goal\n\nDetect unusual things.\n", file="b.md")
    found = lint([second, first])
    assert [(p.file, p.line) for p in found] == sorted((p.file, p.line) for p in found)


def test_what_reading_found_is_told_too() -> None:
    found = lint([parse("text", file="a.md")])
    assert {"S-FRONT", "L-ADS-03"} <= {problem.code for problem in found}


def test_a_missing_section_is_told_once() -> None:
    codes = [p.code for p in lint([parse("text", file="a.md")]) if "'Response' is missing" in p.message]
    assert codes == ["L-ADS-01"]


def test_only_some_checks_run_when_asked() -> None:
    found = lint([_document("It reports unusual calls of T1999.")], only=["l-ads"])
    assert {problem.code for problem in found} == {"L-ADS-05"}


def test_an_unknown_code_is_refused_with_the_codes_there_are() -> None:
    with pytest.raises(UsageError, match=r"no check 'L-XYZ'.*L-ADS-01"):
        select(["L-XYZ"])


def test_the_strategys_own_attack_version_wins() -> None:
    newer = parse(CLEAN.replace("severity: high", "severity: high\nattack_version: '19'"), file="a.md")
    assert [p.code for p in lint([newer], only=["L-ATT-02"], attack_version="18.1")] == ["L-ATT-02"] * 4
    assert lint([_document()], only=["L-ATT-02"], attack_version="18.1") == ()


def test_an_attack_version_that_is_not_pinned_is_an_error() -> None:
    older = parse(CLEAN.replace("severity: high", "severity: high\nattack_version: '15'"), file="a.md")
    assert any("'15' is not pinned; read as 18.1" in problem.message for problem in lint([older]))
    with pytest.raises(UsageError, match="no ATT&CK version '15'"):
        lint([], attack_version="15")


def test_a_comment_allows_a_check_in_its_section() -> None:
    comment = "<!-- lint: allow L-ADS-05 because the number follows with the baseline -->"
    found = report([_document(f"It reports unusual calls.\n\n{comment}")])
    assert found.problems == ()
    (allowed,) = found.suppressed
    assert (allowed.problem.code, allowed.reason) == ("L-ADS-05", "the number follows with the baseline")


def test_a_comment_in_another_section_allows_nothing_here_and_says_so() -> None:
    comment = "<!-- lint: allow L-ADS-05 because of the baseline -->"
    text = CLEAN.replace(SENTENCE, "It reports unusual calls.").replace("## Technical", f"{comment}\n\n## Technical")
    text = text.replace(f"{comment}\n\n## Technical Context", f"## Technical Context\n\n{comment}")
    found = lint([parse(text, file="a.md")])
    assert [(p.code, p.severity) for p in found] == [
        ("L-ADS-05", Severity.WARNING),
        ("L-ALLOW", Severity.INFO),
    ]


def test_a_comment_before_the_first_section_counts_for_the_document() -> None:
    top = "<!-- lint: allow L-ADS-05, L-ATT-01 because this is an example -->"
    found = report([_document("It reports unusual calls of T1999.", top)])
    assert found.problems == ()
    assert {each.problem.code for each in found.suppressed} == {"L-ADS-05", "L-ATT-01"}


@pytest.mark.parametrize(
    ("comment", "message"),
    [
        ("<!-- lint: allow L-ADS-05 -->", "gives no reason"),
        ("<!-- lint: allow L-ADS-05 because -->", "gives no reason"),
        ("<!-- lint: allow L-ADS-99 because of that -->", "names no check"),
    ],
)
def test_a_comment_without_reason_or_check_is_an_error_and_allows_nothing(comment: str, message: str) -> None:
    found = lint([_document("It reports unusual calls.", comment)])
    assert {"L-ADS-05", "L-ALLOW"} == {problem.code for problem in found}
    (wrong,) = [problem for problem in found if problem.code == "L-ALLOW"]
    assert message in wrong.message and wrong.severity == Severity.ERROR


def test_the_reference_page_is_what_the_checks_say() -> None:
    page = render_markdown()
    if os.environ.get("STRATAGEM_WRITE_GOLDEN"):
        PAGE.parent.mkdir(parents=True, exist_ok=True)
        PAGE.write_text(page, "utf-8")
    assert PAGE.read_text("utf-8") == page, "run the test with STRATAGEM_WRITE_GOLDEN=1 and read the difference"


GROUPS = {
    ("L-ATT-05", 9, "Azure AD"),
    ("L-ATT-07", 7, "T1610 Deploy Container, T1612 Build Image on Host"),
    ("L-ATT-08", 7, "'Cloud Groups'"),
    ("L-ATT-10", 9, "Identity Provider"),
    ("L-ADS-02", 48, "'Validation'"),
    ("L-ADS-03", 12, "no executable rule"),
    ("L-ADS-04", 19, "Sudden spikes"),
    ("L-ADS-08", 46, "'High'"),
    ("L-ADS-09", 49, "placeholder"),
    ("L-ADS-10", 1, "names a class"),
    ("L-RSP-01", 54, "evidence"),
    ("L-DEP-01", 9, "Microsoft Entra ID"),
}
SERVICES = {
    ("L-ATT-05", 9, "Office 365"),
    ("L-ATT-07", 7, "T1610 Deploy Container, T1612 Build Image on Host"),
    ("L-ADS-03", 13, "no executable rule"),
    ("L-ADS-06", 14, "Kubernetes events"),
    ("L-ADS-11", 27, "might be flagged"),
    ("L-ADS-12", 67, "By implementing"),
    ("L-CMD-01", 44, "microburst"),
    ("L-CMD-02", 47, "--service-code"),
    ("L-CMD-03", 43, "an AWS failure injection proxy"),
    ("L-CMD-04", 54, "CloudShellBurst"),
    ("L-TEL-06", 14, "Kubernetes events"),
    ("L-TEL-07", 53, "az group list"),
    ("L-RSP-01", 61, "Isolate"),
}


@pytest.mark.parametrize(("name", "expected"), [("cloud-groups", GROUPS), ("cloud-service-discovery", SERVICES)])
def test_the_prose_reports_are_found_out(name: str, expected: set[tuple[str, int, str]], reports: Path) -> None:
    file = reports / f"{name}.md"
    found = lint([parse(file.read_text("utf-8"), file=file.name)])
    for code, line, words in expected:
        assert any(
            problem.code == code and problem.line == line and words in f"{problem.message} {problem.fix}"
            for problem in found
        ), (code, line, words)


def test_the_published_strategies_name_no_tool_that_does_not_exist(reports: Path) -> None:
    files = sorted((reports / "palantir").glob("*.md"))
    found = lint([parse(file.read_text("utf-8"), file=file.name) for file in files], only=["L-CMD", "L-RSP"])
    assert [str(problem) for problem in found] == []
