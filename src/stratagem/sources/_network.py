"""What the flow logs of all vendors share: protocols by number and name, addresses."""

from __future__ import annotations

from typing import Any

PROTOCOLS = {
    1: "icmp",
    2: "igmp",
    4: "ipip",
    6: "tcp",
    17: "udp",
    41: "ipv6",
    47: "gre",
    50: "esp",
    51: "ah",
    58: "icmp6",
    89: "ospf",
    103: "pim",
    112: "vrrp",
    132: "sctp",
}
"""IANA protocol number -> name. Source: https://www.iana.org/assignments/protocol-numbers (read 2026-11-24)."""

NUMBERS = {name: number for number, name in PROTOCOLS.items()} | {"icmpv4": 1, "icmpv6": 58, "ipv6-icmp": 58}

_CASES = " ".join(f"WHEN {number} THEN '{name}'" for number, name in PROTOCOLS.items())
PROTOCOL_NAME = f"CASE {{}} {_CASES} END"
"""SQL: the name of the protocol whose number stands in the braces."""


def whole(value: Any) -> int | None:
    """A whole number, also where an export wrote it as text or as 25238.0; None where it is none."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() else None
    if not isinstance(value, str) or not value.isascii() or len(value) > 24:
        return None
    digits, _, zeros = value.strip().partition(".")
    return int(digits) if digits.isdigit() and not zeros.strip("0") else None


def protocol_number(value: Any) -> int | None:
    """The protocol's number from a number or a name in any case."""
    return NUMBERS.get(value.strip().lower(), whole(value)) if isinstance(value, str) else whole(value)


_SUFFIX = "[bcdfghjklmnpqrstvwxz2456789]"
"""The letters of the names that Kubernetes makes up."""

WORKLOAD_OF = f"regexp_replace({{0}}, '(-{_SUFFIX}{{{{6,10}}}})?-{_SUFFIX}{{{{5}}}}$|(-[0-9]{{{{1,3}}}})$', '')"
"""SQL: what the pod named in the braces belongs to, by the suffixes of ReplicaSets, DaemonSets, Jobs and StatefulSets.

For logs that name the pod alone; a pod that nothing made keeps its name.
"""
