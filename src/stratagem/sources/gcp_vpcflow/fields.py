"""The fields of a flow entry in words."""

from __future__ import annotations

from collections.abc import Iterator

_ENTRY = {
    "insertId": "Id of the entry among those of its log and time.",
    "logName": "projects/<project>/logs/compute.googleapis.com%2Fvpc_flows, or ...%2Ffirewall.",
    "timestamp": "When the entry was made; the interval is start_time to end_time.",
    "resource.labels.project_id": "Project of the subnet.",
    "resource.labels.location": "Zone or region of the subnet.",
    "resource.labels.subnetwork_name": "Subnet whose log this is.",
    "jsonPayload.reporter": "SRC or DEST: which end reported the flow; SRC_GATEWAY and DEST_GATEWAY for gateways.",
    "jsonPayload.connection.src_ip": "Source address.",
    "jsonPayload.connection.src_port": "Source port.",
    "jsonPayload.connection.dest_ip": "Destination address.",
    "jsonPayload.connection.dest_port": "Destination port.",
    "jsonPayload.connection.protocol": "IANA protocol number.",
    "jsonPayload.start_time": "When the first packet of the interval came.",
    "jsonPayload.end_time": "When the last packet of the interval came.",
    "jsonPayload.bytes_sent": "Payload bytes from source to destination, scaled up from the sample.",
    "jsonPayload.packets_sent": "Packets from source to destination, scaled up from the sample.",
    "jsonPayload.rtt_msec": "Round trip in milliseconds, TCP only.",
    "jsonPayload.disposition": "ALLOWED or DENIED, in a firewall entry.",
    "jsonPayload.rule_details.reference": "Firewall rule: network:<network>/firewall:<rule>.",
    "jsonPayload.rule_details.direction": "INGRESS or EGRESS, in a firewall entry.",
    "jsonPayload.rule_details.action": "ALLOW or DENY, in a firewall entry.",
    "jsonPayload.instance.vm_name": "Instance that the rule was applied to, in a firewall entry.",
    "jsonPayload.remote_instance.vm_name": "The other instance, in a firewall entry.",
}
_END = {
    "instance.vm_name": "instance",
    "instance.project_id": "project of the instance",
    "instance.zone": "zone of the instance",
    "instance.managed_instance_group.name": "instance group",
    "vpc.vpc_name": "VPC network",
    "vpc.subnetwork_name": "subnet",
    "vpc.project_id": "project of the VPC network",
    "gke_details.cluster.cluster_name": "GKE cluster",
    "gke_details.pod.pod_name": "pod",
    "gke_details.pod.pod_namespace": "namespace of the pod",
    "gke_details.pod.pod_workload.workload_name": "workload of the pod",
    "gke_details.pod.pod_workload.workload_type": "kind of the pod's workload",
    "location.country": "country of an address outside Google Cloud",
    "location.asn": "AS number of an address outside Google Cloud",
}


def _ends() -> Iterator[tuple[str, str]]:
    for side, end in (("src", "source"), ("dest", "destination")):
        for path, words in _END.items():
            yield f"jsonPayload.{side}_{path}", f"{words[:1].upper()}{words[1:]}, at the {end}."


FIELDS = _ENTRY | dict(_ends())

ALIASES = {path.lower(): (path,) for path in FIELDS} | {
    "src_ip": ("jsonPayload.connection.src_ip",),
    "dst_ip": ("jsonPayload.connection.dest_ip",),
    "src_port": ("jsonPayload.connection.src_port",),
    "dst_port": ("jsonPayload.connection.dest_port",),
}
