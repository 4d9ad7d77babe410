"""A repository of ECR is opened to everybody."""

from __future__ import annotations

from stratagem.emulate.techniques._contract import Command, Expected, Live, ScenarioEvent, Technique, Thing

PLUGIN = Technique(
    title="A repository of ECR is opened to everybody",
    attack=("T1537", "T1525"),
    platform="aws",
    describe=(
        "A repository policy with Principal * lets every AWS account pull the images, and what is baked into them."
    ),
    expected=(Expected(strategy="ecr_repository_opened_to_anyone", entity="user/ci-legacy"),),
    events=(
        ScenarioEvent(
            base="aws_cloudtrail/ecr_set_repository_policy",
            set={
                "requestParameters.policyText": (
                    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},'
                    '"Action":["ecr:BatchGetImage","ecr:GetDownloadUrlForLayer"]}]}'
                )
            },
        ),
    ),
    live=Live(
        sandbox="aws",
        warmup=(
            Command(
                line="aws ecr create-repository --repository-name {run} --tags Key=ads-run-id,Value={run}",
                makes=(
                    Thing(name="repository {run}", remove="aws ecr delete-repository --repository-name {run} --force"),
                ),
            ),
        ),
        detonate=(
            Command(
                line=(
                    "aws ecr set-repository-policy --repository-name {run} --policy-text "
                    '\'{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},'
                    '"Action":["ecr:BatchGetImage","ecr:GetDownloadUrlForLayer"]}]}\''
                ),
                makes=(
                    Thing(
                        name="policy of repository {run}",
                        remove="aws ecr delete-repository-policy --repository-name {run}",
                    ),
                ),
            ),
        ),
    ),
)
