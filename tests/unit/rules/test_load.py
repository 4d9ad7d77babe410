"""Rules come from text, values and folders; what cannot load says where, what, why and how to mend it."""

from __future__ import annotations

import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from stratagem.rules.load import BadRule, load_condition, load_data, load_folder, load_selection, load_text
from stratagem.rules.model import And, Op, Rejection, Rule, Test
from stratagem.rules.reference import matches
from stratagem.rules.resolve import PLAIN

GOOD = """\
title: Trail stopped
id: 6a4b7c1e-0000-4000-8000-000000000001
name: trail_stopped
status: test
level: high
author: someone
tags: [attack.defense-evasion, attack.t1562.008]
date: 2024-01-02
logsource: {product: aws, service: cloudtrail}
detection:
    selection:
        eventName: StopLogging
    condition: selection
"""
FILTER = """\
title: The platform team may
logsource: {product: aws, service: cloudtrail}
filter:
    rules: [trail_stopped]
    selection:
        userIdentity.arn|endswith: /platform
    condition: {condition}
"""


def test_a_rule_keeps_what_it_says_about_itself() -> None:
    (rule,) = load_text(GOOD, file="trail.yml").rules
    assert rule.uid == "6a4b7c1e-0000-4000-8000-000000000001"
    assert (rule.title, rule.level, rule.status) == ("Trail stopped", "high", "test")
    assert rule.tags == ("attack.defense-evasion", "attack.t1562.008")
    assert str(rule.logsource) == "aws/cloudtrail"
    assert rule.condition == rule.named["selection"] == Test(field="eventName", op=Op.EQUALS, value="StopLogging")
    assert (rule.file, rule.line) == ("trail.yml", 1)


def test_a_rule_travels_between_processes() -> None:
    (rule,) = load_text(GOOD, file="trail.yml").rules
    assert pickle.loads(pickle.dumps(rule)) == rule


def test_a_rule_without_id_and_name_is_called_after_its_file() -> None:
    text = "\n".join(line for line in GOOD.splitlines() if not line.startswith(("id:", "name:")))
    assert load_text(text, file="aws/trail.yml").rules[0].uid == "trail"
    assert [rule.uid for rule in load_text(f"{text}\n---\n{text}", file="trail.yml").rules] == ["trail#1", "trail#2"]


def test_defaults_fill_what_the_document_leaves_out() -> None:
    text = "detection: {s: {a: 1}, condition: s}"
    defaults = {"title": "From the front matter", "level": "low", "status": "draft", "logsource": {"product": "aws"}}
    (rule,) = load_text(text, file="s.md", line=30, defaults=defaults).rules
    assert (rule.title, rule.level, rule.status, rule.line) == ("From the front matter", "low", "draft", 31)


def test_a_bad_document_leaves_its_neighbours_alone() -> None:
    text = f"{GOOD}---\ntitle: [broken\n---\n{GOOD.replace('0001', '0002')}---\ncorrelation: {{type: event_count}}\n"
    loaded = load_text(text, file="many.yml")
    assert len(loaded.rules) == 2
    assert [(one.construct, one.line) for one in loaded.rejected] == [("YAML", 16), ("title", 31)]


def test_a_rejection_names_the_line_of_the_construct() -> None:
    (rejection,) = load_text(GOOD.replace("eventName:", "eventName|regexp:"), file="trail.yml").rejected
    assert (rejection.file, rejection.line, rejection.construct) == ("trail.yml", 12, "|regexp")
    assert rejection.rule_id == "6a4b7c1e-0000-4000-8000-000000000001"
    assert rejection.title == "Trail stopped"


@pytest.mark.parametrize(
    ("old", "new", "construct"),
    [
        ("title: Trail stopped\n", "", "title"),
        ("logsource: {product: aws, service: cloudtrail}\n", "", "logsource"),
        ("logsource: {product: aws, service: cloudtrail}", "logsource: {definition: x}", "logsource"),
        ("level: high", "level: severe", "level"),
        ("status: test", "status: testing", "status"),
        ("level: high", "level: high\nlevel: low", "YAML"),
        ("title: Trail stopped", "title: Trail stopped\naction: global", "action"),
    ],
)
def test_what_is_wrong_around_the_detection_is_named_too(old: str, new: str, construct: str) -> None:
    loaded = load_text(GOOD.replace(old, new), file="trail.yml")
    assert loaded.rules == ()
    assert [one.construct for one in loaded.rejected] == [construct]


@pytest.mark.parametrize(
    "text",
    ["", "# nothing\n", "---\n", "just text", "- a\n- b\n", "\t", "a: &a [*a]", "[" * 50_000, "- " * 50_000, "\0"],
)
def test_text_that_is_no_rule_is_rejected_and_nothing_raises(text: str) -> None:
    loaded = load_text(text, file="x.yml")
    assert loaded.rules == ()
    assert len(loaded.rejected) == 1


def test_of_two_rules_with_one_id_the_later_is_rejected(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text(GOOD)
    (tmp_path / "b.yml").write_text(GOOD.replace("Trail stopped", "Again"))
    loaded = load_folder([tmp_path])
    assert [rule.title for rule in loaded.rules] == ["Trail stopped"]
    (rejection,) = loaded.rejected
    assert (rejection.construct, rejection.title) == ("id", "Again")
    assert str(tmp_path / "a.yml") in rejection.reason


def test_a_folder_is_read_in_path_order_and_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "b.yaml").write_text(GOOD)
    (tmp_path / "a.yml").write_bytes(b"title: \xff\xfe")
    (tmp_path / "notes.txt").write_text("not a rule")
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    loaded = load_folder([tmp_path, tmp_path / "missing.yml"])
    assert [rule.title for rule in loaded.rules] == ["Trail stopped"]
    assert [(Path(one.file).name, one.construct) for one in loaded.rejected] == [
        ("a.yml", "file"),
        ("missing.yml", "file"),
    ]


@pytest.mark.parametrize("condition", ["selection", "not selection"])
def test_a_filter_stays_apart_from_its_rule_and_removes_what_it_names_in_either_reading(condition: str) -> None:
    loaded = load_text(GOOD + "---\n" + FILTER.replace("{condition}", condition), file="trail.yml")
    assert loaded.rejected == ()
    (rule,) = loaded.rules
    assert rule.condition == rule.named["selection"]
    (found,) = rule.filters
    assert found.name == "The platform team may"
    assert matches(found.condition, {"userIdentity": {"arn": "arn/platform"}}, PLAIN)
    assert not matches(found.condition, {"userIdentity": {"arn": "arn/eve"}}, PLAIN)


def test_a_filter_for_no_loaded_rule_is_rejected() -> None:
    (rejection,) = load_text(FILTER.replace("{condition}", "selection"), file="filter.yml").rejected
    assert (rejection.construct, rejection.line) == ("filter", 1)
    assert "trail_stopped" in rejection.reason


def test_a_parsed_mapping_loads_too() -> None:
    data = {"title": "t", "logsource": {"product": "aws"}, "detection": {"s": {"a": 1}, "condition": "s"}}
    assert isinstance(load_data(data, file="x.md", line=7), Rule)
    bad = load_data({**data, "detection": {"s": {"a|no": 1}, "condition": "s"}}, file="x.md", lines={"detection.s": 9})
    assert isinstance(bad, Rejection)
    assert bad.line == 9
    assert isinstance(load_data(["no"], file="x.md"), Rejection)


def test_a_selection_and_a_filters_detection_load_alone() -> None:
    assert load_selection({"a": 1, "b": 2}) == And(
        parts=(Test(field="a", op=Op.EQUALS, value=1), Test(field="b", op=Op.EQUALS, value=2))
    )
    condition, named = load_condition({"s": {"a": 1}, "condition": "s"}, file="x.md", line=3)
    assert named == {"s": condition}
    with pytest.raises(BadRule, match="is missing") as caught:
        load_condition({"s": {"a": 1}}, file="x.md", line=3)
    assert caught.value.line == 3


def test_importing_the_package_does_not_import_pysigma() -> None:
    code = "import sys, stratagem.rules.load, stratagem.rules.matcher; sys.exit('sigma' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_every_public_rule_loads_or_is_rejected_with_its_construct(sigma_rules: Path) -> None:
    files = [path for path in sigma_rules.rglob("*.yml") if path.is_file()]
    loaded = load_folder([sigma_rules])
    assert len(loaded.rules) + len(loaded.rejected) >= len(files)
    assert all(one.construct and one.reason and one.file for one in loaded.rejected)
