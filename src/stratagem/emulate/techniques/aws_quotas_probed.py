"""The quotas of many regions are asked for."""

from __future__ import annotations

from stratagem.emulate.techniques._contract import Command, Expected, Live, ScenarioEvent, Technique

_REGIONS = (
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "eu-central-1",
    "eu-north-1",
    "ap-south-1",
    "ap-southeast-1",
    "ap-northeast-1",
)
_QUOTA = "--service-code ec2 --quota-code L-1216C47A"

PLUGIN = Technique(
    title="The quotas of many regions are asked for",
    attack=("T1580", "T1578.005"),
    platform="aws",
    describe="How much may be started where: what a miner of crypto currency wants to know.",
    expected=(Expected(strategy="service_quotas_probed", rule="quotas_of_many_regions", entity="user/ci-legacy"),),
    events=(
        ScenarioEvent(
            base="aws_cloudtrail/list_groups",
            set={
                "eventSource": "servicequotas.amazonaws.com",
                "eventName": "GetServiceQuota",
                "requestParameters": {"serviceCode": "ec2", "quotaCode": "L-1216C47A"},
            },
            repeat=12,
            every="2s",
            vary={
                "awsRegion": [
                    "eu-west-1",
                    "eu-central-1",
                    "eu-north-1",
                    "us-east-1",
                    "us-east-2",
                    "us-west-1",
                    "us-west-2",
                    "ap-southeast-1",
                    "ap-southeast-2",
                    "ap-northeast-1",
                    "sa-east-1",
                    "ca-central-1",
                ]
            },
        ),
    ),
    live=Live(
        sandbox="aws",
        detonate=tuple(
            Command(line=f"aws service-quotas get-service-quota {_QUOTA} --region {region}") for region in _REGIONS
        ),
    ),
    source="the report on cloud service discovery, its `aws service-quotas` command corrected",
)
