"""What history proposes, and what it does not."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from stratagem.context.known import NOTHING, Context
from stratagem.context.load import load, read_context
from stratagem.context.suggest.ask import suggest
from stratagem.context.suggest.diff import added, changed, unified
from stratagem.context.suggest.proposal import Suggestions
from tests.unit.context.files import write
from tests.unit.context.history import days, events, history

ALL_DAY = range(24)
DAY = date(2026, 4, 1)
ARGO = "kubernetes:shop:system:serviceaccount:argocd:argocd-application-controller"
ROLE = "aws:111122223333:arn:aws:iam::111122223333:role"


def background(count: int = 28) -> list[dict[str, Any]]:
    """Something that spans the history."""
    return events("kubernetes:shop:alice@example.com", days(count), agent="kubectl/v1.32", ip="198.51.100.9")


def asked(*parts: list[dict[str, Any]], context: Context = NOTHING, people: bool = False) -> Suggestions:
    return suggest(history(background(), *parts), context, with_people=people)


def proposed(found: Suggestions) -> dict[str, list[str]]:
    """Names by class or kind."""
    by: dict[str, list[str]] = {}
    for one in found.proposals:
        by.setdefault(one.title.partition(" ")[0], []).extend(one.names)
    return by


def reasons(found: Suggestions) -> dict[str, str]:
    return {one.name: one.reason for one in found.left_out}


@pytest.mark.parametrize(
    ("name", "principal", "said"),
    [
        ("gitops", ARGO, {"agent": "argocd-application-controller/v0.0.0", "activity_id": 3}),
        (
            "ci",
            "aws:111122223333:arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com:"
            "sts.amazonaws.com:repo:example/shop:ref:refs/heads/main",
            {"source": "aws_cloudtrail"},
        ),
        ("ci", f"{ROLE}/terraform-platform", {"agent": "APN/1.0 HashiCorp/1.0 Terraform/1.9.8", "session": "run-1"}),
        ("node", f"{ROLE}/workers", {"session": ["i-0aaaaaaaaaaaaaaa1", "i-0aaaaaaaaaaaaaaa2"]}),
        ("platform", "aws:111122223333:ecs-tasks.amazonaws.com", {"source": "aws_cloudtrail"}),
        ("platform", f"{ROLE}/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling", {}),
        (
            "platform",
            "kubernetes:shop:system:serviceaccount:kube-system:replicaset-controller",
            {"agent": "kube-controller-manager/v1.32.3", "activity_id": 1},
        ),
        ("platform", "kubernetes:shop:system:kube-scheduler", {}),
        (
            "scanner",
            f"{ROLE}/posture-audit",
            {"agent": "Boto3/1.35", "operation": [f"Describe{n}" for n in range(7)], "kind": None},
        ),
    ],
)
def test_what_is_usual_is_proposed_with_its_class(name: str, principal: str, said: dict[str, Any]) -> None:
    assert proposed(asked(events(principal, days(28), **said))) == {name: [principal]}


def test_a_controller_works_around_the_clock_with_one_program() -> None:
    manager = "kubernetes:shop:system:serviceaccount:cert-manager:cert-manager"
    found = asked(events(manager, days(28, hours=ALL_DAY), agent="cert-manager-controller/v1.16"))
    assert proposed(found) == {"controller": [manager]}
    by_hand = asked(events(manager, days(28, hours=ALL_DAY), agent="kubectl/v1.32"))
    assert proposed(by_hand) == {}


def test_nodes_stand_for_all_nodes_of_their_cluster_and_of_no_other() -> None:
    node = "kubernetes:{}:system:node:n{}"
    parts = [events(node.format(cluster, n), days(3, first=n)) for cluster in ("shop", "lab") for n in range(4)]
    assert proposed(asked(*parts)) == {
        "node": ["kubernetes:lab:system:node:*", "kubernetes:shop:system:node:*"],
    }


def test_equal_roles_of_several_accounts_stand_together_and_are_not_joined() -> None:
    roles = [f"aws:{n}11122223333:arn:aws:iam::{n}11122223333:role/terraform-ci" for n in (1, 2)]
    found = asked(*(events(role, days(28), agent="Terraform/1.9") for role in roles))
    (proposal,) = found.proposals
    assert proposal.names == tuple(roles)
    assert not any("actor" in line for line in proposal.entry)


@pytest.mark.parametrize(
    ("times", "reason"),
    [
        (days(2, first=20, hours=ALL_DAY), "seen on 2 of 28 days; 5 are needed"),
        (days(6, first=20), "all within 6 days; 7 are needed"),
        (days(9, first=18), "9 events; 10 are needed"),
        (
            [*days(10, first=17), *(time + timedelta(minutes=n) for time in days(1, first=26) for n in range(50))],
            "of one day",
        ),
        ([*days(3), *days(7, first=20)], "active on 37% of the days"),
        (days(15), "silent since 2026-03-16"),
    ],
)
def test_what_an_attack_window_shows_is_left_out_with_the_reason(times: list[Any], reason: str) -> None:
    found = asked(events(f"{ROLE}/scanner", times, agent="prowler/4.0"))
    assert proposed(found) == {}
    assert reason in reasons(found)[f"{ROLE}/scanner"]


def test_a_name_alone_or_a_user_agent_alone_proposes_nothing() -> None:
    found = asked(
        events(f"{ROLE}/deploy", days(28, hours=ALL_DAY), agent="aws-cli/2.22"),
        events(f"{ROLE}/web", days(28, hours=ALL_DAY), agent="prowler/4.0"),
    )
    assert proposed(found) == {}


@pytest.mark.parametrize(
    "person",
    [
        "aws:111122223333:sso/terraform@example.com",
        "aws:111122223333:arn:aws:iam::111122223333:user/terraform-ci",
        f"{ROLE}/deploy/bob@example.com",
        "kubernetes:shop:scanner@example.com",
    ],
)
def test_a_person_is_never_taken_for_a_machine(person: str) -> None:
    assert proposed(asked(events(person, days(28), agent="Terraform/1.9"))) == {}


def test_an_unknown_cluster_is_no_scope_to_name_anybody_in() -> None:
    found = asked(events("kubernetes:unknown:system:kube-scheduler", days(28)))
    assert proposed(found) == {}
    assert "bind a label" in reasons(found)["kubernetes:unknown:system:kube-scheduler"]


def test_a_short_history_shows_nothing_usual() -> None:
    found = suggest(history(background(6)), NOTHING)
    assert found.proposals == ()
    assert "6 days show nothing usual; 7 are needed" in found.notes[1]


def test_what_the_context_says_already_is_not_proposed_again(tmp_path: Path) -> None:
    parts = [
        events(ARGO, days(28), agent="argocd/v2", activity_id=3, ip="203.0.113.9"),
        *(events(f"{ROLE}/ci-{n}", days(28), agent="Terraform/1.9", ip="203.0.113.9") for n in range(3)),
    ]
    first = asked(*parts)
    assert {name: len(names) for name, names in proposed(first).items()} == {"ci": 3, "gitops": 1, "egress": 1}
    for path, (_, text) in changed(tmp_path, first.proposals, DAY).items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert read_context(tmp_path)[1] == ()
    assert asked(*parts, context=load(tmp_path)).proposals == ()


def test_registries_are_proposed_whole_and_shared_ones_by_their_namespace() -> None:
    times = days(28, hours=(9, 15))
    found = asked(
        events(ARGO, times, activity_id=1, image="registry.example.com/shop/web:1", namespace=["shop", "bank"]),
        events(ARGO, times, activity_id=1, image="ghcr.io/example/tool:1", namespace=["shop", "bank"]),
        events(ARGO, days(2, first=20), activity_id=1, image="docker.io/evil/miner", namespace="shop"),
        events(ARGO, times, activity_id=1, image="quay.io/one/thing", namespace="shop"),
    )
    assert proposed(found)["registry"] == ["ghcr.io/example", "registry.example.com"]
    assert reasons(found)["docker.io/evil"] == "seen on 2 of 28 days; 5 are needed"
    assert reasons(found)["quay.io/one"] == "in one namespace alone"


def test_an_address_is_ours_when_several_actors_use_it_and_private_ones_are_none() -> None:
    def used(ip: str, count: int) -> list[list[dict[str, Any]]]:
        return [events(f"aws:111122223333:sso/p{n}@example.com", days(28), ip=ip) for n in range(count)]

    same_person = [events(f"aws:{n}:sso/eve@example.com", days(28), ip="203.0.113.7") for n in range(4)]
    found = asked(*used("203.0.113.5", 3), *used("203.0.113.6", 2), *same_person, *used("10.0.0.1", 3))
    assert proposed(found) == {"egress": ["203.0.113.5"]}


def test_one_person_is_joined_by_the_address_that_each_provider_vouches_for() -> None:
    parts = [
        events("aws:111122223333:sso/Alice@example.com", days(28)),
        events("entra:t-1:5f0c", days(28), source="entra_signin", name="alice@example.com"),
        events(f"{ROLE}/admin/alice@example.com", days(28)),  # a caller chose this session name
        events("entra:t-1:77aa", days(28), source="entra_signin", name=["bob@example.com", "robert@example.com"]),
        events("aws:111122223333:sso/bob@example.com", days(28)),
    ]
    assert proposed(asked(*parts)) == {}
    assert proposed(asked(*parts, people=True)) == {
        "human": ["aws:111122223333:sso/Alice@example.com", "entra:t-1:5f0c", "kubernetes:shop:alice@example.com"]
    }


def test_evidence_stands_above_the_entry() -> None:
    found = asked(events(ARGO, days(28), agent="argocd-application-controller/v0", activity_id=3, operation="patch"))
    text = "\n".join(found.proposals[0].lines(DAY))
    assert text.startswith("# suggested 2026-04-01: its program is a GitOps controller")
    assert "28 events on 28 of 28 days, in 1 of 24 hours" in text.replace("\n# ", " ")
    assert "0% reads: patch pods" in text.replace("\n# ", " ")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "k:\n  - new\n"),
        ("# mine\n", "# mine\n\nk:\n  - new\n"),
        ("k: []\n", "k:\n  - new\n"),
        ("k:\n", "k:\n  - new\n"),
        ("k:\n  - a  # why\n", "k:\n  - a  # why\n\n  - new\n"),
        ("k:\n- a\n", "k:\n- a\n\n- new\n"),
        ("k:\n  - a\n\n# of other\nother: 1\n", "k:\n  - a\n\n  - new\n\n# of other\nother: 1\n"),
        ("- a\n", "- a\n\n- new\n"),
    ],
)
def test_text_is_added_and_what_people_wrote_stays(before: str, after: str) -> None:
    assert added(before, "k", ["", "- new"]) == after


def test_a_diff_names_files_from_the_workspace(tmp_path: Path) -> None:
    write(tmp_path / "context", identities="identities:\n  - {class: ci, names: ['p:s:x']}\n")
    found = asked(events(ARGO, days(28), agent="argocd/v2"))
    text = unified(changed(tmp_path / "context", found.proposals, DAY), tmp_path)
    assert text.startswith("--- a/context/identities.yml\n+++ b/context/identities.yml\n@@ -1,2 +1,")
    assert f'+      - "{ARGO}"\n' in text
