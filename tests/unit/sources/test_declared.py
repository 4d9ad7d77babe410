"""A source that a file declares: what it means, and what is said of a file that is wrong."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from stratagem.detect.compile import Plan
from stratagem.engines import local
from stratagem.errors import ContentError, UsageError
from stratagem.ingest.files import expand
from stratagem.sources import SOURCES, unwrap
from stratagem.sources._contract import Malformed
from stratagem.sources._declared.build import build
from stratagem.sources._declared.expression import value
from stratagem.sources._declared.model import Declaration
from stratagem.sources._declared.read import load
from stratagem.sources.declare import declare, declared, withdraw
from stratagem.workspace import Workspace
from tests.declared_sources import DECLARED, TYPES, known

LEAST = """\
title: Least
recognise: {values: {kind: least}}
time: at
logsources: [{product: least}]
columns: {class_uid: 6003, activity_id: 99}
examples: [{name: one, record: {kind: least, at: 5}}]
"""
ACME, DOOR = DECLARED


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    yield
    withdraw()


def one(tmp_path: Path, text: str, name: str = "least") -> Declaration:
    (tmp_path / f"{name}.yml").write_text(text, encoding="utf-8")
    (found,) = load(tmp_path, TYPES)
    return found


def told(tmp_path: Path, text: str, name: str = "least") -> list[str]:
    """The problems of a file, as `line:column: message`."""
    (tmp_path / f"{name}.yml").write_text(text, encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        load(tmp_path, TYPES)
    return [f"{problem.line}:{problem.column}: {problem.message}" for problem in caught.value.problems]


def canonical(declaration: Declaration, record: dict[str, Any]) -> dict[str, Any]:
    return dict(build(declaration).canonical(record)[0])


def test_the_least_that_a_file_says_is_a_source(tmp_path: Path) -> None:
    source = build(one(tmp_path, LEAST))
    assert source.recognise({"kind": "least", "at": 5})
    assert not source.recognise({"kind": "other", "at": 5})
    assert source.dispatch == ("kind",)
    assert source.lateness == timedelta(hours=1)
    assert source.uid({"kind": "least"}) is None


def test_a_folder_that_is_not_there_declares_nothing(tmp_path: Path) -> None:
    assert load(tmp_path / "sources", TYPES) == ()


def test_a_declared_source_takes_the_quick_path_where_records_stay_as_they_are() -> None:
    assert build(ACME).time_fields == ("at",)
    assert build(DOOR).time_fields == ()


def test_rename_moves_a_value_from_where_a_variant_has_it() -> None:
    record = {"schema": "door/1", "when": "20/Nov/2026:10:00:00", "who": "cleo", "op": "open"}
    moved = {"schema": "door/1", "when": "2026-11-20T10:00:00+02:00", "user": {"name": "cleo"}, "verb": "open"}
    assert canonical(DOOR, record) == moved
    assert canonical(DOOR, moved) == moved
    assert record["who"] == "cleo"


def test_rename_finds_a_key_that_contains_dots() -> None:
    record = {"schema": "door/2", "when": "20/Nov/2026:10:00:00", "user.name": "dora"}
    assert canonical(DOOR, record)["user"] == {"name": "dora"}


def test_a_canonical_place_that_is_taken_stays_as_it_is() -> None:
    record = {"schema": "door/2", "when": "20/Nov/2026:10:00:00", "user": {"name": "dora"}, "who": "cleo"}
    assert canonical(DOOR, record)["user"] == {"name": "dora"}
    assert canonical(DOOR, record)["who"] == "cleo"


def test_a_time_of_another_form_is_malformed_and_says_so() -> None:
    with pytest.raises(Malformed, match="time 'noon' does not have the form"):
        canonical(DOOR, {"schema": "door/1", "who": "cleo", "when": "noon"})


def test_a_value_has_no_room_below_what_is_no_object() -> None:
    with pytest.raises(Malformed, match="'user' is no object"):
        canonical(DOOR, {"schema": "door/1", "who": "cleo", "user": "x", "when": "20/Nov/2026:10:00:00"})


@pytest.mark.parametrize(
    ("expression", "means"),
    [
        ("user.name", "ana"),
        ("nobody", None),
        (["nobody", "user.id"], 7),
        ("{user.name} ({user.id})", "ana (7)"),
        ("{user.name} {nobody}", None),
        (12, 12),
        ({"value": "x"}, "x"),
        ({"path": "ok", "map": {"true": "yes"}}, "yes"),
        ({"path": "user.id", "map": {"8": "eight"}, "default": "other"}, "other"),
        ({"path": "nobody", "default": "none"}, "none"),
        ({"path": "empty", "default": "none"}, "none"),
    ],
)
def test_an_expression_means(expression: Any, means: Any) -> None:
    assert value(expression, {"user": {"name": "ana", "id": 7}, "ok": True, "empty": ""}) == means


def test_every_mistake_is_told_at_its_place(tmp_path: Path) -> None:
    text = LEAST.replace("time: at", "tme: at").replace("values: {", "valuse: {")
    assert told(tmp_path, text) == [
        "1:1: key 'time' is missing.",
        "2:13: unknown key 'valuse'; did you mean 'values'?",
        "3:1: unknown key 'tme'; did you mean 'time'?",
    ]


@pytest.mark.parametrize(
    ("column", "message"),
    [
        ("actor.user.nam: who", "no column is called 'actor.user.nam'; did you mean 'actor.user.name'?"),
        ("actor.user.groups: who", "'actor.user.groups' holds structures, which a file cannot make."),
        ("principal: who", "'principal' must have the form provider:scope:{path}."),
        ('principal: "{who"', "'{who' has braces that hold no path."),
        ("severity_id: high level", "'high level' is no path."),
        ("severity_id: {value: high}", "'severity_id' is a whole number, and 'high' is not."),
        ('severity_id: "{who}"', "'severity_id' is a whole number, and text with braces is text."),
        ("time: at", "'time' is no key of `columns`."),
        ("message: {value: a, path: b}", "needs either 'value' or 'path'."),
        ("message: at.text", "'at' is read as a value and, for 'at.text', as an object."),
        ("message: AT", "'at' and 'AT' differ by case alone, which SQL does not tell apart."),
    ],
)
def test_a_column_that_cannot_be_is_told(tmp_path: Path, column: str, message: str) -> None:
    text = LEAST.replace("activity_id: 99}", f"activity_id: 99, {column}}}")
    assert message in [line.split(": ", 1)[1] for line in told(tmp_path, text)]


@pytest.mark.parametrize(
    ("record", "message"),
    [
        ("{kind: other, at: 5}", "is not recognised: 'kind' is 'other'."),
        ("{at: 5}", "is not recognised: 'kind' is missing."),
        ("{kind: least, at: soon}", "event time 'soon' is no time."),
        ("{kind: least}", "no event time."),
        ("{kind: least, at: 5, _document_id: x, action: y}", "is taken for a record of 'github_audit', which"),
    ],
)
def test_an_example_that_does_not_fit_is_told(tmp_path: Path, record: str, message: str) -> None:
    (line,) = told(tmp_path, LEAST.replace("{kind: least, at: 5}", record))
    assert message in line


def test_ids_and_logsources_of_packaged_sources_are_taken(tmp_path: Path) -> None:
    text = LEAST.replace("product: least", "product: aws, service: cloudtrail")
    messages = told(tmp_path, text, "aws_cloudtrail")
    assert messages == [
        "1:1: 'aws_cloudtrail' is the id of a source that is packaged with stratagem.",
        "4:14: aws/cloudtrail is the logsource of 'aws_cloudtrail', which is packaged with stratagem.",
    ]
    with pytest.raises(UsageError, match="packaged"):
        SOURCES.declare("aws_cloudtrail", build(ACME))


def test_two_files_that_take_the_same_records_are_told(tmp_path: Path) -> None:
    (tmp_path / "other.yml").write_text(LEAST.replace("product: least", "product: other"))
    assert any("looks like a record of" in message for message in told(tmp_path, LEAST))


def test_a_declaration_is_known_until_it_is_withdrawn() -> None:
    declare(DECLARED)
    record = unwrap.decode(build(ACME).examples[0].raw)
    assert [found.source_id for found in unwrap.records(record)] == ["acme_gate"]
    held = SOURCES["acme_gate"]
    declare(DECLARED)
    assert SOURCES["acme_gate"] is held
    withdraw()
    assert "acme_gate" not in SOURCES
    assert [found.status for found in unwrap.records(record)] == ["unidentified"]


def test_a_declaration_that_changed_replaces_what_was(tmp_path: Path) -> None:
    declare([one(tmp_path, LEAST)])
    declare([one(tmp_path, LEAST.replace("title: Least", "title: More"))])
    assert SOURCES["least"].title == "More"


def test_a_worker_that_is_a_fresh_process_knows_what_the_job_declares(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pyarrow  # noqa: F401  # keeps workers from being forked: a fork would know the source anyway

    monkeypatch.setattr(local, "_ALONE", 0)
    for number in range(4):
        (tmp_path / f"{number}.json").write_bytes(b"\n".join(example.raw for example in build(ACME).examples))
    with known():
        job = local.Job(plan=Plan(rules=(), routes={}))
    assert pickle.loads(pickle.dumps(job)).declared == DECLARED
    tallies = [tally for tally, _ in local.scan(job, expand([str(tmp_path)]), workers=2)]
    assert sum(tally.sources["acme_gate"] for tally in tallies) == 8
    assert declared() == ()


def test_a_workspace_declares_its_own_sources_and_none_of_the_evidence(tmp_path: Path) -> None:
    for folder in ("workspace/sources", "evidence/sources"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "workspace/sources/least.yml").write_text(LEAST)
    (tmp_path / "evidence/sources/more.yml").write_text(LEAST.replace("least", "more"))
    (tmp_path / "evidence/log.json").write_text('{"kind": "least", "at": 5}\n{"kind": "more", "at": 6}\n')
    workspace = Workspace(tmp_path / "workspace")
    assert "least" in dict(workspace.sources())
    (found,) = [counts for name, counts, _ in workspace.identify([tmp_path / "evidence"]) if name.endswith("log.json")]
    assert found == {"least": 1}
    assert "more" not in SOURCES
