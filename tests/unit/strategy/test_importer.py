from __future__ import annotations

from pathlib import Path

import pytest

from stratagem.errors import ContentError, UsageError
from stratagem.strategy.importer import Draft, import_any, import_report, import_rule
from stratagem.strategy.model import SECTIONS
from stratagem.strategy.outline import normalise, outline
from stratagem.strategy.parse import parse
from tests.golden import FOLDER, check_golden

OURS = FOLDER / "import"
REPORTS = sorted(OURS.glob("*.md"))


def lost(text: str, draft: Draft) -> list[str]:
    """The lines of a report, headings aside, that the draft does not have."""
    headings = {line for heading in outline(text).headings for line in range(heading.line, heading.end)}
    kept = set(draft.markdown.split("\n"))
    lines = enumerate(normalise(text).split("\n"), start=1)
    return [line for number, line in lines if number not in headings and line.strip() and line not in kept]


@pytest.mark.parametrize("file", [*REPORTS, OURS / "trail_stopped.yml"], ids=lambda file: file.stem)
def test_a_draft_looks_as_it_did(file: Path) -> None:
    draft = import_any(file)
    check_golden(Path("import") / "drafts" / f"{file.stem}.txt", draft.markdown)


@pytest.mark.parametrize("file", REPORTS, ids=lambda file: file.stem)
def test_no_line_of_a_report_is_lost(file: Path) -> None:
    assert lost(file.read_text(), import_any(file)) == []


@pytest.mark.parametrize("file", [*REPORTS, OURS / "trail_stopped.yml"], ids=lambda file: file.stem)
def test_a_draft_parses_without_problems_and_has_every_section_in_order(file: Path) -> None:
    draft = import_any(file)
    made = parse(draft.markdown, file=f"x/{draft.id}.md")
    assert made.problems == ()
    assert tuple(made.strategy.sections) == (*SECTIONS, "Additional Resources")


def test_no_line_of_a_real_report_is_lost_and_its_draft_parses(reports: Path) -> None:
    files = sorted(reports.rglob("*.md"))
    assert files
    for file in files:
        draft = import_any(file)
        assert lost(file.read_text(encoding="utf-8"), draft) == [], file
        made = parse(draft.markdown, file=f"x/{draft.id}.md")
        assert made.problems == (), file
        assert made.strategy.attack, file
        assert any("an executable rule" in note for note in draft.notes), file


def test_every_real_rule_becomes_a_draft_with_the_rule_in_it(sigma_rules: Path) -> None:
    for file in sorted(sigma_rules.rglob("*.yml")):
        draft = import_any(file)
        made = parse(draft.markdown, file=f"x/{draft.id}.md")
        assert made.problems == () or made.strategy.rejected, file
        assert made.strategy.title, file


@pytest.mark.parametrize(
    "note",
    [
        "names the kind of document",
        "kept: text outside the sections stands under 'Additional Resources' (line 1)",
        "kept: heading 'Alert Priority' reads 'Priority' (line 34)",
        "kept: 'Tooling' is no ADS section; it stands under 'Technical Context' (line 19)",
        "kept: 'Change history' is no ADS section; it stands under 'Additional Resources' (line 45)",
        "kept: 'Technical Context' stood before 'Strategy Abstract'; the sections are in ADS order now",
        "missing: section 'Response'",
        "missing: section 'Blind Spots and Assumptions' is empty (line 28)",
        "doubtful: T1089 is revoked in ATT&CK 18.1; it is T1562.001",
        "doubtful: platform 'Azure AD' is none of ATT&CK 18.1; ATT&CK says Identity Provider (line 8)",
        "doubtful: tactic Reconnaissance is none of T1556.006, T1089",
        "doubtful: Priority names several levels",
        "missing: 'Additional Resources' holds placeholder text",
        "doubtful: 'Adversary Emulation' stands under 'Technical Context' and belongs under 'Validation'",
        "missing: an executable rule",
        "doubtful: Validation holds commands",
        "missing: an owner",
    ],
)
def test_what_is_missing_or_doubtful_is_named(note: str) -> None:
    draft = import_any(OURS / "mfa_device_removed.md")
    assert any(note in told for told in draft.notes), draft.notes
    assert note.split(" (line")[0] in draft.markdown


@pytest.mark.parametrize(
    ("text", "level"),
    [("The priority is set to **Medium**.", "medium"), ("**High**: it matters", "high"), ("Hard to say.", "medium")],
)
def test_the_severity_is_what_priority_names(text: str, level: str) -> None:
    assert f"severity: {level}" in import_report(f"## Goal\nx\n## Priority\n{text}\n", "x.md").markdown


@pytest.mark.parametrize("opening", ["```", "~~~~", "<!--", "<script>", "<pre>"])
def test_text_that_would_swallow_headings_is_quoted_whole(opening: str) -> None:
    text = f"## Goal\nx\n## Response\nask\n## Validation\n{opening}\nopen\n"
    draft = import_report(text, "x.md")
    assert tuple(parse(draft.markdown, file="x.md").strategy.sections) == (*SECTIONS, "Additional Resources")
    assert lost(text, draft) == []


@pytest.mark.parametrize("text", ["", "x", "---\n", "# Only a title\n", "#\n##\n", "## Goal\n## Goal\n"])
def test_any_text_gives_a_draft_that_parses(text: str) -> None:
    draft = import_report(text, "01 - Some name.md")
    assert draft.id == "some_name"
    assert parse(draft.markdown, file="x.md").problems == ()


def test_a_rule_file_with_a_correlation_keeps_both() -> None:
    rule = "title: a\nname: a\nlogsource: {product: aws}\ndetection: {s: {a: 1}, condition: s}\n"
    text = rule + "---\ntitle: b\ncorrelation: {type: event_count, rules: [a]}\n"
    made = parse(import_rule(text, "x.yml").markdown, file="x.md").strategy
    assert [block.kind for block in made.blocks if block.section == "Strategy Abstract"] == ["sigma", "correlation"]


def test_a_rule_that_does_not_load_is_kept_and_named() -> None:
    text = "title: a\nlogsource: {product: aws}\ndetection: {s: {a|nope: 1}, condition: s}\n"
    draft = import_rule(text, "x.yml")
    assert "a|nope" in draft.markdown
    assert any("the rule does not load" in note for note in draft.notes)


def test_what_is_no_rule_is_refused_with_what_a_rule_is() -> None:
    with pytest.raises(ContentError, match="holds no Sigma rule"):
        import_rule("a: 1\n", "x.yml")


def test_a_file_without_a_telling_name_is_looked_into(tmp_path: Path) -> None:
    file = tmp_path / "rule"
    file.write_text("title: a\nlogsource: {product: aws}\ndetection: {s: {a: 1}, condition: s}\n")
    assert "```yaml sigma" in import_any(file).markdown


def test_files_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        import_any(tmp_path / "nowhere.md")
    (tmp_path / "x.md").write_bytes(b"\xff")
    with pytest.raises(ContentError, match="not UTF-8"):
        import_any(tmp_path / "x.md")
