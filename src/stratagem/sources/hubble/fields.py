"""The fields of a Hubble flow in words."""

from __future__ import annotations

from collections.abc import Iterator

_FLOW = {
    "node_name": "Node that saw the flow; cluster/node where Cilium knows the cluster's name.",
    "time": "When the event was seen.",
    "flow.time": "When the event was seen.",
    "flow.uuid": "Id of the flow event; absent in old versions.",
    "flow.verdict": "FORWARDED, DROPPED, AUDIT, REDIRECTED (to a proxy), TRACED, TRANSLATED or ERROR.",
    "flow.drop_reason_desc": "Why it was dropped: POLICY_DENIED, POLICY_DENY, ...",
    "flow.IP.source": "Source address of the packet.",
    "flow.IP.destination": "Destination address of the packet.",
    "flow.IP.ipVersion": "IPv4 or IPv6.",
    "flow.IP.encrypted": "Was the packet encrypted on its way.",
    "flow.l4.TCP.source_port": "Source port of TCP.",
    "flow.l4.TCP.destination_port": "Destination port of TCP.",
    "flow.l4.TCP.flags": "TCP flags that are set, each a member that is true.",
    "flow.l4.UDP.source_port": "Source port of UDP.",
    "flow.l4.UDP.destination_port": "Destination port of UDP.",
    "flow.l4.SCTP.source_port": "Source port of SCTP.",
    "flow.l4.SCTP.destination_port": "Destination port of SCTP.",
    "flow.l4.ICMPv4.type": "Type of the ICMP message.",
    "flow.l4.ICMPv6.type": "Type of the ICMPv6 message.",
    "flow.Type": "L3_L4, L7 or SOCK.",
    "flow.source_names": "Names that the source's address was looked up by.",
    "flow.destination_names": "Names that the destination's address was looked up by.",
    "flow.traffic_direction": "INGRESS or EGRESS, as seen from the endpoint that reports.",
    "flow.is_reply": "Does the packet answer; null where Cilium does not know.",
    "flow.policy_match_type": "How the policy matched: 0 none, 1 L3, 2 L3 and L4, 3 L4, 4 all, 5 L3 and protocol.",
    "flow.egress_allowed_by": "Policies that allowed it to leave.",
    "flow.ingress_allowed_by": "Policies that allowed it to come in.",
    "flow.egress_denied_by": "Policies that denied it to leave.",
    "flow.ingress_denied_by": "Policies that denied it to come in.",
    "flow.event_type.type": "Cilium's event: 1 drop, 4 trace, 5 policy verdict, 129 from the L7 proxy.",
    "flow.trace_observation_point": "Where in the datapath it was seen: TO_ENDPOINT, TO_STACK, ...",
    "flow.l7.type": "REQUEST, RESPONSE or SAMPLE.",
    "flow.l7.latency_ns": "Nanoseconds until the response.",
    "flow.l7.dns.query": "Name that was asked for, with a dot at its end.",
    "flow.l7.dns.ips": "Addresses of the answer.",
    "flow.l7.dns.cnames": "Names of the answer.",
    "flow.l7.dns.qtypes": "Types that were asked for: A, AAAA, TXT.",
    "flow.l7.dns.rrtypes": "Types of the answer.",
    "flow.l7.dns.rcode": "Response code: 0 no error, 3 no such name.",
    "flow.l7.http.method": "HTTP method.",
    "flow.l7.http.url": "URL.",
    "flow.l7.http.protocol": "HTTP/1.1, HTTP/2.",
    "flow.l7.http.code": "HTTP status, of a response.",
    "flow.l7.http.headers": "Headers: key and value of each.",
    "flow.Summary": "The flow in short; new versions leave it out.",
    "lost_events.num_events_lost": "How many events were lost.",
    "lost_events.source": "Where they were lost: PERF_EVENT_RING_BUFFER, HUBBLE_RING_BUFFER, ...",
}
_END = {
    "namespace": "namespace",
    "pod_name": "pod",
    "labels": "labels, with k8s: or reserved: before each",
    "identity": "Cilium's security identity",
    "workloads": "workloads, name and kind of each",
    "cluster_name": "cluster",
    "ID": "Cilium's endpoint id on the node",
}


def _ends() -> Iterator[tuple[str, str]]:
    for end in ("source", "destination"):
        for name, words in _END.items():
            yield f"flow.{end}.{name}", f"{words[:1].upper()}{words[1:]}, of the packet's {end}."


FIELDS = _FLOW | dict(_ends())

ALIASES = {path.lower(): (path,) for path in FIELDS} | {
    path.removeprefix("flow.").lower(): (path,) for path in FIELDS if path.startswith("flow.") and path != "flow.time"
}
"""Rules may leave out `flow.`, as the command line tool's older output does."""
