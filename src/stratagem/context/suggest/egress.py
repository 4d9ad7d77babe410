"""Addresses that our own traffic comes from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from ipaddress import ip_network

from stratagem.context.addresses import plain
from stratagem.context.known import Context
from stratagem.context.suggest.history import Address, Span
from stratagem.context.suggest.proposal import LeftOut, Proposal, scalar
from stratagem.context.suggest.regular import irregular

_INSIDE = tuple(
    map(
        ip_network,
        ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
         "fc00::/7", "fe80::/10", "::1/128"),
    )
)  # fmt: skip
MIN_PRINCIPALS = 3
"""Actors that use it: one alone may be an intruder, or at home. A person with several principals is one."""
MIN_MACHINES = 2
"""The same where all of them are known machinery."""


def of_egress(
    found: Iterable[Address], whole: Span, context: Context, classes: Mapping[str, str], actors: Mapping[str, str]
) -> tuple[list[Proposal], list[LeftOut]]:
    """(proposals, what was left out) for public addresses that networks.yml does not name at the end of the history."""
    proposals: list[Proposal] = []
    left: list[LeftOut] = []
    for address in found:
        ip = plain(address.ip)
        if ip is None or any(ip in inside for inside in _INSIDE if inside.version == ip.version):
            continue
        if context.network(address.ip, whole.last) is not None:
            continue
        machines = sum(principal in classes for principal in address.principals)
        who = {actors.get(principal, principal) for principal in address.principals}
        needed = MIN_MACHINES if machines == len(address.principals) else MIN_PRINCIPALS
        reason = irregular(address, whole)
        if not reason and len(who) < needed:
            reason = f"{len(who)} actors use it; {needed} are needed"
        if reason and machines:  # people work from many places: not worth a line each
            left.append(LeftOut(title="egress", name=address.ip, reason=reason))
        if reason:
            continue
        proposals.append(_proposal(address, whole, classes, actors))
    return proposals, left


def _proposal(address: Address, whole: Span, classes: Mapping[str, str], actors: Mapping[str, str]) -> Proposal:
    who = {actors.get(principal, principal): classes.get(principal, "other") for principal in address.principals}
    kinds = ", ".join(f"{count} {name}" for name, count in Counter(who.values()).most_common())
    return Proposal(
        kind="egress",
        file="networks.yml",
        key="networks",
        title=f"egress {address.ip}",
        entry=(f"- name: egress {address.ip}", "  kind: egress", f"  ranges: [{scalar(address.ip)}]"),
        evidence=(
            f"{address.events:,} events on {len(address.days)} of {whole.days} days",
            f"{len(who)} actors use it: {kinds}",
        ),
        names=(address.ip,),
    )
