"""Folders of Sigma rules: the CloudTrail rules of a folder of public ones, and any number of our own making.

The made rules mix their tests as public CloudTrail rules do: most name a service and a call, some a call and an error,
a user agent or a filter, few have nothing but a substring or a regular expression. A third of the calls that they name
are common, so that the rules do meet the records; what they ask for beyond that is rare.
"""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

Selection = Mapping[str, Any]


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


COMMON = (
    ("ec2", "DescribeInstances"),
    ("ec2", "RunInstances"),
    ("ec2", "DescribeSnapshots"),
    ("ec2", "ModifySnapshotAttribute"),
    ("iam", "CreateAccessKey"),
    ("iam", "CreateUser"),
    ("iam", "AttachUserPolicy"),
    ("iam", "ListUsers"),
    ("iam", "GetUser"),
    ("kms", "Decrypt"),
    ("kms", "GenerateDataKey"),
    ("lambda", "UpdateFunctionCode20150331v2"),
    ("rds", "ModifyDBSnapshotAttribute"),
    ("s3", "GetObject"),
    ("s3", "GetBucketAcl"),
    ("s3", "ListBuckets"),
    ("s3", "PutBucketPolicy"),
    ("secretsmanager", "GetSecretValue"),
    ("secretsmanager", "ListSecrets"),
    ("signin", "ConsoleLogin"),
    ("ssm", "GetParameters"),
    ("ssm", "SendCommand"),
    ("sts", "AssumeRole"),
    ("sts", "GetCallerIdentity"),
)
SERVICES = _words(
    "access-analyzer acm apigateway appstream athena autoscaling backup batch bedrock cloudformation cloudfront "
    "cloudtrail codebuild codecommit cognito-idp config dax detective directconnect dms ds dynamodb ec2 ecr ecs eks "
    "elasticache elasticfilesystem elasticloadbalancing elasticmapreduce es events firehose fsx glacier glue guardduty "
    "iam inspector2 kinesis kms lambda lightsail logs macie2 monitoring organizations ram rds redshift route53 s3 "
    "sagemaker secretsmanager securityhub ses sns sqs ssm sso states sts transfer waf wafv2"
)
VERBS = _words("Create Delete Update Put Modify Attach Detach Associate Disassociate Disable Enable Stop Start Revoke")
NOUNS = _words(
    "AccessPolicy Alias Association AuthConfig Backup Bucket Certificate Channel Cluster Configuration Connection "
    "Detector Distribution Domain Endpoint Environment Export Filter Firewall FlowLogs Function Gateway Grant Group "
    "Image Instance Integration Key Layer Listener LogGroup Member NetworkAcl Parameter Peering Permission Pipeline "
    "Project Provider Queue Recorder Replication Repository Role Route Rule Schedule Secret Session Snapshot Stack "
    "Stream Subnet Subscription Table Task Token Topic Trail TrustAnchor User Vault Volume Workgroup Workspace"
)
TOOLS = _words(
    "pacu scout-suite prowler cloudsploit trufflehog kali parrot pentoo weirdaal enumerate-iam cloudfox "
    "cloudmapper steampipe cloudgoat awspx nimbostratus skyark endgame barq"
)
ERRORS = _words("AccessDenied Client.UnauthorizedOperation UnauthorizedOperation AccessDeniedException NoSuchEntity")


def write_made(folder: Path, count: int, seed: int) -> Path:
    """`count` rules in `folder`, one file each; fewer rules of the same seed are the first of more."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for number, rule in enumerate(made(count, seed)):
        # Every JSON text is a YAML text.
        (folder / f"rule_{number:04d}.yml").write_text(json.dumps(rule, indent=1), encoding="utf-8")
    return folder


def made(count: int, seed: int) -> list[dict[str, Any]]:
    """Rules as they stand in files, the mix of tests the same in every hundred."""
    chance = random.Random(seed)
    kinds = [kind for kind, share in _MIX for _ in range(share)]
    random.Random(0).shuffle(kinds)
    chosen = [_frequent, *(kinds[number % len(kinds)] for number in range(1, count))]
    return [_rule(number, kind(chance), chance) for number, kind in enumerate(chosen)]


def copy_cloudtrail(rules: Path, folder: Path) -> int:
    """Copy the rules for CloudTrail among `rules` to `folder`, and count them.

    Tenzir tries every rule on every event, whatever its logsource, so both are given these alone.
    """
    from stratagem.rules.load import load_folder

    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    loaded = load_folder([rules], {})
    wanted = [
        rule for rule in loaded.rules if (rule.logsource.product, rule.logsource.service) == ("aws", "cloudtrail")
    ]
    for number, file in enumerate(sorted({rule.file for rule in wanted})):
        shutil.copyfile(file, folder / f"{number:04d}_{Path(file).name}")
    return len(wanted)


def _rule(number: int, detection: Mapping[str, Any], chance: random.Random) -> dict[str, Any]:
    return {
        "title": f"Made rule {number}",
        "id": str(UUID(int=chance.getrandbits(128), version=4)),
        "status": "test",
        "description": "Made to measure the cost of many rules.",
        "logsource": {"product": "aws", "service": "cloudtrail"},
        "detection": dict(detection),
        "level": "medium",
    }


def _call(chance: random.Random) -> tuple[str, str]:
    return f"{chance.choice(SERVICES)}.amazonaws.com", chance.choice(VERBS) + chance.choice(NOUNS)


def _common(chance: random.Random) -> tuple[str, str]:
    service, name = chance.choice(COMMON)
    return f"{service}.amazonaws.com", name


def _only(selection: Selection) -> Selection:
    return {"selection": selection, "condition": "selection"}


def _frequent(chance: random.Random) -> Selection:
    """A call that does occur, so that few rules as well as many have findings to report."""
    return _only({"eventSource": "iam.amazonaws.com", "eventName": ["CreateUser", "CreateAccessKey"]})


def _one_call(chance: random.Random) -> Selection:
    source, name = _call(chance)
    return _only({"eventSource": source, "eventName": name})


def _several_calls(chance: random.Random) -> Selection:
    source, _ = _call(chance)
    return _only({"eventSource": source, "eventName": sorted({_call(chance)[1] for _ in range(4)})})


def _call_begins(chance: random.Random) -> Selection:
    source, name = _call(chance)
    return _only({"eventSource": source, "eventName|startswith": name})


def _call_and_error(chance: random.Random) -> Selection:
    source, name = _common(chance)
    return {
        "call": {"eventSource": source, "eventName": name},
        "refused": {"errorCode": chance.choice(ERRORS)},
        "tool": {"userAgent|contains": chance.choice(TOOLS)},
        "condition": "call and refused and tool",
    }


def _call_and_agent(chance: random.Random) -> Selection:
    source, name = _common(chance)
    return _only({"eventSource": source, "eventName": name, "userAgent|contains": chance.sample(TOOLS, 2)})


def _call_unless(chance: random.Random) -> Selection:
    source, name = _common(chance)
    return {
        "selection": {"eventSource": source, "eventName": name, "sourceIPAddress|cidr": "198.18.0.0/15"},
        "filter_role": {"userIdentity.arn|contains": ":assumed-role/" + chance.choice(NOUNS)},
        "filter_service": {"userIdentity.type": "AWSService"},
        "condition": "selection and not 1 of filter_*",
    }


def _call_with_parameter(chance: random.Random) -> Selection:
    source, name = _common(chance)
    value = f"{chance.choice(NOUNS).lower()}-{chance.randrange(1000)}"
    return _only({"eventSource": source, "eventName": name, "requestParameters.name|endswith": value})


def _agent_alone(chance: random.Random) -> Selection:
    return _only({"userAgent|contains": f"{chance.choice(TOOLS)}/{chance.randrange(1, 30)}."})


def _agent_pattern(chance: random.Random) -> Selection:
    return _only({"userAgent|re": rf"{chance.choice(TOOLS)}/[0-9]+\.{chance.randrange(10)}"})


def _actor_and_error(chance: random.Random) -> Selection:
    name = f"{chance.choice(NOUNS)}{chance.randrange(1000)}"
    return _only({"userIdentity.arn|contains": f":user/{name}", "errorCode|startswith": "AccessDenied"})


_MIX: tuple[tuple[Callable[[random.Random], Selection], int], ...] = (
    (_one_call, 36),
    (_several_calls, 22),
    (_call_begins, 5),
    (_call_and_error, 9),
    (_call_and_agent, 9),
    (_call_unless, 7),
    (_call_with_parameter, 5),
    (_agent_alone, 3),
    (_agent_pattern, 2),
    (_actor_and_error, 2),
)
"""Kinds of rules with their share in a hundred."""
