"""The columns of a VPC flow log by AWS's names, and the other spellings that exports and public rules use for them."""

from __future__ import annotations

KIND, KINDS = "log-type", "vpcflowlogs"
"""The member that marks a canonical record, and its value: a custom format may leave out whatever else would tell."""

_WORDS = {
    "version": "Version of the format: the lowest that has all of the record's columns.",
    "account-id": "Account of the interface's owner.",
    "interface-id": "Network interface that the traffic was recorded at.",
    "srcaddr": "Source address; for outgoing traffic the interface's own primary address.",
    "dstaddr": "Destination address; for incoming traffic the interface's own primary address.",
    "srcport": "Source port.",
    "dstport": "Destination port.",
    "protocol": "IANA protocol number.",
    "packets": "Packets of this direction in the interval.",
    "bytes": "Bytes of this direction in the interval.",
    "start": "When the first packet of the interval came, epoch seconds.",
    "end": "When the last packet of the interval came, epoch seconds.",
    "action": "ACCEPT or REJECT, by security group and network ACL.",
    "log-status": "OK, NODATA (no traffic), or SKIPDATA (records were lost).",
    "vpc-id": "VPC of the interface.",
    "subnet-id": "Subnet of the interface.",
    "instance-id": "Instance of the interface.",
    "tcp-flags": "TCP flags of the interval, added up: 1 FIN, 2 SYN, 4 RST, 18 SYN and ACK.",
    "type": "IPv4, IPv6 or EFA.",
    "pkt-srcaddr": "Source address in the packet: the pod or client behind what srcaddr shows.",
    "pkt-dstaddr": "Destination address in the packet.",
    "region": "Region of the interface.",
    "az-id": "Id of the availability zone.",
    "sublocation-type": "wavelength, outpost or localzone.",
    "sublocation-id": "Id of the sublocation.",
    "pkt-src-aws-service": "AWS service that the source address belongs to: S3, EC2, AMAZON.",
    "pkt-dst-aws-service": "AWS service that the destination address belongs to.",
    "flow-direction": "ingress or egress, as seen from the interface.",
    "traffic-path": "Way that outgoing traffic takes: 1 inside the VPC, 7 to 8 by an internet gateway.",
    "ecs-cluster-arn": "ARN of the ECS cluster.",
    "ecs-cluster-name": "Name of the ECS cluster.",
    "ecs-container-instance-arn": "ARN of the ECS container instance.",
    "ecs-container-instance-id": "Id of the ECS container instance.",
    "ecs-container-id": "Docker id of the first container.",
    "ecs-second-container-id": "Docker id of the second container.",
    "ecs-service-name": "Name of the ECS service.",
    "ecs-task-definition-arn": "ARN of the ECS task definition.",
    "ecs-task-arn": "ARN of the ECS task.",
    "ecs-task-id": "Id of the ECS task.",
    "reject-reason": "Why traffic was rejected: BPA for a block of public access.",
    "resource-id": "Id of the resource that a regional NAT gateway's traffic belongs to.",
    "encryption-status": "Whether the traffic was encrypted in transit.",
}

ORDER = tuple(_WORDS)
"""All columns in the order of AWS's documentation, which is that of a format with all columns of a version."""
DEFAULT = ORDER[:14]
NAMES = frozenset(ORDER)
_NUMBERS = "version srcport dstport protocol packets bytes start end tcp-flags traffic-path encryption-status"
NUMBERS = frozenset(_NUMBERS.split())

_SPELT = {name.replace("-", ""): name for name in ORDER}


def known_name(key: str) -> str | None:
    """A column's name from `interface_id`, `interfaceId`, `Interface-ID`; None where it is no column."""
    return _SPELT.get(key.replace("_", "").replace("-", "").lower())


FIELDS = {KIND: f"Always {KINDS}; set by stratagem.", **_WORDS}

ALIASES = {
    spelling: (name,) for name in ORDER for spelling in (name, name.replace("-", "_"), name.replace("-", ""))
} | {
    KIND: (KIND,),
    "src_ip": ("pkt-srcaddr", "srcaddr"),
    "dst_ip": ("pkt-dstaddr", "dstaddr"),
    "src_port": ("srcport",),
    "dst_port": ("dstport",),
}
