"""Findings of our own making, in every form that they come in."""

from __future__ import annotations

import json
from typing import Any

from stratagem.sources._contract import Example

ACCOUNT = "111122223333"
_DETECTOR = "12abc34d567e8fa901bc2d34e56789f0"
_REMOTE = {
    "ipAddressV4": "203.0.113.7",
    "organization": {"asn": "64500", "asnOrg": "Example Net", "isp": "Example", "org": "Example"},
    "country": {"countryName": "Exampleland"},
    "city": {"cityName": "Example City"},
    "geoLocation": {"lat": 0, "lon": 0},
}


def _finding(
    number: int, kind: str, severity: float, resource: dict[str, Any], action: dict[str, Any] | None, **service: Any
) -> dict[str, Any]:
    uid = f"{number:02}ac34567890abcdef1234567890abcd"
    return {
        "schemaVersion": "2.0",
        "accountId": ACCOUNT,
        "region": "eu-west-1",
        "partition": "aws",
        "id": uid,
        "arn": f"arn:aws:guardduty:eu-west-1:{ACCOUNT}:detector/{_DETECTOR}/finding/{uid}",
        "type": kind,
        "resource": resource,
        "service": {
            "serviceName": "guardduty",
            "detectorId": _DETECTOR,
            **({"action": action} if action else {}),
            "resourceRole": "TARGET",
            "eventFirstSeen": f"2026-11-20T09:50:{number:02}.000Z",
            "eventLastSeen": f"2026-11-20T10:00:{number:02}.000Z",
            "archived": False,
            "count": 1,
            **service,
        },
        "severity": severity,
        "createdAt": f"2026-11-20T10:02:{number:02}.399Z",
        "updatedAt": f"2026-11-20T10:02:{number:02}.399Z",
        "title": f"Example finding {number}.",
        "description": f"An example of {kind}.",
    }


API_CALL = _finding(
    1,
    "UnauthorizedAccess:IAMUser/MaliciousIPCaller",
    5,
    {
        "resourceType": "AccessKey",
        "accessKeyDetails": {
            "accessKeyId": "AKIAIOSFODNN7EXAMPLE",
            "principalId": "AIDAEXAMPLEDANA",
            "userType": "IAMUser",
            "userName": "dana",
        },
    },
    {
        "actionType": "AWS_API_CALL",
        "awsApiCallAction": {
            "api": "ListBuckets",
            "serviceName": "s3.amazonaws.com",
            "callerType": "Remote IP",
            "errorCode": "AccessDenied",
            "remoteIpDetails": _REMOTE,
        },
    },
)
TOR = _finding(
    2,
    "UnauthorizedAccess:EC2/TorRelay",
    8,
    {
        "resourceType": "Instance",
        "instanceDetails": {
            "instanceId": "i-0123456789abcdef0",
            "instanceType": "m6i.large",
            "networkInterfaces": [
                {
                    "networkInterfaceId": "eni-0a1b2c3d4e5f60718",
                    "privateIpAddress": "10.0.1.20",
                    "vpcId": "vpc-0123456789abcdef0",
                    "subnetId": "subnet-0123456789abcdef0",
                }
            ],
        },
    },
    {
        "actionType": "NETWORK_CONNECTION",
        "networkConnectionAction": {
            "connectionDirection": "OUTBOUND",
            "protocol": "TCP",
            "blocked": False,
            "remoteIpDetails": _REMOTE,
            "remotePortDetails": {"port": 9001, "portName": "Unknown"},
            "localPortDetails": {"port": 41000, "portName": "Unknown"},
        },
    },
    count=3,
)
_CLUSTER = {
    "name": "prod",
    "arn": f"arn:aws:eks:eu-west-1:{ACCOUNT}:cluster/prod",
    "vpcId": "vpc-0123456789abcdef0",
    "status": "ACTIVE",
}
KUBERNETES = _finding(
    3,
    "Discovery:Kubernetes/SuccessfulAnonymousAccess",
    5,
    {
        "resourceType": "EKSCluster",
        "eksClusterDetails": _CLUSTER,
        "kubernetesDetails": {
            "kubernetesUserDetails": {
                "username": "system:anonymous",
                "uid": "",
                "groups": ["system:unauthenticated"],
            },
            "kubernetesWorkloadDetails": None,
        },
    },
    {
        "actionType": "KUBERNETES_API_CALL",
        "kubernetesApiCallAction": {
            "requestUri": "/api/v1/namespaces/kube-system/pods",
            "verb": "list",
            "sourceIPs": ["203.0.113.7"],
            "userAgent": "kubectl/v1.34.0",
            "remoteIpDetails": _REMOTE,
            "statusCode": 200,
        },
    },
)
RUNTIME = _finding(
    4,
    "PrivilegeEscalation:Runtime/ContainerMountsHostDirectory",
    9.5,
    {
        "resourceType": "EKSCluster",
        "eksClusterDetails": _CLUSTER,
        "kubernetesDetails": {
            "kubernetesWorkloadDetails": {
                "name": "web-6b9f7c8d5f-x2x7k",
                "namespace": "shop",
                "type": "pods",
                "uid": "88888888-0000-4000-8000-000000000001",
            }
        },
        "containerDetails": {"id": "0123456789ab", "name": "web", "image": "registry.example.com/shop/web:1"},
    },
    None,
    featureName="RuntimeMonitoring",
    runtimeDetails={
        "process": {
            "name": "nsenter",
            "executablePath": "/usr/bin/nsenter",
            "pid": 4242,
            "namespacePid": 7,
            "uuid": "example",
            "userId": 0,
            "user": "root",
        }
    },
)

RECORDS = {"api_call": API_CALL, "tor": TOR, "kubernetes": KUBERNETES, "runtime": RUNTIME}
"""Name -> canonical record."""


def _dump(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def _capitals(value: Any) -> Any:
    """The value with the API's keys."""
    if isinstance(value, dict):
        return {key[:1].upper() + key[1:]: _capitals(below) for key, below in value.items()}
    return [_capitals(item) for item in value] if isinstance(value, list) else value


_EVENT = {
    "version": "0",
    "id": "99999999-0000-4000-8000-000000000001",
    "detail-type": "GuardDuty Finding",
    "source": "aws.guardduty",
    "account": ACCOUNT,
    "time": "2026-11-20T10:05:00Z",
    "region": "eu-west-1",
    "resources": [],
    "detail": TOR,
}

EXAMPLES = (
    Example(name="s3_export", raw=b"\n".join(map(_dump, RECORDS.values())), records=4),
    Example(name="eventbridge", raw=_dump(_EVENT)),
    Example(
        name="get_findings", raw=json.dumps({"Findings": [_capitals(API_CALL), _capitals(TOR)]}).encode(), records=2
    ),
)
