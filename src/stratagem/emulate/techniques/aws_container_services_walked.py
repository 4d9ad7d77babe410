"""The container services of an account are enumerated."""

from __future__ import annotations

from stratagem.emulate.techniques._aws import each_of
from stratagem.emulate.techniques._contract import Command, Expected, Live, ScenarioEvent, Technique

PLUGIN = Technique(
    title="The container services of an account are enumerated",
    attack=("T1526", "T1580"),
    platform="aws",
    describe="Which clusters, tasks and images there are, before one of them is entered.",
    expected=(Expected(strategy="container_services_enumerated", rule="estate_walked", entity="user/ci-legacy"),),
    events=(
        ScenarioEvent(
            base="aws_cloudtrail/list_groups",
            repeat=6,
            every="5s",
            vary=each_of(
                "ecs:ListClusters",
                "eks:ListClusters",
                "ecr:DescribeRepositories",
                "ecs:ListTaskDefinitions",
                "eks:ListNodegroups",
                "ecs:ListTasks",
            ),
        ),
    ),
    live=Live(
        sandbox="aws",
        detonate=(
            Command(line="aws ecs list-clusters --max-items 1", may_fail=True),
            Command(line="aws eks list-clusters --max-items 1", may_fail=True),
            Command(line="aws ecr describe-repositories --max-items 1", may_fail=True),
            Command(line="aws ecr describe-registry", may_fail=True),
            Command(line="aws ecs list-task-definitions --max-items 1", may_fail=True),
            Command(line="aws ecs list-services --max-items 1", may_fail=True),
        ),
    ),
    source="the service enumeration of the report on cloud service discovery",
)
