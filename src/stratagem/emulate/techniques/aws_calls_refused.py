"""A key without rights is tried on many services."""

from __future__ import annotations

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
            vary={
                "eventSource": [
                    "iam.amazonaws.com",
                    "s3.amazonaws.com",
                    "ec2.amazonaws.com",
                    "lambda.amazonaws.com",
                    "ecr.amazonaws.com",
                    "ecs.amazonaws.com",
                    "eks.amazonaws.com",
                    "rds.amazonaws.com",
                    "kms.amazonaws.com",
                    "secretsmanager.amazonaws.com",
                    "sns.amazonaws.com",
                    "sqs.amazonaws.com",
                    "logs.amazonaws.com",
                    "ssm.amazonaws.com",
                    "dynamodb.amazonaws.com",
                    "route53.amazonaws.com",
                    "acm.amazonaws.com",
                    "athena.amazonaws.com",
                ],
                "eventName": [
                    "ListUsers",
                    "ListBuckets",
                    "DescribeInstances",
                    "ListFunctions20150331",
                    "DescribeRepositories",
                    "ListClusters",
                    "ListNodegroups",
                    "DescribeDBInstances",
                    "ListKeys",
                    "ListSecrets",
                    "ListTopics",
                    "ListQueues",
                    "DescribeLogGroups",
                    "DescribeParameters",
                    "ListTables",
                    "ListHostedZones",
                    "ListCertificates",
                    "ListWorkGroups",
                ],
            },
        ),
    ),
    source="https://github.com/andresriancho/enumerate-iam",
)
