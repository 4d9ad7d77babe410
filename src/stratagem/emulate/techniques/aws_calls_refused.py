"""A key without rights is tried on many services."""

from __future__ import annotations

from stratagem.emulate.techniques._aws import each_of
from stratagem.emulate.techniques._contract import Expected, ScenarioEvent, Technique

PLUGIN = Technique(
    title="A key without rights is tried on many services",
    attack=("T1526", "T1580", "T1069.003"),
    platform="aws",
    describe="Tools that guess permissions call everything; nearly all of it is refused.",
    expected=(Expected(strategy="many_calls_refused", rule="permissions_tried", entity="user/ci-legacy"),),
    events=(
        ScenarioEvent(
            base="aws_cloudtrail/list_groups",
            set={
                "errorCode": "AccessDenied",
                "errorMessage": "User: arn:aws:iam::111122223333:user/ci-legacy is not authorized to perform this call",
            },
            repeat=18,
            every="2s",
            vary=each_of(
                "iam:ListUsers",
                "s3:ListBuckets",
                "ec2:DescribeInstances",
                "lambda:ListFunctions20150331",
                "ecr:DescribeRepositories",
                "ecs:ListClusters",
                "eks:ListNodegroups",
                "rds:DescribeDBInstances",
                "kms:ListKeys",
                "secretsmanager:ListSecrets",
                "sns:ListTopics",
                "sqs:ListQueues",
                "logs:DescribeLogGroups",
                "ssm:DescribeParameters",
                "dynamodb:ListTables",
                "route53:ListHostedZones",
                "acm:ListCertificates",
                "athena:ListWorkGroups",
            ),
        ),
    ),
    source="https://github.com/andresriancho/enumerate-iam",
)
