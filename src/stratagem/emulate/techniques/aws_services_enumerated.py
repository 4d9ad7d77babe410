"""The common services of an account are enumerated."""

from __future__ import annotations

from stratagem.emulate.techniques._aws import each_of
from stratagem.emulate.techniques._contract import Command, Expected, Live, ScenarioEvent, Technique

PLUGIN = Technique(
    title="The common services of an account are enumerated",
    attack=("T1526", "T1580"),
    platform="aws",
    describe="With a key that was found, ask each service for everything that it has.",
    expected=(Expected(strategy="services_enumerated", rule="services_enumerated", entity="user/ci-legacy"),),
    events=(
        ScenarioEvent(
            base="aws_cloudtrail/list_groups",
            set={"userAgent": "Boto3/1.35.90 md/Botocore#1.35.90"},
            repeat=8,
            every="5s",
            vary=each_of(
                "iam:ListUsers",
                "iam:ListRoles",
                "s3:ListBuckets",
                "ec2:DescribeInstances",
                "lambda:ListFunctions20150331",
                "ecr:DescribeRepositories",
                "ecs:ListClusters",
                "eks:ListClusters",
            ),
        ),
    ),
    live=Live(
        sandbox="aws",
        detonate=(
            Command(line="aws sts get-caller-identity"),
            Command(line="aws s3api list-buckets"),
            Command(line="aws iam list-users --max-items 1"),
            Command(line="aws iam list-roles --max-items 1"),
            Command(line="aws ec2 describe-instances --max-items 1"),
            Command(line="aws lambda list-functions --max-items 1"),
            Command(line="aws ecr describe-repositories --max-items 1", may_fail=True),
            Command(line="aws ecs list-clusters --max-items 1"),
            Command(line="aws eks list-clusters --max-items 1"),
            Command(line="aws secretsmanager list-secrets --max-items 1"),
            Command(line="aws kms list-keys --max-items 1"),
            Command(line="aws cloudtrail describe-trails"),
        ),
    ),
    source="https://github.com/redcanaryco/atomic-red-team T1526 (its two AWS tests, corrected)",
)
