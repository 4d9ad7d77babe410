"""A key that was found is tried out."""

from __future__ import annotations

from stratagem.emulate.techniques._aws import each_of
from stratagem.emulate.techniques._contract import Command, Expected, Habit, History, Live, ScenarioEvent, Technique

PLUGIN = Technique(
    title="A key that was found is tried out",
    attack=("T1526", "T1087.004", "T1580"),
    platform="aws",
    describe="Who am I, and what is here: four calls, too few for a rule that counts.",
    expected=(Expected(strategy="first_look_around", rule="first_look", entity="user/ci-legacy"),),
    events=(
        ScenarioEvent(base="aws_cloudtrail/get_caller_identity"),
        ScenarioEvent(
            base="aws_cloudtrail/list_groups",
            at="5s",
            repeat=4,
            every="6s",
            vary=each_of("s3:ListBuckets", "iam:ListUsers", "ec2:DescribeInstances", "secretsmanager:ListSecrets"),
        ),
    ),
    history=History(
        days=20,
        seed=2,
        habits=(
            Habit(
                event=ScenarioEvent(
                    base="aws_cloudtrail/get_account_authorization_details",
                    set={"requestParameters": None},
                    vary=each_of("s3:ListBuckets", "iam:ListUsers"),
                ),
                per_day=4,
            ),
        ),
    ),
    live=Live(
        sandbox="aws",
        detonate=(
            Command(line="aws sts get-caller-identity"),
            Command(line="aws s3api list-buckets"),
            Command(line="aws iam list-users --max-items 1"),
            Command(line="aws ec2 describe-instances --max-items 1 --region us-east-1"),
            Command(line="aws ec2 describe-instances --max-items 1 --region us-west-2"),
        ),
    ),
    source="https://github.com/redcanaryco/atomic-red-team T1526, the calls of its AWS test",
)
