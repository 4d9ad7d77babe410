"""Programs in the AWS accounts: Terraform, pipelines, nodes, autoscaling, services, a posture scanner."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

from stratagem.emulate._record import Teller, Told
from stratagem.emulate.estate.calendar import Day, how_often
from stratagem.emulate.estate.cast import CI_ADDRESSES, NODE_EGRESS, SCANNER_ADDRESS, Cast
from stratagem.emulate.estate.life._aws import role
from stratagem.emulate.estate.life._contract import Life
from stratagem.emulate.estate.life.cluster_machinery import is_released, version

_TERRAFORM = (
    ("iam.amazonaws.com", "GetRole", "roleName"),
    ("iam.amazonaws.com", "GetRolePolicy", "roleName"),
    ("iam.amazonaws.com", "ListAttachedRolePolicies", "roleName"),
    ("iam.amazonaws.com", "GetGroup", "groupName"),
    ("s3.amazonaws.com", "GetBucketPolicy", "bucketName"),
    ("s3.amazonaws.com", "GetBucketVersioning", "bucketName"),
    ("ec2.amazonaws.com", "DescribeVpcAttribute", "vpcId"),
    ("ecs.amazonaws.com", "DescribeServices", "cluster"),
    ("ecr.amazonaws.com", "DescribeRepositories", "repositoryNames"),
    ("lambda.amazonaws.com", "GetFunction20150331v2", "functionName"),
    ("kms.amazonaws.com", "DescribeKey", "keyId"),
)
_SCAN = (
    ("iam.amazonaws.com", "GetAccountAuthorizationDetails"),
    ("iam.amazonaws.com", "ListUsers"),
    ("iam.amazonaws.com", "ListGroups"),
    ("s3.amazonaws.com", "ListBuckets"),
    ("ec2.amazonaws.com", "DescribeInstances"),
    ("ec2.amazonaws.com", "DescribeSecurityGroups"),
    ("ecs.amazonaws.com", "ListClusters"),
    ("eks.amazonaws.com", "ListClusters"),
    ("ecr.amazonaws.com", "DescribeRepositories"),
    ("lambda.amazonaws.com", "ListFunctions20150331"),
    ("rds.amazonaws.com", "DescribeDBInstances"),
    ("kms.amazonaws.com", "ListKeys"),
)


def _day(cast: Cast, day: Day, teller: Teller, chance: random.Random) -> Iterator[Told]:
    for account, purpose in cast.accounts.items():
        yield from _terraform(account, day, teller, chance)
        yield from _scan(account, day, teller, chance)
        yield from _services(account, purpose, day, teller, chance)
    yield from _pipelines(cast, day, teller, chance)
    yield from _nodes(cast, day, teller, chance)


def _terraform(account: str, day: Day, teller: Teller, chance: random.Random) -> Iterator[Told]:
    """A refresh reads what it manages, one object a call, fast and many kinds of them."""
    for _ in range(how_often(chance, 0.2 if day.is_weekend else 2.0)):
        begin = day.working(chance)
        for number in range(chance.randint(20, 60)):
            service, call, argument = chance.choice(_TERRAFORM)
            changes = role(account, "terraform-platform", "terraform-ci", chance.choice(CI_ADDRESSES)) | {
                "eventSource": service,
                "eventName": call,
                "requestParameters": {argument: f"{argument.lower()}-{chance.randrange(40)}"},
            }
            moment = begin + timedelta(seconds=number * chance.uniform(0.2, 2.0))
            yield teller.tell("aws_cloudtrail/describe_instances_terraform", f"{account}/us-east-1", moment, changes)


def _scan(account: str, day: Day, teller: Teller, chance: random.Random) -> Iterator[Told]:
    begin = day.start + timedelta(hours=2, minutes=int(account[-2:]))
    for number, (service, call) in enumerate(_SCAN):
        changes = role(account, "posture-scanner", "nightly", SCANNER_ADDRESS) | {
            "eventSource": service,
            "eventName": call,
            "requestParameters": None,
        }
        yield teller.tell(
            "aws_cloudtrail/get_account_authorization_details_scanner",
            f"{account}/us-east-1",
            begin + timedelta(seconds=3 * number),
            changes,
        )


def _services(account: str, purpose: str, day: Day, teller: Teller, chance: random.Random) -> Iterator[Told]:
    for base, mean in (("assume_role_by_service", 30), ("kms_decrypt_by_service", 25), ("backup_start_job", 1)):
        for _ in range(how_often(chance, mean)):
            changes = {"recipientAccountId": account}
            yield teller.tell(f"aws_cloudtrail/{base}", f"{account}/eu-west-1", day.any_time(chance), changes)
    if purpose.startswith("prod"):
        for _ in range(how_often(chance, 3 if day.is_weekend else 9)):
            changes = {"recipientAccountId": account}
            yield teller.tell(
                "aws_cloudtrail/run_instances_autoscaling", f"{account}/eu-west-1", day.any_time(chance), changes
            )


def _pipelines(cast: Cast, day: Day, teller: Teller, chance: random.Random) -> Iterator[Told]:
    """A release: the pipeline assumes its role with a token of the code host and pushes an image."""
    account = next(iter(cast.accounts))
    for workload in cast.clusters[0].workloads:
        if not is_released(workload, day):
            continue
        name, repository = f"github-actions-{workload.namespace}", f"{workload.namespace}/{workload.name}"
        moment, address = day.between(chance, 7.5, 16.5), chance.choice(CI_ADDRESSES)
        subject = f"repo:example/{workload.namespace}-{workload.name}:ref:refs/heads/main"
        arn = f"arn:aws:iam::{account}:role/{name}"
        assumed = {
            "userIdentity": {"userName": subject},
            "requestParameters": {"roleArn": arn, "roleSessionName": "GitHubActions"},
            "recipientAccountId": account,
            "sourceIPAddress": address,
        }
        home = f"{account}/eu-west-1"
        yield teller.tell("aws_cloudtrail/assume_role_with_web_identity", home, moment, assumed)
        pushed = role(account, name, "GitHubActions", address) | {
            "requestParameters": {"repositoryName": repository, "imageTag": f"1.8.{version(workload, day)}"},
        }
        yield teller.tell("aws_cloudtrail/ecr_put_image", home, moment + timedelta(minutes=4), pushed)


def _nodes(cast: Cast, day: Day, teller: Teller, chance: random.Random) -> Iterator[Told]:
    for cluster in cast.clusters[:2]:
        for _ in range(how_often(chance, 0.6 * len(cluster.nodes))):
            workload = chance.choice(cluster.workloads)
            moment: datetime = day.any_time(chance)
            session = f"i-{chance.randrange(16**6):06x}0000000{cluster.name[-2:].encode().hex()}"[:19]
            changes = role(cluster.account, "eks-prod-node", session, chance.choice(NODE_EGRESS)) | {
                "requestParameters": {"repositoryName": f"{workload.namespace}/{workload.name}"},
                "resources": None,
            }
            home = f"{cluster.account}/{cluster.region}"
            yield teller.tell("aws_cloudtrail/ecr_batch_get_image_node", home, moment, changes)


PLUGIN = Life(
    describe=(
        "Terraform refreshes, pipelines that push images, nodes that pull them, autoscaling, backups, a nightly "
        "posture scan. Tempting: a refresh reads ten services in a minute, the scan asks for every user and group."
    ),
    day=_day,
)
