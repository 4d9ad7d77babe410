"""The fields of a query in words."""

from __future__ import annotations

FIELDS = {
    "version": "Version of the format.",
    "account_id": "Account of the VPC.",
    "region": "Region of the VPC.",
    "vpc_id": "VPC in which the query was made.",
    "query_timestamp": "When the query was made.",
    "query_name": "Name that was asked for, with a dot at its end.",
    "query_type": "Record type: A, AAAA, TXT, NULL.",
    "query_class": "Class: IN.",
    "rcode": "Response code: NOERROR, NXDOMAIN, SERVFAIL, REFUSED.",
    "answers": "Answers: Rdata, Type and Class of each.",
    "srcaddr": "Address that asked.",
    "srcport": "Port that asked, as text.",
    "transport": "UDP or TCP.",
    "srcids.instance": "Instance that asked.",
    "srcids.resolver_endpoint": "Resolver endpoint that passed the query on.",
    "srcids.resolver_network_interface": "Network interface of that endpoint.",
    "firewall_rule_action": "ALERT or BLOCK, where a rule of DNS Firewall matched.",
    "firewall_rule_group_id": "Rule group of DNS Firewall.",
    "firewall_domain_list_id": "Domain list of DNS Firewall.",
}

ALIASES = {path.lower(): (path,) for path in FIELDS} | {
    "query": ("query_name",),
    "record_type": ("query_type",),
    "src_ip": ("srcaddr",),
}
