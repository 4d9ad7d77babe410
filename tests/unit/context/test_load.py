"""The context folder is read whole, and everything wrong with it is told at once, by place."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from stratagem.context.load import load, read_context
from stratagem.errors import ContentError, Severity
from tests.unit.context.files import write


def said(folder: Path) -> list[str]:
    """The problems of a folder, without its path."""
    return [str(problem).removeprefix(f"{folder}/") for problem in read_context(folder)[1]]


def test_a_folder_that_is_not_there_says_nothing(tmp_path: Path) -> None:
    assert not load(tmp_path / "none")
    assert not load(None)


def test_every_kind_of_file_is_read(tmp_path: Path) -> None:
    write(
        tmp_path,
        estate="""
            tiers: {critical: 1}
            accounts: [{id: "111122223333", tier: critical, owner: payments, sources: [aws_cloudtrail]}]
            """,
        identities="identities: [{actor: deployer, class: ci, names: ['aws:111122223333:ci/deploy']}]\n",
        networks="networks: [{name: office, kind: office, ranges: [203.0.113.0/24]}]\n",
        architecture="flows: [{from: {network: office}, to: {namespace: shop}, ports: [443, 8000-8100]}]\n",
        lists__registries="values: [registry.example.com/*]\n",
        changes__november="""
            changes:
              - {id: CHG-1, starts: 2026-11-01T20:00:00Z, ends: 2026-11-02, scope: {accounts: ["111122223333"]}}
            """,
    )
    context = pickle.loads(pickle.dumps(load(tmp_path)))
    assert [member.tier for member in context.estate.members] == ["critical"]
    assert [name.actor for name in context.names] == ["deployer"]
    assert [str(one.range) for one in context.networks.ranges] == ["203.0.113.0/24"]
    assert [flow.ports for flow in context.flows] == [((443, 443), (8000, 8100))]
    assert [entry.value for entry in context.lists["registries"]] == ["registry.example.com/*"]
    assert [change.id for change in context.changes] == ["CHG-1"]


def test_every_problem_of_every_file_is_told_at_once_with_its_place(tmp_path: Path) -> None:
    write(
        tmp_path,
        estate="""\
            tiers: {critical: 1}
            clusters:
              - {id: prod, tier: critcal}
              - {id: dev, onwer: me}
              - {id: test, sources: [kubernetes_audt]}
            """,
        identities="""\
            identities:
              - {actor: alice, class: humn, names: ["entra:t:1"]}
              - {names: ["kubernetes:*:default"]}
            """,
        networks="networks: [{name: a, kind: pod, ranges: [192.0.2.1/24, nonsense]}]\n",
        architecture="flows: [{from: {network: b}, to: {namespace: shop}, ports: [9-1]}]\n",
        lists__x="[{value: y, expires: 2026-13-01}, {value: z, until: 2026-01-01}]\n",
        changes__x="changes: [{id: A, starts: 2026-01-02, ends: 2026-01-01, scope: {accounts: [x]}}]\n",
    )
    problems = said(tmp_path)
    assert [problem.partition(": ")[0] for problem in problems] == [
        "architecture.yml:1:26",
        "architecture.yml:1:61",
        "changes/x.yml:1:45",
        "estate.yml:3:22",
        "estate.yml:4:15",
        "estate.yml:5:26",
        "identities.yml:2:27",
        "identities.yml:3:14",
        "lists/x.yml:1:22",
        "lists/x.yml:1:46",
        "networks.yml:1:42",
        "networks.yml:1:56",
    ]
    assert "did you mean 'critical'?" in problems[3]
    assert "unknown key 'onwer'; did you mean 'owner'?" in problems[4]
    assert "Write 192.0.2.0/24." in problems[10]
    with pytest.raises(ContentError) as caught:
        load(tmp_path)
    assert len(caught.value.problems) == len(problems)


def test_a_file_that_nothing_reads_is_most_often_a_slip_in_its_name(tmp_path: Path) -> None:
    write(tmp_path, identitis="identities: []\n")
    (problem,) = read_context(tmp_path)[1]
    assert problem.severity is Severity.WARNING
    assert "did you mean 'identities'?" in problem.message


@pytest.mark.parametrize(
    ("files", "place"),
    [
        ({"estate": "accounts: [{id: a}, {id: a}]\n"}, "estate.yml:1:26"),
        ({"identities": "identities: [{names: ['p:s:x']}, {names: ['p:s:x']}]\n"}, "identities.yml:1:43"),
        (
            {"identities": "identities: [{actor: a, names: ['p:s:x']}, {actor: a, names: ['p:s:y']}]\n"},
            "identities.yml:1:52",
        ),
        ({"networks": "networks: [{name: a, kind: pod, ranges: [192.0.2.0/24, 192.0.2.0/24]}]\n"}, "networks.yml"),
        ({"lists__x": "[a, a]\n"}, "lists/x.yml:1:5"),
        (
            {
                "changes__a": "changes: [{id: A, starts: 2026-01-01, ends: 2026-01-02, scope: {accounts: [x]}}]\n",
                "changes__b": "changes: [{id: A, starts: 2026-02-01, ends: 2026-02-02, scope: {accounts: [x]}}]\n",
            },
            "changes/b.yml:1:16",
        ),
    ],
)
def test_one_name_is_said_once_for_one_time(tmp_path: Path, files: dict[str, str], place: str) -> None:
    write(tmp_path, **files)
    (problem,) = said(tmp_path)
    assert problem.startswith(place)


def test_validities_that_touch_do_not_overlap(tmp_path: Path) -> None:
    write(
        tmp_path,
        identities="""
            identities:
              - {actor: old, names: ["p:s:x"], valid_to: 2026-06-01}
              - {actor: new, names: [{principal: "p:s:x", valid_from: 2026-06-01T00:00:00Z}]}
            """,
    )
    assert said(tmp_path) == []


def test_an_empty_file_is_no_problem_and_broken_yaml_is_one(tmp_path: Path) -> None:
    write(tmp_path, estate="# nothing yet\n", identities="identities: [\n")
    (problem,) = said(tmp_path)
    assert problem.startswith("identities.yml:2:1: C-YAML: not YAML")
