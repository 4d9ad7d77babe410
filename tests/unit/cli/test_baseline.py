"""`stratagem baseline`, as a shell: what it prints, asks for and refuses."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from stratagem.learned.diff import Change
from tests.golden import check_golden
from tests.unit.cli.fake import FakeWorkspace
from tests.unit.learned.samples import BATCH, CPU, SHOP, entry, snapshot
from tests.unit.learned.test_picture import PICTURE

Call = Callable[..., Any]
SPIKE = snapshot(entry(SHOP, median="0.4", spread="0.5", limit="3.4"), baseline=CPU, left_out=3)


@pytest.fixture(autouse=True)
def learned(workspace: FakeWorkspace) -> None:
    workspace.learned = (snapshot(), SPIKE)


def test_show_tells_people_what_was_learned_and_how_warm_it_is(call: Call) -> None:
    done = call("baseline", "show", "unusual_pods", "--path", "logs", "--format", "table")
    assert done.code == 0
    check_golden(Path("cli/baseline_show.txt"), done.out)


def test_show_tells_machines_every_entity_and_value(call: Call) -> None:
    rows = [json.loads(line) for line in call("baseline", "show", "unusual_pods", "-p", "logs").out.splitlines()]
    assert [(row["key"], row["value"]) for row in rows][:2] == [
        (["batch", "prod"], None),
        (["batch", "prod"], "registry.example.com"),
    ]
    assert rows[0]["warmth"] == "12 of 14 days, 7 of 20 observations; will not alert yet"


def test_show_can_be_narrowed_to_an_entity(call: Call) -> None:
    done = call("baseline", "show", "unusual_pods", "-p", "logs", "--entity", "batch")
    assert {json.loads(line)["key"][0] for line in done.out.splitlines()} == {"batch"}


def test_a_baseline_that_learned_nothing_says_so(call: Call, workspace: FakeWorkspace) -> None:
    workspace.learned = (replace(snapshot(), entries=(), matches=0, left_out=12),)
    said = call("baseline", "show", "unusual_pods", "-p", "logs", "--format", "table").out
    assert "Nothing was learned: no match of pod_creations within the history.\n" in said
    assert "12 events left out, which lack one of: objectRef.namespace\n" in said


def test_the_picture_goes_into_a_file(call: Call, workspace: FakeWorkspace) -> None:
    workspace.learned = (snapshot(), replace(SPIKE, picture=PICTURE))
    assert call("baseline", "show", "unusual_pods", "-p", "logs", "--picture", "shop.svg").code == 0
    assert Path("shop.svg").read_text(encoding="utf-8").startswith("<svg ")
    assert workspace.asked["entity"] == ""


def test_there_is_no_picture_of_an_entity_that_is_not_there(call: Call) -> None:
    done = call("baseline", "show", "unusual_pods", "-p", "logs", "--entity", "x", "--picture", "x.svg")
    assert (done.code, done.err) == (3, "no entity with 'x' in its name was learned.\n")


def test_logs_are_needed(call: Call) -> None:
    assert call("baseline", "show", "unusual_pods").code == 3


def test_export_writes_yaml(call: Call) -> None:
    assert call("baseline", "export", "unusual_pods", "-p", "logs", "-o", "known.yml").code == 0
    assert "unusual_pods#registries" in Path("known.yml").read_text(encoding="utf-8")


def test_a_difference_exits_with_1_and_is_one_line_each(call: Call, workspace: FakeWorkspace) -> None:
    uid = "unusual_pods#registries"
    workspace.changes = (
        Change(baseline=uid, change="added", key=SHOP, value="docker.io\x1b"),
        Change(baseline=uid, change="changed", key=BATCH, fact="limit", before="3", after="4"),
    )
    done = call("baseline", "diff", "old.yml", "new.yml", "--format", "table")
    assert done.code == 1
    assert done.out == f"{uid}\n+ shop · prod: docker.io\\x1b\n~ batch · prod: limit 3 -> 4\n"
    assert done.err == "2 differences\n"


def test_no_difference_is_said_as_well(call: Call) -> None:
    done = call("baseline", "diff", "old.yml", "--path", "logs", "--format", "table")
    assert (done.code, done.err) == (0, "No difference.\n")


@pytest.mark.parametrize("more", [(), ("new.yml", "--path", "logs")])
def test_diff_compares_with_an_export_or_with_logs(call: Call, more: tuple[str, ...]) -> None:
    assert call("baseline", "diff", "old.yml", *more).code == 3


def test_accept_writes_what_whose_why_and_until_when(call: Call, workspace: FakeWorkspace) -> None:
    done = call(
        *("baseline", "accept", "unusual_pods#registries", "--key", "shop", "--key", "prod", "--value", "docker.io"),
        *("--owner", "platform", "--reason", "A mirror.", "--expires", "2027-02-01"),
    )
    assert done.code == 0
    assert workspace.asked["key"] == ["shop", "prod"]
    assert workspace.asked["expires"].isoformat() == "2027-02-01T00:00:00+00:00"
    assert done.err == "Written to baselines/unusual_pods.yml\n"


@pytest.mark.parametrize("left_out", ["--key", "--reason", "--expires", "--owner"])
def test_an_exception_without_its_what_why_whose_or_end_is_refused(call: Call, left_out: str) -> None:
    given = {"--key": "shop", "--reason": "x", "--expires": "2027-02-01", "--owner": "me"}
    words = [word for name, value in given.items() if name != left_out for word in (name, value)]
    assert call("baseline", "accept", "unusual_pods#registries", *words).code == 3


def test_reset_begins_anew_from_a_time_on(call: Call, workspace: FakeWorkspace) -> None:
    words = ("--from", "2026-11-01", "--owner", "me", "--reason", "A migration.")
    assert call("baseline", "reset", "unusual_pods#registries", *words).code == 0
    assert (workspace.asked["key"], workspace.asked["start"].isoformat()) == (None, "2026-11-01T00:00:00+00:00")
