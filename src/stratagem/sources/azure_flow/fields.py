"""The fields of a flow in words."""

from __future__ import annotations

NSG, VNET = "NetworkSecurityGroupFlowEvent", "FlowLogFlowEvent"
"""The categories."""

FIELDS = {
    "time": "When the record was written; the flow's own time is flow.time.",
    "category": f"{VNET} or {NSG}.",
    "operationName": "FlowLogFlowEvent or NetworkSecurityGroupFlowEvents.",
    "flowLogVersion": "4 for VNet flow logs; 1 or 2 for NSG flow logs.",
    "flowLogGUID": "Id of the flow log.",
    "flowLogResourceID": "Resource id of the flow log; it names the network watcher's region.",
    "targetResourceID": "Virtual network, subnet or network interface that the flow log is of.",
    "resourceId": "Network security group, in an NSG flow log.",
    "systemId": "Id of the network security group, in an NSG flow log.",
    "macAddress": "Hardware address of the network interface.",
    "aclID": "Id of the network security group that decided, or unspecified.",
    "rule": "Rule that decided: DefaultRule_AllowVnetOutBound, a user's own, or platform.",
    "flow.tuple": "The flow as the log has it.",
    "flow.time": "When the state was seen, epoch milliseconds.",
    "flow.sourceAddress": "Address that opened the flow.",
    "flow.destinationAddress": "Address that the flow was opened to.",
    "flow.sourcePort": "Source port.",
    "flow.destinationPort": "Destination port.",
    "flow.protocol": "IANA protocol number.",
    "flow.direction": "Inbound or Outbound, as seen from the network interface.",
    "flow.state": "Begin, Continue, End or Deny; absent in version 1.",
    "flow.decision": "Allowed or Denied.",
    "flow.encryption": "X for encrypted, NX... for not encrypted and why.",
    "flow.packetsToDestination": "Packets from source to destination since the last record of the flow.",
    "flow.bytesToDestination": "Bytes from source to destination since the last record of the flow.",
    "flow.packetsToSource": "Packets from destination to source since the last record of the flow.",
    "flow.bytesToSource": "Bytes from destination to source since the last record of the flow.",
}

ALIASES = {path.lower(): (path,) for path in FIELDS} | {
    "src_ip": ("flow.sourceAddress",),
    "dst_ip": ("flow.destinationAddress",),
    "src_port": ("flow.sourcePort",),
    "dst_port": ("flow.destinationPort",),
}
