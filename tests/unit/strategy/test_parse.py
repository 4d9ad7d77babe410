from __future__ import annotations

import os
from pathlib import Path

import pytest

from stratagem.errors import Severity, UsageError
from stratagem.strategy.model import SECTIONS
from stratagem.strategy.parse import load_folder, parse
from tests.unit.strategy.documents import FILE, FRONT, document, parsed, strategy, told


def test_a_whole_document_becomes_a_strategy_without_problems() -> None:
    made = strategy()
    assert (made.id, made.area, made.title, made.status) == ("role_assumed", "aws", "A service assumes a role", "live")
    assert tuple(made.sections) == SECTIONS
    assert [rule.uid for rule in made.rules] == ["role_assumed#role_assumed"]
    assert [scenario.name for scenario in made.scenarios] == ["the call", "another call"]
    assert made.telemetry[0].source == "aws_cloudtrail"
    assert made.playbook is not None and made.playbook.questions == ({"text": "Who called?"},)


def test_omitted_sigma_keys_come_from_the_front_matter() -> None:
    (rule,) = strategy().rules
    assert (rule.title, rule.level, rule.author) == ("A service assumes a role", "medium", "cloud-security")
    assert rule.tags == ("attack.t1526",)
    assert rule.description == "Detect one AssumeRole call."


def test_rules_are_named_by_their_key_the_id_or_their_number() -> None:
    block = "```yaml sigma\n{name}logsource: {{product: aws}}\ndetection: {{s: {{a: 1}}, condition: s}}\n```\n"
    text = "\n".join(block.format(name=name) for name in ("", "name: second\n", ""))
    uids = [rule.uid for rule in strategy(Strategy_Abstract=text).rules]
    assert uids == ["role_assumed#role_assumed", "role_assumed#second", "role_assumed#rule_3"]


def test_a_filter_is_on_the_rules_that_it_names() -> None:
    text = "```yaml filter\nname: ci\nowner: me\nreason: builds\nrules: [role_assumed]\nexpires: 2027-01-01\n"
    text += "detection: {s: {userAgent: ci}, condition: s}\n```"
    made = strategy(False_Positives=text)
    assert [filter_.name for filter_ in made.rules[0].filters] == ["ci"]
    assert made.filters[0].expires == "2027-01-01"


def test_all_problems_come_at_once_each_with_its_place() -> None:
    front = FRONT.replace("severity: medium", "severty: medium\nattack_version: []")
    text = "```yaml scenario\nname: x\nexpct: finding\nexpect: findin\nbase: nowhere\nset: {a..b: 1}\n```"
    made = parsed(front, Validation=text)
    found = [(p.code, p.line, p.column, p.message) for p in made.problems]
    start = document(front, Validation=text).split("\n").index("name: x") + 1
    assert found == [
        ("S-FRONT", 6, 1, "unknown key 'severty'; did you mean 'severity'?"),
        ("S-FRONT", 7, 17, "'attack_version' must be text or a number, not a list."),
        ("S-SCENARIO", start + 1, 1, "unknown key 'expct'; did you mean 'expect'?"),
        (
            "S-SCENARIO",
            start + 2,
            9,
            "'expect' is 'findin', not one of finding, silent, missed; did you mean 'finding'?",
        ),
        (
            "S-SCENARIO",
            start + 3,
            7,
            "'base' is 'nowhere', which does not have the form source/name (aws_cloudtrail/create_user).",
        ),
    ]


def test_a_rule_that_cannot_load_is_named_on_its_line_in_the_document() -> None:
    text = "```yaml sigma\nlogsource: {product: aws}\ndetection:\n  s:\n    a|startswitch: b\n  condition: s\n```"
    made = parsed(Strategy_Abstract=text)
    (problem,) = made.problems
    assert problem.code == "S-SIGMA"
    assert document(Strategy_Abstract=text).split("\n")[problem.line - 1].strip().startswith("a|startswitch")
    assert problem.column == 5
    assert made.strategy.rejected[0].line == problem.line


def test_columns_are_right_in_an_indented_block() -> None:
    text = "- step\n\n  ```yaml telemetry\n  - sorce: x\n    source: y\n  ```"
    (problem,) = parsed(Blind_Spots_and_Assumptions=text).problems
    assert problem.column == 5
    assert problem.message == "unknown key 'sorce'; did you mean 'source'?"


def test_a_block_under_the_wrong_heading_is_a_warning() -> None:
    text = "```yaml filter\nname: a\nowner: b\nreason: c\ndetection: {s: {a: 1}, condition: s}\n```"
    (problem,) = parsed(Response=text).problems
    assert (problem.code, problem.severity) == ("S-PLACE", Severity.WARNING)
    assert "'False Positives'" in problem.fix


def test_a_scenario_stands_where_its_expectation_belongs() -> None:
    text = "```yaml scenario\nname: a\nexpect: missed\nbase: a/b\n```"
    assert [code for code, _ in told(parsed(False_Positives=text))] == ["S-PLACE"]
    assert told(parsed(Blind_Spots_and_Assumptions=text)) == []


def test_an_unknown_block_kind_lists_the_known_ones() -> None:
    (problem,) = parsed(Response="```yaml playbok\n```").problems
    assert problem.message == "unknown block kind 'playbok'; did you mean 'playbook'?"
    assert "scenario" in problem.fix


def test_a_correlation_belongs_to_the_strategy_and_takes_what_it_leaves_out_from_the_front_matter() -> None:
    block = """```yaml correlation
name: many
correlation: {type: event_count, rules: [denied], group-by: [principal], timespan: 10m, condition: {gte: 5}}
```"""
    made = parsed(Technical_Context="x", Strategy_Abstract=block)
    (found,) = made.strategy.correlations
    assert (found.uid, found.name, found.strategy) == (f"{made.strategy.id}#many", "many", made.strategy.id)
    assert (found.title, found.level) == (made.strategy.title, made.strategy.severity)


def test_a_correlation_that_makes_no_sense_is_named_with_its_line() -> None:
    block = """```yaml correlation
correlation: {type: event_count, rules: [denied], timespan: 10m, condition: {most: 5}}
```"""
    made = parsed(Technical_Context="x", Strategy_Abstract=block)
    assert [(p.code, "no meaning" in p.message) for p in made.problems] == [("S-CORRELATION", True)]


def test_other_fenced_blocks_are_shown_to_people() -> None:
    made = strategy(Technical_Context='```bash\nls\n```\n\n```yaml\na: 1\n```\n\n```yaml title="x"\na: 1\n```')
    assert [fence.language for fence in made.sections["Technical Context"].fences] == ["bash", "yaml", "yaml"]


def _scenario(lines: str) -> dict[str, str]:
    return {"Validation": f"```yaml scenario\nname: a\n{lines}\n```"}


def _priority(title: str, levels: str) -> dict[str, str]:
    return {"Priority": f"```yaml priority\ntitle: '{title}'\nlevels: [{levels}]\n```"}


@pytest.mark.parametrize(
    ("sections", "code", "message"),
    [
        ({"Goal": "x\n## Goal\ny"}, "S-HEADING", "section 'Goal' is there twice"),
        (_priority("{a", "{level: low}"), "S-PRIORITY", "brace"),
        (_priority("a", "{level: low}, {level: high}"), "S-PRIORITY", "never reached"),
        (_priority("a", "{level: low, when: {a|nope: 1}}"), "S-PRIORITY", "not a Sigma modifier"),
        (_scenario("expect: silent\nnear_miss_of: b\nbase: a/b"), "S-SCENARIO", "no positive scenario"),
        (_scenario("expect: finding\nrule: x\nbase: a/b"), "S-SCENARIO", "no rule named"),
        (_scenario("expect: finding"), "S-SCENARIO", "neither 'base' nor 'events'"),
        (_scenario("expect: finding\nbase: a/b\nevents: [{base: a/b}]"), "S-SCENARIO", "both 'base' and 'events'"),
        (_scenario("expect: finding\nset: {a: 1}\nevents: [{base: a/b}]"), "S-SCENARIO", "beside 'events'"),
        (_scenario("expect: finding\nevents: [{base: a/b, at: soon}]"), "S-SCENARIO", "90s, 5m, 2h or 1d"),
        (_scenario("expect: finding\nbase: a/b\nset: {a..b: 1}"), "S-SCENARIO", "breaks at"),
        (_scenario("expect: silent\nlevel: low\nbase: a/b"), "S-SCENARIO", "for 'expect: finding' only"),
        ({"Response": "```yaml playbook\nuse: a\n"}, "S-FENCE", "has no end"),
        ({"Response": "```playbook\nuse: a\n```"}, "S-KIND", "stands where the language does"),
        ({"Response": "```yaml playbook\n```"}, "S-PLAYBOOK", "must be a mapping, not empty"),
        ({"Response": "```yaml playbook\nuse: a\n```\n```yaml playbook\nuse: b\n```"}, "S-PLAYBOOK", "a second"),
    ],
)
def test_what_a_document_can_have_wrong(sections: dict[str, str], code: str, message: str) -> None:
    made = parsed(**{title.replace(" ", "_"): text for title, text in sections.items()})
    assert any(code == found and message in text for found, text in told(made)), told(made)


def test_a_missing_section_is_an_error_unless_the_strategy_is_a_draft() -> None:
    text = document().replace("## Technical Context", "### Technical Context")
    (problem,) = parse(text, file=FILE).problems
    assert (problem.code, problem.severity) == ("S-SECTION", Severity.ERROR)
    (problem,) = parse(text.replace("status: live", "status: draft"), file=FILE).problems
    assert problem.severity == Severity.WARNING


def test_without_front_matter_the_document_is_still_read() -> None:
    made = parse("# A title\n\n## Goal\n\nx\n", file="x.md")
    assert made.strategy.title == "A title"
    assert ("S-FRONT", "the document has no front matter.") in told(made)
    assert not made.ok


def test_a_folder_is_read_in_order_without_readme_and_hidden_files(tmp_path: Path) -> None:
    for name in ("b/two.md", "a/one.md", "README.md", ".git/three.md", "a/.hidden.md", "notes.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(document())
    assert [made.strategy.id for made in load_folder(tmp_path)] == ["one", "two"]


def test_an_id_is_unique_across_folders(tmp_path: Path) -> None:
    for area in ("a", "b"):
        (tmp_path / area).mkdir()
        (tmp_path / area / "same.md").write_text(document())
    first, second = load_folder(tmp_path)
    assert first.problems == ()
    assert [problem.code for problem in second.problems] == ["S-ID"]


def test_a_file_that_is_not_utf_8_is_a_problem_and_the_others_are_read(tmp_path: Path) -> None:
    (tmp_path / "bad.md").write_bytes(b"---\ntitle: \xff\n---\n")
    (tmp_path / "good.md").write_text(document())
    bad, good = load_folder(tmp_path)
    assert told(bad) == [("S-FILE", "not UTF-8: byte 0xff at offset 11.")]
    assert good.ok


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads every file")
def test_a_file_that_cannot_be_read_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "a.md").touch(mode=0o000)
    (made,) = load_folder(tmp_path)
    assert made.problems[0].code == "S-FILE"


def test_a_symlink_loop_ends(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(document())
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "gone.md").symlink_to(tmp_path / "nowhere.md")
    made = load_folder(tmp_path)
    assert [one.strategy.id for one in made] == ["a", "gone"]
    assert [problem.code for problem in made[1].problems] == ["S-FILE"]


def test_a_path_that_does_not_exist_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such file"):
        load_folder(tmp_path / "nowhere")
