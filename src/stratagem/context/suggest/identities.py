"""Principals with a history -> identities by class; what looks alike in several accounts stands together, unmerged."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

from stratagem.context.known import Context
from stratagem.context.suggest.classes import Signal, best, looks_like
from stratagem.context.suggest.history import Profile, Span
from stratagem.context.suggest.proposal import LeftOut, Proposal, listed, scalar
from stratagem.context.suggest.regular import irregular

_NO_SCOPE = ("", "unknown")
_ACCOUNT = re.compile(r"(?<![0-9])[0-9]{12}(?![0-9])")
_NODES = "system:node:"


def of_classes(
    profiles: Iterable[Profile], whole: Span, context: Context
) -> tuple[list[Proposal], list[LeftOut], dict[str, str]]:
    """(proposals, what was left out, class by principal) for principals that identities.yml does not name yet."""
    groups: dict[tuple[str, str, str], list[tuple[Profile, Sequence[Signal]]]] = defaultdict(list)
    left: list[LeftOut] = []
    classes: dict[str, str] = {}
    for profile in profiles:
        if any(whole.last in name.valid for name in context.names_of(profile.principal)):
            continue
        signals = looks_like(profile)
        name = best(signals)
        if name is None:
            continue
        reason = _unfit(profile, whole)
        if reason:
            left.append(LeftOut(title=name, name=profile.principal, reason=reason))
            continue
        classes[profile.principal] = name
        groups[name, profile.provider, _stem(profile)].append((profile, signals[name]))
    proposals = [_proposal(name, members, whole) for (name, _, _), members in sorted(groups.items())]
    return proposals, left, classes


def _unfit(profile: Profile, whole: Span) -> str:
    if profile.scope in _NO_SCOPE:
        return "its cluster, account or tenant is not known; bind a label to the input"
    if "*" in profile.principal:
        return "its name holds a '*', which would stand for others"
    if profile.durable.startswith(_NODES):
        # Nodes come and go: one is enough of a name, and the API server gives it to nobody else.
        return ""
    return irregular(profile, whole)


def _stem(profile: Profile) -> str:
    """What is alike in several accounts, or a cluster's nodes."""
    if profile.durable.startswith(_NODES):
        return f"{profile.scope}:{_NODES}"
    return _ACCOUNT.sub("<account>", profile.durable)


def _proposal(name: str, members: Sequence[tuple[Profile, Sequence[Signal]]], whole: Span) -> Proposal:
    profiles = [profile for profile, _ in members]
    signals = list(dict.fromkeys(signal.says for _, found in members for signal in found))
    principals = sorted({_principal(profile) for profile in profiles})
    lines = [f"- class: {name}", "  names:", *(f"    - {scalar(principal)}" for principal in principals)]
    return Proposal(
        kind="identity",
        file="identities.yml",
        key="identities",
        title=f"{name} {profiles[0].durable if len(principals) == 1 else _stem(profiles[0])}",
        entry=tuple(lines),
        evidence=(listed(signals), *evidence(profiles, whole)),
        names=tuple(principals),
    )


def _principal(profile: Profile) -> str:
    if profile.durable.startswith(_NODES):
        return f"{profile.provider}:{profile.scope}:{_NODES}*"
    return profile.principal


def evidence(profiles: Sequence[Profile], whole: Span) -> tuple[str, ...]:
    """How much, how often and what, over one principal or several alike."""
    events = sum(profile.events for profile in profiles)
    days = [len(profile.days) for profile in profiles]
    hours = max(profile.hours for profile in profiles)
    reads = sum(profile.reads for profile in profiles) / events
    several = f"{len(profiles)} principals, " if len(profiles) > 1 else ""
    said = [
        f"{several}{events:,} events on {_range(days)} of {whole.days} days, in {hours} of 24 hours",
        f"{reads:.0%} reads: {listed(_most(profile.operations for profile in profiles))}",
    ]
    agents = _most(profile.agents for profile in profiles)
    ips = _most(profile.ips for profile in profiles)
    said += [f"user agents {listed(agents)}"] if agents else []
    said += [f"from {listed(ips)}"] if ips else []
    return tuple(said)


def _range(numbers: Sequence[int]) -> str:
    low, high = min(numbers), max(numbers)
    return f"{low}" if low == high else f"{low} to {high}"


def _most(texts: Iterable[Sequence[str]]) -> list[str]:
    return list(dict.fromkeys(text for some in texts for text in some))
