"""A privileged container is registered with ECS."""

from __future__ import annotations

from stratagem.emulate.techniques._contract import Command, Expected, Live, ScenarioEvent, Technique, Thing

PLUGIN = Technique(
    title="A privileged container is registered with ECS",
    attack=("T1610", "T1611"),
    platform="aws",
    describe="A task definition with a privileged container on EC2 makes root in the container root on the instance.",
    expected=(Expected(strategy="privileged_ecs_task_definition", entity="user/ci-legacy"),),
    events=(
        ScenarioEvent(
            base="aws_cloudtrail/ecs_register_task_definition_ec2",
            set={"requestParameters.containerDefinitions[0].privileged": True},
        ),
    ),
    live=Live(
        sandbox="aws",
        detonate=(
            Command(
                line=(
                    "aws ecs register-task-definition --family {run} --requires-compatibilities EC2 "
                    '--container-definitions \'[{"name":"pause",'
                    '"image":"public.ecr.aws/eks-distro/kubernetes/pause:3.9","memory":32,"privileged":true}]\' '
                    "--tags key=ads-run-id,value={run}"
                ),
                makes=(
                    Thing(
                        name="task definition {run}:1",
                        remove="aws ecs deregister-task-definition --task-definition {run}:1",
                    ),
                ),
            ),
        ),
    ),
)
