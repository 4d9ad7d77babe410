"""Groups of AWS are enumerated one by one."""

from __future__ import annotations

from stratagem.emulate.techniques._contract import Command, Expected, Live, ScenarioEvent, Technique, Thing

PLUGIN = Technique(
    title="Groups of AWS are enumerated one by one",
    attack=("T1069.003", "T1087.004"),
    platform="aws",
    describe="Who may do what: groups, their members and their policies, asked for with a long-lived key.",
    expected=(Expected(strategy="iam_groups_walked", rule="many_kinds", entity="user/ci-legacy"),),
    events=(
        ScenarioEvent(
            base="aws_cloudtrail/list_groups",
            repeat=6,
            every="5s",
            vary={
                "eventName": [
                    "ListGroups",
                    "ListUsers",
                    "ListGroupsForUser",
                    "GetGroup",
                    "ListAttachedGroupPolicies",
                    "ListGroupPolicies",
                ]
            },
        ),
    ),
    live=Live(
        sandbox="aws",
        warmup=(
            Command(
                line="aws iam create-group --group-name {run}",
                makes=(Thing(name="group {run}", remove="aws iam delete-group --group-name {run}"),),
            ),
        ),
        detonate=(
            Command(line="aws iam list-groups --max-items 1"),
            Command(line="aws iam list-users --max-items 1"),
            Command(line="aws iam get-group --group-name {run}"),
            Command(line="aws iam list-attached-group-policies --group-name {run}"),
            Command(line="aws iam list-group-policies --group-name {run}"),
        ),
    ),
    source="threat model: group enumeration in AWS",
)
